/* SPDX-License-Identifier: BSD-3-Clause */
/* What each test of a subscriber sets up and tears down: a publisher of plain libzmq, a
 * subscriber and a record. After support.h. */
#ifndef LISTENING_H
#define LISTENING_H

#include "publisher.h"

static publisher p;
static zmqlog_subscriber *subscriber;
static zmqlog_record *record;

/* Not opened yet. */
static inline int setup(void **state) {
    (void)state;
    p = publisher_open(NULL);
    subscriber = zmqlog_subscriber_new();
    record = zmqlog_record_new();
    return 0;
}

/* Connected, and subscribed to everything. */
static inline int setup_subscribed(void **state) {
    setup(state);
    subscribed(subscriber, &p, "");
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
    return 0;
}

#endif
