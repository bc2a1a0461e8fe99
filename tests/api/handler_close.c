/* SPDX-License-Identifier: BSD-3-Clause */
/* Closing and freeing: what is true when close has returned, how many threads can call
 * it, and in which orders handles can be freed. */
#include "support.h"
#include "peer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

TEST_LABELS(threads);

static int64_t count(zmqlog_handler *handler, int which) {
    return zmqlog_handler_count(handler, which);
}

TEST(close__gives_the_auth_back_before_it_returns) {
    zmqlog_auth *auth = zmqlog_auth_new();
    for (int i = 0; i < 100; i++) {
        zmqlog_handler *handler = zmqlog_handler_new();
        assert_ok(zmqlog_handler_set_auth(handler, auth));
        assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
        assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
        assert_status(zmqlog_auth_set_insecure(auth, 1), ZMQLOG_ESTATE);
        assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
        assert_ok_or(zmqlog_auth_set_insecure(auth, 0), zmqlog_auth_errmsg(auth));
        zmqlog_handler_free(handler);
    }
    zmqlog_auth_free(auth);
}

TEST(close__of_a_failed_opening_gives_the_auth_back) {
    zmqlog_handler *first = open_handler("first"), *second = zmqlog_handler_new();
    zmqlog_auth *auth = zmqlog_auth_new();
    assert_ok(zmqlog_handler_set_auth(second, auth));
    assert_status(zmqlog_handler_bind(second, zmqlog_handler_endpoint(first, 0)),
                  ZMQLOG_EADDRINUSE);
    assert_ok(zmqlog_auth_set_insecure(auth, 1));
    zmqlog_handler_free(second);
    zmqlog_handler_close(first, 0);
    zmqlog_handler_free(first);
    zmqlog_auth_free(auth);
}

TEST(close__with_nothing_queued_does_not_wait_for_the_hold) {
    zmqlog_handler *handler = zmqlog_handler_new();
    struct timespec before, after;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_ok(zmqlog_handler_close(handler, 60000));
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_in_range(after.tv_sec - before.tv_sec, 0, PATIENCE_MS / 1000);
    zmqlog_handler_free(handler);
}

TEST(close__leaves_no_subscription_behind) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "app");
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_int_equal(0, count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS));
    assert_int_equal(0, count(handler, ZMQLOG_COUNT_PEERS));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* What waits at the deadline is dropped at once, not record by record. */
