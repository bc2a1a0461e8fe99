/* SPDX-License-Identifier: BSD-3-Clause */
/* The bell: sleeping on a counter of rings. Owns the futex calls and their two
 * ideas of a timespec. Knows nothing of what is waited for. */
#include "thread/bell.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* On 32-bit machines the old call takes 32-bit seconds, whatever time_t is. */
#if defined(SYS_futex_time64)
#define FUTEX_CALL (sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex)
#if !defined(SYS_futex)
#define SYS_futex SYS_futex_time64
#endif
#else
#define FUTEX_CALL SYS_futex
#endif

void zl_bell_ring(zl_bell *bell) {
    int saved = errno;

    atomic_fetch_add_explicit(&bell->rings, 1, memory_order_seq_cst);
    if (atomic_load_explicit(&bell->waiters, memory_order_seq_cst) > 0)
        syscall(SYS_futex, &bell->rings, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    errno = saved;
}

void zl_bell_wait(zl_bell *bell, uint32_t seen, int64_t deadline_ns) {
    struct timespec deadline;
    struct timespec *until = NULL;
    int saved = errno;

    if (deadline_ns != ZL_NO_DEADLINE) {
        if (deadline_ns < 0)
            deadline_ns = 0;
        deadline.tv_sec = (time_t)(deadline_ns / 1000000000);
        deadline.tv_nsec = (long)(deadline_ns % 1000000000);
        until = &deadline;
    }
    /* Before the kernel compares the rings: a thread that rings after that sees us. */
    zl_bell_join(bell);
    if (zl_bell_look(bell) == seen)
        syscall(FUTEX_CALL, &bell->rings, FUTEX_WAIT_BITSET_PRIVATE, seen, until, NULL,
                FUTEX_BITSET_MATCH_ANY);
    zl_bell_leave(bell);
    errno = saved;
}
