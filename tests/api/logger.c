/* SPDX-License-Identifier: BSD-3-Clause */
/* Loggers, records with fields and source, the printf-like macros, and how texts
 * are split and cut; seen by a plain SUB and through json bodies. */
#include "support.h"
#include "peer.h"

TEST_LABELS(threads);

typedef struct wire {
    zmqlog_handler *handler;
    peer p;
} wire;

static wire wire_open(const char *style) {
    wire w;
    w.handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_style(w.handler, 0, style));
    assert_ok(zmqlog_handler_set_root_topic(w.handler, "app"));
    assert_ok(zmqlog_handler_set_max_body_bytes(w.handler, 1024));
    assert_ok(zmqlog_handler_bind(w.handler, "tcp://127.0.0.1:*"));
    w.p = peer_listening(w.handler, "");
    return w;
}

static void wire_close(wire *w) {
    peer_close(&w->p);
    zmqlog_handler_free(w->handler);
}

static void assert_has(const char *body, const char *part) {
    if (!strstr(body, part))
        fail_msg("%s\ndoes not contain\n%s", body, part);
}

TEST(log__splits_at_the_first_delimiter_only) {
    wire w = wire_open("plain");
    log_text(w.handler, 20, "a::b::c");
    peer_expect(&w.p, "app.INFO.a", "b::c");
    log_text(w.handler, 20, "::m");
    peer_expect(&w.p, "app.INFO", "m");
    log_text(w.handler, 20, " sp :: m");
    peer_expect(&w.p, "app.INFO. sp ", " m");
    log_text(w.handler, 20, "line\nbreak::m");
    peer_expect(&w.p, "app.INFO", "line\nbreak::m");
    assert_ok(zmqlog_handler_log(w.handler, 20, "a::b\0c", 6));
    peer_expect(&w.p, "app.INFO.a", "b\0c");
    wire_close(&w);
}

TEST(log_topic__never_scans) {
    wire w = wire_open("plain");
    assert_ok(
        zmqlog_handler_log_topic(w.handler, 20, "cpp", 3, "std::vector grew", 16));
    peer_expect(&w.p, "app.INFO.cpp", "std::vector grew");
    assert_ok(zmqlog_handler_log_topic(w.handler, 20, NULL, 0, "fe80::1", 7));
    peer_expect(&w.p, "app.INFO", "fe80::1");
    wire_close(&w);
}

TEST(log__a_delimiter_that_would_make_the_topic_too_long_is_text) {
    wire w = wire_open("plain");
    peer_frames frames;
    char text[300];
    memset(text, 'x', sizeof text);
    memcpy(text + 250, "::", 2);
    assert_ok(zmqlog_handler_log(w.handler, 20, text, sizeof text));
    peer_receive(&w.p, &frames);
    assert_string_equal("app.INFO", frames.topic);
    assert_int_equal(300, frames.body_len);
    /* "app.INFO." and 191 bytes are exactly 200. */
    memcpy(text + 191, "::", 2);
    assert_ok(zmqlog_handler_log(w.handler, 20, text, sizeof text));
    peer_receive(&w.p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES, frames.topic_len);
    assert_int_equal(107, frames.body_len);
    assert_int_equal(0, zmqlog_handler_count(w.handler, ZMQLOG_COUNT_TRUNCATED));
    wire_close(&w);
}

TEST(log_topic__cuts_a_long_subtopic_between_characters) {
    wire w = wire_open("plain");
    peer_frames frames;
    char topic[301];
    for (int i = 0; i < 300; i += 2)
        memcpy(topic + i, "\xc3\xa9", 2);
    assert_ok(zmqlog_handler_log_topic(w.handler, 20, topic, 300, "x", 1));
    peer_receive(&w.p, &frames);
    assert_int_equal(199, frames.topic_len);
    assert_int_equal(1, zmqlog_handler_count(w.handler, ZMQLOG_COUNT_TRUNCATED));
    wire_close(&w);
}

