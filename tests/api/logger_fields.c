/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields of one log call: the macros ZMQLOG_..._F and the function behind them, seen
 * through bodies of style logfmt, which shows fields in their order. */
#include "support.h"
#include "peer.h"

#include <math.h>

typedef struct wire {
    zmqlog_handler *handler;
    zmqlog_logger *logger;
    peer p;
} wire;

static wire wire_open(const char *style) {
    wire w;
    w.handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_style(w.handler, 0, style));
    assert_ok(zmqlog_handler_set_root_topic(w.handler, "app"));
    assert_ok(zmqlog_handler_bind(w.handler, "tcp://127.0.0.1:*"));
    w.logger = zmqlog_logger_new(w.handler, "shop");
    w.p = peer_listening(w.handler, "");
    return w;
}

static void wire_close(wire *w) {
    peer_close(&w->p);
    zmqlog_logger_free(w->logger);
    zmqlog_handler_free(w->handler);
}

TEST(macros__show_message_and_fields_in_their_order) {
    const char *site = "example.org";
    wire w = wire_open("logfmt");
    ZMQLOG_INFO_F(w.logger, "order %d paid", 7, ZF_INT("order", 7),
                  ZF_STR("site", site));
    peer_expect(&w.p, "app.INFO", "order 7 paid order=7 site=example.org");
    ZMQLOG_DEBUG_F(w.logger, "d", ZF_BOOL("yes", 7), ZF_BOOL("no", site == NULL));
    peer_expect(&w.p, "app.DEBUG", "d yes=true no=false");
    ZMQLOG_WARN_F(w.logger, "w", ZF_UINT("most", UINT64_MAX),
                  ZF_INT("least", INT64_MIN));
    peer_expect(&w.p, "app.WARN",
                "w most=18446744073709551615 least=-9223372036854775808");
    ZMQLOG_ERROR_F(w.logger, "e", ZF_DOUBLE("half", 0.5), ZF_DOUBLE("none", NAN));
    peer_expect(&w.p, "app.ERROR", "e half=0.5 none=null");
    ZMQLOG_CRITICAL_F(w.logger, "c", ZF_STR("null", NULL), ZF_STRN("bytes", "abc", 2),
                      ZF_JSON("list", "[1, 2]"));
    peer_expect(&w.p, "app.CRITICAL", "c null=null bytes=ab list=[1,2]");
    ZMQLOG_LOG_F(w.logger, 25, "no field");
    peer_expect(&w.p, "app.L25", "no field");
    wire_close(&w);
}

TEST(macros__with_fields_take_the_subtopic_from_the_format) {
    wire w = wire_open("logfmt");
    ZMQLOG_INFO_F(w.logger, "db::%s is down", "a::b", ZF_INT("try", 2));
    peer_expect(&w.p, "app.INFO.db", "a::b is down try=2");
    wire_close(&w);
}

TEST(macros__with_fields_tell_their_source) {
    wire w = wire_open("%(filename)s:%(funcName)s %(message)s");
    ZMQLOG_INFO_F(w.logger, "here");
    peer_expect(&w.p, "app.INFO",
                "logger_fields.c:macros__with_fields_tell_their_source here");
    wire_close(&w);
}

static int evaluated;
static int touch(void) {
    return ++evaluated;
}

TEST(macros__with_fields_evaluate_each_argument_once_and_only_for_a_listener) {
    wire w = wire_open("logfmt");
    assert_ok(zmqlog_handler_set_level(w.handler, 40));
    ZMQLOG_INFO_F(w.logger, "%d", touch(), ZF_INT("n", touch()));
    assert_int_equal(0, evaluated);
    ZMQLOG_ERROR_F(w.logger, "once", ZF_INT("n", touch()));
    peer_expect(&w.p, "app.ERROR", "once n=1");
    assert_int_equal(1, evaluated);
    wire_close(&w);
}

TEST(macros__tell_how_many_fields_had_no_room) {
    wire w = wire_open("json");
    peer_frames frames;
#define FOUR ZF_INT("k", 1), ZF_INT("l", 2), ZF_INT("m", 3), ZF_INT("n", 4)
    ZMQLOG_INFO_F(w.logger, "many", FOUR, FOUR, FOUR, FOUR, FOUR, FOUR, FOUR, FOUR,
                  FOUR, ZF_STR("last", ""));
    peer_receive(&w.p, &frames);
    assert_non_null(strstr(frames.body, "\"!LEFTOUT\":5"));
    wire_close(&w);
}

static zmqlog_status log_fields(wire *w, const zmqlog_field *fields, size_t count) {
    return zmqlog_logger_log_fields(w->logger, 20, NULL, 0, NULL, NULL, 0, "m", 1,
                                    fields, count);
}

