/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames in and out of the socket room: records, subscriptions, and the caller's
 * own sockets. */
#include "socket/socket_internal.h"

#include <dlfcn.h>
#include <errno.h>

/* Messages read from a caller's XPUB before each record. */
#define FOREIGN_AT_ONCE 10000

static int send_frame(zmq_msg_t *frame, void *socket, int flags) {
    int rc;
    do
        rc = zmq_msg_send(frame, socket, flags);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? errno : 0;
}

static int send_bytes(void *socket, zl_span bytes, int flags) {
    int rc;
    do
        rc = zmq_send(socket, bytes.data, bytes.len, flags);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? errno : 0;
}

/* The body's memory is there before the topic is sent, so that no lack of it can
 * leave a topic without its body. Once the topic is out, the body must follow, or
 * topics and bodies would change places for all subscribers. */
static int send_record(void *socket, zl_span topic, zl_span body) {
    zmq_msg_t frame;
    int error;
    if (zmq_msg_init_size(&frame, body.len) != 0)
        return errno;
    if (body.len)
        memcpy(zmq_msg_data(&frame), body.data, body.len);
    error = send_bytes(socket, topic, ZMQ_DONTWAIT | ZMQ_SNDMORE);
    if (!error)
        error = send_frame(&frame, socket, ZMQ_DONTWAIT);
    if (error)
        zmq_msg_close(&frame);
    return error;
}

int zl_socket_send(zl_socket *socket, zl_span topic, zl_span body, int lossy) {
    int error;
    socket->unread |= ZL_UNREAD_SOCKET;
    if (!lossy)
        return send_record(socket->socket, topic, body);
    zl_socket_set(socket->socket, ZMQ_XPUB_NODROP, 0);
    error = send_record(socket->socket, topic, body);
    zl_socket_set(socket->socket, ZMQ_XPUB_NODROP, 1);
    return error;
}

static int receive_next(zl_socket *socket, zmq_msg_t *frame) {
    return (socket->backlog && zl_backlog_take(socket, frame)) ||
           zl_frame_receive(socket->socket, frame);
}

/* The first frame of a message, unless it is known that there is none. */
static int receive_first(zl_socket *socket, zmq_msg_t *frame) {
    if (!socket->backlog && !(socket->unread & ZL_UNREAD_SOCKET))
        return 0;
    if (receive_next(socket, frame))
        return 1;
    socket->unread &= ~ZL_UNREAD_SOCKET;
    return 0;
}

/* The connection's end has no metadata; what a peer sends has. */
static zl_listener_frame origin_of(zmq_msg_t *frame) {
    zl_listener_frame from = {.fd = zmq_msg_get(frame, ZMQ_SRCFD)};
    from.address = zmq_msg_gets(frame, "Peer-Address");
    from.key = zmq_msg_gets(frame, "User-Id");
    from.is_explicit = from.address != NULL;
    from.origin = from.address; /* in what libzmq keeps of the connection */
    return from;
}

static void take_frame(zl_socket *socket, zmq_msg_t *frame) {
    const char *data = zmq_msg_data(frame);
    size_t len = zmq_msg_size(frame);
    zl_listener_frame from = origin_of(frame);
    zl_span prefix;
    if (len == 0 || (data[0] != 0 && data[0] != 1)) {
        zl_listeners_strayed(socket->listeners, &from);
        return;
    }
    prefix = zl_span_make(data + 1, len - 1);
    if (data[0] == 1)
        zl_listeners_subscribed(socket->listeners, &from, prefix);
    else
        zl_listeners_cancelled(socket->listeners, &from, prefix);
}

/* libzmq tells of a connection before it hands out what that sends. So once a frame is
 * here, the monitor is read: then the book knows the frame's connection, or that it has
 * ended already. */
int zl_socket_follow(zl_socket *socket, int at_most) {
    int frames = 0;
    while (frames < at_most && receive_first(socket, &socket->frame[0])) {
        zl_monitor_drain(socket);
        take_frame(socket, &socket->frame[0]);
        frames++;
    }
    return frames;
}

/* An XSUB subscribes by a frame. */
static int send_interest(zl_socket *socket, char what, zl_span prefix) {
    zmq_msg_t frame;
    int error;
    if (zmq_msg_init_size(&frame, prefix.len + 1) != 0)
        return errno;
    memcpy(zmq_msg_data(&frame), &what, 1);
    if (prefix.len)
        memcpy((char *)zmq_msg_data(&frame) + 1, prefix.data, prefix.len);
    error = send_frame(&frame, socket->socket, ZMQ_DONTWAIT);
    if (error)
        zmq_msg_close(&frame);
    return error;
}

