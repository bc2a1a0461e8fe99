/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of open endpoints, and the command that opens one. */
#include "socket/openings.h"

#include "thread/forks.h"

#include <stdlib.h>

struct zl_opening {
    zl_endpoint endpoint;
    zl_endpoint_use use;
    char actual[ZL_ENDPOINT_MAX_BYTES];
};

void zl_openings_free(zl_openings *list) {
    for (int i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
}

/* ---- on the socket's thread ---- */

typedef struct request {
    zl_opener opener;
    zl_endpoint endpoint;
    zl_endpoint_use use;
    char actual[ZL_ENDPOINT_MAX_BYTES];
} request;

static zmqlog_status open_task(void *owner, void *argument) {
    request *wanted = argument;
    zl_opener *opener = &wanted->opener;
    (void)owner;
    if (wanted->use == ZL_BIND)
        return zl_socket_bind(opener->socket, opener->errors, &wanted->endpoint,
                              wanted->actual);
    memcpy(wanted->actual, wanted->endpoint.text, sizeof wanted->actual);
    return zl_socket_connect(opener->socket, opener->errors, &wanted->endpoint);
}

static zmqlog_status open_there(const zl_opener *opener, zl_opening *opening) {
    zl_command *command = zl_command_new(open_task, sizeof(request), NULL);
    request *wanted;
    zmqlog_status status;
    if (!command)
        return zl_fail(opener->errors, ZMQLOG_ENOMEM, "out of memory");
    wanted = zl_command_argument(command);
    wanted->opener = *opener;
    wanted->endpoint = opening->endpoint;
    wanted->use = opening->use;
    status = zl_worker_call(opener->worker, command);
    memcpy(opening->actual, wanted->actual, sizeof opening->actual);
    zl_command_release(command);
    return status;
}

/* ---- the list ---- */

/* Room for one more, so that one that was opened can be named. */
static int make_room(zl_openings *list) {
    size_t bytes = ((size_t)list->count + 1) * sizeof *list->items;
    zl_opening **grown;
    zl_forks_lock();
    grown = realloc(list->items, bytes);
    if (grown)
        list->items = grown;
    zl_forks_unlock();
    return grown != NULL;
}

static void append(zl_openings *list, zl_opening *opening) {
    zl_forks_lock();
    list->items[list->count++] = opening;
    zl_forks_unlock();
}

zmqlog_status zl_openings_open(zl_openings *list, const zl_opener *opener,
                               const zl_endpoint *endpoint, zl_endpoint_use use) {
    zl_opening *opening = calloc(1, sizeof *opening);
    zmqlog_status status;
    if (!opening || !make_room(list)) {
        free(opening);
        return zl_fail(opener->errors, ZMQLOG_ENOMEM, "out of memory");
    }
    opening->endpoint = *endpoint;
    opening->use = use;
    status = open_there(opener, opening);
    if (status == ZMQLOG_OK)
        append(list, opening);
    else
        free(opening);
    return status;
}

zmqlog_status zl_openings_connect_again(zl_openings *list, const zl_opener *opener) {
    zmqlog_status status = ZMQLOG_OK;
    for (int i = 0; i < list->count && status == ZMQLOG_OK; i++)
        if (list->items[i]->use == ZL_CONNECT)
            status = open_there(opener, list->items[i]);
    return status;
}

int zl_openings_have_connects(const zl_openings *list) {
    int found = 0;
    for (int i = 0; i < list->count; i++)
        found |= list->items[i]->use == ZL_CONNECT;
    return found;
}

int zl_openings_count(const zl_openings *list) {
    int count;
    zl_forks_lock();
    count = list->count;
    zl_forks_unlock();
    return count;
}

const char *zl_openings_name(const zl_openings *list, int index) {
    const char *name = NULL;
    zl_forks_lock();
    if (index >= 0 && index < list->count)
        name = list->items[index]->actual;
    zl_forks_unlock();
    return name;
}
