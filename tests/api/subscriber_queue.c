/* SPDX-License-Identifier: BSD-3-Clause */
/* What happens between the socket and the application: full queues, hostile
 * frames, publishers that restart while nobody receives. */
#include "support.h"

#include "listening.h"

TEST_LABELS(threads);

static int64_t counted(int which) {
    return zmqlog_subscriber_count(subscriber, which);
}

/* ---- overflow ---------------------------------------------------------- */

#define FLOOD 3000u /* far more than 16 KiB hold */

static void flood(int policy, int block_ms) {
    unsigned i;

    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, 16384));
    assert_ok(zmqlog_subscriber_set_receive_hwm(subscriber, 0));
    assert_ok(zmqlog_subscriber_set_overflow(subscriber, policy, block_ms));
    subscribed(subscriber, &p, "a");
    for (i = 0; i < FLOOD; i++)
        publisher_send_number(&p, "a.INFO.flood", i);
}

static unsigned next_number(void) {
    receive(subscriber, record);
    return (unsigned)atoi(zmqlog_record_text(record, NULL));
}

TEST_WITH(overflow__block_loses_nothing, setup, teardown) {
    unsigned i;

    flood(ZMQLOG_OVERFLOW_BLOCK, -1);
    for (i = 0; i < FLOOD; i++)
        assert_int_equal(next_number(), i);
    assert_int_equal(counted(ZMQLOG_COUNT_DROPPED), 0);
    assert_int_equal(counted(ZMQLOG_COUNT_RECEIVED), FLOOD);
}

TEST_WITH(overflow__drop_newest_keeps_the_first, setup, teardown) {
    unsigned first = 0, received = 0;

    flood(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    await_count(subscriber, ZMQLOG_COUNT_DROPPED, 1);
    while (received + (unsigned)counted(ZMQLOG_COUNT_DROPPED) < FLOOD ||
           received == 0) {
        unsigned number = next_number();
        if (number == first && first == received)
            first++;
        received++;
    }
    assert_true(first >= 100);
    while (zmqlog_subscriber_recv(subscriber, record, 0) == ZMQLOG_OK)
        received++;
    assert_int_equal(received + counted(ZMQLOG_COUNT_DROPPED), FLOOD);
}

TEST_WITH(overflow__drop_oldest_keeps_the_last, setup, teardown) {
    unsigned before = 0, received = 0;

    flood(ZMQLOG_OVERFLOW_DROP_OLDEST, 0);
    await_count(subscriber, ZMQLOG_COUNT_DROPPED, 1);
    while (before != FLOOD - 1) {
        unsigned number = next_number();
        assert_true(number > before);
        before = number;
        received++;
    }
    assert_int_equal(received + counted(ZMQLOG_COUNT_DROPPED), FLOOD);
    assert_int_equal(counted(ZMQLOG_COUNT_RECEIVED), received);
}

TEST_WITH(overflow__block_with_a_limit_drops_in_the_end, setup, teardown) {
    unsigned received = 0;

    flood(ZMQLOG_OVERFLOW_BLOCK, 5);
    await_count(subscriber, ZMQLOG_COUNT_DROPPED, 1);
    while (received + (unsigned)counted(ZMQLOG_COUNT_DROPPED) < FLOOD) {
        if (zmqlog_subscriber_recv(subscriber, record, 1) == ZMQLOG_OK)
            received++;
    }
    while (zmqlog_subscriber_recv(subscriber, record, 0) == ZMQLOG_OK)
        received++;
    assert_true(received >= 100);
    assert_int_equal(received + counted(ZMQLOG_COUNT_DROPPED), FLOOD);
}

TEST_WITH(overflow__a_blocked_pump_still_serves, setup, teardown) {
    flood(ZMQLOG_OVERFLOW_BLOCK, -1);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "more"));
    publisher_expect(&p, 1, "more");
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "more"));
    publisher_expect(&p, 0, "more");
    assert_int_equal(next_number(), 0);
    assert_ok(zmqlog_subscriber_close(subscriber));
}

