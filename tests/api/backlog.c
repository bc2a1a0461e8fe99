/* SPDX-License-Identifier: BSD-3-Clause */
/* Records that nobody heard: which are kept, for whom, in which order, and what the
 * counters say meanwhile. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <pthread.h>

TEST_LABELS(threads);

#define WARN ZMQLOG_LEVEL_WARN
#define MIB ((size_t)1024 * 1024)
/* More than any test waits: what must not wait would hang. */
#define FOR_EVER_MS 3600000

static temp_dir dir;
static zmqlog_handler *handler;
static zmqlog_record *record;

/* Not opened yet. */
static int setup(void **state) {
    (void)state;
    dir = temp_dir_make();
    record = zmqlog_record_new();
    handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_linger_ms(handler, FOR_EVER_MS));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zmqlog_handler_free(handler);
    zmqlog_record_free(record);
    temp_dir_remove(&dir);
    return 0;
}

#define BACKLOG(name) TEST_WITH(name, setup, teardown)

static void open_with(int level, size_t bytes) {
    assert_ok(zmqlog_handler_set_backlog(handler, level, bytes));
    assert_ok(zmqlog_handler_bind(handler, temp_dir_path(&dir, "ipc://", "s")));
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 0);
}

static int64_t count(int which) {
    return zmqlog_handler_count(handler, which);
}

static void log_numbers(int from, int to, const char *topic) {
    for (int i = from; i <= to; i++) {
        char text[100];
        snprintf(text, sizeof text, "%s%s%d", topic, *topic ? "::" : "", i);
        log_text(handler, WARN, text);
    }
}

static void log_all(int from, int to) {
    log_numbers(from, to, "");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
}

static zmqlog_subscriber *listen_to(const char *prefix) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_subscribe(subscriber, prefix));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    return subscriber;
}

static int next_number(zmqlog_subscriber *subscriber) {
    size_t len;
    receive(subscriber, record);
    return atoi(zmqlog_record_text(record, &len));
}

static void expect_numbers(zmqlog_subscriber *subscriber, int from, int to) {
    for (int i = from; i <= to; i++)
        assert_int_equal(i, next_number(subscriber));
}

static void assert_nothing_lost_uncounted(void) {
    assert_int_equal(
        count(ZMQLOG_COUNT_ACCEPTED),
        count(ZMQLOG_COUNT_SENT) + count(ZMQLOG_COUNT_UNHEARD) +
            count(ZMQLOG_COUNT_DROPPED_QUEUE) + count(ZMQLOG_COUNT_DROPPED_OLDEST) +
            count(ZMQLOG_COUNT_DROPPED_TIMEOUT) + count(ZMQLOG_COUNT_DROPPED_INTERNAL) +
            count(ZMQLOG_COUNT_QUEUED));
}

BACKLOG(backlog__goes_to_the_first_listener_in_order_and_before_newer_records) {
    zmqlog_subscriber *subscriber;
    open_with(WARN, MIB);
    log_all(1, 1000);
    assert_int_equal(1000, count(ZMQLOG_COUNT_QUEUED));
    subscriber = listen_to("");
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    log_all(1001, 1100);
    expect_numbers(subscriber, 1, 1100);
    wait_count(handler, ZMQLOG_COUNT_QUEUED, 0);
    assert_int_equal(1100, count(ZMQLOG_COUNT_SENT));
    assert_nothing_lost_uncounted();
    zmqlog_subscriber_free(subscriber);
}

BACKLOG(backlog__opens_the_gate_from_its_level_up_and_no_other) {
    open_with(WARN, MIB);
    assert_int_equal(0, zmqlog_handler_enabled(handler, WARN - 1));
    assert_int_equal(1, zmqlog_handler_enabled(handler, WARN));
    assert_int_equal(1, zmqlog_handler_enabled(handler, 63));
    assert_ok(zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_ERROR));
    wait_enabled(handler, WARN, 0);
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_ERROR));
}

BACKLOG(backlog__of_no_bytes_is_none) {
    open_with(WARN, 0);
    wait_enabled(handler, WARN, 0);
}

