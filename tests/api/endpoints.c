/* SPDX-License-Identifier: BSD-3-Clause */
/* Closing one endpoint while the others go on: no accepted record is lost silently,
 * endpoints keep their names, and closing an endpoint that is not open is refused. */
#include "support.h"

#include "await.h"

#include <poll.h>

#define BURST 3000

static zmqlog_handler *new_handler(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_linger_ms(handler, PATIENCE_MS));
    return handler;
}

/* A subscriber of everything that the handler's endpoint number `index` brings. */
static zmqlog_subscriber *listen_at(zmqlog_handler *handler, int index) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    int64_t before = zmqlog_handler_count(handler, ZMQLOG_COUNT_PEERS);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, index)));
    wait_count(handler, ZMQLOG_COUNT_PEERS, before + 1);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    return subscriber;
}

static void expect_burst(zmqlog_subscriber *subscriber) {
    zmqlog_record *record = zmqlog_record_new();
    char wanted[16];
    for (int i = 0; i < BURST; i++) {
        receive(subscriber, record);
        snprintf(wanted, sizeof wanted, "%d", i);
        assert_string_equal(zmqlog_record_text(record, NULL), wanted);
    }
    zmqlog_record_free(record);
}

static void log_burst(zmqlog_handler *handler) {
    char text[16];
    for (int i = 0; i < BURST; i++) {
        snprintf(text, sizeof text, "%d", i);
        log_text(handler, 20, text);
    }
}

TEST(unbind__listeners_take_what_was_logged_before) {
    zmqlog_handler *handler = new_handler();
    zmqlog_subscriber *stays, *leaves;
    zmqlog_record *record = zmqlog_record_new();
    char first[256];
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    snprintf(first, sizeof first, "%s", zmqlog_handler_endpoint(handler, 0));
    leaves = listen_at(handler, 0);
    stays = listen_at(handler, 1);
    log_burst(handler);
    assert_ok_or(zmqlog_handler_unbind(handler, first), zmqlog_handler_errmsg(handler));
    expect_burst(leaves);
    wait_count(handler, ZMQLOG_COUNT_PEERS, 1);
    expect_burst(stays);
    log_text(handler, 20, "after");
    receive(stays, record);
    assert_record(record, text, "after");
    wait_count(handler, ZMQLOG_COUNT_SENT, BURST + 1); /* counted a moment later */
    zmqlog_record_free(record);
    zmqlog_subscriber_free(leaves);
    zmqlog_subscriber_free(stays);
    zmqlog_handler_free(handler);
}

TEST(unbind__the_port_and_the_path_are_free) {
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "ipc://", "log");
    zmqlog_handler *handler = new_handler(), *other = new_handler();
    char any[64], port[256];
    /* An address of this process's own, so that nobody else takes the port. */
    snprintf(any, sizeof any, "tcp://127.77.%d.%d:*", getpid() >> 8 & 255,
             getpid() & 255);
    assert_ok(zmqlog_handler_bind(handler, path));
    assert_ok(zmqlog_handler_bind(handler, any));
    snprintf(port, sizeof port, "%s", zmqlog_handler_endpoint(handler, 1));
    assert_ok(zmqlog_handler_unbind(handler, path));
    assert_int_equal(access(path + strlen("ipc://"), F_OK), -1);
    assert_ok(zmqlog_handler_unbind(handler, any));
    assert_null(zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_handler_bind(other, path));
    assert_ok_or(zmqlog_handler_bind(other, port), zmqlog_handler_errmsg(other));
    log_text(handler, 20, "to nobody");
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
    zmqlog_handler_free(other);
    temp_dir_remove(&dir);
}

TEST(disconnect__what_was_queued_still_arrives) {
    zmqlog_handler *handler = new_handler();
    zmqlog_subscriber *leaves = zmqlog_subscriber_new(),
                      *stays = zmqlog_subscriber_new();
    zmqlog_subscriber *both[2] = {leaves, stays};
    zmqlog_record *record = zmqlog_record_new();
    for (int i = 0; i < 2; i++) {
        assert_ok(zmqlog_subscriber_subscribe(both[i], ""));
        assert_ok(zmqlog_subscriber_bind(both[i], "tcp://127.0.0.1:*"));
        assert_ok(
            zmqlog_handler_connect(handler, zmqlog_subscriber_endpoint(both[i], 0)));
    }
    wait_count(handler, ZMQLOG_COUNT_PEERS, 2);
    log_burst(handler);
    assert_ok(
        zmqlog_handler_disconnect(handler, zmqlog_subscriber_endpoint(leaves, 0)));
    log_text(handler, 20, "after");
    expect_burst(leaves);
    expect_burst(stays);
    receive(stays, record);
    assert_record(record, text, "after");
    /* A record logged at the same moment can still reach it; later records do not. */
    wait_count(handler, ZMQLOG_COUNT_PEERS, 1);
    while (zmqlog_subscriber_recv(leaves, record, 0) == ZMQLOG_OK)
        assert_record(record, text, "after");
    log_text(handler, 20, "later");
    receive(stays, record);
    assert_record(record, text, "later");
    assert_status(zmqlog_subscriber_recv(leaves, record, 0), ZMQLOG_EAGAIN);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(leaves);
    zmqlog_subscriber_free(stays);
    zmqlog_handler_free(handler);
}

