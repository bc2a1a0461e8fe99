/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting without the messages that are there already: for a receiver that has
 * no room, but must go on answering its peers and its owner. */
#include "socket_internal.h"

int zl_socket_poll_aside(zl_socket *socket, int fd, int timeout_ms) {
    zmq_pollitem_t items[4] = {
        {socket->zap.socket, 0, ZMQ_POLLIN, 0},
        {socket->monitor, 0, ZMQ_POLLIN, 0},
        {NULL, -1, ZMQ_POLLIN, 0},
        {NULL, fd, ZMQ_POLLIN, 0},
    };
    int events;
    size_t size = sizeof events;

    /* Lets libzmq do what it has to do in this thread, so that its descriptor
     * falls silent until there is more: a publisher that came back gets its
     * subscriptions here. */
    zmq_getsockopt(socket->socket, ZMQ_EVENTS, &events, &size);
    size = sizeof items[2].fd;
    zmq_getsockopt(socket->socket, ZMQ_FD, &items[2].fd, &size);
    if (zmq_poll(items, fd >= 0 ? 4 : 3, timeout_ms) <= 0)
        return 0;
    return fd >= 0 && items[3].revents ? ZL_FD_READY : 0;
}
