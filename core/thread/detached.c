/* SPDX-License-Identifier: BSD-3-Clause */
/* No thread of the library is joined: those that matter tell of their end. */
#include "thread/detached.h"

#include <pthread.h>
#include <signal.h>

int zl_detached_start(void *(*run)(void *argument), void *argument) {
    sigset_t all, before;
    pthread_attr_t attributes;
    pthread_t thread;
    int error;
    sigfillset(&all);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    /* The application's signals are none of this thread's business. */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, &attributes, run, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}
