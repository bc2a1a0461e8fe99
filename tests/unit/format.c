/* SPDX-License-Identifier: BSD-3-Clause */
/* Styles and %-formats. That %-formats are Python's is shown by comparing them
 * with Python itself; here stands what it has no opinion on. */
#include "view.h"

#include <time.h>

TEST(plain__is_the_text_whatever_it_holds) {
    zl_view view = full_view();
    view.text = zl_span_make("a%s\0\xFFz\n", 7);
    assert_rendered("plain", &view, "a%s\0\xFFz\n");
    view.text = zl_span_make(NULL, 0);
    assert_rendered("plain", &view, "");
}

TEST(plain__alone_needs_no_rendering) {
    static const char *const styles[] = {"plain", "json", "pyzmq", "%(message)s"};
    for (int i = 0; i < 4; i++) {
        zl_format *format;
        assert_ok(zl_format_compile(&format, NULL, 20, styles[i], NULL));
        assert_int_equal(zl_format_is_plain(format), i == 0);
        zl_format_free(format);
    }
}

TEST(pyzmq__has_a_body_for_each_level) {
    zl_view view = full_view();
    view.level = 10;
    assert_rendered("pyzmq", &view, "INFO main.tar.c:42 - hello there\n");
    view.level = 20;
    assert_rendered("pyzmq", &view, "hello there\n");
    view.level = 30;
    assert_rendered("pyzmq", &view, "INFO main.tar.c:42 - hello there\n");
    view.level = 40;
    assert_rendered("pyzmq", &view, "INFO main.tar.c:42 - hello there - None\n");
    view.level = 50;
    assert_rendered("pyzmq", &view, "INFO main.tar.c:42 - hello there\n");
    view.level = 25;
    assert_rendered("pyzmq", &view, "INFO main.tar.c:42 - hello there\n");
}

TEST(format__shows_every_attribute) {
    zl_view view = full_view();
    zl_fields fields;
    zl_fields_init(&fields);
    assert_ok(zl_fields_set_int(&fields, NULL, "user", 42));
    assert_ok(zl_fields_set_string(&fields, NULL, "path", "/a b", 4));
    view.fields = zl_buffer_span(&fields.packed);
    assert_rendered("%(message)s|%(levelname)s|%(levelno)d|%(name)s", &view,
                    "hello there|INFO|20|svc.db");
    assert_rendered("%(filename)s|%(pathname)s|%(module)s|%(lineno)d|%(funcName)s",
                    &view, "main.tar.c|/srv/app/main.tar.c|main.tar|42|serve");
    assert_rendered("%(process)d|%(processName)s|%(thread)d|%(threadName)s", &view,
                    "4711|MainProcess|140737353|worker-1");
    assert_rendered("%(created)f|%(msecs)03d|%(relativeCreated)d|%(exc_info)s", &view,
                    "1795326491.123457|123|1000|None");
    assert_rendered("%(topic)s|%(subtopic)s|%(root)s|%(hostname)s|%(seq)d|%(fields)s",
                    &view, "app.INFO.net.tcp|net.tcp|app|web1|7|user=42 path=\"/a b\"");
    zl_fields_free(&fields);
}

TEST(format__shows_what_python_shows_when_unknown) {
    zl_view view = bare_view("m");
    setenv("TZ", "UTC", 1);
    tzset();
    assert_rendered(
        "%(name)s|%(pathname)s|%(filename)s|%(module)s|%(lineno)d|%(funcName)s", &view,
        "root|(unknown file)|(unknown file)|Unknown module|0|"
        "(unknown function)");
    assert_rendered("%(threadName)s|%(created)s|%(asctime)s|%(fields)s|", &view,
                    "MainThread|0.0|1970-01-01 00:00:00,000||");
}

TEST(format__counts_characters_and_takes_bad_bytes_for_one_each) {
    zl_view view = bare_view("\xC3\xA9\xE6\x97\xA5\xF0\x9D\x84\x9Ez");
    assert_rendered("%(message)6s|%(message)-5s|%(message).2s", &view,
                    "  \xC3\xA9\xE6\x97\xA5\xF0\x9D\x84\x9Ez|"
                    "\xC3\xA9\xE6\x97\xA5\xF0\x9D\x84\x9Ez |\xC3\xA9\xE6\x97\xA5");
    view.text = zl_span_of("\xFF\xFEz");
    assert_rendered("%(message)4s|%(message).1s", &view, " \xFF\xFEz|\xFF");
    assert_rendered("%(message)r %(message)a", &view,
                    "'\\udcff\\udcfez' '\\udcff\\udcfez'");
}