BACKLOG(backlog__that_is_full_drops_the_oldest_and_counts_them) {
    zmqlog_subscriber *subscriber;
    int64_t lost;
    open_with(WARN, 4096);
    log_all(1, 1000);
    lost = count(ZMQLOG_COUNT_UNHEARD);
    assert_true(lost > 900 && lost < 1000);
    assert_int_equal(1000 - lost, count(ZMQLOG_COUNT_QUEUED));
    subscriber = listen_to("");
    expect_numbers(subscriber, (int)lost + 1, 1000);
    zmqlog_subscriber_free(subscriber);
}

BACKLOG(backlog__does_not_take_what_is_larger_than_all_of_it) {
    static char text[5000];
    memset(text, 'x', sizeof text - 1);
    open_with(WARN, 4096);
    log_all(1, 1);
    log_text(handler, WARN, text);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(1, count(ZMQLOG_COUNT_UNHEARD));
    assert_int_equal(1, count(ZMQLOG_COUNT_QUEUED));
}

BACKLOG(backlog__gives_each_listener_what_its_prefixes_match) {
    zmqlog_subscriber *first, *second;
    open_with(WARN, MIB);
    log_numbers(1, 100, "a");
    log_numbers(101, 200, "b");
    first = listen_to("app.WARN.b");
    expect_numbers(first, 101, 200);
    wait_count(handler, ZMQLOG_COUNT_QUEUED, 100);
    log_numbers(201, 210, "a");
    second = listen_to("");
    expect_numbers(second, 1, 100);
    expect_numbers(second, 201, 210);
    log_numbers(211, 211, "b");
    expect_numbers(second, 211, 211);
    expect_numbers(first, 211, 211); /* and nothing of what the other one got */
    wait_count(handler, ZMQLOG_COUNT_QUEUED, 0);
    zmqlog_subscriber_free(first);
    zmqlog_subscriber_free(second);
}

BACKLOG(backlog__keeps_its_order_for_a_listener_with_several_prefixes) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    open_with(WARN, MIB);
    for (int i = 1; i <= 200; i++)
        log_numbers(i, i, i % 2 ? "a" : "b");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.WARN.b"));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.WARN.a"));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    expect_numbers(subscriber, 1, 200);
    zmqlog_subscriber_free(subscriber);
}

BACKLOG(backlog__keeps_the_root_and_the_time_of_each_record) {
    zmqlog_subscriber *subscriber;
    int64_t before, first;
    assert_ok(zmqlog_handler_set_style(handler, 0, "json"));
    open_with(WARN, MIB);
    log_all(1, 1);
    before = zmqlog_handler_count(handler, ZMQLOG_COUNT_QUEUED);
    assert_int_equal(1, before);
    assert_ok(zmqlog_handler_set_root_topic(handler, "other"));
    log_all(2, 2);
    subscriber = listen_to("");
    receive(subscriber, record);
    assert_record(record, topic, "app.WARN");
    assert_ok(zmqlog_record_parse(record));
    first = zmqlog_record_time_ns(record);
    receive(subscriber, record);
    assert_record(record, topic, "other.WARN");
    assert_ok(zmqlog_record_parse(record));
    assert_true(first > 0 && first <= zmqlog_record_time_ns(record));
    zmqlog_subscriber_free(subscriber);
}

/* ---- a collector that is stopped and started ---- */

typedef struct producer {
    _Atomic int logged, stop;
    pthread_mutex_t lock; /* held while it logs */
} producer;

static void *produce(void *argument) {
    producer *p = argument;
    while (!p->stop) {
        pthread_mutex_lock(&p->lock);
        log_numbers(p->logged + 1, p->logged + 1, "");
        p->logged++;
        pthread_mutex_unlock(&p->lock);
        poll(NULL, 0, 1);
    }
    return NULL;
}

static void await_logged(const producer *p, int wanted) {
    while (p->logged < wanted)
        poll(NULL, 0, 1);
}

/* Reads all that is under way before it leaves; the last number. What arrives after
 * that is lost: a SUB filters what it has not subscribed to any more. */
static int stop_collector(producer *p, zmqlog_subscriber *subscriber, int last) {
    pthread_mutex_lock(&p->lock);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    expect_numbers(subscriber, last + 1, p->logged);
    zmqlog_subscriber_free(subscriber);
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 0);
    last = p->logged;
    pthread_mutex_unlock(&p->lock);
    return last;
}

