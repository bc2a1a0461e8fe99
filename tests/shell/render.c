/* SPDX-License-Identifier: BSD-3-Clause */
/* How records look: as text, in columns, as JSON and raw. */
#include "render.h"
#include "sink.h"

/* A record `app.INFO.net` or the like; the views point at literals. */
static view make_view(bytes root, const char *level_name, int level, bytes subtopic,
                      bytes topic, bytes text) {
    view seen = {.topic = topic,
                 .root = root,
                 .level_name = bytes_of(level_name),
                 .subtopic = subtopic,
                 .text = text,
                 .level = level,
                 .time_ns = ZMQLOG_TIME_NONE,
                 .received_ns = INT64_C(1790000000123456789)};
    return seen;
}

static view make_info(bytes text) {
    return make_view(B("app"), "INFO", 20, B("net"), B("app.INFO.net"), text);
}

static text_look plain_look(void) {
    text_look look = {.separator = " | "};
    return look;
}

TEST(text__is_topic_separator_message) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_info(B("hello"));
    render_text(&look, out, &seen);
    assert_sink(out, "app.INFO.net | hello\n");
}

TEST(text__leaves_one_final_newline_out) {
    output *out = open_sink();
    text_look look = plain_look();
    view one = make_info(B("a\n")), crlf = make_info(B("b\r\n")),
         two = make_info(B("c\n\n"));
    render_text(&look, out, &one);
    render_text(&look, out, &crlf);
    render_text(&look, out, &two);
    assert_sink(out, "app.INFO.net | a\napp.INFO.net | b\napp.INFO.net | c\n    | \n");
}

TEST(text__shows_a_return_unless_a_newline_follows) {
    output *out = open_sink();
    text_look look = plain_look();
    view end = make_info(B("a\r")), twice = make_info(B("b\r\r\n")),
         between = make_info(B("c\r\nd\re\r"));
    render_text(&look, out, &end);
    render_text(&look, out, &twice);
    render_text(&look, out, &between);
    assert_sink(out, "app.INFO.net | a\\r\napp.INFO.net | b\\r\n"
                     "app.INFO.net | c\n    | d\\re\\r\n");
}

TEST(text__shows_further_lines_behind_a_gutter) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_info(B("boom\n\tat f\n\nend"));
    render_text(&look, out, &seen);
    assert_sink(out, "app.INFO.net | boom\n    | \tat f\n    | \n    | end\n");
}

TEST(text__lets_no_message_begin_a_line) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen =
        make_info(B("x\napp.CRITICAL | forged\r\napp.ERROR | too\x85\xC2\x85y"));
    render_text(&look, out, &seen);
    assert_sink(out, "app.INFO.net | x\n    | app.CRITICAL | forged\n"
                     "    | app.ERROR | too\\x85\\u0085y\n");
}

TEST(text__lets_no_topic_begin_a_line) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_view(B("a\nb | c"), "", 0, B(""), B("a\nb | c"), B("x"));
    render_text(&look, out, &seen);
    assert_sink(out, "a\\nb \\x7c c | x\n");
}

TEST(text__is_never_taken_for_a_gutter) {
    output *out = open_sink();
    text_look look = plain_look();
    view blank = make_view(B("    "), "", 0, B(""), B("    "), B("x"));
    view none = make_view(B(""), "", 0, B(""), B(""), B("y"));
    render_text(&look, out, &blank);
    render_text(&look, out, &none);
    assert_sink(out, "\\x20    | x\n- | y\n");
}

TEST(text__tells_a_blank_from_a_backslash) {
    output *out = open_sink();
    text_look look = plain_look();
    view blank = make_view(B(" a b"), "", 0, B(""), B(" a b"), B("x"));
    view backslash = make_view(B("\\ a b"), "", 0, B(""), B("\\ a b"), B("y"));
    render_text(&look, out, &blank);
    render_text(&look, out, &backslash);
    look.align = 1;
    render_text(&look, out, &backslash);
    render_text(&look, out, &blank);
    assert_sink(out, "\\x20a b | x\n\\ a b | y\n\\ a b | y\n\\x20a b | x\n");
}