int zl_socket_subscribe(zl_socket *socket, zl_span prefix) {
    socket->unread |= ZL_UNREAD_SOCKET;
    if (socket->is_relay)
        return send_interest(socket, 1, prefix);
    return zmq_setsockopt(socket->socket, ZMQ_SUBSCRIBE, prefix.data, prefix.len)
               ? errno
               : 0;
}

int zl_socket_unsubscribe(zl_socket *socket, zl_span prefix) {
    socket->unread |= ZL_UNREAD_SOCKET;
    if (socket->is_relay)
        return send_interest(socket, 0, prefix);
    return zmq_setsockopt(socket->socket, ZMQ_UNSUBSCRIBE, prefix.data, prefix.len)
               ? errno
               : 0;
}

static void drop_rest(zl_socket *socket, zmq_msg_t *frame) {
    while (zmq_msg_more(frame) && receive_next(socket, frame))
        ;
}

int zl_socket_receive(zl_socket *socket, zl_span *topic, zl_span *body) {
    zmq_msg_t *frame = socket->frame;
    if (!receive_first(socket, &frame[0]))
        return 0;
    if (!zmq_msg_more(&frame[0]) || !receive_next(socket, &frame[1]))
        return -1;
    if (zmq_msg_more(&frame[1])) {
        drop_rest(socket, &frame[1]);
        return -1;
    }
    *topic = zl_span_make(zmq_msg_data(&frame[0]), zmq_msg_size(&frame[0]));
    *body = zl_span_make(zmq_msg_data(&frame[1]), zmq_msg_size(&frame[1]));
    return 1;
}

static int pass_frames(void *to, zmq_msg_t frames[2]) {
    int error = send_frame(&frames[0], to, ZMQ_DONTWAIT | ZMQ_SNDMORE);
    return error ? error : send_frame(&frames[1], to, ZMQ_DONTWAIT);
}

int zl_socket_pass_on(zl_socket *to, zl_socket *from, int lossy) {
    int error;
    to->unread |= ZL_UNREAD_SOCKET;
    if (!lossy)
        return pass_frames(to->socket, from->frame);
    zl_socket_set(to->socket, ZMQ_XPUB_NODROP, 0);
    error = pass_frames(to->socket, from->frame);
    zl_socket_set(to->socket, ZMQ_XPUB_NODROP, 1);
    return error;
}

/* A socket starts with a pointer to code of the libzmq that made it; if that is
 * not ours, every call on it would be undefined. */
static int is_of_our_libzmq(void *foreign) {
    Dl_info ours, theirs;
    void *vtable;
    memcpy(&vtable, foreign, sizeof vtable);
    return dladdr((void *)(uintptr_t)&zmq_send, &ours) && dladdr(vtable, &theirs) &&
           ours.dli_fbase == theirs.dli_fbase;
}

zmqlog_status zl_socket_check_foreign(zl_errors *errors, void *foreign) {
    int type = -1;
    size_t size = sizeof type;
    if (!foreign)
        return zl_fail(errors, ZMQLOG_EINVAL, "attach: socket is NULL");
    if (!is_of_our_libzmq(foreign))
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "attach: this socket belongs to another copy of libzmq than "
                       "the one libzmqlog uses; use a binding that links the "
                       "system's libzmq, or bind and connect of this handler");
    if (zmq_getsockopt(foreign, ZMQ_TYPE, &type, &size) != 0)
        return zl_fail(errors, ZMQLOG_EINVAL, "attach: not an open socket: %s",
                       zmq_strerror(errno));
    if (type != ZMQ_PUB && type != ZMQ_XPUB)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "attach: the socket must be a PUB or an XPUB");
    return ZMQLOG_OK;
}

int zl_socket_send_foreign(void *foreign, zl_span topic, zl_span body) {
    int type = ZMQ_PUB;
    size_t size = sizeof type;
    zmq_msg_t event;
    zmq_getsockopt(foreign, ZMQ_TYPE, &type, &size);
    if (type == ZMQ_XPUB) {
        zmq_msg_init(&event);
        /* A peer that sends without end must not keep the caller here. */
        for (int i = 0; i < FOREIGN_AT_ONCE && zl_frame_receive(foreign, &event); i++)
            ;
        zmq_msg_close(&event);
    }
    return send_record(foreign, topic, body);
}
