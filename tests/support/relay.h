/* SPDX-License-Identifier: BSD-3-Clause */
/* A relay on two free ports, and waiting for what it has noticed. After support.h
 * and peer.h. */
#ifndef RELAY_H
#define RELAY_H

#include <poll.h>
#include <pthread.h>

static inline zmqlog_relay *open_relay(void) {
    zmqlog_relay *relay = zmqlog_relay_new();
    assert_non_null(relay);
    assert_ok_or(zmqlog_relay_bind_publishers(relay, "tcp://127.0.0.1:*"),
                 zmqlog_relay_errmsg(relay));
    assert_ok_or(zmqlog_relay_bind_subscribers(relay, "tcp://127.0.0.1:*"),
                 zmqlog_relay_errmsg(relay));
    return relay;
}

static inline const char *publishers_of(const zmqlog_relay *relay) {
    return zmqlog_relay_endpoint(relay, 0);
}

static inline const char *subscribers_of(const zmqlog_relay *relay) {
    return zmqlog_relay_endpoint(relay, 1);
}

static inline void await_relay(const zmqlog_relay *relay, int which, int64_t wanted) {
    for (int i = 0; i < PATIENCE_MS && zmqlog_relay_count(relay, which) != wanted; i++)
        poll(NULL, 0, 1);
    if (zmqlog_relay_count(relay, which) != wanted)
        print_error("the relay's %s\n", zmqlog_count_name(which));
    assert_int_equal(wanted, zmqlog_relay_count(relay, which));
}

static inline void await_relay_over(const zmqlog_relay *relay, int which,
                                    int64_t least) {
    for (int i = 0; i < PATIENCE_MS && zmqlog_relay_count(relay, which) < least; i++)
        poll(NULL, 0, 1);
    assert_true(zmqlog_relay_count(relay, which) >= least);
}

/* A handler that connects to a relay, with nothing held back. */
static inline zmqlog_handler *publish_to(const char *endpoint, const char *root) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(handler, root));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_connect(handler, endpoint));
    return handler;
}

static inline peer listen_at(const char *endpoint, const char *prefix) {
    peer p = peer_new();
    peer_subscribe(&p, prefix);
    assert_int_equal(0, zmq_connect(p.socket, endpoint));
    return p;
}

static inline void expect_through(zmqlog_handler *handler, peer *p, const char *text) {
    peer_frames frames;
    log_text(handler, ZMQLOG_LEVEL_INFO, text);
    peer_receive(p, &frames);
    assert_string_equal("app.INFO", frames.topic);
    assert_string_equal(text, frames.body);
}

#endif
