/* SPDX-License-Identifier: BSD-3-Clause */
/* The subscriber against publishers of plain libzmq: opening, options,
 * subscriptions, and how topics are read. */
#include "support.h"

#include "publisher.h"

TEST_LABELS(threads);

static zmqlog_record *record;

static int setup(void **state) {
    (void)state;
    record = zmqlog_record_new();
    return record ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    zmqlog_record_free(record);
    return 0;
}

TEST_WITH(subscriber__null_is_einval, setup, teardown) {
    assert_status(zmqlog_subscriber_connect(NULL, "tcp://127.0.0.1:1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_bind(NULL, "tcp://127.0.0.1:*"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_subscribe(NULL, ""), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_unsubscribe(NULL, ""), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_subscribe_level(NULL, "", 20), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_add_root(NULL, ""), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_level_name(NULL, 5, "TRACE"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_exact(NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_receive_hwm(NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_queue_bytes(NULL, 1 << 20), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_overflow(NULL, 0, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_auth(NULL, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_recv(NULL, record, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_wakeup(NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_close(NULL), ZMQLOG_EINVAL);
    assert_int_equal(zmqlog_subscriber_fd(NULL), ZMQLOG_EINVAL);
    assert_int_equal(zmqlog_subscriber_count(NULL, ZMQLOG_COUNT_LOST), ZMQLOG_EINVAL);
    assert_null(zmqlog_subscriber_endpoint(NULL, 0));
    assert_string_equal(zmqlog_subscriber_errmsg(NULL), "");
    zmqlog_subscriber_free(NULL);
}

TEST_WITH(subscriber__recv_before_open_is_estate, setup, teardown) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_status(zmqlog_subscriber_recv(subscriber, record, -1), ZMQLOG_ESTATE);
    assert_string_not_equal(zmqlog_subscriber_errmsg(subscriber), "");
    assert_status(zmqlog_subscriber_recv(subscriber, NULL, -1), ZMQLOG_EINVAL);
    assert_null(zmqlog_subscriber_endpoint(subscriber, 0));
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_PEERS), 0);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_SENT),
                     ZMQLOG_EINVAL);
    zmqlog_subscriber_free(subscriber);
}

TEST_WITH(subscriber__failed_opening_leaves_it_as_it_was, setup, teardown) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    publisher p = publisher_open(NULL);

    assert_status(zmqlog_subscriber_connect(subscriber, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_connect(subscriber, "127.0.0.1:1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_connect(subscriber, "tcp://127.0.0.1:*"),
                  ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_bind(subscriber, p.endpoint), ZMQLOG_EADDRINUSE);
    assert_non_null(strstr(zmqlog_subscriber_errmsg(subscriber), p.endpoint));
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_ESTATE);
    assert_ok(zmqlog_subscriber_set_receive_hwm(subscriber, 10));
    assert_null(zmqlog_subscriber_endpoint(subscriber, 0));
    subscribed(subscriber, &p, "x");
    publisher_send(&p, "x", "after all");
    expect_record(subscriber, record, "x", "after all");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscriber__binding_beyond_loopback_needs_an_auth, setup, teardown) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_status(zmqlog_subscriber_bind(subscriber, "tcp://0.0.0.0:*"),
                  ZMQLOG_EREFUSED);
    assert_non_null(strstr(zmqlog_subscriber_errmsg(subscriber), "insecure"));
    zmqlog_subscriber_free(subscriber);
}

TEST_WITH(subscriber__options_have_bounds, setup, teardown) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_status(zmqlog_subscriber_set_receive_hwm(subscriber, -1), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_receive_hwm(subscriber, 10000001),
                  ZMQLOG_EINVAL);
    assert_ok(zmqlog_subscriber_set_receive_hwm(subscriber, 10000000));
    assert_status(zmqlog_subscriber_set_queue_bytes(subscriber, 16383), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_queue_bytes(subscriber, (1u << 30) + 1),
                  ZMQLOG_EINVAL);
    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, 16384));
    assert_status(zmqlog_subscriber_set_overflow(subscriber, 3, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_overflow(subscriber, -1, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_exact(subscriber, -1), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_exact(subscriber, 2), ZMQLOG_EINVAL);
    assert_non_null(strstr(zmqlog_subscriber_errmsg(subscriber), "on is 2"));
    assert_status(zmqlog_subscriber_set_level_name(subscriber, 64, "X"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_set_level_name(subscriber, 5, "a.b"),
                  ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_subscribe_level(subscriber, "app", 0),
                  ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_subscribe_level(subscriber, "app", 64),
                  ZMQLOG_EINVAL);
    zmqlog_subscriber_free(subscriber);
}

TEST_WITH(subscriber__options_after_opening_are_estate, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "");

    assert_status(zmqlog_subscriber_set_receive_hwm(subscriber, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_subscriber_set_queue_bytes(subscriber, 1 << 20),
                  ZMQLOG_ESTATE);
    assert_status(zmqlog_subscriber_set_overflow(subscriber, 0, 0), ZMQLOG_ESTATE);
    assert_status(zmqlog_subscriber_set_level_name(subscriber, 5, "T"), ZMQLOG_ESTATE);
    assert_status(zmqlog_subscriber_set_auth(subscriber, NULL), ZMQLOG_ESTATE);
    assert_ok(zmqlog_subscriber_set_exact(subscriber, 1));
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

static void check_receives(const char *endpoint) {
    publisher p = publisher_open(endpoint);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "app.");

    publisher_send(&p, "other.INFO", "not for us");
    publisher_send(&p, "app.INFO.db.pool", "hello");
    receive(subscriber, record);
    assert_record(record, topic, "app.INFO.db.pool");
    assert_record(record, root, "app");
    assert_int_equal(zmqlog_record_level(record), ZMQLOG_LEVEL_INFO);
    assert_string_equal(zmqlog_record_level_name(record), "INFO");
    assert_record(record, subtopic, "db.pool");
    assert_record(record, text, "hello");
    assert_true(zmqlog_record_received_ns(record) > INT64_C(1500000000000000000));
    assert_true(zmqlog_record_time_ns(record) == ZMQLOG_TIME_NONE);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_RECEIVED), 1);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_PEERS), 1);
    assert_string_equal(zmqlog_subscriber_endpoint(subscriber, 0), p.endpoint);
    assert_null(zmqlog_subscriber_endpoint(subscriber, 1));
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscriber__receives_over_tcp, setup, teardown) {
    check_receives(NULL);
}