TEST(text__colors_the_level_only) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_info(B("INFO"));
    look.colored = 1;
    render_text(&look, out, &seen);
    assert_sink(out, "app.\x1b[32mINFO\x1b[0m.net | INFO\n");
}

TEST(text__colors_a_level_without_root) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_view(B(""), "ERROR", 40, B(""), B("ERROR"), B("x"));
    look.colored = 1;
    render_text(&look, out, &seen);
    assert_sink(out, "\x1b[31mERROR\x1b[0m | x\n");
}

TEST(text__has_no_colors_without_a_level) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_view(B("weather"), "", 0, B(""), B("weather"), B("x"));
    look.colored = 1;
    render_text(&look, out, &seen);
    assert_sink(out, "weather | x\n");
}

static zmqlog_record *make_fields(void) {
    zmqlog_record *record = zmqlog_record_new();

    assert_non_null(record);
    assert_ok(zmqlog_record_set_field_int(record, "pid", 7));
    assert_ok(zmqlog_record_set_field_string(record, "path", "/tmp/x", 6));
    assert_ok(zmqlog_record_set_field_string(record, "why", "no room", 7));
    assert_ok(zmqlog_record_set_field_string(record, "a b", "", 0));
    assert_ok(zmqlog_record_set_field_json(record, "req", "{\"n\":\n[1,2]}", 12));
    assert_ok(zmqlog_record_set_field_string(record, "esc", "\xC2\x9B", 2));
    return record;
}

TEST(text__shows_fields_behind_the_first_line) {
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_info(B("one\ntwo"));
    seen.record = make_fields();
    seen.is_parsed = 1;
    render_text(&look, out, &seen);
    assert_sink(out, "app.INFO.net | one  path=/tmp/x why=\"no room\" \"a b\"=\"\" "
                     "req={\"n\":[1,2]} esc=\\u009b\n    | two\n");
    zmqlog_record_free((zmqlog_record *)seen.record);
}

TEST(text__shows_fields_of_several_lines_below) {
    static const char trace[] = "Traceback:\r\n\tin \"f\" \\n\x1b\xC2\x9B\n\nend\n";
    output *out = open_sink();
    text_look look = plain_look();
    view seen = make_info(B("boom\nagain"));
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_record_set_field_string(record, "exc", trace, sizeof trace - 1));
    assert_ok(zmqlog_record_set_field_string(record, "one", "line\n", 5));
    assert_ok(zmqlog_record_set_field_string(record, "path", "c:\\new\\n", 8));
    seen.record = record;
    seen.is_parsed = 1;
    render_text(&look, out, &seen);
    assert_sink(out, "app.INFO.net | boom  one=\"line\\n\" path=\"c:\\\\new\\\\n\"\n"
                     "    | again\n    | exc: Traceback:\n    | \tin \"f\" "
                     "\\n\\u001b\\u009b\n    | \n    | end\n");
    zmqlog_record_free(record);
}

TEST(columns__grow_and_never_shrink) {
    output *out = open_sink();
    render_widths widths = {0};
    view first = make_view(B("app"), "WARNING", 30, B(""), B("app.WARNING"), B(""));
    view second = make_view(B("b"), "INFO", 20, B("db"), B("b.INFO.db"), B(""));
    view third = make_view(B(""), "INFO", 20, B(""), B("INFO"), B(""));
    render_aligned(&widths, out, &first, 0);
    output_put_char(out, '\n');
    render_aligned(&widths, out, &second, 0);
    output_put_char(out, '\n');
    render_aligned(&widths, out, &third, 0);
    output_put_char(out, '\n');
    assert_sink(out, "app WARNING \nb   INFO     db\n    INFO       \n");
}