TEST(log_fields__a_field_that_is_refused_says_why_and_costs_no_other) {
    const zmqlog_field fields[] = {
        {.kind = ZMQLOG_FIELD_INT, .key = "", .number = 1},
        {.kind = ZMQLOG_FIELD_JSON, .key = "json", .text = "{", .text_len = 1},
        {.kind = ZMQLOG_FIELD_STRING, .key = "null", .text_len = 1},
        {.kind = ZMQLOG_FIELD_JSON + 1, .key = "kind"},
        {.kind = ZMQLOG_FIELD_INT, .key = "good", .number = 5},
    };
    wire w = wire_open("logfmt");
    assert_ok(log_fields(&w, fields, 5));
    peer_expect(&w.p, "app.INFO",
                "m !BADKEY=\"(field key: empty)\" json=\"(field 'json': not JSON at "
                "offset 1)\" null=\"(field value: NULL but has a length)\" "
                "kind=\"(field kind: 7, it must be 1 to 6)\" good=5");
    wire_close(&w);
}

TEST(log_fields__go_over_those_of_the_logger) {
    const zmqlog_field fields[] = {
        {.kind = ZMQLOG_FIELD_INT, .key = "b", .number = 2},
        {.kind = ZMQLOG_FIELD_INT, .key = "c", .number = 3},
    };
    wire w = wire_open("logfmt");
    assert_ok(zmqlog_logger_set_field_int(w.logger, "a", 1));
    assert_ok(zmqlog_logger_set_field_int(w.logger, "b", 1));
    assert_ok(log_fields(&w, fields, 2));
    peer_expect(&w.p, "app.INFO", "m a=1 b=2 c=3");
    wire_close(&w);
}

TEST(log_fields__of_any_length_arrive_whole) {
    static char text[20000];
    zmqlog_field field = {.kind = ZMQLOG_FIELD_STRING,
                          .key = "long",
                          .text = text,
                          .text_len = sizeof text};
    wire w = wire_open("logfmt");
    peer_frames frames;
    memset(text, 'x', sizeof text);
    assert_ok(log_fields(&w, &field, 1));
    peer_receive(&w.p, &frames);
    assert_int_equal(strlen("m long=") + sizeof text, frames.body_len);
    wire_close(&w);
}

TEST(log_fields__refuses_bad_arguments) {
    wire w = wire_open("logfmt");
    zmqlog_logger *l = w.logger;
    assert_status(log_fields(&w, NULL, 1), ZMQLOG_EINVAL);
    assert_status(
        zmqlog_logger_log_fields(l, 20, NULL, 0, NULL, NULL, 1, "m", 1, NULL, 0),
        ZMQLOG_EINVAL);
    assert_status(
        zmqlog_logger_log_fields(l, 0, NULL, 0, NULL, NULL, 0, "m", 1, NULL, 0),
        ZMQLOG_EINVAL);
    assert_status(
        zmqlog_logger_log_fields(NULL, 20, NULL, 0, NULL, NULL, 0, "m", 1, NULL, 0),
        ZMQLOG_EINVAL);
    assert_int_equal(3, zmqlog_handler_count(w.handler, ZMQLOG_COUNT_REFUSED));
    wire_close(&w);
}

TEST(clone__takes_fields_of_every_kind) {
    wire w = wire_open("logfmt");
    zmqlog_logger *request;
    assert_ok(zmqlog_logger_set_field_int(w.logger, "a", 1));
    ZMQLOG_CLONE_F(&request, w.logger, ZF_STR("id", "r-17"), ZF_UINT("u", UINT64_MAX),
                   ZF_INT("i", -1), ZF_DOUBLE("d", 0.5), ZF_BOOL("b", 1),
                   ZF_JSON("j", "[]"));
    ZMQLOG_INFO_F(request, "m", ZF_INT("own", 1));
    peer_expect(&w.p, "app.INFO",
                "m a=1 id=r-17 u=18446744073709551615 i=-1 d=0.5 b=true j=[] own=1");
    ZMQLOG_INFO(w.logger, "untouched");
    peer_expect(&w.p, "app.INFO", "untouched a=1");
    zmqlog_logger_free(request);
    wire_close(&w);
}

TEST(clone__says_why_a_field_was_refused) {
    wire w = wire_open("logfmt");
    zmqlog_logger *request;
    ZMQLOG_CLONE_F(&request, w.logger, ZF_JSON("j", "{"), ZF_INT("", 1));
    ZMQLOG_INFO(request, "m");
    peer_expect(&w.p, "app.INFO",
                "m j=\"(field 'j': not JSON at offset 1)\" "
                "!BADKEY=\"(field key: empty)\"");
    zmqlog_logger_free(request);
    ZMQLOG_CLONE_F(&request, (zmqlog_logger *)NULL, ZF_INT("i", 1));
    assert_null(request);
    wire_close(&w);
}
