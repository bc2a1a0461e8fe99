/* SPDX-License-Identifier: BSD-3-Clause */
/* No call of the library is a cancellation point: a thread that is cancelled in one
 * would keep a lock, or leave a waiting thread asleep. Most calls reach none. In those
 * that open files, sockets and threads, or call libzmq, this holds it off. */
#ifndef ZL_CANCEL_H
#define ZL_CANCEL_H

#include <pthread.h>

static inline int zl_cancel_hold(void) {
    int before = PTHREAD_CANCEL_ENABLE;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    return before;
}

static inline void zl_cancel_restore(const int *before) {
    pthread_setcancelstate(*before, NULL);
}

/* From here to the end of the block. */
#define ZL_UNCANCELLED                                                                 \
    __attribute__((cleanup(zl_cancel_restore), unused)) const int zl_cancel_before =   \
        zl_cancel_hold()

#endif
