/* SPDX-License-Identifier: BSD-3-Clause */
/* The queue of a handler: what happens when it is full, that a counter accounts for
 * every record, and what blocking calls wait for. */
#include "support.h"
#include "peer.h"

#include <pthread.h>
#include <poll.h>
#include <time.h>

TEST_LABELS(threads);

static int64_t count(zmqlog_handler *handler, int which) {
    return zmqlog_handler_count(handler, which);
}

static void assert_identity(zmqlog_handler *handler) {
    int64_t parts = count(handler, ZMQLOG_COUNT_SENT) +
                    count(handler, ZMQLOG_COUNT_UNHEARD) +
                    count(handler, ZMQLOG_COUNT_DROPPED_QUEUE) +
                    count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) +
                    count(handler, ZMQLOG_COUNT_DROPPED_TIMEOUT) +
                    count(handler, ZMQLOG_COUNT_DROPPED_INTERNAL) +
                    count(handler, ZMQLOG_COUNT_QUEUED);
    assert_int_equal(count(handler, ZMQLOG_COUNT_ACCEPTED), parts);
}

/* A handler whose queue nobody empties for a minute: it holds records back. */
static zmqlog_handler *open_held(int policy, int block_ms) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 16384));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1024));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_set_overflow(handler, policy, block_ms));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok_or(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"),
                 zmqlog_handler_errmsg(handler));
    return handler;
}

static int fill(zmqlog_handler *handler, int level, zmqlog_status end) {
    int records = 0;
    char text[100];
    memset(text, 'x', sizeof text);
    for (; records < 10000; records++) {
        zmqlog_status status = zmqlog_handler_log(handler, level, text, sizeof text);
        if (status != ZMQLOG_OK) {
            assert_status(status, end);
            return records;
        }
    }
    fail_msg("the queue never became full");
    return -1;
}

TEST(drop_newest__counts_and_keeps_room_for_warnings) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    int debugs, warnings;
    debugs = fill(handler, ZMQLOG_LEVEL_DEBUG, ZMQLOG_ELIMIT);
    warnings = fill(handler, ZMQLOG_LEVEL_WARN, ZMQLOG_ELIMIT);
    assert_in_range(debugs, 50, 16384 / 100);
    assert_in_range(warnings, debugs / 10, debugs / 5);
    assert_int_equal(2, count(handler, ZMQLOG_COUNT_DROPPED_QUEUE));
    assert_int_equal(debugs + warnings, count(handler, ZMQLOG_COUNT_QUEUED));
    assert_int_equal(debugs + warnings + 2, count(handler, ZMQLOG_COUNT_ACCEPTED));
    assert_identity(handler);
    zmqlog_handler_close(handler, 0);
    assert_int_equal(0, count(handler, ZMQLOG_COUNT_QUEUED));
    assert_identity(handler);
    zmqlog_handler_free(handler);
}

