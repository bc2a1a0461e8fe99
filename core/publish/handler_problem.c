/* SPDX-License-Identifier: BSD-3-Clause */
/* Why an endpoint of a handler brings no subscriber: what its socket knows, and what
 * only the gate does. */
#include "publish/handler_internal.h"

#include "thread/cancel.h"

#include <stdio.h>

static const char *describe_unheard(zmqlog_handler *handler) {
    char text[ZMQLOG_ROOT_MAX_BYTES + 128];
    snprintf(
        text, sizeof text,
        "connected, but nothing that is subscribed to there matches this program's "
        "topics (root topic \"%s\")",
        zmqlog_handler_root_topic(handler));
    return zl_openings_keep(&handler->openings, text);
}

static const char *find_problem(zmqlog_handler *handler, int index) {
    const zl_sender *sender = &handler->sender;
    zl_opener with = {sender->worker, sender->socket, &handler->errors, &handler->lock};
    int is_up;
    const char *found = zl_openings_problem(&handler->openings, &with, index, &is_up);
    if (found && !found[0] && is_up && atomic_load(&sender->heard) == 0)
        return describe_unheard(handler);
    return found;
}

const char *zmqlog_handler_problem(zmqlog_handler *handler, int index) {
    ZL_UNCANCELLED;
    const char *found = NULL;
    if (!handler)
        return NULL;
    pthread_mutex_lock(&handler->lock);
    if (atomic_load(&handler->state) == ZL_OPEN)
        found = find_problem(handler, index);
    pthread_mutex_unlock(&handler->lock);
    return found;
}