TEST(close__drops_the_rest_in_one_go) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char text[1000] = {0};
    struct timespec before, after;
    int stalled, small = 4096;
    assert_ok(zmqlog_handler_set_send_hwm(handler, 10));
    assert_ok(zmqlog_handler_set_slow_peer(handler, 3600000, 0, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    stalled = raw_sub(zmqlog_handler_endpoint(handler, 0));
    setsockopt(stalled, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(stalled, 0, "\1", 1);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    while (zmqlog_handler_log(handler, 40, text, sizeof text) == ZMQLOG_OK)
        continue;
    assert_true(count(handler, ZMQLOG_COUNT_QUEUED) > 1000);
    clock_gettime(CLOCK_MONOTONIC, &before);
    zmqlog_handler_close(handler, 0);
    assert_status(zmqlog_handler_close(handler, PATIENCE_MS), ZMQLOG_ETIMEDOUT);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_int_equal(0, count(handler, ZMQLOG_COUNT_QUEUED));
    assert_true(count(handler, ZMQLOG_COUNT_DROPPED_TIMEOUT) > 1000);
    /* Not only when the subscriber is dropped, which takes an hour. */
    assert_in_range(after.tv_sec - before.tv_sec, 0, PATIENCE_MS / 1000);
    close(stalled);
    zmqlog_handler_free(handler);
}

#define CLOSERS 4

static void *close_it(void *handler) {
    return (void *)(intptr_t)zmqlog_handler_close(handler, PATIENCE_MS);
}

static void *log_until_closed(void *handler) {
    while (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_ECLOSED)
        continue;
    return NULL;
}

/* More than what the system holds between two sockets. */
TEST(close__tells_of_what_a_listener_did_not_take) {
    static char text[60000];
    zmqlog_handler *handler = open_handler("app");
    int stalled = raw_sub(zmqlog_handler_endpoint(handler, 0));
    raw_frame(stalled, 0, "\1", 1);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    for (int i = 0; i < 1000; i++) {
        assert_ok(zmqlog_handler_log_topic(handler, 20, NULL, 0, text, sizeof text));
        assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    }
    assert_status(zmqlog_handler_close(handler, 0), ZMQLOG_ETIMEDOUT);
    assert_status(zmqlog_handler_close(handler, PATIENCE_MS), ZMQLOG_ETIMEDOUT);
    assert_int_equal(1000, count(handler, ZMQLOG_COUNT_SENT));
    close(stalled);
    zmqlog_handler_free(handler);
}

TEST(close__may_be_called_by_several_while_others_log) {
    for (int round = 0; round < 20; round++) {
        zmqlog_handler *handler = zmqlog_handler_new();
        pthread_t closer[CLOSERS], logger[CLOSERS];
        void *status;
        assert_ok(zmqlog_handler_set_hold_ms(handler, round % 2));
        assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
        /* A floor keeps the gate open for nobody; a new root opens it. */
        assert_ok(zmqlog_handler_set_root_topic(handler, "root"));
        for (int i = 0; i < CLOSERS; i++)
            pthread_create(&logger[i], NULL, log_until_closed, handler);
        for (int i = 0; i < CLOSERS; i++)
            pthread_create(&closer[i], NULL, close_it, handler);
        for (int i = 0; i < CLOSERS; i++) {
            pthread_join(closer[i], &status);
            assert_ok((zmqlog_status)(intptr_t)status);
            pthread_join(logger[i], NULL);
        }
        assert_int_equal(0, count(handler, ZMQLOG_COUNT_QUEUED));
        assert_int_equal(count(handler, ZMQLOG_COUNT_ACCEPTED),
                         count(handler, ZMQLOG_COUNT_SENT) +
                             count(handler, ZMQLOG_COUNT_UNHEARD) +
                             count(handler, ZMQLOG_COUNT_DROPPED_QUEUE));
        assert_true(count(handler, ZMQLOG_COUNT_DROPPED_CLOSED) >= CLOSERS);
        zmqlog_handler_free(handler);
    }
}

static _Atomic int going;

static void *change_root(void *handler) {
    for (int i = 0; atomic_load(&going); i++)
        zmqlog_handler_set_root_topic(handler, i % 2 ? "odd" : "even");
    return NULL;
}

static void *change_style(void *handler) {
    for (int i = 0; atomic_load(&going); i++)
        zmqlog_handler_set_style(handler, 0, i % 2 ? "json" : "%(message)s");
    return NULL;
}

static void *change_level(void *handler) {
    for (int i = 0; atomic_load(&going); i++)
        zmqlog_handler_set_level(handler, i % 2 ? 30 : 10);
    return NULL;
}

static void *bind_more(void *handler) {
    for (int i = 0; atomic_load(&going) && i < 60; i++)
        zmqlog_handler_bind(handler, "tcp://127.0.0.1:*");
    return NULL;
}

static void *ask(void *handler) {
    while (atomic_load(&going)) {
        zmqlog_handler_flush(handler, 1);
        zmqlog_handler_wait_subscriber(handler, "nobody", 1);
        zmqlog_handler_endpoint(handler, 3);
        zmqlog_handler_wakeup(handler);
        count(handler, ZMQLOG_COUNT_QUEUED);
    }
    return NULL;
}

TEST(everything__may_be_called_at_once) {
    static void *(*const what[])(void *) = {
        change_root, change_style,     change_level,    bind_more,
        ask,         log_until_closed, log_until_closed};
    enum { THREADS = sizeof what / sizeof *what };
    pthread_t thread[THREADS];
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "");
    peer_frames frames;
    atomic_store(&going, 1);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, what[i], handler);
    for (int i = 0; i < 2000; i++)
        peer_receive(&p, &frames);
    peer_close(&p); /* else close would wait for its full queue */
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    atomic_store(&going, 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(0, count(handler, ZMQLOG_COUNT_QUEUED));
    zmqlog_handler_free(handler);
}

TEST(free__loggers_may_outlive_their_handler) {
    zmqlog_handler *handler = open_handler("app");
    zmqlog_logger *logger = zmqlog_logger_new(handler, "x"), *clone;
    const uint8_t *gate = zmqlog_handler_gate(handler);
    assert_ok(zmqlog_logger_log(logger, 20, "before", 6));
    zmqlog_handler_free(handler);
    assert_status(zmqlog_logger_log(logger, 20, "after", 5), ZMQLOG_ECLOSED);
    assert_int_equal(0, zmqlog_logger_enabled(logger, 20));
    assert_int_equal(1, gate[20]);
    clone = zmqlog_logger_clone(logger);
    zmqlog_logger_free(logger);
    assert_status(zmqlog_logger_log(clone, 20, "after", 5), ZMQLOG_ECLOSED);
    assert_status(zmqlog_logger_set_level(clone, 99), ZMQLOG_EINVAL);
    assert_string_not_equal("", zmqlog_logger_errmsg(clone));
    zmqlog_logger_free(clone);
}

TEST(root_topic__is_empty_by_default) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_string_equal("", zmqlog_handler_root_topic(handler));
    zmqlog_handler_free(handler);
}
