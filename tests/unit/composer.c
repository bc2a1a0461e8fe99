/* SPDX-License-Identifier: BSD-3-Clause */
/* From a record to its frames: topics, numbers, styles, and what is counted. */
#include "view.h"

#include "publish/composer.h"

typedef struct desk {
    zl_composer composer;
    zl_counters counters;
    zl_level_names names;
    zl_span topic, body;
} desk;

static int set_up(void **state) {
    desk *d = calloc(1, sizeof *d);
    zl_level_names_preset(&d->names, "default");
    assert_int_equal(zl_composer_init(&d->composer, &d->names, &d->counters, 256, 0),
                     0);
    d->composer.root = zl_span_of("app");
    *state = d;
    return 0;
}

static int tear_down(void **state) {
    desk *d = *state;
    zl_composer_destroy(&d->composer);
    free(d);
    return 0;
}

static void set_style(desk *d, int level, const char *style) {
    zl_format *format;
    assert_ok(zl_format_compile(&format, NULL, level, style, NULL));
    zl_composer_set_format(&d->composer, level, format);
}

/* The frames of one record, which lie in the desk. */
static void compose(desk *d, int level, const char *subtopic, const char *text) {
    d->composer.view = bare_view(text);
    d->composer.view.level = level;
    d->composer.view.subtopic = zl_span_of(subtopic);
    d->composer.timed = 0;
    assert_int_equal(zl_composer_take(&d->composer), 0);
    assert_int_equal(zl_composer_frames(&d->composer, &d->topic, &d->body), 0);
}

#define assert_frames(d, wanted_topic, wanted_body)                                    \
    do {                                                                               \
        assert_bytes((d)->topic.data, (d)->topic.len, wanted_topic);                   \
        assert_bytes((d)->body.data, (d)->body.len, wanted_body);                      \
    } while (0)

TEST_WITH(composer__joins_root_level_and_subtopic, set_up, tear_down) {
    desk *d = *state;
    compose(d, 20, "", "one");
    assert_frames(d, "app.INFO", "one");
    compose(d, 30, "net.tcp", "two");
    assert_frames(d, "app.WARN.net.tcp", "two");
    compose(d, 7, "x", "three");
    assert_frames(d, "app.L07.x", "three");
    d->composer.root = zl_span_of("");
    compose(d, 20, "", "four");
    assert_frames(d, "INFO", "four");
}

/* The topic in hand is taken again only for the same root, level and subtopic. */
TEST_WITH(composer__never_mixes_up_topics_in_a_row, set_up, tear_down) {
    static const char other_root[] = "app";
    desk *d = *state;
    compose(d, 20, "ab", "x");
    compose(d, 20, "ab", "x");
    assert_frames(d, "app.INFO.ab", "x");
    compose(d, 20, "b", "x"); /* a tail of the one before */
    assert_frames(d, "app.INFO.b", "x");
    compose(d, 20, "INFO.b", "x");
    assert_frames(d, "app.INFO.INFO.b", "x");
    compose(d, 20, "", "x");
    assert_frames(d, "app.INFO", "x");
    compose(d, 40, "", "x");
    assert_frames(d, "app.ERROR", "x");
    d->composer.root = zl_span_of("ppa");
    compose(d, 40, "", "x");
    assert_frames(d, "ppa.ERROR", "x");
    d->composer.root = zl_span_of(other_root);
    compose(d, 40, "", "x");
    assert_frames(d, "app.ERROR", "x");
}

TEST_WITH(composer__a_plain_body_is_the_text_itself, set_up, tear_down) {
    desk *d = *state;
    static const char text[] = "not copied";
    compose(d, 20, "", text);
    assert_ptr_equal(d->body.data, text);
    set_style(d, 20, "plain");
    compose(d, 20, "", text);
    assert_ptr_equal(d->body.data, text);
    compose(d, 20, "", "");
    assert_int_equal(d->body.len, 0);
}

TEST_WITH(composer__numbers_count_what_was_sent_under_a_topic, set_up, tear_down) {
    desk *d = *state;
    set_style(d, 20, "%(seq)d %(message)s");
    compose(d, 20, "", "a");
    assert_frames(d, "app.INFO", "1 a");
    compose(d, 20, "", "a"); /* the one before was never sent */
    assert_frames(d, "app.INFO", "1 a");
    zl_composer_sent(&d->composer);
    compose(d, 20, "db", "b");
    assert_frames(d, "app.INFO.db", "1 b");
    zl_composer_sent(&d->composer);
    compose(d, 20, "", "c");
    assert_frames(d, "app.INFO", "2 c");
}

TEST_WITH(composer__a_style_is_that_of_its_level, set_up, tear_down) {
    desk *d = *state;
    set_style(d, 20, "%(levelname)s: %(message)s");
    compose(d, 20, "", "x");
    assert_frames(d, "app.INFO", "INFO: x");
    compose(d, 30, "", "x");
    assert_frames(d, "app.WARN", "x");
    set_style(d, 20, "[%(message)s]");
    compose(d, 20, "", "x");
    assert_frames(d, "app.INFO", "[x]");
}

