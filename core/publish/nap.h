/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether an I/O thread that found nothing should nap or sleep for good. Waking
 * a sleeper costs the caller a system call, naps cost a core's percents: so it
 * naps only while the rate earns it. Pure: told the time. */
#ifndef ZL_NAP_H
#define ZL_NAP_H

#include <stdint.h>

#define ZL_NAP_WINDOW_NS INT64_C(20000000)
/* Records within a window that earn naps: from here on (5,000 a second) naps
 * are cheaper than waking up for each record. */
#define ZL_NAP_EARNED 100
/* Not shorter: each look takes the cache line where the next record goes from the
 * caller that writes it, so there should be far fewer looks than records. */
#define ZL_NAP_FIRST_NS INT64_C(400000)
#define ZL_NAP_LAST_NS INT64_C(1600000)

typedef struct zl_nap {
    int64_t window_ns; /* when the window in hand began */
    uint64_t records;  /* in it */
    uint64_t before;   /* in the one before */
    int64_t next_ns;   /* length of the next nap */
} zl_nap;

static inline void zl_nap_saw(zl_nap *nap, uint64_t records) {
    nap->records += records;
    if (records)
        nap->next_ns = ZL_NAP_FIRST_NS;
}

/* Length of the nap to take now, or 0 to sleep for good. */
static inline int64_t zl_nap_take(zl_nap *nap, int64_t now_ns) {
    int64_t length = nap->next_ns;
    if (now_ns - nap->window_ns >= ZL_NAP_WINDOW_NS) {
        nap->before = now_ns - nap->window_ns < 2 * ZL_NAP_WINDOW_NS ? nap->records : 0;
        nap->records = 0;
        nap->window_ns = now_ns;
    }
    if (nap->records < ZL_NAP_EARNED && nap->before < ZL_NAP_EARNED)
        return 0;
    nap->next_ns = length < ZL_NAP_LAST_NS ? length * 2 : ZL_NAP_LAST_NS;
    return length;
}

#endif
