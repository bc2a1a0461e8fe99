/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that pass as they are: published by a handler that did not make them, and
 * decoded by a subscriber that did not receive them. */
#include "support.h"
#include "peer.h"

#define ODD_TOPIC "\0odd\xff.. INFO"
#define ODD_BODY "\0\n\xfe"

static zmqlog_status pass(zmqlog_handler *handler, const char *topic, size_t topic_len,
                          const char *body, size_t body_len) {
    return zmqlog_handler_log_frames(handler, topic, topic_len, body, body_len);
}

#define pass_literal(handler, topic, body)                                             \
    assert_ok(pass((handler), topic, sizeof(topic) - 1, body, sizeof(body) - 1))

TEST(frames__arrive_byte_for_byte) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_CRITICAL));
    assert_ok(zmqlog_handler_set_style(handler, 0, "json"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "");
    pass_literal(handler, "other.DEBUG.a::b", "x::y");
    pass_literal(handler, ODD_TOPIC, ODD_BODY);
    pass_literal(handler, "", "");
    peer_expect(&p, "other.DEBUG.a::b", "x::y");
    peer_expect(&p, ODD_TOPIC, ODD_BODY);
    peer_expect(&p, "", "");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(frames__keep_their_place_and_take_no_number) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer_frames got;
    peer p;
    assert_ok(zmqlog_handler_set_style(handler, 0, "json"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "");
    assert_ok(zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "a", 1));
    pass_literal(handler, "INFO", "b");
    assert_ok(zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "c", 1));
    peer_receive(&p, &got);
    assert_non_null(strstr(got.body, "\"seq\":1,"));
    peer_expect(&p, "INFO", "b");
    peer_receive(&p, &got);
    assert_non_null(strstr(got.body, "\"seq\":2,"));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(frames__nobody_subscribed_to_are_unheard) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "a.INFO");
    pass_literal(handler, "a.INF", "no");
    pass_literal(handler, "a.INFORM", "yes");
    peer_expect(&p, "a.INFORM", "yes");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_UNHEARD));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(frames__too_long_are_refused_and_counted_never_cut) {
    static char long_topic[65536];
    zmqlog_handler *handler = zmqlog_handler_new();
    int level = ZMQLOG_COUNT_DROPPED_QUEUE;
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1024));
    assert_status(pass(handler, "t", 1, "b", 1), ZMQLOG_ESTATE);
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_ok(pass(handler, long_topic, 65535, "", 0));
    assert_status(pass(handler, long_topic, 65536, "", 0), ZMQLOG_ELIMIT);
    assert_ok(pass(handler, "t", 1, long_topic, 1024));
    assert_status(pass(handler, "t", 1, long_topic, 1025), ZMQLOG_ELIMIT);
    assert_int_equal(2, zmqlog_handler_count(handler, level));
    assert_status(pass(handler, NULL, 1, "b", 1), ZMQLOG_EINVAL);
    assert_status(pass(handler, "t", 1, NULL, 1), ZMQLOG_EINVAL);
    assert_status(pass(NULL, "t", 1, "b", 1), ZMQLOG_EINVAL);
    assert_ok(zmqlog_handler_close(handler, 0));
    assert_status(pass(handler, "t", 1, "b", 1), ZMQLOG_ECLOSED);
    zmqlog_handler_free(handler);
}

TEST(frames__go_through_an_attached_socket) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p = peer_new();
    void *pair = zmq_socket(p.context, ZMQ_PUB);
    char endpoint[64];
    size_t len = sizeof endpoint;
    peer_frames got;
    assert_int_equal(0, zmq_bind(p.socket, "tcp://127.0.0.1:*"));
    peer_subscribe(&p, "");
    zmq_getsockopt(p.socket, ZMQ_LAST_ENDPOINT, endpoint, &len);
    assert_int_equal(0, zmq_connect(pair, endpoint));
    assert_ok(zmqlog_handler_attach(handler, pair));
    zmq_pollitem_t readable = {p.socket, 0, ZMQ_POLLIN, 0};
    /* A PUB cannot tell when it has a subscriber. */
    for (int tries = 0; tries < PATIENCE_MS / 10 && zmq_poll(&readable, 1, 10) == 0;
         tries++)
        pass_literal(handler, ODD_TOPIC, ODD_BODY);
    peer_receive(&p, &got);
    assert_bytes(got.topic, (size_t)got.topic_len, ODD_TOPIC);
    assert_bytes(got.body, (size_t)got.body_len, ODD_BODY);
    zmqlog_handler_free(handler);
    zmq_close(pair);
    peer_close(&p);
}

static zmqlog_status decode(zmqlog_subscriber *subscriber, zmqlog_record *record,
                            const char *topic, const char *body) {
    return zmqlog_subscriber_decode(subscriber, record, topic, strlen(topic), body,
                                    strlen(body), 42);
}

TEST(decode__fills_a_record_as_recv_would) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(zmqlog_subscriber_add_root(subscriber, "my.app"));
    assert_ok(zmqlog_subscriber_set_level_name(subscriber, 35, "AUDIT"));
    assert_ok(
        decode(subscriber, record, "my.app.AUDIT.x.y",
               "{\"msg\":\"m\",\"seq\":9,\"epoch\":\"00000000000000aa\",\"n\":1}"));
    assert_record(record, root, "my.app");
    assert_record(record, subtopic, "x.y");
    assert_int_equal(zmqlog_record_level(record), 35);
    assert_int_equal(zmqlog_record_received_ns(record), 42);
    assert_ok(zmqlog_record_parse(record));
    assert_record(record, text, "m");
    assert_int_equal(zmqlog_record_seq(record), 9);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_RECEIVED), 0);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}

TEST(decode__leaves_out_what_is_not_subscribed_to) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    assert_status(decode(subscriber, record, "app.INFO", "m"), ZMQLOG_EAGAIN);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.WARN"));
    assert_ok(decode(subscriber, record, "app.WARNINGS", "m"));
    assert_status(decode(subscriber, record, "app.WAR", "m"), ZMQLOG_EAGAIN);
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    assert_ok(decode(subscriber, record, "app.WARNING.x", "m"));
    assert_status(decode(subscriber, record, "app.WARNINGS", "m"), ZMQLOG_EAGAIN);
    assert_record(record, topic, "app.WARNING.x");
    assert_status(decode(subscriber, NULL, "app.WARN", "m"), ZMQLOG_EINVAL);
    assert_status(decode(NULL, record, "app.WARN", "m"), ZMQLOG_EINVAL);
    assert_ok(zmqlog_subscriber_close(subscriber));
    assert_status(decode(subscriber, record, "app.WARN", "m"), ZMQLOG_ECLOSED);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}