TEST(body__over_the_limit_is_cut_with_a_mark) {
    wire w = wire_open("plain");
    peer_frames frames;
    char text[5000];
    memset(text, 'x', sizeof text);
    assert_ok(zmqlog_handler_log(w.handler, 20, text, sizeof text));
    peer_receive(&w.p, &frames);
    assert_in_range(frames.body_len, 900, 1024);
    assert_int_not_equal('x', frames.body[frames.body_len - 1]);
    assert_ok(zmqlog_handler_set_style(w.handler, 0, "json"));
    assert_ok(zmqlog_handler_log(w.handler, 20, text, sizeof text));
    peer_receive(&w.p, &frames);
    assert_in_range(frames.body_len, 500, 1024);
    assert_int_equal('}', frames.body[frames.body_len - 1]);
    assert_int_equal(2, zmqlog_handler_count(w.handler, ZMQLOG_COUNT_TRUNCATED));
    wire_close(&w);
}

TEST(delimiter__may_be_another_or_none) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_delimiter(handler, " | "));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "");
    log_text(handler, 20, "db | a::b");
    peer_expect(&p, "INFO.db", "a::b");
    peer_close(&p);
    zmqlog_handler_free(handler);
    handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_delimiter(handler, ""));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "");
    log_text(handler, 20, "a::b");
    peer_expect(&p, "INFO", "a::b");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(logger__adds_its_topic_name_and_fields) {
    wire w = wire_open("json");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, "db");
    peer_frames frames;
    assert_ok(zmqlog_logger_set_topic(l, "pool", 4));
    assert_ok(zmqlog_logger_set_field_string(l, "host", "a", 1));
    assert_ok(zmqlog_logger_set_field_int(l, "n", INT64_MAX));
    assert_ok(zmqlog_logger_set_field_bool(l, "up", 1));
    assert_ok(zmqlog_logger_set_field_json(l, "list", "[1, 2]", 6));
    assert_status(zmqlog_logger_set_field_json(l, "x", "[1", 2), ZMQLOG_EFORMAT);
    assert_status(zmqlog_logger_set_field_json(l, "x", NULL, 2), ZMQLOG_EINVAL);
    assert_status(zmqlog_logger_set_field_string(l, "x", NULL, 2), ZMQLOG_EINVAL);
    assert_ok(zmqlog_logger_log(l, 40, "read::down", 10));
    peer_receive(&w.p, &frames);
    assert_string_equal("app.ERROR.pool.read", frames.topic);
    assert_has(frames.body, "\"msg\":\"down\"");
    assert_has(frames.body, "\"logger\":\"db\"");
    assert_has(frames.body, "\"host_\":\"a\"");
    assert_has(frames.body, "\"n\":9223372036854775807");
    assert_has(frames.body, "\"up\":true");
    assert_status(zmqlog_logger_set_topic(l, "late", 4), ZMQLOG_ESTATE);
    assert_status(zmqlog_logger_set_field_int(l, "late", 1), ZMQLOG_ESTATE);
    zmqlog_logger_free(l);
    wire_close(&w);
}

TEST(logger__a_clone_can_be_changed_again) {
    wire w = wire_open("json");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, "db"), *clone;
    peer_frames frames;
    assert_ok(zmqlog_logger_set_field_int(l, "a", 1));
    assert_ok(zmqlog_logger_log(l, 20, "x", 1));
    peer_receive(&w.p, &frames);
    clone = zmqlog_logger_clone(l);
    assert_string_equal("db", zmqlog_logger_name(clone));
    assert_ok(zmqlog_logger_set_topic(clone, "t", 1));
    assert_ok(zmqlog_logger_set_field_int(clone, "a", 2));
    zmqlog_logger_free(l);
    assert_ok(zmqlog_logger_log(clone, 20, "x", 1));
    peer_receive(&w.p, &frames);
    assert_string_equal("app.INFO.t", frames.topic);
    assert_has(frames.body, "\"a\":2");
    zmqlog_logger_free(clone);
    wire_close(&w);
}