TEST(disconnect__of_a_subscriber_keeps_what_has_arrived) {
    zmqlog_handler *first = open_handler("one"), *second = open_handler("two");
    zmqlog_subscriber *subscriber = open_subscriber(first);
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(second, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(second, "", PATIENCE_MS));
    log_burst(first);
    while (zmqlog_subscriber_recv(subscriber, record, 0) == ZMQLOG_EAGAIN)
        poll(NULL, 0, 1);
    assert_record(record, text, "0");
    assert_ok(
        zmqlog_subscriber_disconnect(subscriber, zmqlog_handler_endpoint(first, 0)));
    wait_count(first, ZMQLOG_COUNT_PEERS, 0);
    assert_string_equal(zmqlog_subscriber_endpoint(subscriber, 0),
                        zmqlog_handler_endpoint(second, 0));
    log_text(second, 20, "from the other");
    do
        receive(subscriber, record);
    while (strcmp(zmqlog_record_text(record, NULL), "from the other") != 0);
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_subscriber_unbind(subscriber, "tcp://127.0.0.1:*"));
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(first);
    zmqlog_handler_free(second);
}

/* As a program that goes from one collector to the next and back does. */
TEST(names__stay_and_are_the_same_when_they_come_again) {
    zmqlog_handler *handler = new_handler();
    const char *names[2], *back;
    assert_ok(zmqlog_handler_connect(handler, "tcp://127.0.0.1:1"));
    names[0] = zmqlog_handler_endpoint(handler, 0);
    for (int i = 0; i < 50; i++) {
        const char *next = i % 2 ? "tcp://127.0.0.1:1" : "tcp://127.0.0.1:2";
        const char *last = i % 2 ? "tcp://127.0.0.1:2" : "tcp://127.0.0.1:1";
        assert_ok(zmqlog_handler_connect(handler, next));
        assert_ok(zmqlog_handler_disconnect(handler, last));
        names[1] = zmqlog_handler_endpoint(handler, 0);
        assert_null(zmqlog_handler_endpoint(handler, 1));
    }
    back = names[1];
    assert_ptr_equal(back, names[0]);
    assert_string_equal(names[0], "tcp://127.0.0.1:1");
    zmqlog_handler_free(handler);
}

TEST(connect__a_second_time_changes_nothing) {
    zmqlog_handler *handler = new_handler();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    const char *endpoint;
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    endpoint = zmqlog_subscriber_endpoint(subscriber, 0);
    assert_ok(zmqlog_handler_connect(handler, endpoint));
    assert_ok(zmqlog_handler_connect(handler, endpoint));
    assert_null(zmqlog_handler_endpoint(handler, 1));
    wait_count(handler, ZMQLOG_COUNT_PEERS, 1);
    log_text(handler, 20, "once");
    assert_ok(zmqlog_handler_disconnect(handler, endpoint));
    assert_status(zmqlog_handler_disconnect(handler, endpoint), ZMQLOG_EINVAL);
    wait_count(handler, ZMQLOG_COUNT_PEERS, 0);
    receive(subscriber, record);
    assert_record(record, text, "once");
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

TEST(refusals__say_what_is_open) {
    zmqlog_handler *handler = new_handler();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_status(zmqlog_handler_unbind(NULL, "tcp://127.0.0.1:1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_unbind(handler, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_disconnect(handler, "tcp://127.0.0.1:3"),
                  ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_handler_errmsg(handler),
                        "disconnect: tcp://127.0.0.1:3 is not open; nothing is");
    assert_ok(zmqlog_handler_connect(handler, "tcp://127.0.0.1:1"));
    assert_ok(zmqlog_handler_connect(handler, "tcp://127.0.0.1:2"));
    assert_status(zmqlog_handler_disconnect(handler, "tcp://127.0.0.1:3"),
                  ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_handler_errmsg(handler),
                        "disconnect: tcp://127.0.0.1:3 is not open; open are: "
                        "tcp://127.0.0.1:1, tcp://127.0.0.1:2");
    assert_status(zmqlog_handler_unbind(handler, "tcp://127.0.0.1:1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_disconnect(subscriber, "tcp://127.0.0.1:1"),
                  ZMQLOG_EINVAL);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_status(zmqlog_handler_disconnect(handler, "tcp://127.0.0.1:1"),
                  ZMQLOG_ECLOSED);
    zmqlog_subscriber_close(subscriber);
    assert_status(zmqlog_subscriber_unbind(subscriber, "tcp://127.0.0.1:1"),
                  ZMQLOG_ECLOSED);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}
