/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything from a level on, of programs that the subscriber has not named: no other
 * level opens, the first lines arrive, and frames of strangers are filtered. */
#include "support.h"
#include "await.h"
#include "publisher.h"

TEST_LABELS(threads);

static zmqlog_subscriber *subscriber;
static zmqlog_record *record;

static int setup(void **state) {
    (void)state;
    subscriber = zmqlog_subscriber_new();
    record = zmqlog_record_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    return 0;
}

#define ALL(name) TEST_WITH(name, setup, teardown)

static void expect_next(const char *topic, const char *text) {
    receive(subscriber, record);
    assert_string_equal(zmqlog_record_topic(record, NULL), topic);
    assert_string_equal(zmqlog_record_text(record, NULL), text);
}

static void expect_gate(zmqlog_handler *handler, int from) {
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        wait_enabled(handler, level, level >= from);
}

ALL(all__opens_no_other_level) {
    zmqlog_handler *handler = open_handler("app");
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_WARN));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.L63", PATIENCE_MS));
    expect_gate(handler, ZMQLOG_LEVEL_WARN);
    log_text(handler, ZMQLOG_LEVEL_ERROR, "heard");
    expect_next("app.ERROR", "heard");
    assert_string_equal(zmqlog_subscriber_problem(subscriber, 0), "");
    assert_int_equal(0, zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_STRANGERS));
    zmqlog_handler_free(handler);
}

/* Two programs that start later and connect; their names are their own. */
ALL(all__gets_the_first_lines_of_programs_that_start_later) {
    zmqlog_handler *handler = zmqlog_handler_new();
    const char *endpoint;
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, 35));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    endpoint = zmqlog_subscriber_endpoint(subscriber, 0);
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_set_root_topic(handler, "later"));
    assert_ok(zmqlog_handler_set_level_name(handler, 35, "NOTE"));
    assert_ok(zmqlog_handler_connect(handler, endpoint));
    log_text(handler, ZMQLOG_LEVEL_DEBUG, "not meant");
    log_text(handler, 35, "db::first");
    log_text(handler, 36, "second");
    expect_next("later.NOTE.db", "first");
    assert_int_equal(35, zmqlog_record_level(record));
    assert_record(record, root, "later");
    assert_record(record, subtopic, "db");
    expect_next("later.L36", "second");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_UNHEARD));
    expect_gate(handler, 35);
    zmqlog_handler_free(handler);
}

ALL(all__follows_the_last_level_asked_for) {
    zmqlog_handler *handler = open_handler("app");
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_ERROR));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.L63", PATIENCE_MS));
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_INFO));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_CRITICAL));
    wait_enabled(handler, ZMQLOG_LEVEL_ERROR, 0);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_CRITICAL));
    zmqlog_handler_free(handler);
}

ALL(all__takes_everything_of_strangers_and_filters) {
    publisher p = publisher_open(NULL);
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_WARN));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    publisher_expect(&p, 1, "zmqlog.INFO.hello");
    publisher_expect(&p, 1, ""); /* a second later */
    await_count(subscriber, ZMQLOG_COUNT_STRANGERS, 1);
    publisher_send(&p, "old.DEBUG", "no");
    publisher_send(&p, "old.WARNING.x", "yes");
    publisher_send(&p, "nothing", "no level");
    publisher_send(&p, "zmqlog.INFO.stats.old", "{}");
    publisher_send(&p, "old.ERROR", "last");
    expect_next("old.WARNING.x", "yes");
    expect_next("old.ERROR", "last");
    publisher_close(&p);
}

ALL(all__goes_back_when_the_stranger_tells_who_it_is) {
    publisher p = publisher_open(NULL);
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_CRITICAL));
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    publisher_expect(&p, 1, "zmqlog.INFO.hello");
    publisher_expect(&p, 1, "");
    publisher_send(&p, "zmqlog.INFO.hello.late",
                   "{\"root\":\"late\",\"levels\":{\"50\":\"CRITICAL\"}}");
    publisher_expect(&p, 1, "late.CRITICAL");
    publisher_expect(&p, 1, "late.L5");
    publisher_expect(&p, 1, "late.L6");
    publisher_expect(&p, 0, "");
    assert_int_equal(0, zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_STRANGERS));
    publisher_close(&p);
}

ALL(all__and_what_is_subscribed_to_by_name_go_together) {
    zmqlog_handler *handler = open_handler("app");
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_ERROR));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app.DEBUG.net"));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.L63", PATIENCE_MS));
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    log_text(handler, ZMQLOG_LEVEL_DEBUG, "disk::no");
    log_text(handler, ZMQLOG_LEVEL_DEBUG, "net::yes");
    log_text(handler, ZMQLOG_LEVEL_ERROR, "bad");
    expect_next("app.DEBUG.net", "yes");
    expect_next("app.ERROR", "bad");
    zmqlog_handler_free(handler);
}

ALL(all__comes_back_with_the_program) {
    zmqlog_handler *handler = open_handler("app");
    char endpoint[256];
    snprintf(endpoint, sizeof endpoint, "%s", zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_subscriber_subscribe_all(subscriber, ZMQLOG_LEVEL_WARN));
    assert_ok(zmqlog_subscriber_connect(subscriber, endpoint));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.L63", PATIENCE_MS));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
    handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_set_root_topic(handler, "other"));
    assert_ok(zmqlog_handler_bind(handler, endpoint));
    log_text(handler, ZMQLOG_LEVEL_WARN, "first line");
    expect_next("other.WARN", "first line");
    zmqlog_handler_free(handler);
}

ALL(all__wants_a_level) {
    assert_status(zmqlog_subscriber_subscribe_all(subscriber, 0), ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_subscriber_errmsg(subscriber),
                        "subscribe_all: min_level is 0, it must be 1 to 63");
    assert_status(zmqlog_subscriber_subscribe_all(subscriber, 64), ZMQLOG_EINVAL);
    assert_status(zmqlog_subscriber_subscribe_all(NULL, 20), ZMQLOG_EINVAL);
    zmqlog_subscriber_close(subscriber);
    assert_status(zmqlog_subscriber_subscribe_all(subscriber, 20), ZMQLOG_ECLOSED);
}
