/* SPDX-License-Identifier: BSD-3-Clause */
/* A relay on two free ports, and waiting for what it has noticed. After support.h. */
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

#endif
