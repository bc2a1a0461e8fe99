/* SPDX-License-Identifier: BSD-3-Clause */
/* The style logfmt: the message, then the fields, quoted so that each value is read
 * back as what it was. */
#include "view.h"

static zl_span packed(zl_fields *fields) {
    return zl_buffer_span(&fields->packed);
}

static void assert_field(const char *key, const char *json, const char *wanted) {
    zl_view view = bare_view("m");
    zl_buffer out = ZL_BUFFER_INIT;
    zl_fields fields;
    zl_fields_init(&fields);
    assert_ok(zl_fields_set_json(&fields, NULL, key, json, strlen(json)));
    view.fields = packed(&fields);
    assert_false(render_style("logfmt", NULL, &view, NO_LIMIT, &out));
    zl_buffer_put(&out, "", 1);
    assert_string_equal(out.data, wanted);
    zl_buffer_free(&out);
    zl_fields_free(&fields);
}

TEST(logfmt__is_the_message_then_the_fields_in_their_order) {
    zl_view view = full_view();
    zl_fields fields;
    zl_fields_init(&fields);
    assert_ok(zl_fields_set_int(&fields, NULL, "status", 200));
    assert_ok(zl_fields_set_string(&fields, NULL, "site", "shop", 4));
    assert_ok(zl_fields_set_bool(&fields, NULL, "ok", 1));
    view.fields = packed(&fields);
    assert_rendered("logfmt", &view, "hello there status=200 site=shop ok=true");
    zl_fields_free(&fields);
}

TEST(logfmt__without_fields_is_the_message) {
    zl_view view = bare_view("a b\n\x01");
    assert_rendered("logfmt", &view, "a b\n\x01");
}

TEST(logfmt__has_no_blank_before_the_first_field_of_an_empty_message) {
    zl_view view = bare_view("");
    zl_fields fields;
    zl_fields_init(&fields);
    assert_ok(zl_fields_set_int(&fields, NULL, "a", 1));
    view.fields = packed(&fields);
    assert_rendered("logfmt", &view, "a=1");
    zl_fields_free(&fields);
}

TEST(logfmt__quotes_texts_that_would_end_early) {
    assert_field("k", "\"a b\"", "m k=\"a b\"");
    assert_field("k", "\"a=b\"", "m k=\"a=b\"");
    assert_field("k", "\"say \\\"x\\\"\"", "m k=\"say \\\"x\\\"\"");
    assert_field("k", "\"two\\nlines\"", "m k=\"two\\nlines\"");
    assert_field("k", "\"\"", "m k=\"\"");
    assert_field("k", "\"\xC3\xBC\"", "m k=\xC3\xBC");
}

TEST(logfmt__quotes_texts_that_would_be_read_as_another_value) {
    assert_field("k", "\"5\"", "m k=\"5\"");
    assert_field("k", "5", "m k=5");
    assert_field("k", "\"-1.5e3\"", "m k=\"-1.5e3\"");
    assert_field("k", "\"true\"", "m k=\"true\"");
    assert_field("k", "true", "m k=true");
    assert_field("k", "\"null\"", "m k=\"null\"");
    assert_field("k", "null", "m k=null");
    assert_field("k", "\"truth\"", "m k=truth");
    assert_field("k", "\"[x]\"", "m k=\"[x]\"");
}

TEST(logfmt__shows_objects_and_lists_in_one_piece) {
    assert_field("k", "{\"a\": \"b c\"}", "m k=\"{\\\"a\\\":\\\"b c\\\"}\"");
    assert_field("k", "[1, 2]", "m k=[1,2]");
    assert_field("k", "{}", "m k={}");
}

TEST(logfmt__quotes_keys_that_would_end_early) {
    assert_field("a b", "1", "m \"a b\"=1");
    assert_field("a=b", "1", "m \"a=b\"=1");
    assert_field("\"", "1", "m \"\\\"\"=1");
    assert_field("level", "1", "m level=1");
}

TEST(logfmt__is_cut_with_a_mark) {
    zl_view view = bare_view("hello");
    zl_fields fields;
    zl_buffer out = ZL_BUFFER_INIT;
    char large[500];
    memset(large, 'x', sizeof large);
    zl_fields_init(&fields);
    assert_ok(zl_fields_set_string(&fields, NULL, "k", large, sizeof large));
    view.fields = packed(&fields);
    assert_true(render_style("logfmt", NULL, &view, 256, &out));
    assert_in_range(out.len, 200, 256);
    assert_memory_equal(out.data, "hello k=xxx", 11);
    zl_buffer_free(&out);
    zl_fields_free(&fields);
}

TEST(format__tells_whether_fields_are_shown) {
    static const struct {
        const char *style;
        int shown;
    } cases[] = {{"plain", 0},  {"pyzmq", 0},       {"json", 1},
                 {"logfmt", 1}, {"%(message)s", 0}, {"%(fields)s", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zl_format *format;
        assert_ok(zl_format_compile(&format, NULL, 20, cases[i].style, NULL));
        assert_int_equal(cases[i].shown, zl_format_shows_fields(format));
        zl_format_free(format);
    }
}
