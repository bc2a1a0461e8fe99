/* SPDX-License-Identifier: BSD-3-Clause */
/* Which keys have been seen, for certain "not yet" or else "perhaps": so that reading
 * an object of many members does not search those before for each of them. */
#ifndef ZL_KEY_FILTER_H
#define ZL_KEY_FILTER_H

#include "base/span.h"

#include <stdint.h>

#define ZL_KEY_FILTER_WORDS 2048u

typedef struct zl_key_filter {
    uint64_t seed;
    uint64_t bits[ZL_KEY_FILTER_WORDS];
} zl_key_filter;

/* The seed is where the filter lies, which who sends an object cannot know: so he
 * cannot choose keys that all look seen. */
static inline void zl_key_filter_begin(zl_key_filter *filter) {
    memset(filter->bits, 0, sizeof filter->bits);
    filter->seed = (uint64_t)(uintptr_t)filter * UINT64_C(0x9e3779b97f4a7c15);
}

/* Whether the key may have been added before. */
static inline int zl_key_filter_add(zl_key_filter *filter, zl_span key) {
    uint64_t hash = filter->seed, *word, bit;
    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (uint8_t)key.data[i]) * UINT64_C(0x2127599bf4325c37);
        hash ^= hash >> 29;
    }
    word = &filter->bits[(hash >> 32) % ZL_KEY_FILTER_WORDS];
    bit = UINT64_C(1) << (hash & 63);
    if (*word & bit)
        return 1;
    *word |= bit;
    return 0;
}

#endif