BACKLOG(backlog__bridges_a_collector_that_is_stopped_and_started_again) {
    producer p = {0, 0, PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread;
    int last = 0;
    open_with(WARN, MIB);
    assert_int_equal(0, pthread_create(&thread, NULL, produce, &p));
    for (int i = 0; i < 3; i++) {
        int logged = p.logged;
        zmqlog_subscriber *collector = listen_to("");
        expect_numbers(collector, last + 1, logged + 50);
        last = stop_collector(&p, collector, logged + 50);
        await_logged(&p, p.logged + 100);
    }
    p.stop = 1;
    pthread_join(thread, NULL);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(0, count(ZMQLOG_COUNT_UNHEARD));
    assert_int_equal(p.logged - last, count(ZMQLOG_COUNT_QUEUED));
    assert_nothing_lost_uncounted();
}

/* What had been handed to libzmq for it is lost; the record that waited is not. */
BACKLOG(backlog__takes_the_record_that_waited_for_a_listener_that_died) {
    static char text[1000];
    zmqlog_subscriber *subscriber;
    int sent, fd;
    assert_ok(zmqlog_handler_set_send_hwm(handler, 1));
    open_with(WARN, 64 * MIB);
    fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    raw_frame(fd, 0, "\1", 1); /* subscribes to everything */
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    for (int i = 1; i <= 2000; i++) {
        snprintf(text, sizeof text, "%-990d", i);
        log_text(handler, WARN, text);
    }
    assert_status(zmqlog_handler_flush(handler, 200), ZMQLOG_ETIMEDOUT);
    close(fd);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    sent = (int)count(ZMQLOG_COUNT_SENT);
    assert_true(sent < 2000);
    assert_int_equal(2000 - sent, count(ZMQLOG_COUNT_QUEUED));
    subscriber = listen_to("");
    expect_numbers(subscriber, sent + 1, 2000);
    zmqlog_subscriber_free(subscriber);
}

BACKLOG(backlog__knows_no_difference_between_the_policies) {
    for (int policy = 0; policy <= ZMQLOG_OVERFLOW_BLOCK; policy++) {
        zmqlog_subscriber *subscriber;
        int number = 0;
        assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1024));
        assert_ok(zmqlog_handler_set_queue_bytes(handler, 16384));
        assert_ok(zmqlog_handler_set_overflow(handler, policy, -1));
        open_with(WARN, MIB);
        for (int i = 1; i <= 3000; i++) {
            char text[20];
            snprintf(text, sizeof text, "%d", i);
            zmqlog_handler_log(handler, WARN, text, strlen(text));
        }
        assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
        assert_nothing_lost_uncounted();
        subscriber = listen_to("");
        for (int64_t left = count(ZMQLOG_COUNT_QUEUED); left > 0; left--) {
            int next = next_number(subscriber);
            assert_true(next > number);
            number = next;
        }
        zmqlog_subscriber_free(subscriber);
        teardown(NULL);
        setup(NULL);
    }
}

/* ---- the end ---- */

BACKLOG(backlog__does_not_hold_up_close) {
    open_with(WARN, MIB);
    log_all(1, 100);
    assert_ok(zmqlog_handler_close(handler, -1));
    assert_int_equal(100, count(ZMQLOG_COUNT_UNHEARD));
    assert_int_equal(0, count(ZMQLOG_COUNT_QUEUED));
    assert_nothing_lost_uncounted();
}

BACKLOG(backlog__is_sent_at_the_end_to_those_who_listen) {
    zmqlog_subscriber *subscriber;
    open_with(WARN, MIB);
    log_all(1, 1000);
    subscriber = listen_to("");
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    assert_ok(zmqlog_handler_close(handler, -1));
    expect_numbers(subscriber, 1, 1000);
    assert_int_equal(1000, count(ZMQLOG_COUNT_SENT));
    zmqlog_subscriber_free(subscriber);
}

BACKLOG(backlog__is_chosen_before_opening) {
    open_with(WARN, MIB);
    assert_status(zmqlog_handler_set_backlog(handler, WARN, MIB), ZMQLOG_ESTATE);
}
