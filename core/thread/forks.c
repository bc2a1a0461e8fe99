/* SPDX-License-Identifier: BSD-3-Clause */
/* The generation of this process. getpid would be a system call for each look. */
#include "thread/forks.h"

#include <pthread.h>
#include <stdatomic.h>

static _Atomic unsigned forks;
static pthread_once_t registered = PTHREAD_ONCE_INIT;

static void in_child(void) {
    atomic_fetch_add_explicit(&forks, 1, memory_order_relaxed);
}

static void register_once(void) {
    pthread_atfork(NULL, NULL, in_child);
}

void zl_forks_watch(void) {
    pthread_once(&registered, register_once);
}

unsigned zl_forks_count(void) {
    return atomic_load_explicit(&forks, memory_order_relaxed);
}
