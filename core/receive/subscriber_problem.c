/* SPDX-License-Identifier: BSD-3-Clause */
/* Why an endpoint of a subscriber brings no record: what its socket knows, and whether
 * anything was asked for. */
#include "receive/subscriber_internal.h"

#include "thread/cancel.h"

const char *zmqlog_subscriber_problem(zmqlog_subscriber *subscriber, int index) {
    ZL_UNCANCELLED;
    zl_opener with = {.worker = NULL};
    const char *found;
    int is_up;
    if (!subscriber || zl_subscriber_is_inherited(subscriber) || !subscriber->pump)
        return NULL;
    with.worker = subscriber->pump->worker;
    with.socket = subscriber->pump->socket;
    found = zl_openings_problem(&subscriber->openings, &with, index, &is_up);
    if (is_up && subscriber->interests.count == 0 && !subscriber->all_from)
        return "connected, but nothing is subscribed to";
    return found;
}
