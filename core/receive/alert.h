/* SPDX-License-Identifier: BSD-3-Clause */
/* How the receiving thread learns that there is something for it: by a bell while it
 * sleeps in a call, by a descriptor while it polls. The descriptor costs system calls
 * only after the receiver has armed it. */
#ifndef ZL_ALERT_H
#define ZL_ALERT_H

#include "thread/bell.h"
#include "thread/event.h"

typedef struct zl_alert {
    zl_bell bell;
    zl_event event;    /* not open until it is asked for */
    _Atomic int armed; /* news shall raise the descriptor */
} zl_alert;

void zl_alert_init(zl_alert *alert);
void zl_alert_destroy(zl_alert *alert);
/* Receiver: the descriptor, opened when first asked for; -1 without one. */
int zl_alert_open_fd(zl_alert *alert);
/* Receiver: makes the descriptor silent until there is news. What came before
 * this call is visible after it, so look once more before waiting. */
void zl_alert_arm(zl_alert *alert);
/* Any thread: something new is there. */
void zl_alert_news(zl_alert *alert);
/* Any thread, async-signal-safe: rings and raises, armed or not. */
void zl_alert_raise(zl_alert *alert);

#endif
