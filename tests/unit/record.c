/* SPDX-License-Identifier: BSD-3-Clause */
/* What the record room offers to the other rooms. */
#include "support.h"

#include "format/record.h"
#include "base/timestamp.h"

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

static void assert_span(zl_span span, const char *text) {
    support_bytes(span.data, span.len, text, strlen(text), "span", __FILE__, __LINE__);
}

TEST_WITH(view__shows_what_was_set_and_leaves_the_rest, setup, teardown) {
    zl_view view;

    memset(&view, 0x55, sizeof view);
    assert_ok(zmqlog_record_set_level(record, 40));
    assert_ok(zmqlog_record_set_subtopic(record, "db", 2));
    assert_ok(zmqlog_record_set_logger(record, "shop"));
    assert_ok(zmqlog_record_set_text(record, "hello", 5));
    assert_ok(zmqlog_record_set_thread_name(record, "worker"));
    assert_ok(zmqlog_record_set_source(record, "a.c", 3, "f"));
    assert_ok(zmqlog_record_set_field_int(record, "n", 1));
    zl_record_view(record, &view);
    assert_int_equal(view.level, 40);
    assert_span(view.subtopic, "db");
    assert_span(view.logger, "shop");
    assert_span(view.text, "hello");
    assert_span(view.thread_name, "worker");
    assert_span(view.file, "a.c");
    assert_int_equal(view.line, 3);
    assert_span(view.function, "f");
    assert_int_equal(view.fields.len, 6 + 1 + 1);
    assert_int_equal(view.pid, 0x5555555555555555);
    assert_int_equal(view.topic.len, (size_t)0x5555555555555555);
}

TEST_WITH(time__is_known_once_set, setup, teardown) {
    int64_t time_ns = 1;

    assert_false(zl_record_has_time(record, &time_ns));
    assert_ok(zmqlog_record_set_time_ns(record, ZMQLOG_TIME_NONE));
    assert_true(zl_record_has_time(record, &time_ns));
    assert_true(time_ns == ZMQLOG_TIME_NONE);
    assert_ok(zmqlog_record_clear(record));
    assert_false(zl_record_has_time(record, &time_ns));
}

TEST_WITH(logger__is_known_once_set, setup, teardown) {
    assert_false(zl_record_has_logger(record));
    assert_ok(zmqlog_record_set_logger(record, ""));
    assert_true(zl_record_has_logger(record));
    assert_ok(zmqlog_record_set_logger(record, NULL));
    assert_false(zl_record_has_logger(record));
}

TEST_WITH(fill__replaces_everything, setup, teardown) {
    zl_span topic = zl_span_of("a.b.WARN.db.pool");
    zl_topic_parts parts = {
        {topic.data, 3}, {topic.data + 4, 4}, {topic.data + 9, 7}, 30};

    assert_ok(zmqlog_record_set_logger(record, "shop"));
    assert_ok(zmqlog_record_set_field_int(record, "n", 1));
    zl_record_set_sequence(record, 5, 6, 7);
    assert_ok(zl_record_fill(record, topic, &parts, zl_span_of("text"), 42));
    assert_record(record, topic, "a.b.WARN.db.pool");
    assert_record(record, root, "a.b");
    assert_string_equal(zmqlog_record_root(record, NULL), "a.b");
    assert_string_equal(zmqlog_record_level_name(record), "WARN");
    assert_int_equal(zmqlog_record_level(record), 30);
    assert_record(record, subtopic, "db.pool");
    assert_record(record, text, "text");
    assert_int_equal(zmqlog_record_received_ns(record), 42);
    assert_string_equal(zmqlog_record_logger(record), "");
    assert_int_equal(zmqlog_record_field_count(record), 0);
    assert_int_equal(zmqlog_record_seq(record), 0);
    assert_int_equal(zmqlog_record_lost(record), 0);
}

TEST_WITH(sequence__is_shown, setup, teardown) {
    zl_record_set_sequence(record, 3, 0xabc, 2);
    assert_int_equal(zmqlog_record_seq(record), 3);
    assert_string_equal(zmqlog_record_epoch(record), "0000000000000abc");
    assert_int_equal(zmqlog_record_lost(record), 2);
}

static int peek(const char *text, uint64_t *seq, uint64_t *epoch) {
    return zl_record_peek_sequence(zl_span_of(text), seq, epoch);
}

