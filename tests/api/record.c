/* SPDX-License-Identifier: BSD-3-Clause */
/* Records as programs see them: setters, getters, fields, and reading bodies of
 * style json. */
#include "support.h"

static zmqlog_record *new_record(void) {
    zmqlog_record *record = zmqlog_record_new();
    assert_non_null(record);
    return record;
}

static void set_text(zmqlog_record *record, const char *text) {
    assert_ok(zmqlog_record_set_text(record, text, strlen(text)));
}

static void assert_field(const zmqlog_record *record, int index, const char *key,
                         const char *json) {
    size_t len = 0;
    const char *got = zmqlog_record_field_key(record, index, &len);

    assert_non_null(got);
    assert_string_equal(got, key);
    assert_int_equal(len, strlen(key));
    got = zmqlog_record_field_json(record, index, &len);
    assert_non_null(got);
    assert_string_equal(got, json);
    assert_int_equal(len, strlen(json));
}

static void assert_empty(const zmqlog_record *record) {
    assert_record(record, topic, "");
    assert_record(record, root, "");
    assert_record(record, subtopic, "");
    assert_record(record, text, "");
    assert_int_equal(zmqlog_record_level(record), ZMQLOG_LEVEL_INFO);
    assert_string_equal(zmqlog_record_level_name(record), "");
    assert_string_equal(zmqlog_record_logger(record), "");
    assert_string_equal(zmqlog_record_epoch(record), "");
    assert_string_equal(zmqlog_record_source_file(record), "");
    assert_string_equal(zmqlog_record_source_function(record), "");
    assert_int_equal(zmqlog_record_source_line(record), 0);
    assert_true(zmqlog_record_time_ns(record) == ZMQLOG_TIME_NONE);
    assert_true(zmqlog_record_received_ns(record) == ZMQLOG_TIME_NONE);
    assert_int_equal(zmqlog_record_seq(record), 0);
    assert_int_equal(zmqlog_record_lost(record), 0);
    assert_int_equal(zmqlog_record_field_count(record), 0);
}

TEST(record__new_one_is_empty_and_level_info) {
    zmqlog_record *record = new_record();

    assert_empty(record);
    assert_string_equal(zmqlog_record_errmsg(record), "");
    zmqlog_record_free(record);
    zmqlog_record_free(NULL);
}

