/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that were read from libzmq ahead of the receiver, for two reasons.
 * Disconnecting drops what is not read yet, and libzmq 4.3.4 aborts if it has looked at
 * half a message of it. And what arrives while the receiver has no room is bounded here
 * in bytes; in libzmq it would be bounded in records of any size. */
#include "socket/socket_internal.h"

#include <stdlib.h>

#define FRAMES 128
/* Others go on sending meanwhile. */
#define RECORDS_AT_ONCE 2000000

/* libzmq's own for a frame, and the allocation of its bytes. */
#define FRAME_BYTES (sizeof(zmq_msg_t) + 64)

typedef struct chunk {
    struct chunk *next;
    int count, taken;
    zmq_msg_t frames[FRAMES];
} chunk;

struct zl_backlog {
    chunk *first, *last;
    size_t bytes, records;
};

static size_t cost(zmq_msg_t *frame) {
    return FRAME_BYTES + zmq_msg_size(frame);
}

static void drop_first(zl_backlog *all) {
    chunk *first = all->first;
    for (; first->taken < first->count; first->taken++)
        zmq_msg_close(&first->frames[first->taken]);
    all->first = first->next;
    if (!all->first)
        all->last = NULL;
    free(first);
}

void zl_backlog_free(zl_socket *socket) {
    while (socket->backlog && socket->backlog->first)
        drop_first(socket->backlog);
    free(socket->backlog);
    socket->backlog = NULL;
}

static void forget_empty(zl_socket *socket) {
    zl_backlog *all = socket->backlog;
    if (all && all->bytes == 0)
        zl_backlog_free(socket);
}

/* Room for one more; NULL without memory. */
static zmq_msg_t *next_room(zl_socket *socket) {
    zl_backlog *all = socket->backlog;
    chunk *more;
    if (!all)
        all = socket->backlog = calloc(1, sizeof *all);
    if (all && all->last && all->last->count < FRAMES)
        return &all->last->frames[all->last->count];
    more = all ? calloc(1, sizeof *more) : NULL;
    if (!more)
        return NULL;
    *(all->last ? &all->last->next : &all->first) = more;
    all->last = more;
    return more->frames;
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

/* One message. 1; 0: there is none; -1: no memory. */
static int read_one(zl_socket *socket) {
    int more = 1;
    while (more) {
        zmq_msg_t *frame = next_room(socket);
        if (!frame)
            return -1;
        zmq_msg_init(frame);
        if (!zl_frame_receive(socket->socket, frame))
            return 0;
        socket->backlog->last->count++;
        socket->backlog->bytes += cost(frame);
        more = zmq_msg_more(frame);
    }
    socket->backlog->records++;
    return 1;
}

void zl_backlog_read(zl_socket *socket) {
    int got = 1;
    for (int left = RECORDS_AT_ONCE; got > 0 && left > 0; left--)
        got = read_one(socket);
    if (got != 0)
        drop_one(socket);
    forget_empty(socket);
}

int zl_backlog_is_full(const zl_socket *socket) {
    const zl_backlog *all = socket->backlog;
    return all && socket->hold_records &&
           (all->bytes >= socket->hold_bytes || all->records >= socket->hold_records);
}

void zl_backlog_hold(zl_socket *socket) {
    int got = 1;
    while (got > 0 && !zl_backlog_is_full(socket))
        got = read_one(socket);
    if (got == 0)
        socket->unread &= ~ZL_UNREAD_SOCKET;
    forget_empty(socket);
}

int zl_backlog_take(zl_socket *socket, zmq_msg_t *frame) {
    zl_backlog *all = socket->backlog;
    chunk *first = all->first;
    zmq_msg_move(frame, &first->frames[first->taken]);
    zmq_msg_close(&first->frames[first->taken++]);
    all->bytes -= cost(frame);
    all->records -= !zmq_msg_more(frame);
    if (first->taken == first->count)
        drop_first(all);
    forget_empty(socket);
    return 1;
}
