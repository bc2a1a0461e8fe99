/* SPDX-License-Identifier: BSD-3-Clause */
/* Handlers and forks: the parent goes on, a connected handler connects again in the
 * child, a bound or attached one answers EFORKED there, and the child holds no port. */
#include "child.h"
#include "peer.h"

#include <sys/wait.h>

TEST_LABELS(untidy);

static int use_bound(void *argument) {
    zmqlog_handler *handler = argument;
    if (zmqlog_handler_log(handler, 20, "child", 5) != ZMQLOG_EFORKED)
        return 1;
    if (zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_FORKED) != 1)
        return 2;
    if (!zmqlog_handler_forked(handler) || zmqlog_handler_enabled(handler, 20))
        return 3;
    if (zmqlog_handler_flush(handler, 0) != ZMQLOG_EFORKED)
        return 4;
    if (zmqlog_handler_close(handler, 0) != ZMQLOG_EFORKED)
        return 5;
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_EFORKED)
        return 6;
    if (!strstr(zmqlog_handler_errmsg(handler), "fork"))
        return 7;
    zmqlog_handler_free(handler);
    return 0;
}

TEST(fork__a_bound_handler_answers_eforked_in_the_child) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "");
    assert_int_equal(0, zmqlog_handler_forked(handler));
    assert_int_equal(0, in_child(use_bound, handler));
    log_text(handler, 20, "parent goes on");
    peer_expect(&p, "app.INFO", "parent goes on");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* A handler that connects to a subscriber of all that it logs. */
static zmqlog_handler *open_connected(zmqlog_subscriber *subscriber) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_handler_set_hold_ms(handler, PATIENCE_MS));
    assert_ok(
        zmqlog_handler_connect(handler, zmqlog_subscriber_endpoint(subscriber, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    return handler;
}

static int log_from_child(void *argument) {
    zmqlog_handler *handler = argument;
    if (zmqlog_handler_log(handler, 20, "child", 5) != ZMQLOG_OK)
        return 1;
    if (zmqlog_handler_forked(handler))
        return 2;
    return zmqlog_handler_close(handler, PATIENCE_MS) == ZMQLOG_OK ? 0 : 3;
}

/* The subscriber is ours: its own thread answers new connections at any time. */
TEST(fork__a_connected_handler_reopens_in_the_child) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_handler *handler = open_connected(subscriber);
    zmqlog_record *record = zmqlog_record_new();
    int children = 0;
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    for (int i = 0; i < 3; i++)
        assert_int_equal(0, in_child(log_from_child, handler));
    log_text(handler, 20, "parent");
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    for (int i = 0; i < 4; i++) {
        receive(subscriber, record);
        assert_record(record, topic, "app.INFO");
        children += strcmp(zmqlog_record_text(record, NULL), "child") == 0;
    }
    assert_int_equal(3, children);
    zmqlog_handler_free(handler);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}

/* A child that waits until its parent is done with it. When this returns, the library's
 * work in the child after the fork is done. */
static pid_t idle_child(int *leash) {
    int ends[2];
    char byte = 0;
    pid_t child;
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[1]);
        _exit(write(ends[0], &byte, 1) == 1 && read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ends[0]);
    assert_int_equal(1, read(ends[1], &byte, 1));
    *leash = ends[1];
    return child;
}

static void check_port_is_free_while_child_lives(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_handler *again = zmqlog_handler_new();
    char bound[256];
    int leash;
    pid_t child;
    assert_ok(zmqlog_handler_bind(handler, endpoint));
    snprintf(bound, sizeof bound, "%s", zmqlog_handler_endpoint(handler, 0));
    child = idle_child(&leash);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_ok_or(zmqlog_handler_bind(again, bound), zmqlog_handler_errmsg(again));
    close(leash);
    waitpid(child, NULL, 0);
    zmqlog_handler_free(handler);
    zmqlog_handler_close(again, PATIENCE_MS);
    zmqlog_handler_free(again);
}

