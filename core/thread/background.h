/* SPDX-License-Identifier: BSD-3-Clause */
/* How the library's threads behave towards the program's own: a thread that wakes up
 * does not push one of them off its processor, but takes its turn. Only under the
 * ordinary scheduling policy: a program that chose another has its reasons. */
#ifndef ZL_BACKGROUND_H
#define ZL_BACKGROUND_H

#include <pthread.h>
#include <sched.h>

static inline int zl_background_is_for_us(void) {
    return sched_getscheduler(0) == SCHED_OTHER;
}

/* The calling thread, from now on. Where that is refused all stays as it was. */
static inline void zl_background_enter(void) {
    struct sched_param none = {0};
    if (zl_background_is_for_us())
        sched_setscheduler(0, SCHED_BATCH, &none);
}

#endif
