/* SPDX-License-Identifier: BSD-3-Clause */
/* Foreign peers for api tests: SUB sockets of plain libzmq, and a hand-written
 * ZMTP 3 peer that says what no well-behaved one would. After support.h. */
#ifndef PEER_H
#define PEER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <zmq.h>

typedef struct peer {
    void *context, *socket;
} peer;

static inline peer peer_new(void) {
    int timeout = PATIENCE_MS, linger = 0;
    peer p = {zmq_ctx_new(), NULL};
    p.socket = zmq_socket(p.context, ZMQ_SUB);
    assert_non_null(p.socket);
    zmq_setsockopt(p.socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    zmq_setsockopt(p.socket, ZMQ_LINGER, &linger, sizeof linger);
    return p;
}

static inline void peer_subscribe(peer *p, const char *prefix) {
    assert_int_equal(0,
                     zmq_setsockopt(p->socket, ZMQ_SUBSCRIBE, prefix, strlen(prefix)));
}

static inline void peer_unsubscribe(peer *p, const char *prefix) {
    assert_int_equal(
        0, zmq_setsockopt(p->socket, ZMQ_UNSUBSCRIBE, prefix, strlen(prefix)));
}

static inline void peer_connect(peer *p, zmqlog_handler *handler) {
    assert_int_equal(0, zmq_connect(p->socket, zmqlog_handler_endpoint(handler, 0)));
}

/* A SUB that the handler surely sees. */
static inline peer peer_listening(zmqlog_handler *handler, const char *prefix) {
    peer p = peer_new();
    peer_subscribe(&p, prefix);
    peer_connect(&p, handler);
    assert_ok(zmqlog_handler_wait_subscriber(handler, prefix, PATIENCE_MS));
    return p;
}

static inline void peer_close(peer *p) {
    zmq_close(p->socket);
    zmq_ctx_term(p->context);
}

typedef struct peer_frames {
    char topic[512];
    char body[4096];
    int topic_len, body_len;
} peer_frames;

/* The next record, which must be exactly two frames. */
static inline void peer_receive(peer *p, peer_frames *frames) {
    int more = 0;
    size_t size = sizeof more;
    frames->topic_len = zmq_recv(p->socket, frames->topic, sizeof frames->topic - 1, 0);
    assert_true(frames->topic_len >= 0);
    zmq_getsockopt(p->socket, ZMQ_RCVMORE, &more, &size);
    assert_true(more);
    frames->body_len = zmq_recv(p->socket, frames->body, sizeof frames->body - 1, 0);
    assert_true(frames->body_len >= 0);
    zmq_getsockopt(p->socket, ZMQ_RCVMORE, &more, &size);
    assert_false(more);
    frames->topic[frames->topic_len < 511 ? frames->topic_len : 511] = '\0';
    frames->body[frames->body_len < 4095 ? frames->body_len : 4095] = '\0';
}

#define peer_expect(p, wanted_topic, wanted_body)                                      \
    do {                                                                               \
        peer_frames frames_;                                                           \
        peer_receive((p), &frames_);                                                   \
        assert_bytes(frames_.topic, (size_t)frames_.topic_len, wanted_topic);          \
        assert_bytes(frames_.body, (size_t)frames_.body_len, wanted_body);             \
    } while (0)

/* ---- a raw ZMTP 3.0 peer ------------------------------------------------ */

static inline void raw_write(int fd, const void *data, size_t len) {
    assert_int_equal((ssize_t)len, send(fd, data, len, MSG_NOSIGNAL));
}

static inline void raw_read(int fd, void *data, size_t len) {
    assert_int_equal((ssize_t)len, recv(fd, data, len, MSG_WAITALL));
}

static inline int raw_connect_ipc(const char *endpoint) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    strncpy(address.sun_path, endpoint + strlen("ipc://"), sizeof address.sun_path - 1);
    assert_int_equal(0, connect(fd, (struct sockaddr *)&address, sizeof address));
    return fd;
}

static inline int raw_connect(const char *endpoint) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd;
    if (strncmp(endpoint, "ipc://", strlen("ipc://")) == 0)
        return raw_connect_ipc(endpoint);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_port = htons((uint16_t)atoi(strrchr(endpoint, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, connect(fd, (struct sockaddr *)&address, sizeof address));
    return fd;
}

/* The handshake of a SUB. */
static inline void raw_greet(int fd) {
    static const char greeting[64] = {(char)0xff, 0,    0, 0, 0,   0,   0,   0,
                                      1,          0x7f, 3, 0, 'N', 'U', 'L', 'L'};
    static const char ready[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3SUB";
    char theirs[64], head[2], command[255];
    raw_write(fd, greeting, sizeof greeting);
    raw_read(fd, theirs, sizeof theirs);
    raw_write(fd, ready, sizeof ready - 1);
    raw_read(fd, head, 2);
    raw_read(fd, command, (unsigned char)head[1]);
}

/* A SUB after its handshake, over a plain socket. */
static inline int raw_sub(const char *endpoint) {
    int fd = raw_connect(endpoint);
    raw_greet(fd);
    return fd;
}

/* One frame of at most 255 bytes; `more`: others follow. */
static inline void raw_frame(int fd, int more, const void *data, size_t len) {
    unsigned char head[2] = {more ? 1 : 0, (unsigned char)len};
    raw_write(fd, head, 2);
    raw_write(fd, data, len);
}

#endif
