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

#if !defined(SYS_futex)
#define SYS_futex SYS_futex_time64
#endif

/* On 32-bit machines the old call takes seconds of 32 bits, whatever time_t is, and
 * kernels before 5.1 have no other. */
typedef struct old_time {
    long sec, nsec;
} old_time;

static void sleep_old(zl_bell *bell, uint32_t seen, const struct timespec *until) {
    old_time time = {0, 0};
    if (until) {
        time.sec = until->tv_sec > LONG_MAX ? LONG_MAX : (long)until->tv_sec;
        time.nsec = (long)until->tv_nsec;
    }
    syscall(SYS_futex, &bell->rings, FUTEX_WAIT_BITSET_PRIVATE, seen,
            until ? &time : NULL, NULL, FUTEX_BITSET_MATCH_ANY);
}

static void sleep_until(zl_bell *bell, uint32_t seen, const struct timespec *until) {
#if defined(SYS_futex_time64)
    if (sizeof(time_t) > sizeof(long) &&
        (syscall(SYS_futex_time64, &bell->rings, FUTEX_WAIT_BITSET_PRIVATE, seen, until,
                 NULL, FUTEX_BITSET_MATCH_ANY) == 0 ||
         errno != ENOSYS))
        return;
#endif
    sleep_old(bell, seen, until);
}

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
        sleep_until(bell, seen, until);
    zl_bell_leave(bell);
    errno = saved;
}