TEST(logger__outlives_its_handler) {
    zmqlog_handler *handler = open_handler("app");
    zmqlog_logger *l = zmqlog_logger_new(handler, "x");
    const uint8_t *gate = zmqlog_handler_gate(handler);
    zmqlog_handler_free(handler);
    assert_status(zmqlog_logger_log(l, 20, "x", 1), ZMQLOG_ECLOSED);
    assert_int_equal(0, zmqlog_logger_enabled(l, 20));
    assert_int_equal(1, gate_byte(gate, 20));
    zmqlog_logger_free(l);
}

TEST(logger__of_a_handler_that_was_never_opened_learns_that_it_is_gone) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *l = zmqlog_logger_new(handler, "x");
    assert_ok(zmqlog_handler_set_level(handler, 30));
    assert_status(zmqlog_logger_log(l, 20, "x", 1), ZMQLOG_ESTATE);
    zmqlog_handler_free(handler);
    assert_status(zmqlog_logger_log(l, 20, "x", 1), ZMQLOG_ECLOSED);
    zmqlog_logger_free(l);
}

TEST(logger__has_a_threshold_of_its_own) {
    wire w = wire_open("plain");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, NULL);
    assert_string_equal("", zmqlog_logger_name(l));
    assert_ok(zmqlog_logger_set_level(l, 30));
    assert_int_equal(30, zmqlog_logger_level(l));
    assert_int_equal(0, zmqlog_logger_enabled(l, 20));
    assert_ok(zmqlog_logger_log(l, 20, "low", 3));
    assert_ok(zmqlog_logger_log(l, 30, "high", 4));
    peer_expect(&w.p, "app.WARN", "high");
    assert_ok(zmqlog_logger_set_level(l, 0));
    assert_ok(zmqlog_logger_log(l, 20, "live", 4));
    peer_expect(&w.p, "app.INFO", "live");
    zmqlog_logger_free(l);
    wire_close(&w);
}

TEST(record__with_everything_arrives_as_json) {
    wire w = wire_open("json");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, "svc");
    zmqlog_record *r = zmqlog_record_new();
    peer_frames frames;
    assert_ok(zmqlog_logger_set_topic(l, "net", 3));
    assert_ok(zmqlog_logger_set_field_int(l, "a", 1));
    assert_ok(zmqlog_logger_set_field_int(l, "b", 1));
    assert_ok(zmqlog_record_set_level(r, 50));
    assert_ok(zmqlog_record_set_subtopic(r, "tcp", 3));
    assert_ok(zmqlog_record_set_text(r, "std::bad_alloc", 14));
    assert_ok(zmqlog_record_set_source(r, "/src/net.c", 7, "dial"));
    assert_ok(zmqlog_record_set_time_ns(r, 0));
    assert_ok(zmqlog_record_set_field_int(r, "b", 2));
    assert_ok(zmqlog_record_set_field_double(r, "c", 0.5));
    assert_ok(zmqlog_record_set_field_string(r, "time", "mine", 4));
    assert_ok(zmqlog_logger_log_record(l, r));
    peer_receive(&w.p, &frames);
    assert_string_equal("app.CRITICAL.net.tcp", frames.topic);
    assert_has(frames.body, "\"time\":\"1970-01-01T00:00:00.000000000Z\"");
    assert_has(frames.body, "\"msg\":\"std::bad_alloc\"");
    assert_has(frames.body, "\"a\":1,\"b\":2,\"c\":0.5,\"time_\":\"mine\"");
    assert_has(frames.body, "\"seq\":1,");
    assert_has(frames.body, "\"line\":7");
    assert_ok(zmqlog_record_set_time_ns(r, ZMQLOG_TIME_NONE));
    assert_ok(zmqlog_handler_log_record(w.handler, r));
    peer_receive(&w.p, &frames);
    assert_string_equal("app.CRITICAL.tcp", frames.topic);
    assert_null(strstr(frames.body, "\"time\":"));
    zmqlog_record_free(r);
    zmqlog_logger_free(l);
    wire_close(&w);
}

