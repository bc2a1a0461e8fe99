/* SPDX-License-Identifier: BSD-3-Clause */
/* The hold: records are kept after opening until a subscriber comes, so that a
 * short script does not lose its first lines. A subscriber with several prefixes
 * sends them one after the other; the hold ends when one that matters has come
 * and none followed for a while. Pure: told the time by its owner. */
#ifndef ZL_HOLD_H
#define ZL_HOLD_H

#include <stdint.h>

#define ZL_HOLD_QUIET_NS INT64_C(20000000)

typedef struct zl_hold {
    int active;
    int64_t until_ns; /* the end whatever happens */
    int64_t quiet_ns; /* the end unless another subscription comes; 0: none yet */
} zl_hold;

static inline void zl_hold_begin(zl_hold *hold, int64_t now_ns, int hold_ms) {
    hold->active = hold_ms > 0;
    hold->until_ns = now_ns + (int64_t)hold_ms * 1000000;
    hold->quiet_ns = 0;
}

/* A subscription came or went; `heard`: some live one can match our topics. */
static inline void zl_hold_subscription(zl_hold *hold, int64_t now_ns, int heard) {
    hold->quiet_ns = heard ? now_ns + ZL_HOLD_QUIET_NS : 0;
}

static inline int64_t zl_hold_end_ns(const zl_hold *hold) {
    return hold->quiet_ns && hold->quiet_ns < hold->until_ns ? hold->quiet_ns
                                                             : hold->until_ns;
}

#endif
