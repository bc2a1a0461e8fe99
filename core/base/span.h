/* SPDX-License-Identifier: BSD-3-Clause */
/* A borrowed run of bytes. Knows nothing else. */
#ifndef ZL_SPAN_H
#define ZL_SPAN_H

#include <stddef.h>
#include <string.h>

typedef struct zl_span {
    const char *data; /* not NUL-terminated; may be NULL when len is 0 */
    size_t len;
} zl_span;

static inline zl_span zl_span_make(const char *data, size_t len) {
    zl_span span = {data, len};
    return span;
}

static inline zl_span zl_span_of(const char *text) {
    return zl_span_make(text, text ? strlen(text) : 0);
}

static inline int zl_span_equal(zl_span a, zl_span b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline int zl_span_is_prefix(zl_span prefix, zl_span of) {
    return prefix.len <= of.len &&
           (prefix.len == 0 || memcmp(prefix.data, of.data, prefix.len) == 0);
}

/* As memcmp; what begins with the other stands behind it. */
static inline int zl_span_compare(zl_span a, zl_span b) {
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.data, b.data, len) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

#endif