TEST_WITH(overflow__more_than_half_of_the_queue_is_dropped, setup, teardown) {
    static char body[16384];

    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, 16384));
    subscribed(subscriber, &p, "a");
    publisher_frame(&p, "a", 1, 1);
    publisher_frame(&p, body, sizeof body, 0);
    publisher_frame(&p, "a", 1, 1);
    publisher_frame(&p, body, 8192, 0);
    publisher_frame(&p, "a", 1, 1);
    publisher_frame(&p, body, 8000, 0);
    receive(subscriber, record);
    assert_int_equal(counted(ZMQLOG_COUNT_DROPPED), 2);
}

/* ---- frames from anybody ----------------------------------------------- */

TEST_WITH(frames__of_another_number_are_counted_and_skipped, setup, teardown) {
    int i;

    subscribed(subscriber, &p, "");
    publisher_frame(&p, "alone", 5, 0);
    publisher_frame(&p, "", 0, 0);
    publisher_frame(&p, "a", 1, 1);
    publisher_frame(&p, "b", 1, 1);
    publisher_frame(&p, "c", 1, 0);
    for (i = 0; i < 100; i++)
        publisher_frame(&p, "x", 1, i < 99);
    publisher_send(&p, "a.INFO", "proper");
    expect_record(subscriber, record, "a.INFO", "proper");
    assert_int_equal(counted(ZMQLOG_COUNT_MALFORMED), 4);
    assert_int_equal(counted(ZMQLOG_COUNT_RECEIVED), 1);
}

TEST_WITH(frames__may_hold_any_bytes, setup, teardown) {
    char all[256];
    size_t len, i;

    for (i = 0; i < sizeof all; i++)
        all[i] = (char)i;
    subscribed(subscriber, &p, "");
    publisher_frame(&p, "", 0, 1);
    publisher_frame(&p, "", 0, 0);
    receive(subscriber, record);
    assert_record(record, topic, "");
    assert_record(record, text, "");
    publisher_frame(&p, "a\0b.INFO.\xff\xfe.", 12, 1);
    publisher_frame(&p, all, sizeof all, 0);
    receive(subscriber, record);
    assert_record(record, topic, "a\0b.INFO.\xff\xfe.");
    assert_record(record, root, "a\0b");
    assert_int_equal(zmqlog_record_level(record), 20);
    assert_record(record, subtopic, "\xff\xfe.");
    assert_memory_equal(zmqlog_record_text(record, &len), all, sizeof all);
    assert_int_equal(len, sizeof all);
    assert_status(zmqlog_record_parse(record), ZMQLOG_EFORMAT);
    publisher_frame(&p, "....", 4, 1);
    publisher_frame(&p, "{\"seq\":1,\"epoch\"", 16, 0);
    receive(subscriber, record);
    assert_record(record, root, "....");
    assert_int_equal(zmqlog_record_level(record), 0);
    assert_int_equal(zmqlog_record_seq(record), 0);
}

TEST_WITH(frames__may_be_huge, setup, teardown) {
    const size_t size = 10 * 1000 * 1000;
    char *huge = malloc(size);
    size_t len;

    assert_non_null(huge);
    memset(huge, '.', size);
    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, 32 << 20));
    subscribed(subscriber, &p, "");
    publisher_frame(&p, "a.INFO", 6, 1);
    publisher_frame(&p, huge, size, 0);
    receive(subscriber, record);
    zmqlog_record_text(record, &len);
    assert_int_equal(len, size);
    publisher_frame(&p, huge, size, 1);
    publisher_frame(&p, "b", 1, 0);
    receive(subscriber, record);
    zmqlog_record_topic(record, &len);
    assert_int_equal(len, size);
    assert_record(record, text, "b");
    free(huge);
}

/* ---- bytes ------------------------------------------------------------- */