TEST(macros__format_and_take_the_subtopic_from_the_format) {
    wire w = wire_open("%(filename)s:%(funcName)s %(message)s");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, "c");
    ZMQLOG_INFO(l, "%d rows", 7);
    peer_expect(&w.p, "app.INFO",
                "logger.c:macros__format_and_take_the_subtopic_from_the_format 7 rows");
    ZMQLOG_ERROR(l, "db::%s is down", "a::b");
    peer_expect(
        &w.p, "app.ERROR.db",
        "logger.c:macros__format_and_take_the_subtopic_from_the_format a::b is down");
    ZMQLOG_WARN(l, "%s::x", "arg");
    peer_expect(&w.p, "app.WARN",
                "logger.c:macros__format_and_take_the_subtopic_from_the_format arg::x");
    ZMQLOG_DEBUG(l, "plain");
    ZMQLOG_CRITICAL(l, "%s", "plain");
    zmqlog_logger_free(l);
    wire_close(&w);
}

TEST(macros__log_the_format_of_what_printf_refuses) {
    wire w = wire_open("plain");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, "c");
    const wchar_t text[] = {0xE9, 0}; /* nothing in the C locale */
    errno = ENOTTY;
    ZMQLOG_ERROR(l, "user %ls", text);
    assert_int_equal(errno, ENOTTY);
    peer_expect(&w.p, "app.ERROR", "user %ls");
    ZMQLOG_ERROR(l, "db::user %ls", text);
    peer_expect(&w.p, "app.ERROR.db", "user %ls");
    errno = ENOTTY;
    ZMQLOG_ERROR(l, "user %s", "eve");
    assert_int_equal(errno, ENOTTY);
    peer_expect(&w.p, "app.ERROR", "user eve");
    zmqlog_logger_free(l);
    wire_close(&w);
}

static int evaluated;
static int touch(void) {
    return ++evaluated;
}

TEST(macros__evaluate_nothing_while_nobody_listens) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *l = zmqlog_logger_new(handler, "c");
    assert_ok(zmqlog_handler_set_level(handler, 40));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    ZMQLOG_INFO(l, "%d", touch());
    assert_int_equal(0, evaluated);
    ZMQLOG_ERROR(l, "%d", touch());
    assert_int_equal(1, evaluated);
    zmqlog_logger_free(l);
    zmqlog_handler_free(handler);
}

TEST(macros__long_messages_are_whole) {
    wire w = wire_open("plain");
    zmqlog_logger *l = zmqlog_logger_new(w.handler, "c");
    peer_frames frames;
    ZMQLOG_INFO(l, "%01024d", 7);
    peer_receive(&w.p, &frames);
    assert_int_equal(1024, frames.body_len);
    assert_int_equal('7', frames.body[1023]);
    zmqlog_logger_free(l);
    wire_close(&w);
}

static void log_with_field(zmqlog_handler *handler, const char *text) {
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_record_set_level(record, 20));
    assert_ok(zmqlog_record_set_text(record, text, strlen(text)));
    assert_ok(zmqlog_record_set_field_int(record, "order", 7));
    assert_ok(zmqlog_handler_log_record(handler, record));
    zmqlog_record_free(record);
}

TEST(fields__that_the_style_drops_are_told_of_once) {
    static const char told[] =
        "fields were given that this style does not show: style json or logfmt, or a "
        "format with %(fields)s, does";
    wire w = wire_open("plain");
    log_with_field(w.handler, "first");
    peer_expect(&w.p, "app.INFO", "first");
    peer_expect(&w.p, "app.INFO.zmqlog", told);
    assert_string_equal(told, zmqlog_handler_errmsg(w.handler));
    log_with_field(w.handler, "second");
    peer_expect(&w.p, "app.INFO", "second");
    assert_ok(zmqlog_handler_flush(w.handler, 10000));
    log_text(w.handler, 20, "last");
    peer_expect(&w.p, "app.INFO", "last");
    wire_close(&w);
}

TEST(fields__are_shown_by_logfmt) {
    wire w = wire_open("logfmt");
    log_with_field(w.handler, "paid");
    peer_expect(&w.p, "app.INFO", "paid order=7");
    assert_int_equal(0, zmqlog_handler_count(w.handler, ZMQLOG_COUNT_NOTICES));
    wire_close(&w);
}
