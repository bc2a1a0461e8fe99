/* SPDX-License-Identifier: BSD-3-Clause */
/* A growing byte buffer: the one place where sizes are added up and memory
 * grows. A failed growth sticks (`failed`), so writers need no check per call. */
#ifndef ZL_BUFFER_H
#define ZL_BUFFER_H

#include "base/span.h"

typedef struct zl_buffer {
    char *data; /* NULL while nothing was ever written */
    size_t len;
    size_t capacity;
    int failed;  /* memory ran out or sizes overflowed; cleared by reset */
    int is_lent; /* data is the caller's memory; growing leaves it */
} zl_buffer;

#define ZL_BUFFER_INIT                                                                 \
    { NULL, 0, 0, 0, 0 }

/* A buffer that begins in the caller's memory, which must outlive it. */
static inline zl_buffer zl_buffer_lend(char *memory, size_t capacity) {
    zl_buffer buffer = {memory, 0, capacity, 0, 1};
    return buffer;
}

void zl_buffer_free(zl_buffer *buffer);
static inline void zl_buffer_reset(zl_buffer *buffer) {
    buffer->len = 0;
    buffer->failed = 0;
}
/* Room for `more` bytes behind len; returns where they go, or NULL. */
char *zl_buffer_reserve(zl_buffer *buffer, size_t more);
void zl_buffer_put(zl_buffer *buffer, const void *data, size_t len);
void zl_buffer_put_span(zl_buffer *buffer, zl_span span);
void zl_buffer_put_text(zl_buffer *buffer, const char *text);
void zl_buffer_put_char(zl_buffer *buffer, char c);
void zl_buffer_fill(zl_buffer *buffer, char c, size_t count);
__attribute__((format(printf, 2, 3))) void zl_buffer_printf(zl_buffer *buffer,
                                                            const char *format, ...);
static inline zl_span zl_buffer_span(const zl_buffer *buffer) {
    return zl_span_make(buffer->data, buffer->len);
}
/* NUL-terminates without counting it; "" when empty or failed. */
const char *zl_buffer_text(zl_buffer *buffer);

#endif