TEST_WITH(composer__cuts_what_a_style_makes_too_long, set_up, tear_down) {
    desk *d = *state;
    char text[257];
    memset(text, 'x', sizeof text - 1);
    text[256] = '\0';
    set_style(d, 20, "%(levelname)s %(message)s");
    compose(d, 20, "", text);
    assert_in_range(d->body.len, 200, 256);
    assert_int_equal(zl_count_of(&d->counters, ZMQLOG_COUNT_TRUNCATED), 1);
    compose(d, 30, "", text);
    assert_int_equal(d->body.len, 256);
    assert_int_equal(zl_count_of(&d->counters, ZMQLOG_COUNT_TRUNCATED), 1);
}

/* A root may have become longer since the record was queued. */
TEST_WITH(composer__cuts_and_counts_topics_that_are_too_long, set_up, tear_down) {
    desk *d = *state;
    char root[ZMQLOG_ROOT_MAX_BYTES], subtopic[ZMQLOG_TOPIC_MAX_BYTES];
    memset(root, 'r', sizeof root);
    memset(subtopic, 's', sizeof subtopic);
    subtopic[sizeof subtopic - 1] = '\0';
    d->composer.root = zl_span_make(root, sizeof root);
    for (int i = 1; i <= 2; i++) {
        compose(d, 50, subtopic, "x");
        assert_int_equal(d->topic.len, ZMQLOG_TOPIC_MAX_BYTES);
        assert_memory_equal(d->topic.data + sizeof root, ".CRITICAL.s", 11);
        assert_int_equal(zl_count_of(&d->counters, ZMQLOG_COUNT_TRUNCATED), i);
    }
    /* The tail of what was cut is not taken for the whole. */
    subtopic[90] = '\0';
    compose(d, 50, subtopic, "x");
    assert_int_equal(d->topic.len, ZMQLOG_TOPIC_MAX_BYTES);
    subtopic[50] = '\0';
    compose(d, 50, subtopic, "x");
    assert_int_equal(d->topic.len, sizeof root + 10 + 50);
}

TEST_WITH(composer__the_longest_root_and_name_leave_room, set_up, tear_down) {
    desk *d = *state;
    char root[ZMQLOG_ROOT_MAX_BYTES], subtopic[67];
    const char *why;
    memset(root, 'r', sizeof root);
    memset(subtopic, 's', sizeof subtopic);
    subtopic[66] = '\0';
    assert_ok(
        zl_level_names_set(&d->names, 5, "A234567890123456789012345678901B", &why));
    d->composer.root = zl_span_make(root, sizeof root);
    compose(d, 5, subtopic, "x");
    assert_int_equal(d->topic.len, ZMQLOG_TOPIC_MAX_BYTES);
    assert_int_equal(zl_count_of(&d->counters, ZMQLOG_COUNT_TRUNCATED), 0);
}

TEST_WITH(composer__takes_the_time_only_when_it_was_not_given, set_up, tear_down) {
    desk *d = *state;
    set_style(d, 20, "json");
    compose(d, 20, "", "now");
    assert_non_null(strstr(zl_buffer_text(&d->composer.body), "\"time\":\"20"));
    d->composer.view = bare_view("none");
    d->composer.timed = 1;
    assert_int_equal(zl_composer_take(&d->composer), 0);
    assert_int_equal(zl_composer_frames(&d->composer, &d->topic, &d->body), 0);
    assert_null(strstr(zl_buffer_text(&d->composer.body), "\"time\""));
}

static void set_int(zl_fields *fields, const char *key, int value) {
    assert_ok(zl_fields_set_int(fields, NULL, key, value));
}

TEST_WITH(composer__merges_bound_fields_under_the_records_own, set_up, tear_down) {
    desk *d = *state;
    zl_fields bound, own;
    zl_fields_init(&bound);
    zl_fields_init(&own);
    set_int(&bound, "a", 1);
    set_int(&bound, "b", 2);
    set_int(&own, "b", 3);
    set_int(&own, "c", 4);
    set_style(d, 20, "%(fields)s");
    d->composer.view = bare_view("x");
    d->composer.view.bound = zl_buffer_span(&bound.packed);
    d->composer.view.fields = zl_buffer_span(&own.packed);
    assert_int_equal(zl_composer_take(&d->composer), 0);
    assert_int_equal(zl_composer_frames(&d->composer, &d->topic, &d->body), 0);
    assert_bytes(d->body.data, d->body.len, "a=1 b=3 c=4");
    /* Of the next record nothing of it is left. */
    compose(d, 20, "", "x");
    assert_null(memchr(d->body.data ? d->body.data : "", 'a', d->body.len));
    zl_fields_free(&bound);
    zl_fields_free(&own);
}
