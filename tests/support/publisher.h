/* SPDX-License-Identifier: BSD-3-Clause */
/* A publisher of plain libzmq for tests of subscribers: an XPUB, so that a test
 * knows when a subscription has arrived. After support.h. */
#ifndef PUBLISHER_H
#define PUBLISHER_H

#include <sched.h>
#include <time.h>
#include <zmq.h>

typedef struct publisher {
    void *context, *socket;
    char endpoint[256];
} publisher;

static inline publisher publisher_new(void) {
    int timeout = PATIENCE_MS, off = 0;
    publisher p = {zmq_ctx_new(), NULL, ""};
    p.socket = zmq_socket(p.context, ZMQ_XPUB);
    assert_non_null(p.socket);
    zmq_setsockopt(p.socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    zmq_setsockopt(p.socket, ZMQ_SNDHWM, &off, sizeof off);
    return p;
}

/* On a free loopback port, or on the endpoint given. */
static inline publisher publisher_open(const char *endpoint) {
    publisher p = publisher_new();
    size_t size = sizeof p.endpoint;
    int rc, tries = 0;
    /* The last owner of the port may need a moment to release it. */
    do
        rc = zmq_bind(p.socket, endpoint ? endpoint : "tcp://127.0.0.1:*");
    while (rc != 0 && zmq_errno() == EADDRINUSE && tries++ < 100000);
    assert_int_equal(rc, 0);
    zmq_getsockopt(p.socket, ZMQ_LAST_ENDPOINT, p.endpoint, &size);
    return p;
}

static inline void publisher_close(publisher *p) {
    zmq_close(p->socket);
    zmq_ctx_term(p->context);
}

/* The next subscription (1) or cancel (0); its prefix with a NUL behind it. */
static inline int publisher_event(publisher *p, char prefix[256]) {
    char frame[256];
    int len = zmq_recv(p->socket, frame, sizeof frame, 0);
    assert_in_range(len, 1, sizeof frame - 1);
    memcpy(prefix, frame + 1, (size_t)len - 1);
    prefix[len - 1] = '\0';
    return frame[0];
}

static inline void publisher_expect(publisher *p, int on, const char *wanted) {
    char prefix[256];
    assert_int_equal(publisher_event(p, prefix), on);
    assert_string_equal(prefix, wanted);
}

static inline void publisher_frame(publisher *p, const void *data, size_t len,
                                   int more) {
    assert_int_equal(zmq_send(p->socket, data, len, more ? ZMQ_SNDMORE : 0), (int)len);
}

static inline void publisher_send(publisher *p, const char *topic, const char *body) {
    publisher_frame(p, topic, strlen(topic), 1);
    publisher_frame(p, body, strlen(body), 0);
}

static inline void publisher_send_number(publisher *p, const char *topic,
                                         unsigned number) {
    char body[16];
    snprintf(body, sizeof body, "%u", number);
    publisher_send(p, topic, body);
}

/* A subscriber of `prefix`, connected, and known to the publisher. */
static inline zmqlog_subscriber *subscribed(zmqlog_subscriber *subscriber, publisher *p,
                                            const char *prefix) {
    assert_ok(zmqlog_subscriber_subscribe(subscriber, prefix));
    assert_ok_or(zmqlog_subscriber_connect(subscriber, p->endpoint),
                 zmqlog_subscriber_errmsg(subscriber));
    publisher_expect(p, 1, prefix);
    return subscriber;
}

static inline zmqlog_subscriber *subscriber_of(publisher *p, const char *prefix) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_non_null(subscriber);
    return subscribed(subscriber, p, prefix);
}

/* Spins until the counter has grown to that. */
static inline void await_count(const zmqlog_subscriber *subscriber, int which,
                               int64_t at_least) {
    time_t deadline = time(NULL) + PATIENCE_MS / 1000;
    while (zmqlog_subscriber_count(subscriber, which) < at_least &&
           time(NULL) < deadline)
        sched_yield();
    assert_true(zmqlog_subscriber_count(subscriber, which) >= at_least);
}

/* The next record is this one. */
static inline void expect_record(zmqlog_subscriber *subscriber, zmqlog_record *record,
                                 const char *topic, const char *text) {
    receive(subscriber, record);
    assert_string_equal(zmqlog_record_topic(record, NULL), topic);
    assert_string_equal(zmqlog_record_text(record, NULL), text);
}

#endif
