/* SPDX-License-Identifier: BSD-3-Clause */
/* The style json: its exact bytes, that it is valid for anything, and what goes
 * when there is too much. */
#include "view.h"

#include "base/json.h"

TEST(json__shows_all_that_is_known) {
    zl_view view = full_view();
    zl_fields fields;
    zl_fields_init(&fields);
    assert_ok(zl_fields_set_int(&fields, NULL, "user", 42));
    assert_ok(zl_fields_set_json(&fields, NULL, "req", "{\"id\": [1]}", 11));
    view.fields = zl_buffer_span(&fields.packed);
    assert_rendered(
        "json", &view,
        "{\"time\":\"2026-11-22T05:48:11.123456789Z\",\"level\":\"INFO\","
        "\"logger\":\"svc.db\",\"topic\":\"app.INFO.net.tcp\",\"msg\":\"hello there\","
        "\"source\":{\"file\":\"/srv/app/"
        "main.tar.c\",\"line\":42,\"function\":\"serve\"},"
        "\"seq\":7,\"epoch\":\"0123456789abcdef\",\"pid\":4711,\"host\":\"web1\","
        "\"user\":42,\"req\":{\"id\":[1]}}");
    zl_fields_free(&fields);
}

TEST(json__leaves_out_what_is_unknown) {
    zl_view view = bare_view("m");
    assert_rendered("json", &view,
                    "{\"level\":\"INFO\",\"topic\":\"\",\"msg\":\"m\",\"seq\":0,"
                    "\"epoch\":\"0000000000000000\",\"pid\":0}");
    view.line = 3;
    assert_rendered("json", &view,
                    "{\"level\":\"INFO\",\"topic\":\"\",\"msg\":\"m\","
                    "\"source\":{\"line\":3},\"seq\":0,"
                    "\"epoch\":\"0000000000000000\",\"pid\":0}");
    view.line = 0;
    view.function = zl_span_of("f");
    assert_rendered("json", &view,
                    "{\"level\":\"INFO\",\"topic\":\"\",\"msg\":\"m\","
                    "\"source\":{\"function\":\"f\"},\"seq\":0,"
                    "\"epoch\":\"0000000000000000\",\"pid\":0}");
}

/* The raw value of one key of the object; fails when it is no object. */
static int find_member(zl_span object, const char *key, zl_span *value) {
    zl_json_members it;
    zl_span name, content;
    int found = 0, more;

    zl_json_members_begin(&it, object);
    while ((more = zl_json_members_next(&it, &name, &content)) == 1)
        if (zl_span_equal(name, zl_span_of(key))) {
            *value = content;
            found++;
        }
    assert_int_equal(more, 0);
    assert_in_range(found, 0, 1);
    return found;
}

#define assert_member(object, key, literal)                                            \
    do {                                                                               \
        zl_span value_ = {NULL, 0};                                                    \
        assert_int_equal(find_member((object), (key), &value_), 1);                    \
        assert_bytes(value_.data, value_.len, literal);                                \
    } while (0)

TEST(json__time_is_rfc_3339_for_any_time) {
    static const struct {
        int64_t time_ns;
        const char *wanted;
    } cases[] = {
        {0, "\"1970-01-01T00:00:00.000000000Z\""},
        {-1, "\"1969-12-31T23:59:59.999999999Z\""},
        {951782400000000000, "\"2000-02-29T00:00:00.000000000Z\""},
        {951868799999999999, "\"2000-02-29T23:59:59.999999999Z\""},
        {4107542400000000000, "\"2100-03-01T00:00:00.000000000Z\""},
        {-2203891200000000000, "\"1900-03-01T00:00:00.000000000Z\""},
        {INT64_MAX, "\"2262-04-11T23:47:16.854775807Z\""},
        {INT64_MIN + 1, "\"1677-09-21T00:12:43.145224193Z\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zl_view view = bare_view("m");
        zl_buffer out = ZL_BUFFER_INIT;
        zl_span value = {NULL, 0};

        view.time_ns = cases[i].time_ns;
        render_style("json", NULL, &view, NO_LIMIT, &out);
        assert_true(find_member(zl_buffer_span(&out), "time", &value));
        assert_true(zl_span_equal(value, zl_span_of(cases[i].wanted)));
        zl_buffer_free(&out);
    }
}

TEST(json__renames_fields_that_have_our_keys) {
    static const char *const keys[] = {"time",   "level", "logger", "topic", "msg",
                                       "source", "seq",   "epoch",  "pid",   "host",
                                       "msg_",   "msg__", "msg_x",  "_msg",  "_",
                                       "Msg",    "ms",    "sources"};
    static const char *const shown[] = {
        "time_", "level_", "logger_", "topic_", "msg_",  "source_",
        "seq_",  "epoch_", "pid_",    "host_",  "msg__", "msg___",
        "msg_x", "_msg",   "_",       "Msg",    "ms",    "sources"};
    zl_view view = full_view();
    zl_buffer out = ZL_BUFFER_INIT;
    zl_fields fields;
    zl_fields_init(&fields);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_ok(zl_fields_set_int(&fields, NULL, keys[i], (int)i + 100));
    view.fields = zl_buffer_span(&fields.packed);
    render_style("json", NULL, &view, NO_LIMIT, &out);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        zl_span value = {NULL, 0};
        int64_t number = 0;
        assert_int_equal(find_member(zl_buffer_span(&out), shown[i], &value), 1);
        assert_true(zl_json_int(value, &number));
        assert_int_equal(number, (int)i + 100);
    }
    assert_member(zl_buffer_span(&out), "msg", "\"hello there\"");
    zl_fields_free(&fields);
    zl_buffer_free(&out);
}