TEST(peek__finds_seq_and_epoch_in_any_order) {
    uint64_t seq = 0, epoch = 0;

    assert_true(peek("{\"seq\":9,\"epoch\":\"0123456789abcdef\"}", &seq, &epoch));
    assert_true(seq == 9 && epoch == UINT64_C(0x0123456789abcdef));
    assert_true(peek("{ \"msg\" : \"\\\"seq\\\":1\", \"epoch\" : \"ffffffffffffffff\" ,"
                     " \"x\" : {\"seq\":2} , \"seq\" : 7 , \"y\" : ",
                     &seq, &epoch));
    assert_true(seq == 7 && epoch == UINT64_MAX);
}

TEST(peek__takes_nothing_for_it_that_is_not) {
    static const char *const bad[] = {
        "",
        "text",
        "{}",
        "[\"seq\",\"epoch\"]",
        "{\"seq\":1}",
        "{\"epoch\":\"0123456789abcdef\"}",
        "{\"seq\":0,\"epoch\":\"0123456789abcdef\"}",
        "{\"seq\":-1,\"epoch\":\"0123456789abcdef\"}",
        "{\"seq\":1.5,\"epoch\":\"0123456789abcdef\"}",
        "{\"seq\":\"1\",\"epoch\":\"0123456789abcdef\"}",
        "{\"seq\":1,\"epoch\":\"0123456789abcde\"}",
        "{\"seq\":1,\"epoch\":\"0123456789abcdeg\"}",
        "{\"seq\":1,\"epoch\":12345}",
        "{\"a\":{\"seq\":1,\"epoch\":\"0123456789abcdef\"}}",
        "{\"msg\":\"\\\"epoch\\\"\",\"seq\":1}",
        "{\"seq\":1 \"epoch\":\"0123456789abcdef\"}"};
    uint64_t seq, epoch;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(peek(bad[i], &seq, &epoch));
}

/* ---- RFC 3339 ---------------------------------------------------------- */

static int64_t ns_of(const char *text) {
    int64_t ns = 0;
    if (!zl_timestamp_parse(zl_span_of(text), &ns))
        fail_msg("%s is not read", text);
    return ns;
}

TEST(timestamp__reads_points_in_time) {
    assert_true(ns_of("1970-01-01T00:00:00Z") == 0);
    assert_true(ns_of("1970-01-01T00:00:00.000000001Z") == 1);
    assert_true(ns_of("1969-12-31T23:59:59.999999999Z") == -1);
    assert_true(ns_of("2000-02-29T00:00:00Z") == INT64_C(951782400000000000));
    assert_true(ns_of("2000-03-01T00:00:00Z") == INT64_C(951868800000000000));
    assert_true(ns_of("1900-03-01T00:00:00Z") == INT64_C(-2203891200000000000));
    assert_true(ns_of("2026-07-01T12:00:00.5+02:00") == INT64_C(1782900000500000000));
    assert_true(ns_of("2026-07-01t10:00:00.5z") == INT64_C(1782900000500000000));
    assert_true(ns_of("2026-07-01 04:30:00.5-05:30") == INT64_C(1782900000500000000));
    assert_true(ns_of("1970-01-01T00:00:00.1234567899Z") == 123456789);
    assert_true(ns_of("2016-12-31T23:59:60Z") == ns_of("2017-01-01T00:00:00Z"));
    assert_true(ns_of("2262-04-11T23:47:16.854775807Z") == INT64_MAX);
    assert_true(ns_of("1677-09-21T00:12:43.145224193Z") == INT64_MIN + 1);
}

TEST(timestamp__refuses_what_is_none) {
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-07-01",
                                      "2026-07-01T12:00:00",
                                      "2026-07-01T12:00Z",
                                      "2026-07-01T12:00:00.Z",
                                      "2026-07-01T12:00:00Zx",
                                      "2026-07-01T12:00:00+0200",
                                      "2026-07-01T24:00:00Z",
                                      "2026-07-01T12:60:00Z",
                                      "2026-07-01T12:00:61Z",
                                      "2026-13-01T12:00:00Z",
                                      "2026-00-01T12:00:00Z",
                                      "2026-02-29T12:00:00Z",
                                      "2026-04-31T12:00:00Z",
                                      "2026-07-00T12:00:00Z",
                                      "1677-09-21T00:12:43.145224192Z",
                                      "2262-04-11T23:47:16.854775808Z",
                                      "0000-01-01T00:00:00Z",
                                      "9999-12-31T23:59:59Z",
                                      "+026-07-01T12:00:00Z"};
    int64_t ns = 77;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (zl_timestamp_parse(zl_span_of(bad[i]), &ns))
            fail_msg("%s is read", bad[i]);
    }
    assert_false(zl_timestamp_parse(zl_span_make("2026-07-01T12:00:00\0", 20), &ns));
    assert_int_equal(ns, 77);
}
