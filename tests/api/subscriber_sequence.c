/* SPDX-License-Identifier: BSD-3-Clause */
/* What a subscriber tells about losses and repeats, and exact matching. */
#include "support.h"

#include "listening.h"

TEST_LABELS(threads);

#define EPOCH_A "00000000000000aa"
#define EPOCH_B "00000000000000bb"

static void send_json(const char *topic, const char *epoch, unsigned seq) {
    char body[128];

    snprintf(body, sizeof body, "{\"msg\":\"m\",\"seq\":%u,\"epoch\":\"%s\",\"n\":1}",
             seq, epoch);
    publisher_send(&p, topic, body);
}

static void expect_lost(unsigned seq, unsigned lost) {
    receive(subscriber, record);
    assert_int_equal(zmqlog_record_seq(record), seq);
    assert_int_equal(zmqlog_record_lost(record), lost);
}

static void assert_counts(int64_t lost, int64_t duplicates) {
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_LOST), lost);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_DUPLICATES),
                     duplicates);
}

TEST_WITH(sequence__jumps_are_losses, setup, teardown) {
    subscribed(subscriber, &p, "");
    send_json("a.INFO", EPOCH_A, 7);
    expect_lost(7, 0);
    assert_string_equal(zmqlog_record_epoch(record), EPOCH_A);
    send_json("a.INFO", EPOCH_A, 8);
    send_json("a.INFO.x", EPOCH_A, 90);
    send_json("a.INFO", EPOCH_A, 12);
    send_json("a.INFO", EPOCH_B, 1);
    expect_lost(8, 0);
    expect_lost(90, 0);
    expect_lost(12, 3);
    expect_lost(1, 0);
    assert_counts(3, 0);
    assert_ok(zmqlog_record_parse(record));
    assert_int_equal(zmqlog_record_seq(record), 1);
    assert_string_equal(zmqlog_record_epoch(record), EPOCH_B);
}

TEST_WITH(sequence__parse_keeps_what_was_lost, setup, teardown) {
    subscribed(subscriber, &p, "");
    send_json("a", EPOCH_A, 1);
    send_json("a", EPOCH_A, 5);
    expect_lost(1, 0);
    expect_lost(5, 3);
    assert_ok(zmqlog_record_parse(record));
    assert_int_equal(zmqlog_record_lost(record), 3);
}

TEST_WITH(sequence__repeats_are_counted_and_delivered, setup, teardown) {
    subscribed(subscriber, &p, "");
    send_json("a", EPOCH_A, 5);
    send_json("a", EPOCH_A, 5);
    send_json("a", EPOCH_A, 4);
    send_json("a", EPOCH_A, 6);
    expect_lost(5, 0);
    expect_lost(5, 0);
    expect_lost(4, 0);
    expect_lost(6, 0);
    assert_counts(0, 2);
}

TEST_WITH(sequence__sums_of_strangers_do_not_wrap, setup, teardown) {
    const char *huge = "{\"seq\":18446744073709551615,\"epoch\":\"" EPOCH_A "\"}";

    subscribed(subscriber, &p, "");
    send_json("a", EPOCH_A, 1);
    publisher_send(&p, "a", huge);
    send_json("b", EPOCH_A, 1);
    publisher_send(&p, "b", huge);
    for (int i = 0; i < 4; i++)
        receive(subscriber, record);
    assert_true(zmqlog_record_lost(record) == UINT64_MAX - 2);
    assert_counts(INT64_MAX, 0);
}

TEST_WITH(sequence__plain_bodies_have_none, setup, teardown) {
    subscribed(subscriber, &p, "");
    publisher_send(&p, "a", "seq 1");
    receive(subscriber, record);
    assert_int_equal(zmqlog_record_seq(record), 0);
    assert_string_equal(zmqlog_record_epoch(record), "");
    assert_counts(0, 0);
}

TEST_WITH(sequence__unsubscribing_begins_anew, setup, teardown) {
    subscribed(subscriber, &p, "a");
    send_json("a.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a"));
    publisher_expect(&p, 0, "a");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "a"));
    publisher_expect(&p, 1, "a");
    send_json("a.INFO", EPOCH_A, 50);
    expect_lost(50, 0);
    assert_counts(0, 0);
}

TEST_WITH(sequence__what_was_queued_before_still_belongs_together, setup, teardown) {
    subscribed(subscriber, &p, "a");
    send_json("a.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    send_json("a.INFO", EPOCH_A, 2);
    send_json("a.INFO", EPOCH_A, 5);
    /* Counted at once, so what came before it is in the queue. */
    publisher_frame(&p, "a", 1, 0);
    await_count(subscriber, ZMQLOG_COUNT_MALFORMED, 1);
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a"));
    publisher_expect(&p, 0, "a");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "a"));
    publisher_expect(&p, 1, "a");
    send_json("a.INFO", EPOCH_A, 50);
    expect_lost(2, 0);
    expect_lost(5, 2);
    expect_lost(50, 0);
    assert_counts(2, 0);
}

TEST_WITH(sequence__a_shorter_prefix_keeps_the_numbers, setup, teardown) {
    subscribed(subscriber, &p, "a");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "a.INFO"));
    publisher_expect(&p, 1, "a.INFO");
    send_json("a.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a.INFO"));
    publisher_expect(&p, 0, "a.INFO");
    send_json("a.INFO", EPOCH_A, 4);
    expect_lost(4, 2);
}