TEST(format__shows_no_character_that_utf8_has_not) {
    zl_view view = bare_view("m");
    view.line = 0xD800;
    assert_rendered("%(lineno)c", &view, "\xEF\xBF\xBD");
    view.line = 0x110000;
    assert_rendered("%(lineno)c", &view, "\xEF\xBF\xBD");
    view.line = -1;
    assert_rendered("%(lineno)3c", &view, "  \xEF\xBF\xBD");
}

TEST(time_format__is_strftime_in_local_time) {
    zl_view view = full_view();
    zl_buffer out = ZL_BUFFER_INIT;
    setenv("TZ", "IST-05:30", 1);
    tzset();
    render_style("%(asctime)s|", "%Y-%m-%dT%H:%M:%S%z", &view, NO_LIMIT, &out);
    render_style("%(asctime)s|", NULL, &view, NO_LIMIT, &out);
    render_style("%(asctime)s|", "", &view, NO_LIMIT, &out);
    assert_bytes(out.data, out.len,
                 "2026-11-22T11:18:11+0530|2026-11-22 11:18:11,123|"
                 "2026-11-22 11:18:11,123|");
    zl_buffer_free(&out);
}

TEST(time_format__may_be_longer_than_any_buffer) {
    zl_view view = full_view();
    zl_buffer out = ZL_BUFFER_INIT;
    render_style("%(asctime)s", "%500d", &view, NO_LIMIT, &out);
    assert_int_equal(out.len, 500);
    zl_buffer_reset(&out);
    render_style("<%(asctime)s>", "%9999d", &view, NO_LIMIT, &out);
    assert_bytes(out.data, out.len, "<>");
    zl_buffer_free(&out);
}

TEST(asctime__follows_every_second) {
    zl_view view = full_view();
    zl_buffer out = ZL_BUFFER_INIT;
    zl_format *format;
    static const int64_t steps[] = {0,        876000000,  1000000,
                                    -1000000, 1000000000, -1000000000};
    setenv("TZ", "UTC", 1);
    tzset();
    assert_ok(zl_format_compile(&format, NULL, 20, "%(asctime)s;", NULL));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        view.time_ns += steps[i];
        zl_format_render(format, &view, NO_LIMIT, &out);
    }
    assert_bytes(out.data, out.len,
                 "2026-11-22 05:48:11,123;2026-11-22 05:48:11,999;"
                 "2026-11-22 05:48:12,000;2026-11-22 05:48:11,999;"
                 "2026-11-22 05:48:12,999;2026-11-22 05:48:11,999;");
    zl_buffer_free(&out);
    zl_format_free(format);
}

TEST(format__says_what_it_needs) {
    static const struct {
        const char *style;
        unsigned needs;
    } cases[] = {
        {"plain", 0},
        {"json", ZL_NEEDS_TIME},
        {"pyzmq", 0},
        {"%(asctime)s", ZL_NEEDS_TIME},
        {"%(created)f", ZL_NEEDS_TIME},
        {"%(msecs)d", ZL_NEEDS_TIME},
        {"%(relativeCreated)d", ZL_NEEDS_TIME},
        {"%(thread)d", ZL_NEEDS_THREAD},
        {"%(threadName)s", 0},
        {"%(thread)d %(asctime)s", ZL_NEEDS_TIME | ZL_NEEDS_THREAD},
        {"%(message)s %%(asctime)s", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zl_format *format;
        assert_ok(zl_format_compile(&format, NULL, 20, cases[i].style, NULL));
        assert_int_equal(zl_format_needs(format), cases[i].needs);
        zl_format_free(format);
    }
}

TEST(format__that_is_bad_is_refused_with_its_offset) {
    static const struct {
        const char *style;
        const char *detail;
    } cases[] = {
        {"ab %(no)s", "set_style: unknown attribute 'no' at offset 5"},
        {"%(message", "set_style: no ) for the ( at offset 1"},
        {"%(message)", "set_style: incomplete conversion at offset 10"},
        {"%(message)-5", "set_style: incomplete conversion at offset 12"},
        {"%(message)s %", "set_style: incomplete conversion at offset 13"},
        {"%(message)y", "set_style: unknown conversion at offset 10"},
        {"%(message)5%", "set_style: unknown conversion at offset 11"},
        {"%(message)d",
         "set_style: message does not take the conversion d at offset 10"},
        {"%(message)c",
         "set_style: message does not take the conversion c at offset 10"},
        {"%(created)x",
         "set_style: created does not take the conversion x at offset 10"},
        {"%(exc_info)d",
         "set_style: exc_info does not take the conversion d at offset 11"},
        {"%s %(message)s", "set_style: conversion without a (name) at offset 1"},
        {"%(lineno)*d",
         "set_style: width or precision * needs an argument at offset 9"},
        {"%(created).*f",
         "set_style: width or precision * needs an argument at offset 11"},
        {"%(lineno)65536d", "set_style: number over 65535 at offset 9"},
        {"%(lineno).99999999999999999999d",
         "set_style: number over 65535 at offset 10"},
        {"100%%", "set_style: no %(name) conversion up to the end at offset 5"},
        {"%(message).s", "set_style: no %(name) conversion up to the end at offset 12"},
        {"\xC3%(message)s", "set_style: not UTF-8 at offset 0"},
        {"%(message)s \xE6\x97", "set_style: not UTF-8 at offset 12"},
    };
    zl_errors errors;
    zl_errors_init(&errors);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zl_format *format;
        assert_status(zl_format_compile(&format, &errors, 20, cases[i].style, NULL),
                      ZMQLOG_EFORMAT);
        assert_null(format);
        assert_string_equal(zl_errors_last(&errors), cases[i].detail);
    }
    zl_errors_destroy(&errors);
}

