/* SPDX-License-Identifier: BSD-3-Clause */
/* The gate follows the subscribers: subscriptions, the floor and a new root open and
 * close it. Frames that only look like subscriptions do not. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <poll.h>

TEST_LABELS(threads);

/* Without hold, so that only subscriptions open the gate. */
static zmqlog_handler *open_without_hold(const char *root) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, root));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

TEST(gate__is_closed_while_nobody_listens) {
    zmqlog_handler *handler = open_without_hold("app");
    /* The I/O thread writes the gate byte by byte. */
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        wait_enabled(handler, level, 0);
    log_text(handler, ZMQLOG_LEVEL_INFO, "nobody");
    assert_int_equal(0, zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED));
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++)
        assert_int_equal(0, gate_byte(zmqlog_handler_gate(handler), level));
    zmqlog_handler_free(handler);
}

TEST(gate__opens_exactly_the_subscribed_level_and_closes_it_again) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "app.DEBUG");
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 1);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    assert_int_equal(1, gate_byte(zmqlog_handler_gate(handler), ZMQLOG_LEVEL_DEBUG));
    log_text(handler, ZMQLOG_LEVEL_DEBUG, "heard");
    peer_expect(&p, "app.DEBUG", "heard");
    peer_close(&p);
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 0);
    zmqlog_handler_free(handler);
}

TEST(gate__a_prefix_beyond_the_level_opens_it) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "app.ERROR.db");
    wait_enabled(handler, ZMQLOG_LEVEL_ERROR, 1);
    wait_enabled(handler, ZMQLOG_LEVEL_WARN, 0);
    log_text(handler, ZMQLOG_LEVEL_ERROR, "net::elsewhere");
    log_text(handler, ZMQLOG_LEVEL_ERROR, "db::here");
    peer_expect(&p, "app.ERROR.db", "here");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_UNHEARD));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(gate__a_listener_cannot_go_below_the_floor) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p;
    assert_ok(zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_WARN));
    p = peer_listening(handler, "");
    wait_enabled(handler, ZMQLOG_LEVEL_WARN, 1);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    log_text(handler, ZMQLOG_LEVEL_INFO, "too low");
    log_text(handler, ZMQLOG_LEVEL_WARN, "enough");
    peer_expect(&p, "app.WARN", "enough");
    assert_ok(zmqlog_handler_set_level(handler, 0));
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO));
    log_text(handler, ZMQLOG_LEVEL_INFO, "now it counts");
    peer_expect(&p, "app.INFO", "now it counts");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(gate__a_new_root_takes_effect_with_the_next_record) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "");
    char name[32];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "root%d", i);
        log_text(handler, ZMQLOG_LEVEL_INFO, "before");
        assert_ok(zmqlog_handler_set_root_topic(handler, name));
        assert_string_equal(name, zmqlog_handler_root_topic(handler));
        log_text(handler, ZMQLOG_LEVEL_INFO, "after");
    }
    for (int i = 0; i < 100; i++) {
        peer_frames frames;
        snprintf(name, sizeof name, i ? "root%d.INFO" : "app.INFO", i - 1);
        peer_receive(&p, &frames);
        assert_string_equal(name, frames.topic);
        assert_string_equal("before", frames.body);
        snprintf(name, sizeof name, "root%d.INFO", i);
        peer_receive(&p, &frames);
        assert_string_equal(name, frames.topic);
        assert_string_equal("after", frames.body);
    }
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(gate__follows_a_new_root) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "app.INFO");
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 1);
    assert_ok(zmqlog_handler_set_root_topic(handler, "other"));
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 1);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(gate__a_spoofed_cancel_mutes_nobody) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "app.INFO");
    int spoofer = raw_sub(zmqlog_handler_endpoint(handler, 0));
    raw_frame(spoofer, 0, "\0app.INFO", 9);
    /* A subscription behind the spoof on the same connection proves that the handler
     * has read the spoof. */
    raw_frame(spoofer, 0, "\1app.CRITICAL", 13);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.CRITICAL", PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO));
    log_text(handler, ZMQLOG_LEVEL_INFO, "still here");
    peer_expect(&p, "app.INFO", "still here");
    close(spoofer);
    peer_close(&p);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    zmqlog_handler_free(handler);
}