TEST(drop_newest__tells_of_the_loss_under_each_level) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    int debugs = fill(handler, ZMQLOG_LEVEL_DEBUG, ZMQLOG_ELIMIT);
    peer p = peer_listening(handler, "app.DEBUG");
    peer_frames frames;
    for (int i = 0; i < debugs; i++) {
        peer_receive(&p, &frames);
        assert_string_equal("app.DEBUG", frames.topic);
    }
    peer_expect(&p, "app.DEBUG.zmqlog", "records of this level dropped: 1");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(debugs, count(handler, ZMQLOG_COUNT_SENT));
    /* The handler counts a record after sending it, so the listener can have it before.
     * */
    for (int i = 0; i < PATIENCE_MS && !count(handler, ZMQLOG_COUNT_NOTICES); i++)
        poll(NULL, 0, 1);
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_NOTICES));
    assert_identity(handler);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(drop_oldest__keeps_the_newest) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_OLDEST, 0);
    char text[128];
    peer p;
    peer_frames frames;
    int records = 2000, first = -1;
    for (int i = 0; i < records; i++) {
        int len = snprintf(text, sizeof text, "%d", i);
        /* On a busy machine one yield to the I/O thread is not always enough. */
        while (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, (size_t)len) !=
               ZMQLOG_OK)
            poll(NULL, 0, 1);
    }
    p = peer_listening(handler, "app.INFO");
    for (int at = first; at != records - 1;) {
        peer_receive(&p, &frames);
        if (strcmp(frames.topic, "app.INFO") != 0)
            continue;
        at = at < 0 ? atoi(frames.body) - 1 : at;
        assert_int_equal(++at, atoi(frames.body));
    }
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_true(count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) > 0);
    assert_int_equal(count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) +
                         count(handler, ZMQLOG_COUNT_SENT),
                     records);
    assert_identity(handler);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(block__with_zero_leaves_the_record_to_the_caller) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_BLOCK, 0);
    int records = fill(handler, ZMQLOG_LEVEL_INFO, ZMQLOG_EAGAIN);
    assert_int_equal(records, count(handler, ZMQLOG_COUNT_ACCEPTED));
    assert_identity(handler);
    assert_status(zmqlog_handler_wait_room(handler, 100, 1), ZMQLOG_ETIMEDOUT);
    assert_status(zmqlog_handler_wait_room(handler, 100000, 0), ZMQLOG_ELIMIT);
    assert_ok(zmqlog_handler_wakeup(handler));
    assert_status(zmqlog_handler_wait_room(handler, 100, -1), ZMQLOG_EINTERRUPTED);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

TEST(block__gives_up_after_its_time) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_BLOCK, 5);
    fill(handler, ZMQLOG_LEVEL_INFO, ZMQLOG_ETIMEDOUT);
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_DROPPED_TIMEOUT));
    assert_identity(handler);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

TEST(block__loses_nothing) {
    zmqlog_handler *handler = zmqlog_handler_new();
    int records = 20000, received = 0;
    peer p;
    peer_frames frames;
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 16384));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1024));
    assert_ok(zmqlog_handler_set_send_hwm(handler, 10));
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "");
    for (int i = 0; i < records; i++) {
        char text[16];
        assert_ok(zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text,
                                     (size_t)snprintf(text, sizeof text, "%d", i)));
        /* libzmq and the kernel keep some records: the reader stays a little behind. */
        if (i >= 500) {
            peer_receive(&p, &frames);
            assert_int_equal(received++, atoi(frames.body));
        }
    }
    for (; received < records; received++) {
        peer_receive(&p, &frames);
        assert_int_equal(received, atoi(frames.body));
    }
    assert_int_equal(records, count(handler, ZMQLOG_COUNT_SENT));
    assert_identity(handler);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

#define PRODUCERS 4
#define EACH 5000

static void *produce(void *argument) {
    zmqlog_handler *handler = argument;
    for (int i = 0; i < EACH; i++)
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO + i % 2 * 10, "from a thread",
                           13);
    return NULL;
}

TEST(counters__add_up_whatever_happened) {
    pthread_t thread[PRODUCERS];
    for (int policy = ZMQLOG_OVERFLOW_DROP_NEWEST; policy <= ZMQLOG_OVERFLOW_BLOCK;
         policy++) {
        zmqlog_handler *handler = zmqlog_handler_new();
        peer p;
        zmqlog_handler_set_queue_bytes(handler, 16384);
        zmqlog_handler_set_max_body_bytes(handler, 1024);
        zmqlog_handler_set_overflow(handler, policy, policy ? 1 : 0);
        assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
        p = peer_listening(handler, "WARN");
        for (int i = 0; i < PRODUCERS; i++)
            assert_int_equal(0, pthread_create(&thread[i], NULL, produce, handler));
        for (int i = 0; i < PRODUCERS; i++)
            pthread_join(thread[i], NULL);
        assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
        assert_identity(handler);
        assert_int_equal(0, count(handler, ZMQLOG_COUNT_QUEUED));
        assert_in_range(count(handler, ZMQLOG_COUNT_ACCEPTED), PRODUCERS * EACH / 2,
                        PRODUCERS * EACH);
        peer_close(&p);
        zmqlog_handler_free(handler);
    }
}