TEST_WITH(subscriber__receives_over_ipc, setup, teardown) {
    temp_dir dir = temp_dir_make();

    check_receives(temp_dir_path(&dir, "ipc://", "pub"));
    temp_dir_remove(&dir);
}

TEST_WITH(subscriber__binds_for_publishers_that_connect, setup, teardown) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    publisher p = publisher_new();

    assert_ok_or(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"),
                 zmqlog_subscriber_errmsg(subscriber));
    assert_int_equal(zmq_connect(p.socket, zmqlog_subscriber_endpoint(subscriber, 0)),
                     0);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "in"));
    publisher_expect(&p, 1, "in");
    publisher_send(&p, "in.INFO", "collected");
    expect_record(subscriber, record, "in.INFO", "collected");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscriber__hears_several_publishers, setup, teardown) {
    publisher a = publisher_open(NULL), b = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&a, "x");

    assert_ok(zmqlog_subscriber_connect(subscriber, b.endpoint));
    publisher_expect(&b, 1, "x");
    publisher_send(&a, "x", "from a");
    expect_record(subscriber, record, "x", "from a");
    publisher_send(&b, "x", "from b");
    expect_record(subscriber, record, "x", "from b");
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_PEERS), 2);
    assert_string_equal(zmqlog_subscriber_endpoint(subscriber, 1), b.endpoint);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&a);
    publisher_close(&b);
}

/* ---- subscriptions ----------------------------------------------------- */

TEST_WITH(subscribe__follows_live_changes, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "a");

    assert_ok(zmqlog_subscriber_subscribe(subscriber, "b"));
    publisher_expect(&p, 1, "b");
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a"));
    publisher_expect(&p, 0, "a");
    publisher_send(&p, "a", "no more");
    publisher_send(&p, "b", "yes");
    expect_record(subscriber, record, "b", "yes");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscribe__counts_repeats, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "a");

    assert_ok(zmqlog_subscriber_subscribe(subscriber, "a"));
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a"));
    publisher_send(&p, "a", "still");
    expect_record(subscriber, record, "a", "still");
    assert_ok(zmqlog_subscriber_unsubscribe(subscriber, "a"));
    publisher_expect(&p, 0, "a");
    assert_status(zmqlog_subscriber_unsubscribe(subscriber, "a"), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_unsubscribe(subscriber, NULL), ZMQLOG_EINVAL);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscribe__null_is_everything, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_subscribe(subscriber, NULL));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    publisher_expect(&p, 1, "");
    publisher_send(&p, "", "");
    expect_record(subscriber, record, "", "");
    assert_int_equal(zmqlog_record_level(record), 0);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscribe__long_prefixes_are_refused, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    char prefix[ZMQLOG_PREFIX_MAX_BYTES + 2];

    memset(prefix, 'p', sizeof prefix);
    prefix[ZMQLOG_PREFIX_MAX_BYTES + 1] = '\0';
    assert_status(zmqlog_subscriber_subscribe(subscriber, prefix), ZMQLOG_EINVAL);
    assert_non_null(strstr(zmqlog_subscriber_errmsg(subscriber), "245"));
    assert_status(zmqlog_subscriber_subscribe_level(subscriber, prefix, 20),
                  ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_add_root(subscriber, prefix), ZMQLOG_EINVAL);
    prefix[ZMQLOG_PREFIX_MAX_BYTES] = '\0';
    subscribed(subscriber, &p, prefix);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

static void collect(publisher *p, int count, char (*out)[256]) {
    int i;
    for (i = 0; i < count; i++)
        assert_int_equal(publisher_event(p, out[i]), 1);
}

