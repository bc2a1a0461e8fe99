/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading received topics: with known roots, without, and from anybody. */
#include "support.h"

#include "name/topic.h"

#define assert_span(span, literal) assert_bytes((span).data, (span).len, literal)

static zl_topic_parts parse(const char *topic, const char *const *roots) {
    zl_span known[8] = {{NULL, 0}};
    size_t count = 0;
    while (roots && roots[count]) {
        known[count] = zl_span_of(roots[count]);
        count++;
    }
    return zl_topic_parse(zl_span_of(topic), NULL, known, count);
}
#define ROOTS(...)                                                                     \
    (const char *const[]) {                                                            \
        __VA_ARGS__, NULL                                                              \
    }

#define assert_parts(of, wanted_root, wanted_name, wanted_subtopic, wanted_level)      \
    do {                                                                               \
        zl_topic_parts parts_ = (of);                                                  \
        assert_span(parts_.root, wanted_root);                                         \
        assert_span(parts_.level_name, wanted_name);                                   \
        assert_span(parts_.subtopic, wanted_subtopic);                                 \
        assert_int_equal(parts_.level, wanted_level);                                  \
    } while (0)

TEST(topic_parse__finds_the_first_level_without_roots) {
    assert_parts(parse("app.INFO.net.http", NULL), "app", "INFO", "net.http", 20);
    assert_parts(parse("INFO", NULL), "", "INFO", "", 20);
    assert_parts(parse("INFO.net", NULL), "", "INFO", "net", 20);
    assert_parts(parse("a.b.WARNING", NULL), "a.b", "WARNING", "", 30);
    assert_parts(parse("a.warn.INFO", NULL), "a", "warn", "INFO", 30);
    assert_parts(parse("app.L25.x", NULL), "app", "L25", "x", 25);
    assert_parts(parse("app.FATAL", NULL), "app", "FATAL", "", 50);
}

TEST(topic_parse__without_a_level_all_is_root) {
    assert_parts(parse("some.topic", NULL), "some.topic", "", "", 0);
    assert_parts(parse("", NULL), "", "", "", 0);
    assert_parts(parse(".", NULL), ".", "", "", 0);
    assert_parts(parse("app.INFORMATION", NULL), "app.INFORMATION", "", "", 0);
    assert_parts(parse("app.20", NULL), "app.20", "", "", 0);
    assert_parts(parse("some.topic", ROOTS("some", "")), "some.topic", "", "", 0);
}

TEST(topic_parse__keeps_empty_segments) {
    assert_parts(parse(".INFO", NULL), "", "INFO", "", 20);
    assert_parts(parse("r..INFO", NULL), "r.", "INFO", "", 20);
    assert_parts(parse("INFO.", NULL), "", "INFO", "", 20);
    assert_parts(parse("app.INFO..x", NULL), "app", "INFO", ".x", 20);
    assert_parts(parse("r..INFO", ROOTS("r", "r.")), "r.", "INFO", "", 20);
    assert_parts(parse(".r.INFO", ROOTS(".r")), ".r", "INFO", "", 20);
}

TEST(topic_parse__the_longest_known_root_wins) {
    assert_parts(parse("a.INFO.b.DEBUG.c", ROOTS("a", "a.INFO.b")), "a.INFO.b", "DEBUG",
                 "c", 10);
    assert_parts(parse("a.INFO.b.DEBUG.c", ROOTS("a.INFO.b", "a")), "a.INFO.b", "DEBUG",
                 "c", 10);
    assert_parts(parse("a.INFO.b.DEBUG.c", ROOTS("a")), "a", "INFO", "b.DEBUG.c", 20);
    assert_parts(parse("INFO.DEBUG", ROOTS("INFO")), "INFO", "DEBUG", "", 10);
}

TEST(topic_parse__a_root_not_followed_by_a_level_does_not_count) {
    assert_parts(parse("a.b.INFO", ROOTS("a")), "a.b", "INFO", "", 20);
    assert_parts(parse("app.INFO", ROOTS("ap")), "app", "INFO", "", 20);
    assert_parts(parse("app.INFO", ROOTS("app.INFO")), "app", "INFO", "", 20);
    assert_parts(parse("INFO.x.DEBUG", ROOTS("INFO")), "", "INFO", "x.DEBUG", 20);
}

TEST(topic_parse__the_empty_root_puts_the_level_first) {
    assert_parts(parse("INFO.app.DEBUG", ROOTS("")), "", "INFO", "app.DEBUG", 20);
    assert_parts(parse("INFO.DEBUG.x", ROOTS("", "INFO")), "INFO", "DEBUG", "x", 10);
    assert_parts(parse("INFO.DEBUG.x", ROOTS("INFO", "")), "INFO", "DEBUG", "x", 10);
    assert_parts(parse("app.DEBUG", ROOTS("")), "app", "DEBUG", "", 10);
}

TEST(topic_parse__knows_names_of_the_table) {
    zl_level_names names;
    const char *why = NULL;
    assert_int_equal(zl_level_names_preset(&names, "default"), 0);
    assert_int_equal(zl_level_names_set(&names, 35, "AUDIT", &why), ZMQLOG_OK);
    assert_parts(zl_topic_parse(zl_span_of("app.audit.x"), &names, NULL, 0), "app",
                 "audit", "x", 35);
    assert_parts(parse("app.audit.x", NULL), "app.audit.x", "", "", 0);
}

TEST(topic_parse__reads_bytes_of_any_kind) {
    assert_parts(zl_topic_parse(zl_span_make("\0\xFF.INFO.\0", 9), NULL, NULL, 0),
                 "\0\xFF", "INFO", "\0", 20);
    assert_parts(zl_topic_parse(zl_span_make(NULL, 0), NULL, NULL, 0), "", "", "", 0);
}

TEST(topic_parse__gives_back_what_was_joined) {
    static const char *const roots[] = {"app", "a.b.c", "r.", ".r", "INFO", "x y"};
    static const char *const subtopics[] = {"", "net", "net.http", "INFO", "app.ERROR"};
    for (int i = 0; i < 6 * 5 * 63; i++) {
        char topic[ZMQLOG_TOPIC_MAX_BYTES];
        zl_span parts[] = {zl_span_of(roots[i % 6]),
                           zl_span_of(zmqlog_level_name(i / 30 + 1)),
                           zl_span_of(subtopics[i / 6 % 5])};
        int cut = 0;
        size_t len = zl_topic_join(topic, parts, 3, &cut);
        zl_topic_parts read =
            zl_topic_parse(zl_span_make(topic, len), NULL, &parts[0], 1);
        assert_int_equal(read.level, i / 30 + 1);
        assert_true(zl_span_equal(read.root, parts[0]));
        assert_true(zl_span_equal(read.level_name, parts[1]));
        assert_true(zl_span_equal(read.subtopic, parts[2]));
    }
}

static int level_with(const char *segment, size_t at) {
    static char topic[6000];
    for (size_t i = 0; i < sizeof topic; i++)
        topic[i] = i % 2 ? '.' : 'a';
    memcpy(topic + at, segment, strlen(segment));
    return zl_topic_parse(zl_span_make(topic, sizeof topic), NULL, NULL, 0).level;
}

TEST(topic_parse__searches_no_further_than_4_kib) {
    assert_int_equal(level_with("ERR", 4096), 40);
    assert_int_equal(level_with("ERR", 4098), 0);
}
