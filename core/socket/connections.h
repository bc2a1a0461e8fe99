/* SPDX-License-Identifier: BSD-3-Clause */
/* The connections of a subscribing socket: since when, and which of them have
 * spoken. One that never does is a stranger's. Pure; the caller passes the time. */
#ifndef ZL_CONNECTIONS_H
#define ZL_CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

/* So long a publisher has to say hello. */
#define ZL_STRANGER_NS INT64_C(1000000000)
/* While others come all the time, so long. */
#define ZL_STRANGER_LAST_NS INT64_C(5000000000)

typedef struct zl_connection {
    int fd;
    int is_known;
    int64_t since_ns;
} zl_connection;

typedef struct zl_connections {
    zl_connection *items;
    size_t count, capacity;
    size_t known;
    int64_t greeted_ns; /* when a handshake has succeeded last */
} zl_connections;

void zl_connections_free(zl_connections *set);
void zl_connections_opened(zl_connections *set, int fd, int64_t now_ns);
void zl_connections_greeted(zl_connections *set, int64_t now_ns);
void zl_connections_ended(zl_connections *set, int fd);
/* The other side has spoken. */
void zl_connections_know(zl_connections *set, int fd);
/* When the first one is a stranger's; INT64_MAX: all is well. `peers`: how many have
 * done their handshake. */
int64_t zl_connections_strange_ns(const zl_connections *set, uint64_t peers);

#endif
