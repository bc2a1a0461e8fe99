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

#endif