TEST(columns__pad_behind_the_color) {
    output *out = open_sink();
    render_widths widths = {.level = 7};
    view seen = make_view(B(""), "INFO", 20, B("x"), B("INFO.x"), B(""));
    render_aligned(&widths, out, &seen, 1);
    assert_sink(out, "\x1b[32mINFO\x1b[0m     x");
}

TEST(columns__count_characters) {
    output *out = open_sink();
    render_widths widths = {.root = 4};
    view seen = make_view(B("ü"), "INFO", 20, B(""), B("ü.INFO"), B(""));
    render_aligned(&widths, out, &seen, 0);
    assert_sink(out, "ü    INFO    ");
}

TEST(columns__are_not_pushed_off_by_one_topic) {
    output *out = open_sink();
    render_widths widths = {0};
    char longest[500];
    view seen;
    memset(longest, 'x', sizeof longest);
    seen = make_view(bytes_make(longest, sizeof longest), "", 0, B(""),
                     bytes_make(longest, sizeof longest), B(""));
    render_aligned(&widths, out, &seen, 0);
    assert_int_equal(out->len, sizeof longest);
    assert_true(widths.root < 100);
}

TEST(raw__changes_nothing) {
    output *out = open_sink();
    render_raw("\t", out, B("a.INFO"), B("\x1b\xFF\0\nz\n"));
    assert_sink(out, "a.INFO\t\x1b\xFF\0\nz\n\n");
}

TEST(json__has_all_keys_in_order) {
    output *out = open_sink();
    json_look look;
    view seen = make_info(B("a \"b\"\n"));
    render_json_init(&look);
    render_json(&look, out, &seen);
    assert_sink(out,
                "{\"time\":null,\"received\":\"2026-09-21T14:13:20.123456789Z\","
                "\"level\":\"INFO\",\"levelno\":20,\"topic\":\"app.INFO.net\","
                "\"root\":\"app\",\"subtopic\":\"net\",\"msg\":\"a \\\"b\\\"\\n\"}\n");
}

TEST(json__is_valid_and_harmless_for_any_bytes) {
    output *out = open_sink();
    json_look look;
    view seen = make_view(B("t"), "", 0, B(""), B("t"),
                          B("\x1b\x7f\xFF\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\\"
                            "\xF3\xA0\x80\x81"));
    seen.lost = 3;
    seen.time_ns = -1;
    render_json_init(&look);
    render_json(&look, out, &seen);
    assert_sink(out,
                "{\"time\":\"1969-12-31T23:59:59.999999999Z\","
                "\"received\":\"2026-09-21T14:13:20.123456789Z\",\"level\":null,"
                "\"levelno\":null,\"topic\":\"t\",\"root\":\"t\",\"subtopic\":\"\","
                "\"msg\":\"\\u001b\\u007f\xEF\xBF\xBD\\u009b\\u202e\\u2028\\\\"
                "\\udb40\\udc01\","
                "\"invalid_utf8\":true,\"lost\":3}\n");
}

TEST(json__shows_what_a_parsed_body_tells) {
    output *out = open_sink();
    json_look look;
    view seen = make_info(B("m"));
    zmqlog_record *record = make_fields();
    assert_ok(zmqlog_record_set_logger(record, "l"));
    assert_ok(zmqlog_record_set_source(record, "a.c", 3, "main"));
    seen.record = record;
    seen.is_parsed = 1;
    render_json_init(&look);
    render_json(&look, out, &seen);
    out->data[out->len] = '\0';
    assert_non_null(strstr(out->data, "\"msg\":\"m\",\"logger\":\"l\",\"source\":{"
                                      "\"file\":\"a.c\",\"line\":3,\"function\":"
                                      "\"main\"},\"fields\":{\"pid\":7,\"path\":"
                                      "\"/tmp/x\",\"why\":\"no room\",\"a b\":\"\","
                                      "\"req\":{\"n\":[1,2]},\"esc\":\"\\u009b\"}}\n"));
    zmqlog_record_free(record);
}
