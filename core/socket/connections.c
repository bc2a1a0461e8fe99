/* SPDX-License-Identifier: BSD-3-Clause */
/* Few, looked at seldom: an array in no order. */
#include "socket/connections.h"

#include <stdlib.h>

void zl_connections_free(zl_connections *set) {
    free(set->items);
    *set = (zl_connections){0};
}

static zl_connection *find(const zl_connections *set, int fd) {
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].fd == fd)
            return &set->items[i];
    return NULL;
}

static zl_connection *add(zl_connections *set) {
    size_t capacity = set->capacity ? set->capacity * 2 : 8;
    zl_connection *items = set->items;
    if (set->count == set->capacity) {
        items = realloc(items, capacity * sizeof *items);
        if (!items)
            return NULL;
        set->items = items;
        set->capacity = capacity;
    }
    return &items[set->count++];
}

void zl_connections_opened(zl_connections *set, int fd, int64_t now_ns) {
    zl_connection *connection;
    zl_connections_ended(set, fd); /* one that we ended: libzmq does not tell */
    connection = add(set);
    if (connection)
        *connection = (zl_connection){.fd = fd, .since_ns = now_ns};
}

void zl_connections_greeted(zl_connections *set, int64_t now_ns) {
    set->greeted_ns = now_ns;
}

void zl_connections_ended(zl_connections *set, int fd) {
    zl_connection *connection = find(set, fd);
    if (!connection)
        return;
    set->known -= (size_t)connection->is_known;
    *connection = set->items[--set->count];
}

void zl_connections_know(zl_connections *set, int fd) {
    zl_connection *connection = find(set, fd);
    if (!connection || connection->is_known)
        return;
    connection->is_known = 1;
    set->known++;
}

/* The event of a handshake comes without a descriptor. So the last handshake is taken
 * for that of the connection that is not known yet. */
static int64_t strange_ns(const zl_connections *set, const zl_connection *connection) {
    int64_t due = connection->since_ns + ZL_STRANGER_NS;
    int64_t last = connection->since_ns + ZL_STRANGER_LAST_NS;
    int64_t greeted = set->greeted_ns + ZL_STRANGER_NS;
    due = greeted > due ? greeted : due;
    return due < last ? due : last;
}

int64_t zl_connections_strange_ns(const zl_connections *set, uint64_t peers) {
    int64_t first = INT64_MAX;
    if (peers <= set->known)
        return INT64_MAX;
    for (size_t i = 0; i < set->count; i++) {
        int64_t due = strange_ns(set, &set->items[i]);
        if (!set->items[i].is_known && due < first)
            first = due;
    }
    return first;
}
