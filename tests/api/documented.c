/* SPDX-License-Identifier: BSD-3-Clause */
/* The documented behaviour, to the letter, seen by a SUB of plain libzmq and by
 * our own subscriber. */
#include "support.h"
#include "peer.h"

static zmqlog_handler *open_myprogram(int hold_ms) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, hold_ms));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_handler_set_root_topic(handler, "myprogram"));
    return handler;
}

TEST(info__goes_out_under_root_and_level) {
    zmqlog_handler *handler = open_myprogram(500);
    peer p = peer_listening(handler, "");
    log_text(handler, ZMQLOG_LEVEL_INFO, "hello there");
    peer_expect(&p, "myprogram.INFO", "hello there");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(warn__with_a_delimiter_goes_out_under_its_subtopic) {
    zmqlog_handler *handler = open_myprogram(500);
    peer p = peer_listening(handler, "");
    assert_string_equal(ZMQLOG_TOPIC_DELIM, zmqlog_topic_delimiter());
    log_text(handler, ZMQLOG_LEVEL_WARN, "sub.topic" ZMQLOG_TOPIC_DELIM "hello there");
    peer_expect(&p, "myprogram.WARN.sub.topic", "hello there");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

static void log_three_topics(zmqlog_handler *handler) {
    for (int i = 1; i <= 3; i++) {
        char root[16];
        snprintf(root, sizeof root, "topic%d", i);
        assert_ok(zmqlog_handler_set_root_topic(handler, root));
        log_text(handler, ZMQLOG_LEVEL_INFO, root);
    }
    assert_ok(zmqlog_handler_set_root_topic(handler, "topic1"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "end");
}

TEST(sub__gets_only_what_starts_with_one_of_its_prefixes) {
    zmqlog_handler *handler = open_myprogram(0);
    peer p = peer_listening(handler, "topic1");
    peer_subscribe(&p, "topic2");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "topic2", PATIENCE_MS));
    log_three_topics(handler);
    peer_expect(&p, "topic1.INFO", "topic1");
    peer_expect(&p, "topic2.INFO", "topic2");
    peer_expect(&p, "topic1.INFO", "end");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(subscriber__gets_only_what_starts_with_one_of_its_prefixes) {
    zmqlog_handler *handler = open_myprogram(0);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    static const char *const wanted[] = {"topic1", "topic2", "end"};
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "topic1"));
    marry_prefix(handler, subscriber, "topic2");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "topic1", PATIENCE_MS));
    log_three_topics(handler);
    for (int i = 0; i < 3; i++) {
        receive(subscriber, record);
        assert_string_equal(wanted[i], zmqlog_record_text(record, NULL));
        assert_int_equal(ZMQLOG_LEVEL_INFO, zmqlog_record_level(record));
    }
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

TEST(sub__without_a_subscription_gets_nothing) {
    zmqlog_handler *handler = open_myprogram(0);
    peer p = peer_new(), witness = peer_listening(handler, "myprogram.INFO.end");
    int at_once = 0;
    char frame[16];
    peer_connect(&p, handler);
    log_text(handler, ZMQLOG_LEVEL_INFO, "not for you");
    log_text(handler, ZMQLOG_LEVEL_INFO, "end::now");
    peer_expect(&witness, "myprogram.INFO.end", "now");
    zmq_setsockopt(p.socket, ZMQ_RCVTIMEO, &at_once, sizeof at_once);
    assert_int_equal(-1, zmq_recv(p.socket, frame, sizeof frame, 0));
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    peer_close(&p);
    peer_close(&witness);
    zmqlog_handler_free(handler);
}

TEST(sub__with_an_empty_subscription_gets_everything) {
    zmqlog_handler *handler = open_myprogram(0);
    peer p = peer_listening(handler, "");
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        log_text(handler, level, "x");
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        peer_frames frames;
        char topic[64];
        peer_receive(&p, &frames);
        snprintf(topic, sizeof topic, "myprogram.%s", zmqlog_level_name(level));
        assert_string_equal(topic, frames.topic);
    }
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(root_topic__changed_at_run_time_counts_from_the_next_record) {
    zmqlog_handler *handler = open_myprogram(500);
    peer p = peer_listening(handler, "");
    log_text(handler, ZMQLOG_LEVEL_ERROR, "one");
    assert_ok(zmqlog_handler_set_root_topic(handler, "another.program"));
    log_text(handler, ZMQLOG_LEVEL_ERROR, "two");
    assert_ok(zmqlog_handler_set_root_topic(handler, ""));
    log_text(handler, ZMQLOG_LEVEL_ERROR, "three");
    peer_expect(&p, "myprogram.ERROR", "one");
    peer_expect(&p, "another.program.ERROR", "two");
    peer_expect(&p, "ERROR", "three");
    peer_close(&p);
    zmqlog_handler_free(handler);
}