#define LARGE 20000
#define MANY 6000u
#define QUEUE (1u << 20)
/* Room for records: libzmq's own queues, ours, what is held beside it, and the buffers
 * of two kernels. */
#define LARGE_MOST (1000u + 5 * QUEUE / LARGE + (16u << 20) / LARGE)

/* A publisher that neither drops nor holds records; returns how many it could send. */
static unsigned send_until_full(publisher *full) {
    static char body[LARGE];
    int one = 1, patience_ms = 500;
    unsigned sent = 0;
    zmq_setsockopt(full->socket, ZMQ_XPUB_NODROP, &one, sizeof one);
    zmq_setsockopt(full->socket, ZMQ_SNDTIMEO, &patience_ms, sizeof patience_ms);
    while (sent < MANY && zmq_send(full->socket, "a.INFO", 6, ZMQ_SNDMORE) == 6 &&
           zmq_send(full->socket, body, sizeof body, 0) == (int)sizeof body)
        sent++;
    return sent;
}

TEST_WITH(bytes__of_large_records_are_bounded_while_nobody_receives, setup, teardown) {
    publisher full = {.context = zmq_ctx_new()};
    size_t size = sizeof full.endpoint;
    unsigned sent;
    int one = 1;
    full.socket = zmq_socket(full.context, ZMQ_XPUB);
    zmq_setsockopt(full.socket, ZMQ_SNDHWM, &one, sizeof one);
    assert_int_equal(zmq_bind(full.socket, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(full.socket, ZMQ_LAST_ENDPOINT, full.endpoint, &size);
    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, QUEUE));
    subscribed(subscriber, &full, "a");
    sent = send_until_full(&full);
    assert_in_range(sent, 5 * QUEUE / LARGE / 2, LARGE_MOST);
    for (unsigned i = 0; i < sent; i++)
        receive(subscriber, record);
    assert_int_equal(counted(ZMQLOG_COUNT_RECEIVED), sent);
    assert_int_equal(counted(ZMQLOG_COUNT_DROPPED), 0);
    publisher_close(&full);
}

/* ---- while nobody receives --------------------------------------------- */

static void restart(const char *prefix) {
    char endpoint[256];

    memcpy(endpoint, p.endpoint, sizeof endpoint);
    publisher_close(&p);
    p = publisher_open(endpoint);
    publisher_expect(&p, 1, prefix);
}

TEST_WITH(restart__is_noticed_without_a_recv, setup, teardown) {
    int i;

    subscribed(subscriber, &p, "app");
    for (i = 0; i < 3; i++)
        restart("app");
    publisher_send(&p, "app.INFO", "again");
    expect_record(subscriber, record, "app.INFO", "again");
    assert_int_equal(counted(ZMQLOG_COUNT_PEERS), 1);
}

TEST_WITH(restart__is_noticed_with_a_full_queue, setup, teardown) {
    unsigned before = 0, number = 0;

    flood(ZMQLOG_OVERFLOW_BLOCK, -1);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "marker"));
    publisher_expect(&p, 1, "marker");
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "marker"));
    restart("a");
    publisher_send_number(&p, "a.INFO", FLOOD);
    assert_int_equal(next_number(), 0);
    while (number != FLOOD) {
        number = next_number();
        assert_true(number > before);
        before = number;
    }
}

/* Longer than it takes until connecting anew is due. */
static void let_time_pass(void) {
    zmqlog_handler *lonely = open_handler("lonely");

    assert_int_equal(zmqlog_handler_wait_subscriber(lonely, NULL, 1500),
                     ZMQLOG_ETIMEDOUT);
    zmqlog_handler_free(lonely);
}

TEST_WITH(end__of_a_publisher_costs_nothing_that_had_arrived, setup, teardown) {
    unsigned i;

    flood(ZMQLOG_OVERFLOW_BLOCK, -1);
    publisher_close(&p);
    let_time_pass();
    for (i = 0; i < FLOOD; i++)
        assert_int_equal(next_number(), i);
    p = publisher_open(NULL);
}
