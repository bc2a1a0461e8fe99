/* SPDX-License-Identifier: BSD-3-Clause */
/* The growing buffer. All sizes that come from outside are added up here and
 * nowhere else; a size that does not fit fails as memory that is not there. */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

void zl_buffer_free(zl_buffer *buffer) {
    if (!buffer->is_lent)
        free(buffer->data);
    memset(buffer, 0, sizeof *buffer);
}

static int grow(zl_buffer *buffer, size_t needed) {
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    char *data;
    while (capacity < needed)
        capacity = capacity > PTRDIFF_MAX / 2 ? PTRDIFF_MAX : capacity * 2;
    data = realloc(buffer->is_lent ? NULL : buffer->data, capacity);
    if (!data)
        return 0;
    if (buffer->is_lent)
        memcpy(data, buffer->data, buffer->len);
    buffer->is_lent = 0;
    buffer->data = data;
    buffer->capacity = capacity;
    return 1;
}

char *zl_buffer_reserve(zl_buffer *buffer, size_t more) {
    size_t free_bytes = buffer->capacity - buffer->len;
    if (buffer->failed)
        return NULL;
    if (more <= free_bytes && buffer->data)
        return buffer->data + buffer->len;
    if (more > (size_t)PTRDIFF_MAX - buffer->len || !grow(buffer, buffer->len + more)) {
        buffer->failed = 1;
        return NULL;
    }
    return buffer->data + buffer->len;
}

void zl_buffer_put(zl_buffer *buffer, const void *data, size_t len) {
    char *to;
    if (len == 0)
        return;
    to = zl_buffer_reserve(buffer, len);
    if (!to)
        return;
    memcpy(to, data, len);
    buffer->len += len;
}

void zl_buffer_put_span(zl_buffer *buffer, zl_span span) {
    zl_buffer_put(buffer, span.data, span.len);
}

void zl_buffer_put_text(zl_buffer *buffer, const char *text) {
    zl_buffer_put(buffer, text, strlen(text));
}

void zl_buffer_put_char(zl_buffer *buffer, char c) {
    char *to = zl_buffer_reserve(buffer, 1);
    if (!to)
        return;
    *to = c;
    buffer->len++;
}

void zl_buffer_fill(zl_buffer *buffer, char c, size_t count) {
    char *to;
    if (count == 0)
        return;
    to = zl_buffer_reserve(buffer, count);
    if (!to)
        return;
    memset(to, c, count);
    buffer->len += count;
}

void zl_buffer_printf(zl_buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    char *to = zl_buffer_reserve(buffer, FIRST_CAPACITY);
    size_t room;
    int len;
    if (!to)
        return;
    room = buffer->capacity - buffer->len;
    va_start(arguments, format);
    va_copy(again, arguments);
    len = vsnprintf(to, room, format, arguments);
    if (len >= 0 && (size_t)len >= room) {
        to = zl_buffer_reserve(buffer, (size_t)len + 1);
        if (to)
            vsnprintf(to, (size_t)len + 1, format, again);
    }
    va_end(again);
    va_end(arguments);
    if (len < 0)
        buffer->failed = 1;
    else if (to)
        buffer->len += (size_t)len;
}

const char *zl_buffer_text(zl_buffer *buffer) {
    char *end;
    if (buffer->len == 0)
        return "";
    end = zl_buffer_reserve(buffer, 1);
    if (!end)
        return "";
    *end = '\0';
    return buffer->data;
}
