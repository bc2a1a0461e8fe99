/* SPDX-License-Identifier: BSD-3-Clause */
/* The monotonic clock in nanoseconds, and how long to wait for a moment of it. */
#ifndef SHELL_MOMENT_H
#define SHELL_MOMENT_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

#define MOMENT_NEVER INT64_MAX
#define MOMENT_MS INT64_C(1000000)

static inline int64_t moment_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t moment_earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* For poll: -1 for never, 0 when it is past, else milliseconds rounded up. */
static inline int moment_left_ms(int64_t moment) {
    int64_t left;
    if (moment == MOMENT_NEVER)
        return -1;
    left = moment - moment_now();
    if (left <= 0)
        return 0;
    left = (left + MOMENT_MS - 1) / MOMENT_MS;
    return left > INT_MAX ? INT_MAX : (int)left;
}

#endif
