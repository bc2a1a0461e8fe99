/* SPDX-License-Identifier: BSD-3-Clause */
/* Attached handlers: the program's own PUB or XPUB, used synchronously. */
#include "support.h"
#include "peer.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>

TEST_LABELS(threads);

typedef struct pair {
    void *context, *pub;
    peer sub;
} pair;

/* A publisher of the caller's, type PUB or XPUB, with a SUB that listens. */
static pair pair_make(int type) {
    pair p = {zmq_ctx_new(), NULL, peer_new()};
    char endpoint[256], event[16];
    size_t size = sizeof endpoint;
    void *xpub = zmq_socket(p.context, type);
    int patience = PATIENCE_MS;
    p.pub = xpub;
    zmq_setsockopt(xpub, ZMQ_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(0, zmq_bind(xpub, "tcp://127.0.0.1:*"));
    zmq_getsockopt(xpub, ZMQ_LAST_ENDPOINT, endpoint, &size);
    peer_subscribe(&p.sub, "");
    zmq_connect(p.sub.socket, endpoint);
    if (type == ZMQ_XPUB)
        assert_int_equal(1, zmq_recv(xpub, event, sizeof event, 0));
    return p;
}

static void pair_close(pair *p) {
    int linger = 0;
    zmq_setsockopt(p->pub, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(p->pub);
    peer_close(&p->sub);
    zmq_ctx_term(p->context);
}

TEST(attach__the_documented_example_over_a_given_socket) {
    pair p = pair_make(ZMQ_XPUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok_or(zmqlog_handler_attach(handler, p.pub), zmqlog_handler_errmsg(handler));
    assert_ok(zmqlog_handler_set_root_topic(handler, "myprogram"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "hello there");
    peer_expect(&p.sub, "myprogram.INFO", "hello there");
    log_text(handler, ZMQLOG_LEVEL_WARN, "sub.topic" ZMQLOG_TOPIC_DELIM "hello there");
    peer_expect(&p.sub, "myprogram.WARN.sub.topic", "hello there");
    assert_ok(zmqlog_handler_set_root_topic(handler, "renamed"));
    assert_ok(zmqlog_handler_set_style(handler, 0, "%(levelname)s %(message)s"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "again");
    peer_expect(&p.sub, "renamed.INFO", "INFO again");
    assert_int_equal(3, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    assert_int_equal(3, zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED));
    zmqlog_handler_free(handler);
    pair_close(&p);
}

TEST(attach__works_with_a_pub) {
    pair p = pair_make(ZMQ_PUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    int received = 0;
    assert_ok(zmqlog_handler_attach(handler, p.pub));
    /* A PUB cannot tell when its listener has come: log until it has. */
    for (int i = 0; i < PATIENCE_MS && !received; i++) {
        zmq_pollitem_t item = {p.sub.socket, 0, ZMQ_POLLIN, 0};
        log_text(handler, ZMQLOG_LEVEL_INFO, "x");
        received = zmq_poll(&item, 1, 1) == 1;
    }
    assert_true(received);
    peer_expect(&p.sub, "INFO", "x");
    zmqlog_handler_free(handler);
    pair_close(&p);
}

TEST(attach__has_a_gate_of_the_level_only_and_no_queue) {
    void *context = zmq_ctx_new();
    void *xpub = zmq_socket(context, ZMQ_XPUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_attach(handler, xpub));
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG));
    assert_ok(zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_WARN));
    assert_int_equal(0, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO));
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_WARN));
    assert_status(zmqlog_handler_wait_subscriber(handler, "", 0), ZMQLOG_ENOTSUP);
    assert_status(zmqlog_handler_wait_room(handler, 1, 0), ZMQLOG_ENOTSUP);
    assert_ok(zmqlog_handler_flush(handler, 0));
    assert_status(zmqlog_handler_set_hold_ms(handler, 0), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"), ZMQLOG_ESTATE);
    assert_null(zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_handler_close(handler, 0));
    assert_status(zmqlog_handler_log(handler, 40, "x", 1), ZMQLOG_ECLOSED);
    zmqlog_handler_free(handler);
    assert_int_equal(0, zmq_close(xpub));
    zmq_ctx_term(context);
}

TEST(attach__loggers_learn_that_the_handler_is_gone) {
    pair p = pair_make(ZMQ_PUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *logger = zmqlog_logger_new(handler, "x");
    assert_ok(zmqlog_handler_set_level(handler, 30));
    assert_ok(zmqlog_handler_attach(handler, p.pub));
    assert_ok(zmqlog_logger_log(logger, 20, "below the floor", 15));
    zmqlog_handler_free(handler);
    assert_status(zmqlog_logger_log(logger, 20, "x", 1), ZMQLOG_ECLOSED);
    zmqlog_logger_free(logger);
    pair_close(&p);
}

TEST(attach__refuses_what_it_cannot_use) {
    void *context = zmq_ctx_new();
    void *sub = zmq_socket(context, ZMQ_SUB), *pub = zmq_socket(context, ZMQ_PUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    static void *foreign_vtable[] = {(void *)(uintptr_t)&printf};
    void *foreign[32] = {foreign_vtable};
    assert_status(zmqlog_handler_attach(handler, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_attach(handler, sub), ZMQLOG_EINVAL);
    assert_non_null(strstr(zmqlog_handler_errmsg(handler), "XPUB"));
    assert_status(zmqlog_handler_attach(handler, foreign), ZMQLOG_EINVAL);
    assert_non_null(strstr(zmqlog_handler_errmsg(handler), "another copy"));
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 1 << 20));
    assert_status(zmqlog_handler_attach(handler, pub), ZMQLOG_ESTATE);
    assert_non_null(strstr(zmqlog_handler_errmsg(handler), "queue_bytes"));
    zmqlog_handler_free(handler);
    zmq_close(sub);
    zmq_close(pub);
    zmq_ctx_term(context);
}

TEST(attach__a_full_peer_is_a_counted_drop) {
    void *context = zmq_ctx_new();
    void *xpub = zmq_socket(context, ZMQ_XPUB), *sub = zmq_socket(context, ZMQ_SUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    int one = 1, refused = 0;
    char event[8];
    zmq_setsockopt(xpub, ZMQ_XPUB_NODROP, &one, sizeof one);
    zmq_setsockopt(xpub, ZMQ_SNDHWM, &one, sizeof one);
    zmq_setsockopt(sub, ZMQ_RCVHWM, &one, sizeof one);
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
    zmq_bind(xpub, "inproc://full");
    zmq_connect(sub, "inproc://full");
    assert_int_equal(1, zmq_recv(xpub, event, sizeof event, 0));
    assert_ok(zmqlog_handler_attach(handler, xpub));
    for (int i = 0; i < 10; i++)
        refused += zmqlog_handler_log(handler, 20, "x", 1) == ZMQLOG_ELIMIT;
    assert_true(refused > 0);
    assert_int_equal(refused,
                     zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_QUEUE));
    assert_int_equal(10 - refused, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    assert_int_equal(10, zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED));
    zmqlog_handler_free(handler);
    zmq_close(sub);
    zmq_close(xpub);
    zmq_ctx_term(context);
}

TEST(attach__long_bodies_are_cut_with_a_mark) {
    pair p = pair_make(ZMQ_XPUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    peer_frames frames;
    char text[1000];
    memset(text, 'x', sizeof text);
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 256));
    assert_ok(zmqlog_handler_attach(handler, p.pub));
    assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
    peer_receive(&p.sub, &frames);
    assert_in_range(frames.body_len, 200, 256);
    assert_int_equal('x', frames.body[0]);
    assert_int_not_equal('x', frames.body[frames.body_len - 1]);
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_TRUNCATED));
    zmqlog_handler_free(handler);
    pair_close(&p);
}
