/* SPDX-License-Identifier: BSD-3-Clause */
/* What programs say of themselves and learn of their listeners, through one, two and
 * three relays: hello, stats, wait_subscriber, subscribe_all and the gates. */
#include "support.h"
#include "await.h"
#include "peer.h"
#include "publisher.h"
#include "relay.h"

TEST_LABELS(threads);

#define MOST 3

/* Relays in a row; publishers come to the first, subscribers to the last. */
typedef struct chain {
    int count;
    zmqlog_relay *relays[MOST];
    zmqlog_subscriber *subscriber;
    zmqlog_record *record;
} chain;

static chain chain_open(int count) {
    chain c = {.count = count};
    for (int i = 0; i < count; i++) {
        c.relays[i] = open_relay();
        if (i)
            assert_ok(zmqlog_relay_connect_upstream(c.relays[i],
                                                    subscribers_of(c.relays[i - 1])));
    }
    c.subscriber = zmqlog_subscriber_new();
    c.record = zmqlog_record_new();
    return c;
}

static void chain_close(chain *c) {
    zmqlog_record_free(c->record);
    zmqlog_subscriber_free(c->subscriber);
    for (int i = 0; i < c->count; i++)
        zmqlog_relay_free(c->relays[i]);
}

static const char *end_of(const chain *c) {
    return subscribers_of(c->relays[c->count - 1]);
}

static zmqlog_handler *join(const chain *c, const char *root, int hold_ms) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(handler, root));
    assert_ok(zmqlog_handler_set_hold_ms(handler, hold_ms));
    assert_ok(zmqlog_handler_connect(handler, publishers_of(c->relays[0])));
    return handler;
}

static void expect_next(chain *c, const char *topic, const char *text) {
    receive(c->subscriber, c->record);
    assert_string_equal(topic, zmqlog_record_topic(c->record, NULL));
    assert_string_equal(text, zmqlog_record_text(c->record, NULL));
}

/* Of each program of the chain and each relay, in any order. */
static void expect_answers(peer *p, const char *topic, const char *wanted, int count) {
    peer_frames frames;
    for (int found = 0; found < count;) {
        peer_receive(p, &frames);
        found += strcmp(frames.topic, topic) == 0 && strstr(frames.body, wanted);
    }
}

static void answers_each_time(int count) {
    chain c = chain_open(count);
    zmqlog_handler *handler = join(&c, "app", 0);
    peer first = peer_new(), second = peer_new();
    peer_subscribe(&first, "zmqlog.INFO.hello.");
    assert_int_equal(0, zmq_connect(first.socket, end_of(&c)));
    expect_answers(&first, "zmqlog.INFO.hello.app", "{\"root\":\"app\",", 1);
    peer_subscribe(&second, "zmqlog.INFO.hello.");
    assert_int_equal(0, zmq_connect(second.socket, end_of(&c)));
    expect_answers(&second, "zmqlog.INFO.hello.app", "{\"root\":\"app\",", 1);
    expect_answers(&first, "zmqlog.INFO.hello.app", "{\"root\":\"app\",", 1);
    peer_close(&first);
    peer_close(&second);
    zmqlog_handler_free(handler);
    chain_close(&c);
}

TEST(hello__answers_each_subscriber_through_one_relay) {
    answers_each_time(1);
}

TEST(hello__answers_each_subscriber_through_two_relays) {
    answers_each_time(2);
}

TEST(hello__answers_each_subscriber_through_three_relays) {
    answers_each_time(3);
}

static void counts_while_asked(int count) {
    chain c = chain_open(count);
    zmqlog_handler *handler = join(&c, "app", 0);
    peer p = peer_new();
    peer_subscribe(&p, "zmqlog.INFO.stats");
    assert_int_equal(0, zmq_connect(p.socket, end_of(&c)));
    expect_answers(&p, "zmqlog.INFO.stats.app", "\"counters\":{", 2);
    assert_int_equal(0, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO));
    peer_close(&p);
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, count); /* the relays' own */
    zmqlog_handler_free(handler);
    chain_close(&c);
}

