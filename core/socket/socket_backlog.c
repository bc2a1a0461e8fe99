/* SPDX-License-Identifier: BSD-3-Clause */
/* What had arrived before a connection is given up. Disconnecting drops what nobody
 * has read yet, and libzmq 4.3.4 aborts when it has looked at half a message of it;
 * so all of it is read before, and kept until the receiver comes for it. */
#include "socket/socket_internal.h"

#include <stdlib.h>

#define FRAMES 128
/* Others go on sending meanwhile. */
#define CHUNKS_MAX 32768

struct zl_backlog {
    zl_backlog *next;
    int count, taken;
    zmq_msg_t frames[FRAMES];
};

/* Whether there may be more. */
static int fill(zl_socket *socket, zl_backlog *chunk) {
    while (chunk->count < FRAMES) {
        zmq_msg_t *frame = &chunk->frames[chunk->count];
        zmq_msg_init(frame);
        if (!zl_frame_receive(socket->socket, frame))
            return 0;
        chunk->count++;
    }
    return 1;
}

/* Where memory ends, half a message must not stay in libzmq. */
static void drop_one(zl_socket *socket) {
    zmq_msg_t frame;
    int more = 1;
    zmq_msg_init(&frame);
    while (more && zl_frame_receive(socket->socket, &frame))
        more = zmq_msg_more(&frame);
    zmq_msg_close(&frame);
}

void zl_backlog_read(zl_socket *socket) {
    zl_backlog **last = &socket->backlog;
    int left = 1;
    while (*last)
        last = &(*last)->next;
    for (int chunks = 0; left; chunks++) {
        *last = chunks < CHUNKS_MAX ? calloc(1, sizeof **last) : NULL;
        if (!*last)
            break;
        left = fill(socket, *last);
        last = &(*last)->next;
    }
    if (left)
        drop_one(socket);
}

static void drop_first(zl_socket *socket) {
    zl_backlog *first = socket->backlog;
    for (; first->taken < first->count; first->taken++)
        zmq_msg_close(&first->frames[first->taken]);
    socket->backlog = first->next;
    free(first);
}

int zl_backlog_take(zl_socket *socket, zmq_msg_t *frame) {
    while (socket->backlog) {
        zl_backlog *first = socket->backlog;
        if (first->taken < first->count) {
            zmq_msg_move(frame, &first->frames[first->taken]);
            zmq_msg_close(&first->frames[first->taken++]);
            return 1;
        }
        drop_first(socket);
    }
    return 0;
}

void zl_backlog_free(zl_socket *socket) {
    while (socket->backlog)
        drop_first(socket);
}
