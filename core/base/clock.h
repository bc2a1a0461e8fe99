/* SPDX-License-Identifier: BSD-3-Clause */
/* Clocks and deadlines, in nanoseconds. */
#ifndef ZL_CLOCK_H
#define ZL_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t zl_clock_read(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t zl_clock_monotonic_ns(void) {
    return zl_clock_read(CLOCK_MONOTONIC);
}

static inline int64_t zl_clock_realtime_ns(void) {
    return zl_clock_read(CLOCK_REALTIME);
}

/* When a timeout in ms ends; negative: never (INT64_MAX, ZL_NO_DEADLINE). */
static inline int64_t zl_clock_deadline(int timeout_ms) {
    return timeout_ms < 0 ? INT64_MAX
                          : zl_clock_monotonic_ns() + (int64_t)timeout_ms * 1000000;
}

/* A timeout; negative stays negative. */
static inline int64_t zl_clock_ms_as_ns(int timeout_ms) {
    return timeout_ms < 0 ? -1 : (int64_t)timeout_ms * 1000000;
}

/* Milliseconds left, rounded up, 0 when past; -1 without a deadline. */
static inline int zl_clock_left_ms(int64_t deadline_ns) {
    int64_t left;
    if (deadline_ns == INT64_MAX)
        return -1;
    left = deadline_ns - zl_clock_monotonic_ns();
    if (left <= 0)
        return 0;
    left = (left + 999999) / 1000000;
    return left > INT32_MAX ? INT32_MAX : (int)left;
}

#endif