TEST(stats__come_through_one_relay) {
    counts_while_asked(1);
}

TEST(stats__come_through_three_relays) {
    counts_while_asked(3);
}

static void gates_follow(int count) {
    chain c = chain_open(count);
    zmqlog_handler *handler = join(&c, "app", 60000);
    log_text(handler, ZMQLOG_LEVEL_INFO, "first line");
    assert_ok(zmqlog_subscriber_subscribe(c.subscriber, "app.INFO"));
    assert_ok(zmqlog_subscriber_connect(c.subscriber, end_of(&c)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    expect_next(&c, "app.INFO", "first line");
    assert_int_equal(0, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG));
    assert_ok(zmqlog_subscriber_subscribe(c.subscriber, "app.DEBUG.net"));
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 1);
    assert_ok(zmqlog_subscriber_unsubscribe(c.subscriber, "app.INFO"));
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    zmqlog_subscriber_close(c.subscriber);
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 0);
    zmqlog_handler_free(handler);
    chain_close(&c);
}

TEST(gates__follow_the_subscriptions_beyond_one_relay) {
    gates_follow(1);
}

TEST(gates__follow_the_subscriptions_beyond_two_relays) {
    gates_follow(2);
}

TEST(gates__follow_the_subscriptions_beyond_three_relays) {
    gates_follow(3);
}

/* One program is there before the subscriber, one comes later. */
static void all_are_followed(int count) {
    chain c = chain_open(count);
    zmqlog_handler *early = join(&c, "early", 60000), *late;
    log_text(early, ZMQLOG_LEVEL_WARN, "before");
    assert_ok(zmqlog_subscriber_subscribe_all(c.subscriber, ZMQLOG_LEVEL_WARN));
    assert_ok(zmqlog_subscriber_connect(c.subscriber, end_of(&c)));
    expect_next(&c, "early.WARN", "before");
    late = join(&c, "late", 60000);
    log_text(late, ZMQLOG_LEVEL_ERROR, "after");
    expect_next(&c, "late.ERROR", "after");
    wait_enabled(early, ZMQLOG_LEVEL_CRITICAL, 1);
    assert_int_equal(0, zmqlog_handler_enabled(early, ZMQLOG_LEVEL_INFO));
    assert_int_equal(0, zmqlog_handler_enabled(late, ZMQLOG_LEVEL_INFO));
    await_count(c.subscriber, ZMQLOG_COUNT_STRANGERS, 0);
    zmqlog_handler_free(early);
    zmqlog_handler_free(late);
    chain_close(&c);
}

TEST(all__programs_are_followed_through_one_relay) {
    all_are_followed(1);
}

TEST(all__programs_are_followed_through_two_relays) {
    all_are_followed(2);
}

TEST(all__programs_are_followed_through_three_relays) {
    all_are_followed(3);
}

/* ---- a relay that no program is behind ------------------------------------------- */

TEST(hello__of_a_relay_names_no_root) {
    chain c = chain_open(2);
    peer p = peer_new();
    char pid[32];
    peer_subscribe(&p, "zmqlog.INFO.hello");
    assert_int_equal(0, zmq_connect(p.socket, end_of(&c)));
    snprintf(pid, sizeof pid, "\"pid\":%d,\"version\"", (int)getpid());
    expect_answers(&p, "zmqlog.INFO.hello", pid, 2);
    peer_close(&p);
    chain_close(&c);
}

/* A subscriber takes one that has said nothing within a second for a stranger, and then
 * subscribes to everything. */
TEST(all__takes_no_relay_for_a_stranger) {
    chain c = chain_open(1);
    struct timespec second = {1, 200000000};
    assert_ok(zmqlog_subscriber_subscribe_all(c.subscriber, ZMQLOG_LEVEL_WARN));
    assert_ok(zmqlog_subscriber_connect(c.subscriber, end_of(&c)));
    await_relay(c.relays[0], ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    nanosleep(&second, NULL);
    await_count(c.subscriber, ZMQLOG_COUNT_STRANGERS, 0);
    await_relay(c.relays[0], ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    chain_close(&c);
}
