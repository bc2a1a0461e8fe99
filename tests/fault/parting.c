/* SPDX-License-Identifier: BSD-3-Clause */
/* A publisher and its listener that end at the same moment with many records on the
 * way. If the publisher told libzmq to drop them, libzmq would end the process. */
#include "support.h"
#include "peer.h"

TEST_LABELS(sanitized);

#define RECORDS 2000
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PARTINGS 200
#else
#define PARTINGS 1000
#endif

static zmqlog_handler *open_at_once(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

static peer reads_nothing(zmqlog_handler *handler) {
    peer p = peer_new();
    int few = 10;
    zmq_setsockopt(p.socket, ZMQ_RCVHWM, &few, sizeof few);
    peer_subscribe(&p, "");
    peer_connect(&p, handler);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app", PATIENCE_MS));
    return p;
}

static void part(int listener_first) {
    static const char topic[] = "some.long.subtopic.of.a.record";
    zmqlog_handler *handler = open_at_once();
    peer p = reads_nothing(handler);
    for (int i = 0; i < RECORDS; i++)
        zmqlog_handler_log_topic(handler, 20, topic, sizeof topic - 1, "0123456789",
                                 10);
    zmqlog_handler_flush(handler, 20);
    if (listener_first)
        zmq_close(p.socket);
    zmqlog_handler_close(handler, 0);
    if (!listener_first)
        zmq_close(p.socket);
    zmq_ctx_term(p.context);
    zmqlog_handler_free(handler);
}

TEST(ending_at_the_same_moment_leaves_the_process_alive) {
    for (int i = 0; i < PARTINGS; i++)
        part(i % 2);
}