TEST(json__is_valid_for_any_bytes_anywhere) {
    uint32_t random = 1;
    for (int round = 0; round < 500; round++) {
        zl_view view = full_view();
        zl_buffer out = ZL_BUFFER_INIT;
        zl_span *const spans[] = {&view.level_name, &view.topic, &view.logger,
                                  &view.text,       &view.file,  &view.function,
                                  &view.hostname};
        char bytes[7][20];

        for (size_t i = 0; i < 7; i++) {
            size_t len = (random >> 8) % 20;
            for (size_t k = 0; k < len; k++) {
                random = random * 1664525u + 1013904223u;
                bytes[i][k] = (char)(random >> 16);
            }
            *spans[i] = zl_span_make(bytes[i], len);
            random = random * 1664525u + 1013904223u;
        }
        render_style("json", NULL, &view, NO_LIMIT, &out);
        assert_true(zl_json_is_value(zl_buffer_span(&out), NULL));
        assert_member(zl_buffer_span(&out), "pid", "4711");
        zl_buffer_free(&out);
    }
}

/* A record with a text of 500 x and two fields. */
typedef struct large {
    zl_view view;
    zl_fields fields;
    char text[500];
    size_t whole; /* size of the object */
} large;

static void make_large(large *it) {
    zl_buffer out = ZL_BUFFER_INIT;

    it->view = full_view();
    memset(it->text, 'x', sizeof it->text);
    it->view.text = zl_span_make(it->text, sizeof it->text);
    zl_fields_init(&it->fields);
    assert_ok(zl_fields_set_int(&it->fields, NULL, "user", 42));
    assert_ok(zl_fields_set_string(&it->fields, NULL, "data", it->text, 400));
    it->view.fields = zl_buffer_span(&it->fields.packed);
    assert_int_equal(render_style("json", NULL, &it->view, NO_LIMIT, &out), 0);
    it->whole = out.len;
    zl_buffer_free(&out);
}

TEST(json__of_just_the_limit_is_whole) {
    zl_buffer out = ZL_BUFFER_INIT;
    large it;
    make_large(&it);
    assert_int_equal(render_style("json", NULL, &it.view, it.whole, &out), 0);
    assert_int_equal(out.len, it.whole);
    zl_buffer_reset(&out);
    assert_int_equal(render_style("json", NULL, &it.view, it.whole - 1, &out), 1);
    zl_fields_free(&it.fields);
    zl_buffer_free(&out);
}

TEST(json__too_long_loses_text_first) {
    zl_buffer out = ZL_BUFFER_INIT;
    zl_span msg = {NULL, 0};
    large it;
    make_large(&it);
    /* 352 bytes too long, and 48 of room for the mark: 400 x go. */
    assert_int_equal(render_style("json", NULL, &it.view, it.whole - 352, &out), 1);
    assert_in_range(out.len, it.whole - 400, it.whole - 352);
    assert_true(find_member(zl_buffer_span(&out), "msg", &msg));
    assert_memory_equal(msg.data + 1, it.text, 100);
    assert_bytes(msg.data + 101, msg.len - 101, "... [400 bytes cut]\"");
    assert_member(zl_buffer_span(&out), "user", "42");
    zl_fields_free(&it.fields);
    zl_buffer_free(&out);
}

TEST(json__loses_fields_when_the_text_alone_is_not_enough) {
    zl_buffer out = ZL_BUFFER_INIT;
    zl_span member = {NULL, 0};
    large it;
    make_large(&it);
    assert_int_equal(render_style("json", NULL, &it.view, 500, &out), 1);
    assert_in_range(out.len, 400, 500);
    assert_false(find_member(zl_buffer_span(&out), "user", &member));
    assert_false(find_member(zl_buffer_span(&out), "data", &member));
    assert_member(zl_buffer_span(&out), "seq", "7");
    assert_member(zl_buffer_span(&out), "host", "\"web1\"");
    assert_true(find_member(zl_buffer_span(&out), "msg", &member));
    assert_in_range(member.len, 150, 300);
    assert_non_null(strstr(zl_buffer_text(&out), " bytes cut]\""));
    zl_fields_free(&it.fields);
    zl_buffer_free(&out);
}

TEST(json__is_an_object_within_any_limit) {
    large it;
    make_large(&it);
    it.text[3] = '\n';
    it.text[77] = '\xFF';
    memcpy(it.text + 90, "\xE6\x97\xA5", 3);
    for (size_t max = 0; max < it.whole + 20; max++) {
        zl_buffer out = ZL_BUFFER_INIT;
        int cut = render_style("json", NULL, &it.view, max, &out);

        assert_in_range(out.len, max < 2 ? 0 : 2, max);
        if (max >= 2)
            assert_true(zl_json_is_value(zl_buffer_span(&out), NULL));
        if (max >= 256) /* the smallest limit there is */
            assert_member(zl_buffer_span(&out), "epoch", "\"0123456789abcdef\"");
        if (cut && max >= 256)
            assert_non_null(strstr(zl_buffer_text(&out), " bytes cut]\""));
        zl_buffer_free(&out);
    }
    zl_fields_free(&it.fields);
}
