/* SPDX-License-Identifier: BSD-3-Clause */
/* A descriptor that wakes the thread that polls it: an eventfd. Its calls are plain
 * system calls: they leave errno alone, and no thread is cancelled in one, for a thread
 * that ended there would leave the polling one asleep. */
#ifndef ZL_EVENT_H
#define ZL_EVENT_H

#include "thread/forks.h"

#include <stdatomic.h>

typedef struct zl_event {
    zl_owned_fd fd;
} zl_event;

void zl_event_init(zl_event *event); /* not open */
int zl_event_open(zl_event *event);  /* 0, or -1 with errno */
void zl_event_close(zl_event *event);
/* -1 when it is not open, or was inherited by fork. */
static inline int zl_event_fd(const zl_event *event) {
    return atomic_load_explicit(&event->fd.number, memory_order_acquire);
}
void zl_event_signal(zl_event *event); /* async-signal-safe */
void zl_event_clear(zl_event *event);

#endif
