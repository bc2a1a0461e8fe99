/* SPDX-License-Identifier: BSD-3-Clause */
/* A bell that any thread, and a signal handler, may ring, and any number of
 * threads may wait for: a futex with a counter of rings. Ringing without waiters
 * makes no system call. Linux only. */
#ifndef ZL_BELL_H
#define ZL_BELL_H

#include <stdatomic.h>
#include <stdint.h>

typedef struct zl_bell {
    _Atomic uint32_t rings;
    _Atomic uint32_t waiters;
} zl_bell;

#define ZL_NO_DEADLINE INT64_MAX

/* Usage: seen = look(); test the condition; wait(seen, deadline); repeat. */
static inline uint32_t zl_bell_look(const zl_bell *bell) {
    return atomic_load_explicit(&bell->rings, memory_order_seq_cst);
}
void zl_bell_ring(zl_bell *bell); /* async-signal-safe */
/* Returns when the bell has rung since `seen`, spuriously, or at the deadline
 * (zl_clock_monotonic_ns() time). */
void zl_bell_wait(zl_bell *bell, uint32_t seen, int64_t deadline_ns);

/* For a ringer that wants to skip its work while no thread waits. A thread that joins
 * before it tests the condition is either seen by is_awaited or sees all that was done
 * before: both change the same word. It leaves when it has done waiting. */
static inline void zl_bell_join(zl_bell *bell) {
    atomic_fetch_add_explicit(&bell->waiters, 1, memory_order_seq_cst);
}
static inline void zl_bell_leave(zl_bell *bell) {
    atomic_fetch_sub_explicit(&bell->waiters, 1, memory_order_seq_cst);
}
static inline int zl_bell_is_awaited(zl_bell *bell) {
    return atomic_fetch_add_explicit(&bell->waiters, 0, memory_order_seq_cst) > 0;
}

#endif