static int is_among(const char *wanted, int count, char (*all)[256]) {
    int i;
    for (i = 0; i < count; i++)
        if (strcmp(all[i], wanted) == 0)
            return 1;
    return 0;
}

TEST_WITH(subscribe_level__asks_for_every_name_from_there_on, setup, teardown) {
    static char prefixes[75][256];
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_set_level_name(subscriber, 35, "AUDIT"));
    assert_ok(zmqlog_subscriber_subscribe_level(subscriber, "a.b", 30));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    collect(&p, 75, prefixes); /* 30 to 63, L35, nine aliases, 31 of Python */
    assert_true(is_among("a.b.WARN", 75, prefixes));
    assert_true(is_among("a.b.WARNING", 75, prefixes));
    assert_true(is_among("a.b.L31", 75, prefixes));
    assert_true(is_among("a.b.AUDIT", 75, prefixes));
    assert_true(is_among("a.b.L35", 75, prefixes));
    assert_true(is_among("a.b.CRITICAL", 75, prefixes));
    assert_true(is_among("a.b.FATAL", 75, prefixes));
    assert_true(is_among("a.b.UNKNOWN", 75, prefixes));
    assert_true(is_among("a.b.Level 35", 75, prefixes));
    assert_false(is_among("a.b.Level 40", 75, prefixes));
    assert_true(is_among("a.b.L63", 75, prefixes));
    publisher_send(&p, "a.b.INFO", "too low");
    publisher_send(&p, "a.b.AUDIT.x", "high enough");
    expect_record(subscriber, record, "a.b.AUDIT.x", "high enough");
    assert_int_equal(zmqlog_record_level(record), 35);
    publisher_send(&p, "a.b.Level 45", "of Python");
    expect_record(subscriber, record, "a.b.Level 45", "of Python");
    assert_int_equal(zmqlog_record_level(record), 45);
    assert_record(record, root, "a.b");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscribe_level__knows_publishers_without_a_root, setup, teardown) {
    static char prefixes[34][256];
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_subscribe_level(subscriber, "", 50));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    collect(&p, 34, prefixes);
    assert_true(is_among("CRITICAL", 34, prefixes));
    publisher_send(&p, "CRITICAL.ERROR", "x");
    receive(subscriber, record);
    assert_record(record, root, "");
    assert_int_equal(zmqlog_record_level(record), 50);
    assert_record(record, subtopic, "ERROR");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(subscribe_level__hears_each_level_by_every_name_it_knows, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_set_level_name(subscriber, 35, "AUDIT"));
    assert_ok(zmqlog_subscriber_subscribe_level(subscriber, "app", 20));
    assert_ok(zmqlog_subscriber_set_level_name(subscriber, 36, "LATE"));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    collect(&p, 55, (char[55][256]){""}); /* 20 to 63, L35, and ten aliases */
    publisher_send(&p, "app.AUDIT", "told");
    publisher_send(&p, "app.OTHER", "not told");
    publisher_send(&p, "app.LATE", "told too late");
    publisher_send(&p, "app.L35", "by its number");
    publisher_send(&p, "app.NOTICE", "an alias");
    expect_record(subscriber, record, "app.AUDIT", "told");
    assert_int_equal(zmqlog_record_level(record), 35);
    expect_record(subscriber, record, "app.L35", "by its number");
    assert_int_equal(zmqlog_record_level(record), 35);
    expect_record(subscriber, record, "app.NOTICE", "an alias");
    assert_int_equal(zmqlog_record_level(record), 25);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

/* ---- reading topics ---------------------------------------------------- */

TEST_WITH(topic__known_roots_decide, setup, teardown) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "");

    publisher_send(&p, "INFO.ERROR.x", "");
    receive(subscriber, record);
    assert_record(record, root, "");
    assert_int_equal(zmqlog_record_level(record), 20);
    assert_ok(zmqlog_subscriber_add_root(subscriber, "INFO"));
    assert_ok(zmqlog_subscriber_add_root(subscriber, "INFO"));
    publisher_send(&p, "INFO.ERROR.x", "");
    receive(subscriber, record);
    assert_record(record, root, "INFO");
    assert_int_equal(zmqlog_record_level(record), 40);
    assert_record(record, subtopic, "x");
    publisher_send(&p, "nothing here", "");
    receive(subscriber, record);
    assert_record(record, root, "nothing here");
    assert_int_equal(zmqlog_record_level(record), 0);
    assert_string_equal(zmqlog_record_level_name(record), "");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

TEST_WITH(topic__roots_are_limited, setup, teardown) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    char root[16];
    int i;

    for (i = 0; i < 1024; i++) {
        snprintf(root, sizeof root, "r%d", i);
        assert_ok(zmqlog_subscriber_add_root(subscriber, root));
    }
    assert_ok(zmqlog_subscriber_add_root(subscriber, "r7"));
    assert_status(zmqlog_subscriber_add_root(subscriber, "one more"), ZMQLOG_ELIMIT);
    zmqlog_subscriber_free(subscriber);
}
