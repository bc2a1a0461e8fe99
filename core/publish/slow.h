/* SPDX-License-Identifier: BSD-3-Clause */
/* How long one full subscriber may make the others wait: until nothing could be
 * sent for stall_ms; or, where others listen too, until half of what is in a bucket
 * of waiting time is used, that refills with a share of wall time. Half, since who is
 * given up is left out by libzmq until it has caught up: the next one that is full is
 * somebody else, most likely one that keeps up, under what had to wait. Pure: told
 * the time. */
#ifndef ZL_SLOW_H
#define ZL_SLOW_H

#include <stdint.h>

/* At most that long at a stretch while others wait. */
#define ZL_SLOW_STRETCH_NS INT64_C(100000000)

typedef struct zl_slow {
    int64_t stall_ns, depth_ns;
    int share_percent;
    int64_t tokens_ns;  /* waiting time left */
    int64_t seen_ns;    /* up to when the bucket was refilled */
    int64_t began_ns;   /* of the wait in hand */
    int64_t allowed_ns; /* how long that one may take */
} zl_slow;

static inline void zl_slow_init(zl_slow *slow, int stall_ms, int budget_ms,
                                int share_percent, int64_t now_ns) {
    slow->stall_ns = (int64_t)stall_ms * 1000000;
    slow->depth_ns = (int64_t)budget_ms * 1000000;
    slow->share_percent = share_percent;
    slow->tokens_ns = slow->depth_ns;
    slow->seen_ns = now_ns;
    slow->began_ns = now_ns;
    slow->allowed_ns = 0;
}

static inline void zl_slow_begin(zl_slow *slow, int64_t now_ns) {
    slow->tokens_ns += (now_ns - slow->seen_ns) / 100 * slow->share_percent;
    if (slow->tokens_ns > slow->depth_ns)
        slow->tokens_ns = slow->depth_ns;
    slow->seen_ns = now_ns;
    slow->began_ns = now_ns;
    slow->allowed_ns = slow->tokens_ns / 2;
    if (slow->allowed_ns > ZL_SLOW_STRETCH_NS)
        slow->allowed_ns = ZL_SLOW_STRETCH_NS;
}

/* Still waiting: for how long it may go on; 0 or less: give up. `shared`: others wait
 * too. */
static inline int64_t zl_slow_left(zl_slow *slow, int64_t now_ns, int shared) {
    int64_t waited = now_ns - slow->began_ns;
    int64_t stall = slow->stall_ns - waited, share = slow->allowed_ns - waited;
    if (shared)
        slow->tokens_ns -= now_ns - slow->seen_ns;
    slow->seen_ns = now_ns;
    return shared && share < stall ? share : stall;
}

#endif