TEST_WITH(sequence__a_longer_prefix_keeps_its_numbers, setup, teardown) {
    subscribed(subscriber, &p, "t");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "t.INFO.db"));
    publisher_expect(&p, 1, "t.INFO.db");
    send_json("t.INFO.db", EPOCH_A, 1);
    send_json("t.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "t"));
    publisher_expect(&p, 0, "t");
    send_json("t.INFO.db", EPOCH_A, 5);
    expect_lost(5, 3);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "t"));
    publisher_expect(&p, 1, "t");
    send_json("t.INFO", EPOCH_A, 50);
    expect_lost(50, 0);
    assert_counts(3, 0);
}

TEST_WITH(sequence__a_longer_prefix_that_came_later_keeps_nothing, setup, teardown) {
    subscribed(subscriber, &p, "t");
    send_json("t.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "t"));
    publisher_expect(&p, 0, "t");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "t.INFO"));
    publisher_expect(&p, 1, "t.INFO");
    send_json("t.INFO", EPOCH_A, 5);
    expect_lost(5, 0);
}

/* ---- exact matching ---------------------------------------------------- */

TEST_WITH(exact__matches_whole_segments, setup, teardown) {
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    subscribed(subscriber, &p, "app.INFO");
    publisher_send(&p, "app.INFORMATION", "no");
    publisher_send(&p, "app.INFO", "one");
    publisher_send(&p, "app.INFO2.x", "no");
    publisher_send(&p, "app.INFO.db", "two");
    expect_record(subscriber, record, "app.INFO", "one");
    expect_record(subscriber, record, "app.INFO.db", "two");
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_RECEIVED), 2);
}

TEST_WITH(exact__warn_and_warning_are_one, setup, teardown) {
    char first[256], second[256];

    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.WARNING.db"));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    assert_int_equal(publisher_event(&p, first), 1);
    assert_int_equal(publisher_event(&p, second), 1);
    publisher_send(&p, "app.WARN.db", "short");
    publisher_send(&p, "app.WARNING.db.x", "long");
    expect_record(subscriber, record, "app.WARN.db", "short");
    assert_int_equal(zmqlog_record_level(record), 30);
    expect_record(subscriber, record, "app.WARNING.db.x", "long");
    assert_int_equal(zmqlog_record_level(record), 30);
}

TEST_WITH(exact__can_be_turned_on_and_off, setup, teardown) {
    subscribed(subscriber, &p, "app.WARN.db");
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    publisher_expect(&p, 1, "app.WARNING.db");
    publisher_send(&p, "app.WARNING.db", "one");
    expect_record(subscriber, record, "app.WARNING.db", "one");
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 0));
    publisher_expect(&p, 0, "app.WARNING.db");
    publisher_send(&p, "app.WARNING.db", "no");
    publisher_send(&p, "app.WARN.dbx", "two");
    expect_record(subscriber, record, "app.WARN.dbx", "two");
}

TEST_WITH(exact__hides_what_was_unsubscribed, setup, teardown) {
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    subscribed(subscriber, &p, "a");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "b"));
    publisher_expect(&p, 1, "b");
    publisher_send(&p, "a", "1");
    publisher_send(&p, "b", "2");
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a"));
    publisher_expect(&p, 0, "a");
    expect_record(subscriber, record, "b", "2");
}

TEST_WITH(exact__what_it_hides_is_not_lost, setup, teardown) {
    subscribed(subscriber, &p, "app.INFO");
    send_json("app.INFORMATION", EPOCH_A, 1);
    send_json("app.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    send_json("app.INFORMATION", EPOCH_A, 2);
    send_json("app.INFORMATION", EPOCH_A, 3);
    send_json("app.INFO", EPOCH_A, 4);
    expect_lost(4, 2);
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 0));
    send_json("app.INFORMATION", EPOCH_A, 4);
    send_json("app.INFORMATION", EPOCH_A, 6);
    expect_lost(4, 0);
    expect_lost(6, 1);
    assert_counts(3, 0);
}

TEST_WITH(exact__hides_from_the_middle_of_the_queue_without_loss, setup, teardown) {
    subscribed(subscriber, &p, "app.INFO");
    send_json("app.INFORMATION", EPOCH_A, 1);
    send_json("app.INFORMATION", EPOCH_A, 2);
    send_json("app.INFO", EPOCH_A, 1);
    send_json("app.INFORMATION", EPOCH_A, 3);
    /* Counted at once, so what came before it is in the queue. */
    publisher_frame(&p, "app.INFO", 8, 0);
    await_count(subscriber, ZMQLOG_COUNT_MALFORMED, 1);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 0));
    expect_lost(3, 0);
    assert_counts(0, 0);
}

TEST_WITH(exact__beside_a_longer_name_nothing_is_lost, setup, teardown) {
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    subscribed(subscriber, &p, "app.INFO");
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.INFORMATION"));
    publisher_expect(&p, 1, "app.INFORMATION");
    send_json("app.INFORMATION", EPOCH_A, 1);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "app.INFORMATION"));
    publisher_expect(&p, 0, "app.INFORMATION");
    send_json("app.INFORMATION", EPOCH_A, 2);
    send_json("app.INFO", EPOCH_A, 1);
    expect_lost(1, 0);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.INFORMATION"));
    publisher_expect(&p, 1, "app.INFORMATION");
    send_json("app.INFORMATION", EPOCH_A, 3);
    send_json("app.INFORMATION", EPOCH_A, 5);
    expect_lost(3, 0);
    expect_lost(5, 1);
    assert_counts(1, 0);
}