TEST(flush__waits_for_the_rest_of_the_hold) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 1500));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "held");
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_QUEUED));
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_UNHEARD));
    assert_identity(handler);
    zmqlog_handler_free(handler);
}

TEST(flush__ends_at_its_timeout_and_by_wakeup) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    log_text(handler, ZMQLOG_LEVEL_INFO, "held");
    assert_status(zmqlog_handler_flush(handler, 0), ZMQLOG_ETIMEDOUT);
    assert_status(zmqlog_handler_flush(handler, 2), ZMQLOG_ETIMEDOUT);
    assert_ok(zmqlog_handler_wakeup(handler));
    assert_status(zmqlog_handler_flush(handler, -1), ZMQLOG_EINTERRUPTED);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

TEST(hold__keeps_the_first_lines_for_a_late_listener) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    peer p;
    for (int i = 0; i < 5; i++)
        log_text(handler, ZMQLOG_LEVEL_INFO + i, "early");
    p = peer_listening(handler, "app.INFO");
    peer_expect(&p, "app.INFO", "early");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(4, count(handler, ZMQLOG_COUNT_UNHEARD));
    assert_identity(handler);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(hold__all_prefixes_of_one_subscriber_are_waited_for) {
    static const char *const names[] = {"DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"};
    for (int round = 0; round < 10; round++) {
        zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
        peer p = peer_new();
        char topic[32];
        for (int i = 0; i < 5; i++)
            log_text(handler, 10 + 10 * i, "early");
        peer_connect(&p, handler);
        for (int i = 0; i < 5; i++) {
            snprintf(topic, sizeof topic, "app.%s", names[i]);
            peer_subscribe(&p, topic);
        }
        for (int i = 0; i < 5; i++) {
            peer_frames frames;
            snprintf(topic, sizeof topic, "app.%s", names[i]);
            peer_receive(&p, &frames);
            assert_string_equal(topic, frames.topic);
        }
        peer_close(&p);
        zmqlog_handler_free(handler);
    }
}

TEST(close__is_idempotent_and_later_records_are_counted) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "");
    log_text(handler, ZMQLOG_LEVEL_INFO, "last words");
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    peer_expect(&p, "app.INFO", "last words");
    assert_status(zmqlog_handler_log(handler, 20, "late", 4), ZMQLOG_ECLOSED);
    assert_int_equal(0, zmqlog_handler_enabled(handler, 20));
    assert_int_equal(1, gate_byte(zmqlog_handler_gate(handler), 20));
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_DROPPED_CLOSED));
    assert_int_equal(1, count(handler, ZMQLOG_COUNT_ACCEPTED));
    assert_status(zmqlog_handler_flush(handler, 0), ZMQLOG_ECLOSED);
    assert_status(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"), ZMQLOG_ECLOSED);
    assert_status(zmqlog_handler_set_root_topic(handler, "x"), ZMQLOG_ECLOSED);
    assert_status(zmqlog_handler_wait_subscriber(handler, "", 0), ZMQLOG_ECLOSED);
    assert_identity(handler);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(close__keeps_its_time_with_a_subscriber_that_stopped_reading) {
    zmqlog_handler *handler = zmqlog_handler_new();
    struct timespec before, after;
    char text[1000];
    int stalled, small = 4096;
    assert_ok(zmqlog_handler_set_send_hwm(handler, 10));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    stalled = raw_sub(zmqlog_handler_endpoint(handler, 0));
    setsockopt(stalled, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(stalled, 0, "\1", 1);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 8000; i++)
        zmqlog_handler_log(handler, 40, text, sizeof text);
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_status(zmqlog_handler_close(handler, 100), ZMQLOG_ETIMEDOUT);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_in_range((after.tv_sec - before.tv_sec) * 1000 +
                        (after.tv_nsec - before.tv_nsec) / 1000000,
                    90, PATIENCE_MS / 2);
    close(stalled);
    zmqlog_handler_free(handler);
}
