/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes that grow. Owns the growth, and the reading of JSON's escapes; the JSON
 * has been checked by the library. */
#include "forward/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BYTES 1024
#define NOT_UNICODE 0xFFFD

void buffer_clear(buffer *into) {
    into->len = 0;
    into->failed = 0;
}

void buffer_free(buffer *into) {
    free(into->data);
    *into = (buffer){0};
}

int buffer_room(buffer *into, size_t len) {
    size_t size = into->size ? into->size : FIRST_BYTES;
    char *grown;

    if (into->failed || len > SIZE_MAX / 4) {
        into->failed = 1;
        return 0;
    }
    if (len <= into->size - into->len)
        return 1;
    while (size - into->len < len)
        size *= 2;
    grown = realloc(into->data, size);
    if (!grown) {
        into->failed = 1;
        return 0;
    }
    into->data = grown;
    into->size = size;
    return 1;
}

void buffer_put(buffer *into, const char *data, size_t len) {
    if (len == 0 || !buffer_room(into, len))
        return;
    memcpy(into->data + into->len, data, len);
    into->len += len;
}

void buffer_put_char(buffer *into, char c) {
    buffer_put(into, &c, 1);
}

void buffer_put_text(buffer *into, const char *text) {
    buffer_put(into, text, strlen(text));
}

void buffer_put_bytes(buffer *into, bytes text) {
    buffer_put(into, text.data, text.len);
}

void buffer_printf(buffer *into, const char *format, ...) {
    char text[256];
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len > 0)
        buffer_put(into, text,
                   (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

static void put_code(buffer *into, uint32_t code) {
    if (code < 0x80) {
        buffer_put_char(into, (char)code);
    } else if (code < 0x800) {
        buffer_put_char(into, (char)(0xC0 | code >> 6));
        buffer_put_char(into, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buffer_put_char(into, (char)(0xE0 | code >> 12));
        buffer_put_char(into, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_put_char(into, (char)(0x80 | (code & 0x3F)));
    } else {
        buffer_put_char(into, (char)(0xF0 | code >> 18));
        buffer_put_char(into, (char)(0x80 | (code >> 12 & 0x3F)));
        buffer_put_char(into, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_put_char(into, (char)(0x80 | (code & 0x3F)));
    }
}

/* The number of "\uXXXX" at the front, or -1 when there is none. */
static long read_unit(bytes text) {
    long unit = 0;

    if (text.len < 6 || text.data[0] != '\\' || text.data[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *digits = "0123456789abcdef0123456789ABCDEF";
        const char *found = text.data[i] ? strchr(digits, text.data[i]) : NULL;
        if (!found)
            return -1;
        unit = unit * 16 + (found - digits) % 16;
    }
    return unit;
}

/* Returns how many bytes of the text it took. */
static size_t put_unit(buffer *into, bytes text) {
    long unit = read_unit(text), low = -1;

    if (unit < 0)
        return 1;
    if (unit >= 0xD800 && unit < 0xDC00)
        low = read_unit(bytes_from(text, 6));
    if (low >= 0xDC00 && low < 0xE000) {
        put_code(into, (uint32_t)(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
        return 12;
    }
    put_code(into, unit >= 0xD800 && unit < 0xE000 ? NOT_UNICODE : (uint32_t)unit);
    return 6;
}

static size_t put_escape(buffer *into, bytes text) {
    static const char letters[] = "nrtbf", meanings[] = "\n\r\t\b\f";
    char kind = text.len > 1 ? text.data[1] : '\0';
    const char *found = kind ? strchr(letters, kind) : NULL;

    if (kind == 'u')
        return put_unit(into, text);
    if (found)
        buffer_put_char(into, meanings[found - letters]);
    else if (kind)
        buffer_put_char(into, kind);
    return text.len < 2 ? text.len : 2;
}

void buffer_put_unescaped(buffer *into, bytes json) {
    while (json.len > 0) {
        const char *escape = memchr(json.data, '\\', json.len);
        size_t len = escape ? (size_t)(escape - json.data) : json.len;
        buffer_put(into, json.data, len);
        json = bytes_from(json, len);
        if (json.len > 0)
            json = bytes_from(json, put_escape(into, json));
    }
}