TEST(style__without_percent_must_be_a_known_name) {
    static const char *const styles[] = {"", "JSON", "plain ", "xml", NULL};
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        zl_format *format;
        assert_status(zl_format_compile(&format, NULL, 20, styles[i], NULL),
                      ZMQLOG_EINVAL);
        assert_null(format);
    }
    zl_format_free(NULL);
}

/* Cuts a text that has no dot; answers how many of its bytes stand before the
 * mark. */
static size_t check_cut(const char *style, const char *text, size_t max) {
    zl_view view = bare_view(text);
    zl_buffer out = ZL_BUFFER_INIT;
    char mark[ZL_CUT_MARK_BYTES];
    size_t kept, mark_len;

    zl_buffer_put_text(&out, "before");
    assert_int_equal(render_style(style, NULL, &view, max, &out), 1);
    assert_in_range(out.len, 6, 6 + max);
    assert_memory_equal(out.data, "before", 6);
    kept = strcspn(zl_buffer_text(&out), ".") - 6;
    assert_memory_equal(out.data + 6, text, kept);
    mark_len = zl_format_cut_mark(mark, strlen(text) - kept);
    assert_int_equal(out.len, 6 + kept + mark_len);
    assert_memory_equal(out.data + 6 + kept, mark, mark_len);
    zl_buffer_free(&out);
    return kept;
}

TEST(long_body__is_cut_with_a_mark_that_counts) {
    static const char mark[] = "... [900 bytes cut]";
    char text[1001];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(check_cut("plain", text, 100 + sizeof mark - 1), 100);
    assert_int_equal(check_cut("%(message)s", text, 100 + sizeof mark - 1), 100);
    /* One byte less in all: one less is kept, and the mark says so. */
    assert_int_equal(check_cut("plain", text, 99 + sizeof mark - 1), 99);
    for (size_t max = 40; max < 1000; max++)
        assert_true(check_cut("plain", text, max) >= max - 20);
}

TEST(long_body__is_cut_between_characters) {
    char text[301];
    for (size_t i = 0; i < 300; i += 3)
        memcpy(text + i, "\xE6\x97\xA5", 3);
    text[300] = '\0';
    for (size_t max = 30; max < 300; max++)
        assert_int_equal(check_cut("plain", text, max) % 3, 0);
}

TEST(body__of_just_the_limit_is_whole) {
    zl_view view = bare_view("0123456789");
    zl_buffer out = ZL_BUFFER_INIT;
    assert_int_equal(render_style("plain", NULL, &view, 10, &out), 0);
    assert_bytes(out.data, out.len, "0123456789");
    zl_buffer_free(&out);
}

TEST(body__with_no_room_for_the_mark_is_cut_without) {
    zl_view view = bare_view("\xE6\x97\xA5\xE6\x97\xA5"
                             "abcdefghijklmnopqrstuvwxyz");
    zl_buffer out = ZL_BUFFER_INIT;
    assert_int_equal(render_style("plain", NULL, &view, 5, &out), 1);
    assert_bytes(out.data, out.len, "\xE6\x97\xA5");
    zl_buffer_reset(&out);
    assert_int_equal(render_style("plain", NULL, &view, 0, &out), 1);
    assert_int_equal(out.len, 0);
    zl_buffer_free(&out);
}