TEST(record__null_is_einval_or_null) {
    size_t len = 7;

    assert_status(zmqlog_record_clear(NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_parse(NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_level(NULL, 20), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_logger(NULL, "x"), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_subtopic(NULL, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_text(NULL, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_source(NULL, "x", 1, "y"), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_time_ns(NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_thread_name(NULL, "x"), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_string(NULL, "k", "v", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_int(NULL, "k", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_double(NULL, "k", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_bool(NULL, "k", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_json(NULL, "k", "1", 1), ZMQLOG_EINVAL);
    assert_null(zmqlog_record_topic(NULL, &len));
    assert_int_equal(len, 0);
    assert_null(zmqlog_record_text(NULL, NULL));
    assert_int_equal(zmqlog_record_level(NULL), 0);
    assert_int_equal(zmqlog_record_field_count(NULL), 0);
    assert_null(zmqlog_record_field_key(NULL, 0, &len));
    assert_string_equal(zmqlog_record_errmsg(NULL), "");
}

TEST(record__keeps_what_was_set) {
    zmqlog_record *record = new_record();

    assert_ok(zmqlog_record_set_level(record, 63));
    assert_ok(zmqlog_record_set_logger(record, "shop"));
    assert_ok(zmqlog_record_set_subtopic(record, "db\0x", 4));
    assert_ok(zmqlog_record_set_text(record, "a\0b", 3));
    assert_ok(zmqlog_record_set_source(record, "src/a.c", 7, "main"));
    assert_ok(zmqlog_record_set_time_ns(record, -5));
    assert_int_equal(zmqlog_record_level(record), 63);
    assert_string_equal(zmqlog_record_logger(record), "shop");
    assert_record(record, subtopic, "db\0x");
    assert_record(record, text, "a\0b");
    assert_string_equal(zmqlog_record_source_file(record), "src/a.c");
    assert_int_equal(zmqlog_record_source_line(record), 7);
    assert_string_equal(zmqlog_record_source_function(record), "main");
    assert_int_equal(zmqlog_record_time_ns(record), -5);
    assert_ok(zmqlog_record_clear(record));
    assert_empty(record);
    zmqlog_record_free(record);
}

TEST(record__bytes_end_with_a_nul_that_is_not_counted) {
    zmqlog_record *record = new_record();
    char text[200];
    size_t len;

    memset(text, 'x', sizeof text);
    assert_ok(zmqlog_record_set_text(record, text, sizeof text));
    assert_int_equal(strlen(zmqlog_record_text(record, &len)), sizeof text);
    assert_ok(zmqlog_record_set_text(record, text, 3));
    assert_string_equal(zmqlog_record_text(record, NULL), "xxx");
    zmqlog_record_free(record);
}

TEST(record__its_own_string_may_be_set_again) {
    zmqlog_record *record = new_record();
    const char *text;

    set_text(record, "prefix: message");
    text = zmqlog_record_text(record, NULL);
    assert_ok(zmqlog_record_set_text(record, text + 8, 7));
    assert_record(record, text, "message");
    zmqlog_record_free(record);
}

TEST(record__null_unsets_names) {
    zmqlog_record *record = new_record();

    assert_ok(zmqlog_record_set_logger(record, "shop"));
    assert_ok(zmqlog_record_set_logger(record, NULL));
    assert_string_equal(zmqlog_record_logger(record), "");
    assert_ok(zmqlog_record_set_source(record, "a.c", 1, "f"));
    assert_ok(zmqlog_record_set_source(record, NULL, 0, NULL));
    assert_string_equal(zmqlog_record_source_file(record), "");
    assert_string_equal(zmqlog_record_source_function(record), "");
    assert_ok(zmqlog_record_set_text(record, NULL, 0));
    assert_record(record, text, "");
    zmqlog_record_free(record);
}

TEST(record__wrong_arguments_change_nothing) {
    zmqlog_record *record = new_record();

    set_text(record, "kept");
    assert_status(zmqlog_record_set_level(record, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_level(record, 64), ZMQLOG_EINVAL);
    assert_non_null(strstr(zmqlog_record_errmsg(record), "64"));
    assert_status(zmqlog_record_set_text(record, NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_subtopic(record, NULL, 1), ZMQLOG_EINVAL);
    assert_non_null(strstr(zmqlog_record_errmsg(record), "subtopic"));
    assert_status(zmqlog_record_set_source(record, "a", -1, "f"), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_text(record, "x", SIZE_MAX), ZMQLOG_ENOMEM);
    assert_int_equal(zmqlog_record_level(record), 20);
    assert_record(record, text, "kept");
    assert_string_equal(zmqlog_record_source_file(record), "");
    zmqlog_record_free(record);
}

TEST(record__fields_keep_their_order_and_are_json) {
    zmqlog_record *record = new_record();

    assert_ok(zmqlog_record_set_field_string(record, "user", "a\"b", 3));
    assert_ok(zmqlog_record_set_field_int(record, "n", INT64_MIN));
    assert_ok(zmqlog_record_set_field_double(record, "x", 1.5));
    assert_ok(zmqlog_record_set_field_bool(record, "ok", 3));
    assert_ok(zmqlog_record_set_field_json(record, "g", "{\"a\":[1,null]}", 14));
    assert_ok(zmqlog_record_set_field_int(record, "user", 2));
    assert_int_equal(zmqlog_record_field_count(record), 5);
    assert_field(record, 0, "user", "2");
    assert_field(record, 1, "n", "-9223372036854775808");
    assert_field(record, 2, "x", "1.5");
    assert_field(record, 3, "ok", "true");
    assert_field(record, 4, "g", "{\"a\":[1,null]}");
    zmqlog_record_free(record);
}

TEST(record__fields_past_the_ends_are_null) {
    zmqlog_record *record = new_record();
    size_t len = 5;

    assert_ok(zmqlog_record_set_field_int(record, "n", 1));
    assert_null(zmqlog_record_field_key(record, 1, &len));
    assert_int_equal(len, 0);
    assert_null(zmqlog_record_field_json(record, -1, &len));
    assert_null(zmqlog_record_field_json(record, INT32_MAX, NULL));
    zmqlog_record_free(record);
}

TEST(record__field_strings_of_one_record_live_together) {
    zmqlog_record *record = new_record();
    const char *first, *second, *value;

    assert_ok(zmqlog_record_set_field_int(record, "a", 1));
    assert_ok(zmqlog_record_set_field_int(record, "b", 2));
    first = zmqlog_record_field_key(record, 0, NULL);
    second = zmqlog_record_field_key(record, 1, NULL);
    value = zmqlog_record_field_json(record, 1, NULL);
    assert_string_equal(first, "a");
    assert_string_equal(second, "b");
    assert_string_equal(value, "2");
    zmqlog_record_free(record);
}

TEST(record__bad_fields_are_refused) {
    zmqlog_record *record = new_record();
    char big[ZMQLOG_FIELDS_MAX_BYTES] = {0};

    memset(big, 'k', sizeof big);
    assert_status(zmqlog_record_set_field_int(record, NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_int(record, "", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_int(record, "\xff", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_json(record, "k", "{", 1), ZMQLOG_EFORMAT);
    assert_status(zmqlog_record_set_field_json(record, "k", "1 2", 3), ZMQLOG_EFORMAT);
    assert_status(zmqlog_record_set_field_string(record, "k", big, sizeof big),
                  ZMQLOG_ELIMIT);
    assert_status(zmqlog_record_set_field_string(record, "k", NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_record_set_field_json(record, "k", NULL, 1), ZMQLOG_EINVAL);
    assert_string_not_equal(zmqlog_record_errmsg(record), "");
    assert_int_equal(zmqlog_record_field_count(record), 0);
    zmqlog_record_free(record);
}

/* ---- parse ------------------------------------------------------------- */

#define FULL                                                                           \
    "{\"time\":\"2026-07-01T12:00:00.123456789Z\",\"level\":\"INFO\","                 \
    "\"logger\":\"shop\",\"topic\":\"app.INFO.db\",\"msg\":\"h\\u00e9 \\n there\","    \
    "\"source\":{\"file\":\"a.c\",\"line\":12,\"function\":\"main\"},"                 \
    "\"seq\":18446744073709551615,\"epoch\":\"00ff00ff00ff00fe\",\"pid\":7,"           \
    "\"host\":\"box\",\"user\":{\"id\":1},\"level_\":\"mine\"}"

TEST(parse__fills_what_the_style_writes) {
    zmqlog_record *record = new_record();

    set_text(record, FULL);
    assert_ok_or(zmqlog_record_parse(record), zmqlog_record_errmsg(record));
    assert_record(record, text, "h\xc3\xa9 \n there");
    assert_true(zmqlog_record_time_ns(record) == INT64_C(1782907200123456789));
    assert_string_equal(zmqlog_record_logger(record), "shop");
    assert_string_equal(zmqlog_record_source_file(record), "a.c");
    assert_int_equal(zmqlog_record_source_line(record), 12);
    assert_string_equal(zmqlog_record_source_function(record), "main");
    assert_true(zmqlog_record_seq(record) == UINT64_MAX);
    assert_string_equal(zmqlog_record_epoch(record), "00ff00ff00ff00fe");
    assert_int_equal(zmqlog_record_field_count(record), 4);
    assert_field(record, 0, "pid", "7");
    assert_field(record, 1, "host", "\"box\"");
    assert_field(record, 2, "user", "{\"id\":1}");
    assert_field(record, 3, "level_", "\"mine\"");
    zmqlog_record_free(record);
}

TEST(parse__is_idempotent) {
    zmqlog_record *record = new_record();

    set_text(record, "{\"msg\":\"{\\\"msg\\\":\\\"inner\\\"}\"}");
    assert_ok(zmqlog_record_parse(record));
    assert_ok(zmqlog_record_parse(record));
    assert_record(record, text, "{\"msg\":\"inner\"}");
    set_text(record, "{\"msg\":\"new\"}");
    assert_ok(zmqlog_record_parse(record));
    assert_record(record, text, "new");
    zmqlog_record_free(record);
}

TEST(parse__forgets_what_the_body_before_said) {
    zmqlog_record *record = new_record();

    set_text(record, FULL);
    assert_ok(zmqlog_record_parse(record));
    set_text(record, "{\"msg\":\"bare\"}");
    assert_ok(zmqlog_record_parse(record));
    assert_string_equal(zmqlog_record_logger(record), "");
    assert_string_equal(zmqlog_record_epoch(record), "");
    assert_string_equal(zmqlog_record_source_file(record), "");
    assert_int_equal(zmqlog_record_source_line(record), 0);
    assert_int_equal(zmqlog_record_field_count(record), 0);
    assert_true(zmqlog_record_time_ns(record) == ZMQLOG_TIME_NONE);
    zmqlog_record_free(record);
}

TEST(parse__keys_are_unescaped_and_repeats_replace) {
    zmqlog_record *record = new_record();

    set_text(record, "{\"a\\tb\":1,\"msg\":\"one\",\"a\\u0009b\":2,\"msg\":\"two\"}");
    assert_ok(zmqlog_record_parse(record));
    assert_record(record, text, "two");
    assert_int_equal(zmqlog_record_field_count(record), 1);
    assert_field(record, 0, "a\tb", "2");
    zmqlog_record_free(record);
}

TEST(parse__members_of_another_type_become_fields) {
    zmqlog_record *record = new_record();

    set_text(record, "{\"time\":17,\"logger\":null,\"level\":{\"x\":1},\"msg\":\"m\","
                     "\"source\":{\"file\":1},\"seq\":5,\"topic\":[]}");
    assert_ok(zmqlog_record_parse(record));
    assert_int_equal(zmqlog_record_field_count(record), 6);
    assert_field(record, 0, "time", "17");
    assert_field(record, 1, "logger", "null");
    assert_field(record, 2, "level", "{\"x\":1}");
    assert_field(record, 3, "source", "{\"file\":1}");
    assert_field(record, 4, "seq", "5");
    assert_field(record, 5, "topic", "[]");
    assert_int_equal(zmqlog_record_seq(record), 0);
    zmqlog_record_free(record);
}

TEST(parse__leaves_out_keys_that_no_field_can_have) {
    zmqlog_record *record = new_record();
    char text[600], long_key[257] = {0};

    memset(long_key, 'k', sizeof long_key - 1);
    snprintf(text, sizeof text, "{\"\":0,\"msg\":\"m\",\"%s\":1,\"%s\":2,\"last\":3}",
             long_key, long_key + 1);
    set_text(record, text);
    assert_ok(zmqlog_record_parse(record));
    assert_record(record, text, "m");
    assert_int_equal(zmqlog_record_field_count(record), 2);
    assert_field(record, 0, long_key + 1, "2");
    assert_field(record, 1, "last", "3");
    zmqlog_record_free(record);
}

/* Other languages write these, and their readers refuse them. */
TEST(parse__hands_out_no_lone_surrogate) {
    zmqlog_record *record = new_record();

    set_text(
        record,
        "{\"msg\":\"a\\udc00\",\"k\\ud800\":{\"\\uD800\":[\"\\udfff \\ud834\\udd1e\"]},"
        "\"\\\\ud800\":\"\\\\ud800\",\"s\":\"\\udbff\"}");
    assert_ok(zmqlog_record_parse(record));
    assert_record(record, text, "a\xEF\xBF\xBD");
    assert_field(record, 0, "k\xEF\xBF\xBD",
                 "{\"\\ufffd\":[\"\\ufffd \\ud834\\udd1e\"]}");
    assert_field(record, 1, "\\ud800", "\"\\\\ud800\"");
    assert_field(record, 2, "s", "\"\\ufffd\"");
    assert_ok(zmqlog_record_set_field_json(record, "own", "\"\\ud800\"", 8));
    assert_field(record, 3, "own", "\"\\ufffd\"");
    zmqlog_record_free(record);
}

TEST(parse__refuses_everything_else_and_changes_nothing) {
    static const char *const bad[] = {"",
                                      "plain text",
                                      "{}",
                                      "[]",
                                      "17",
                                      "{\"msg\":1}",
                                      "{\"msg\":\"a\"} x",
                                      "{\"msg\":\"a\",}",
                                      "{\"msg\":\"a\"",
                                      "{\"msg\":\"\xff\"}",
                                      "{\"msg\":\"a\nb\"}",
                                      "{\"n\":1}"};
    zmqlog_record *record = new_record();
    size_t i;

    assert_ok(zmqlog_record_set_logger(record, "kept"));
    assert_ok(zmqlog_record_set_field_int(record, "n", 1));
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        set_text(record, bad[i]);
        assert_status(zmqlog_record_parse(record), ZMQLOG_EFORMAT);
        assert_string_not_equal(zmqlog_record_errmsg(record), "");
        assert_string_equal(zmqlog_record_text(record, NULL), bad[i]);
        assert_string_equal(zmqlog_record_logger(record), "kept");
        assert_field(record, 0, "n", "1");
    }
    zmqlog_record_free(record);
}

TEST(parse__too_many_members_are_refused) {
    zmqlog_record *record = new_record();
    size_t count = 20000, len = 0, i;
    char *text = malloc(count * 8 + 32);

    assert_non_null(text);
    len += (size_t)sprintf(text, "{\"msg\":\"a\"");
    for (i = 0; i < count; i++)
        len += (size_t)sprintf(text + len, ",\"k\":1");
    len += (size_t)sprintf(text + len, "}");
    assert_ok(zmqlog_record_set_text(record, text, len));
    assert_status(zmqlog_record_parse(record), ZMQLOG_EFORMAT);
    assert_non_null(strstr(zmqlog_record_errmsg(record), "members"));
    free(text);
    zmqlog_record_free(record);
}