TEST(gate__a_true_cancel_closes_it) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "app.INFO");
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 1);
    peer_unsubscribe(&p, "app.INFO");
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 0);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(gate__stray_frames_are_counted_and_survived) {
    zmqlog_handler *handler = open_without_hold("app");
    int stranger = raw_sub(zmqlog_handler_endpoint(handler, 0));
    peer p;
    raw_frame(stranger, 0, "hello", 5);
    raw_frame(stranger, 1, "two", 3);
    raw_frame(stranger, 0, "frames", 6);
    raw_frame(stranger, 0, "", 0);
    wait_count(handler, ZMQLOG_COUNT_MALFORMED, 4);
    p = peer_listening(handler, "");
    log_text(handler, ZMQLOG_LEVEL_INFO, "alive");
    peer_expect(&p, "app.INFO", "alive");
    close(stranger);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(gate__stays_shut_for_thousands_of_foreign_prefixes) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_new();
    int unlimited = 0;
    char prefix[32];
    zmq_setsockopt(p.socket, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    peer_connect(&p, handler);
    for (int i = 0; i < 5000; i++) {
        snprintf(prefix, sizeof prefix, "x%d", i);
        peer_subscribe(&p, prefix);
    }
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 5000);
    assert_status(zmqlog_handler_wait_subscriber(handler, "app.INFO", 0),
                  ZMQLOG_ETIMEDOUT);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    peer_subscribe(&p, "app.INFO");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_INFO, "heard");
    peer_expect(&p, "app.INFO", "heard");
    peer_close(&p);
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 0);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    zmqlog_handler_free(handler);
}

TEST(wait_subscriber__waits_for_what_would_be_delivered) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_listening(handler, "app.INFO");
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, 0));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", 0));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", 0));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO.db", 0));
    assert_status(zmqlog_handler_wait_subscriber(handler, "app", 0), ZMQLOG_ETIMEDOUT);
    assert_status(zmqlog_handler_wait_subscriber(handler, "app.WARN", 1),
                  ZMQLOG_ETIMEDOUT);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(wait_subscriber__a_foreign_subscription_is_none_of_ours) {
    zmqlog_handler *handler = open_without_hold("app");
    peer p = peer_new();
    peer_subscribe(&p, "elsewhere");
    peer_connect(&p, handler);
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    assert_status(zmqlog_handler_wait_subscriber(handler, NULL, 0), ZMQLOG_ETIMEDOUT);
    wait_count(handler, ZMQLOG_COUNT_PEERS, 1);
    peer_close(&p);
    wait_count(handler, ZMQLOG_COUNT_PEERS, 0);
    wait_count(handler, ZMQLOG_COUNT_PEER_LOST, 1);
    zmqlog_handler_free(handler);
}

TEST(wait_subscriber__knows_the_newest_root_and_floor) {
    zmqlog_handler *handler = open_without_hold("a");
    peer p = peer_listening(handler, "a.INFO");
    for (int i = 0; i < 100; i++) {
        assert_ok(zmqlog_handler_set_root_topic(handler, "b"));
        assert_status(zmqlog_handler_wait_subscriber(handler, NULL, 0),
                      ZMQLOG_ETIMEDOUT);
        assert_ok(zmqlog_handler_set_root_topic(handler, "a"));
        assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, 0));
        assert_ok(zmqlog_handler_set_level(handler, 30));
        assert_status(zmqlog_handler_wait_subscriber(handler, NULL, 0),
                      ZMQLOG_ETIMEDOUT);
        assert_ok(zmqlog_handler_set_level(handler, 20));
        assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, 0));
    }
    peer_close(&p);
    zmqlog_handler_free(handler);
}
