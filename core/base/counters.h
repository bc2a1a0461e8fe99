/* SPDX-License-Identifier: BSD-3-Clause */
/* The counters of one handler: relaxed atomics that any thread adds to and
 * reads. What was lost is kept per level too, for the drop notices. */
#ifndef ZL_COUNTERS_H
#define ZL_COUNTERS_H

#include "zmqlog.h"

#include <stdatomic.h>

/* Accepted records that never reached the queue: with those that did, what
 * ACCEPTED is derived from. */
#define ZL_COUNT_NOT_QUEUED 0

typedef struct zl_counters {
    _Atomic uint64_t value[ZMQLOG_COUNT_MALFORMED + 1];
    _Atomic uint32_t lost[ZMQLOG_GATE_BYTES]; /* not announced yet, per level */
    _Atomic uint32_t slow[ZMQLOG_GATE_BYTES]; /* subscribers given up, likewise */
    _Atomic int any_lost;                     /* of both */
} zl_counters;

static inline void zl_count_add(zl_counters *counters, int which, uint64_t more) {
    atomic_fetch_add_explicit(&counters->value[which], more, memory_order_relaxed);
}

static inline void zl_count(zl_counters *counters, int which) {
    zl_count_add(counters, which, 1);
}

/* For a counter that only one thread at a time adds to: no locked instruction. */
static inline void zl_count_alone(zl_counters *counters, int which) {
    _Atomic uint64_t *value = &counters->value[which];
    atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + 1,
                          memory_order_relaxed);
}

static inline uint64_t zl_count_of(const zl_counters *counters, int which) {
    return atomic_load_explicit(&counters->value[which], memory_order_relaxed);
}

/* One accepted record of this level was lost. */
static inline void zl_count_lost(zl_counters *counters, int which, int level) {
    zl_count(counters, which);
    atomic_fetch_add_explicit(&counters->lost[level], 1, memory_order_relaxed);
    atomic_store_explicit(&counters->any_lost, 1, memory_order_relaxed);
}

/* A record of this level went to all but a subscriber that was full. */
static inline void zl_count_slow(zl_counters *counters, int level) {
    zl_count(counters, ZMQLOG_COUNT_SLOW_EPISODES);
    atomic_fetch_add_explicit(&counters->slow[level], 1, memory_order_relaxed);
    atomic_store_explicit(&counters->any_lost, 1, memory_order_relaxed);
}

#endif
