/* SPDX-License-Identifier: BSD-3-Clause */
/* A borrowed run of bytes, and UTF-8 read from it. Knows nothing else. */
#ifndef SHELL_BYTES_H
#define SHELL_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct bytes {
    const char *data; /* not NUL-terminated */
    size_t len;
} bytes;

static inline bytes bytes_make(const char *data, size_t len) {
    bytes made = {data, len};
    return made;
}

static inline bytes bytes_of(const char *text) {
    return bytes_make(text, text ? strlen(text) : 0);
}

static inline int bytes_equal(bytes a, bytes b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bytes bytes_from(bytes whole, size_t start) {
    return bytes_make(whole.data + start, whole.len - start);
}

/* Decodes the character at the front. Returns its length, 1 to 4, or 0 when the
 * bytes there are not UTF-8 (overlong forms and surrogates are not). */
size_t bytes_decode(bytes text, uint32_t *code);

int bytes_are_utf8(bytes text);

#endif
