/* SPDX-License-Identifier: BSD-3-Clause */
/* How many peers a subscribing socket has. libzmq tells which connections begin and
 * end, and that some handshake has succeeded, but not of which connection. So there are
 * as many peers as handshakes, but never more than connections that stand: a stranger
 * that leaves takes no peer along. */
#include "socket/socket_internal.h"

#include <stdlib.h>

static int make_room(zl_socket *socket, size_t fd) {
    size_t size = (fd | 63) + 1;
    unsigned char *grown;
    if (fd < socket->stands_size)
        return 1;
    grown = realloc(socket->stands, size);
    if (!grown)
        return 0;
    memset(grown + socket->stands_size, 0, size - socket->stands_size);
    socket->stands = grown;
    socket->stands_size = size;
    return 1;
}

static void set(zl_socket *socket, int fd, int stands) {
    if (fd < 0 || !make_room(socket, (size_t)fd) || socket->stands[fd] == stands)
        return;
    socket->stands[fd] = (unsigned char)stands;
    socket->connections += stands ? 1 : (uint64_t)-1;
}

void zl_peers_connected(zl_socket *socket, int fd) {
    set(socket, fd, 1);
}

void zl_peers_greeted(zl_socket *socket) {
    socket->peers++;
}

void zl_peers_ended(zl_socket *socket, int fd) {
    set(socket, fd, 0);
    while (socket->peers > socket->connections) {
        socket->peers--;
        socket->peers_lost++;
    }
}

uint64_t zl_socket_peers(const zl_socket *socket) {
    return socket->peers;
}

uint64_t zl_socket_refused(const zl_socket *socket) {
    return socket->zap.refused;
}

uint64_t zl_socket_peers_lost(const zl_socket *socket) {
    return socket->peers_lost;
}
