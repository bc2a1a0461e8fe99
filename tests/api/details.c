/* SPDX-License-Identifier: BSD-3-Clause */
/* A refused call says why, also on handles that are closed or attached: each call that
 * configures, opens or waits leaves its detail. */
#include "support.h"

#include <zmq.h>

/* Expects that a call fails with this status and leaves a text. `neutral`, a failure of
 * another kind, first overwrites the text that was there. */
#define told(neutral, errmsg, call, status, part)                                      \
    do {                                                                               \
        neutral;                                                                       \
        assert_null(strstr((errmsg), (part)));                                         \
        assert_status((call), (status));                                               \
        if (!strstr((errmsg), (part)))                                                 \
            print_error("%s tells \"%s\"\n", #call, (errmsg));                         \
        assert_non_null(strstr((errmsg), (part)));                                     \
    } while (0)

#define told_h(call, status, part)                                                     \
    told(assert_status(zmqlog_handler_set_level(h, 99), ZMQLOG_EINVAL),                \
         zmqlog_handler_errmsg(h), call, status, part)

TEST(details__of_a_closed_handler) {
    zmqlog_handler *h = open_handler("app");
    assert_ok(zmqlog_handler_close(h, PATIENCE_MS));
    told_h(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_connect(h, "tcp://127.0.0.1:1"), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_flush(h, 0), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_wait_subscriber(h, "", 0), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_wait_room(h, 1, 0), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_set_style(h, 0, "json"), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_set_root_topic(h, "x"), ZMQLOG_ECLOSED, "closed");
    told_h(zmqlog_handler_set_hold_ms(h, 0), ZMQLOG_ESTATE, "set_hold_ms");
    zmqlog_handler_free(h);
}

TEST(details__of_a_handler_that_is_not_open) {
    zmqlog_handler *h = zmqlog_handler_new();
    told_h(zmqlog_handler_wait_subscriber(h, "", 0), ZMQLOG_ESTATE, "not open");
    told_h(zmqlog_handler_wait_room(h, 1, 0), ZMQLOG_ESTATE, "not open");
    told_h(zmqlog_handler_attach(h, NULL), ZMQLOG_EINVAL, "attach");
    zmqlog_handler_free(h);
}

TEST(details__of_an_attached_handler) {
    void *context = zmq_ctx_new(), *pub = zmq_socket(context, ZMQ_PUB);
    zmqlog_handler *h = zmqlog_handler_new();
    assert_ok(zmqlog_handler_attach(h, pub));
    told_h(zmqlog_handler_wait_subscriber(h, "", 0), ZMQLOG_ENOTSUP, "attached");
    told_h(zmqlog_handler_wait_room(h, 1, 0), ZMQLOG_ENOTSUP, "attached");
    told_h(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"), ZMQLOG_ESTATE, "attached");
    told_h(zmqlog_handler_attach(h, pub), ZMQLOG_ESTATE, "attach");
    assert_ok(zmqlog_handler_flush(h, 0));
    zmqlog_handler_free(h);
    zmq_close(pub);
    zmq_ctx_term(context);
}

TEST(details__of_room_that_never_comes) {
    zmqlog_handler *h = open_handler("app");
    told_h(zmqlog_handler_wait_room(h, SIZE_MAX / 2, 0), ZMQLOG_ELIMIT, "queue");
    zmqlog_handler_free(h);
}

#define told_s(call, status, part)                                                     \
    told((void)0, zmqlog_subscriber_errmsg(s), call, status, part);                    \
    zmqlog_subscriber_free(s);                                                         \
    s = closed()

static zmqlog_subscriber *closed(void) {
    zmqlog_subscriber *s = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_close(s));
    return s;
}

TEST(details__of_a_closed_subscriber) {
    zmqlog_subscriber *s = closed();
    zmqlog_record *record = zmqlog_record_new();
    told_s(zmqlog_subscriber_connect(s, "tcp://127.0.0.1:1"), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_bind(s, "tcp://127.0.0.1:*"), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_subscribe(s, "x"), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_unsubscribe(s, "x"), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_subscribe_level(s, "x", 20), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_add_root(s, "x"), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_set_exact(s, 1), ZMQLOG_ECLOSED, "closed");
    told_s(zmqlog_subscriber_set_receive_hwm(s, 1), ZMQLOG_ECLOSED, "closed");
    /* To receive nothing more is no failure. */
    assert_status(zmqlog_subscriber_recv(s, record, 0), ZMQLOG_ECLOSED);
    assert_string_equal("", zmqlog_subscriber_errmsg(s));
    zmqlog_subscriber_free(s);
    zmqlog_record_free(record);
}
