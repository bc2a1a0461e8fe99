/* SPDX-License-Identifier: BSD-3-Clause */
/* A backlog and processes: a forked child has none, and exit does not wait for it. */
#include "child.h"

TEST_LABELS(untidy);

#define MIB ((size_t)1024 * 1024)
#define RECORDS 10
/* More than any test waits: what must not wait would hang. */
#define FOR_EVER_MS 3600000

static zmqlog_handler *open_with_backlog(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_linger_ms(handler, FOR_EVER_MS));
    assert_ok(zmqlog_handler_set_backlog(handler, ZMQLOG_LEVEL_WARN, MIB));
    assert_ok(zmqlog_handler_bind(handler, endpoint));
    for (int i = 0; i < RECORDS; i++)
        log_text(handler, ZMQLOG_LEVEL_WARN, "unheard");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    return handler;
}

static int has_none(void *handler) {
    return zmqlog_handler_count(handler, ZMQLOG_COUNT_QUEUED) == 0 &&
           zmqlog_handler_count(handler, ZMQLOG_COUNT_UNHEARD) == 0;
}

TEST(backlog__stays_with_the_parent) {
    temp_dir dir = temp_dir_make();
    zmqlog_handler *handler = open_with_backlog(temp_dir_path(&dir, "ipc://", "s"));
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    assert_int_equal(RECORDS, zmqlog_handler_count(handler, ZMQLOG_COUNT_QUEUED));
    assert_int_equal(1, in_child(has_none, handler));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    for (int i = 0; i < RECORDS; i++)
        receive(subscriber, record);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    temp_dir_remove(&dir);
}

static int log_and_exit(void *endpoint) {
    open_with_backlog(endpoint);
    exit(7);
}

TEST(backlog__does_not_hold_up_exit) {
    temp_dir dir = temp_dir_make();
    char *endpoint = strdup(temp_dir_path(&dir, "ipc://", "s"));
    assert_int_equal(7, in_child(log_and_exit, endpoint));
    free(endpoint);
    temp_dir_remove(&dir);
}
