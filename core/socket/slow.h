/* SPDX-License-Identifier: BSD-3-Clause */
/* How long one full listener may make other listeners wait, under a policy that drops.
 * There is a bucket of waiting time that refills with a share of wall time. One wait
 * may use half of what is in it, because libzmq skips a dropped listener until it has
 * drained: the next full listener is probably a healthy one, briefly behind. A listener
 * that nobody else waits for has no limit. Pure: told the time. */
#ifndef ZL_SLOW_H
#define ZL_SLOW_H

#include <stdint.h>

/* At most that long at a stretch while others wait. */
#define ZL_SLOW_STRETCH_NS INT64_C(100000000)

typedef struct zl_slow {
    int64_t depth_ns;
    int share_percent;
    int64_t tokens_ns;  /* waiting time left */
    int64_t seen_ns;    /* up to when the bucket was refilled */
    int64_t began_ns;   /* of the wait in hand */
    int64_t allowed_ns; /* how long that one may take */
} zl_slow;

static inline void zl_slow_init(zl_slow *slow, int budget_ms, int share_percent,
                                int64_t now_ns) {
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

/* How much longer the wait may take; 0 or less: it is over. `shared`: other listeners
 * wait, too. */
static inline int64_t zl_slow_left(zl_slow *slow, int64_t now_ns, int shared) {
    int64_t left = slow->allowed_ns - (now_ns - slow->began_ns);
    if (shared)
        slow->tokens_ns -= now_ns - slow->seen_ns;
    slow->seen_ns = now_ns;
    return shared ? left : INT64_MAX;
}

#endif