TEST(fork__a_child_holds_no_port_and_no_path) {
    temp_dir dir = temp_dir_make();
    char abstract[64];
    snprintf(abstract, sizeof abstract, "ipc://@zmqlog-test-%d", (int)getpid());
    check_port_is_free_while_child_lives("tcp://127.0.0.1:*");
    check_port_is_free_while_child_lives(temp_dir_path(&dir, "ipc://", "log"));
    check_port_is_free_while_child_lives(abstract);
    temp_dir_remove(&dir);
}

static int new_handler_in_child(void *argument) {
    zmqlog_handler *inherited = argument;
    zmqlog_handler *handler = zmqlog_handler_new();
    (void)inherited;
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_OK)
        return 1;
    if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_OK)
        return 2;
    if (zmqlog_handler_close(handler, PATIENCE_MS) != ZMQLOG_OK)
        return 3;
    zmqlog_handler_free(handler);
    return 0;
}

TEST(fork__a_child_may_open_its_own) {
    zmqlog_handler *handler = open_handler("app");
    assert_int_equal(0, in_child(new_handler_in_child, handler));
    zmqlog_handler_close(handler, PATIENCE_MS);
    zmqlog_handler_free(handler);
}

static int use_closed(void *argument) {
    zmqlog_handler *handler = argument;
    return zmqlog_handler_log(handler, 20, "x", 1) == ZMQLOG_ECLOSED ? 0 : 1;
}

TEST(fork__a_closed_handler_stays_closed) {
    zmqlog_handler *handler = open_handler("app");
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_int_equal(0, in_child(use_closed, handler));
    zmqlog_handler_free(handler);
}

static int log_below_and_at_the_floor(void *argument) {
    zmqlog_handler *handler = argument;
    if (zmqlog_handler_enabled(handler, 20) || !zmqlog_handler_enabled(handler, 30))
        return 1;
    if (zmqlog_handler_log(handler, 20, "below", 5) != ZMQLOG_OK)
        return 2;
    if (zmqlog_handler_set_level(handler, 40) != ZMQLOG_OK ||
        zmqlog_handler_enabled(handler, 30))
        return 3;
    if (zmqlog_handler_log(handler, 30, "below", 5) != ZMQLOG_OK ||
        zmqlog_handler_log(handler, 40, "above", 5) != ZMQLOG_OK)
        return 4;
    return zmqlog_handler_close(handler, PATIENCE_MS) == ZMQLOG_OK ? 0 : 5;
}

TEST(fork__a_child_publishes_nothing_below_the_floor) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_handler *handler = open_connected(subscriber);
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_handler_set_level(handler, 30));
    assert_int_equal(0, in_child(log_below_and_at_the_floor, handler));
    receive(subscriber, record);
    assert_record(record, topic, "ERROR");
    assert_int_equal(1, zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_RECEIVED));
    zmqlog_handler_close(handler, PATIENCE_MS);
    zmqlog_handler_free(handler);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}

static int close_and_log(void *argument) {
    zmqlog_handler *handler = argument;
    if (zmqlog_handler_close(handler, 0) != ZMQLOG_OK)
        return 1;
    if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_ECLOSED)
        return 2;
    if (zmqlog_handler_close(handler, 0) != ZMQLOG_OK)
        return 3;
    zmqlog_handler_free(handler);
    return 0;
}

TEST(fork__a_child_may_close_what_it_does_not_use) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_handler *handler = open_connected(subscriber);
    zmqlog_record *record = zmqlog_record_new();
    assert_int_equal(0, in_child(close_and_log, handler));
    log_text(handler, 20, "parent goes on");
    receive(subscriber, record);
    assert_record(record, text, "parent goes on");
    zmqlog_handler_close(handler, PATIENCE_MS);
    zmqlog_handler_free(handler);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}
