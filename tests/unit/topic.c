/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics: splitting, joining, what subscriptions open and match, and reading. */
#include "support.h"

#include "name/topic.h"
#include "base/utf8.h"

#define UNLIMITED SIZE_MAX

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void make_word(uint32_t *random, const char *letters, size_t max, char *out) {
    size_t len = next_random(random) % max, count = strlen(letters);
    for (size_t i = 0; i < len; i++)
        out[i] = letters[next_random(random) % count];
    out[len] = '\0';
}

static zl_split_rule rule_of(const char *delimiter) {
    zl_split_rule rule = {"", strlen(delimiter), 0};
    memcpy(rule.delimiter, delimiter, rule.delimiter_len + 1);
    return rule;
}

static zl_split split(const char *text) {
    zl_split_rule rule = rule_of("::");
    return zl_topic_split(&rule, zl_span_of(text), UNLIMITED);
}

#define assert_span(span, literal) assert_bytes((span).data, (span).len, literal)

#define assert_split(of, wanted_subtopic, wanted_message)                              \
    do {                                                                               \
        zl_split split_ = (of);                                                        \
        assert_span(split_.subtopic, wanted_subtopic);                                 \
        assert_span(split_.message, wanted_message);                                   \
    } while (0)

TEST(topic_split__cuts_at_the_first_delimiter_only) {
    assert_split(split("sub.topic::hello there"), "sub.topic", "hello there");
    assert_split(split("a::b::c"), "a", "b::c");
    assert_split(split("a:::b"), "a", ":b");
    assert_split(split("a:b::c"), "a:b", "c");
    assert_split(split("::m"), "", "m");
    assert_split(split("m::"), "m", "");
    assert_split(split("::"), "", "");
    assert_split(split(" sp :: m"), " sp ", " m");
    assert_split(split("std::vector grew"), "std", "vector grew");
}

TEST(topic_split__leaves_a_text_without_delimiter_whole) {
    assert_split(split("hello"), "", "hello");
    assert_split(split(""), "", "");
    assert_split(split(":"), "", ":");
    assert_split(split("a:b:c:"), "", "a:b:c:");
    assert_split(split(NULL), "", "");
}

TEST(topic_split__takes_no_control_characters_but_for_pyzmq) {
    zl_split_rule rule = rule_of("::");
    assert_split(split("a\tb::c"), "", "a\tb::c");
    assert_split(split("line one\nstd::x"), "", "line one\nstd::x");
    assert_split(split("a::b\tc"), "a", "b\tc");
    rule.allow_control = 1;
    assert_split(zl_topic_split(&rule, zl_span_of("a\tb::c"), UNLIMITED), "a\tb", "c");
}

TEST(topic_split__takes_nul_bytes_as_control_characters) {
    zl_split_rule rule = rule_of("::");
    zl_span text = {"a\0b::c\0d", 8};
    assert_split(zl_topic_split(&rule, text, UNLIMITED), "", "a\0b::c\0d");
    rule.allow_control = 1;
    assert_split(zl_topic_split(&rule, text, UNLIMITED), "a\0b", "c\0d");
}

TEST(topic_split__takes_no_subtopic_longer_than_the_room) {
    zl_split_rule rule = rule_of("::");
    zl_span text = zl_span_of("12345::x");
    assert_split(zl_topic_split(&rule, text, 5), "12345", "x");
    assert_split(zl_topic_split(&rule, text, 4), "", "12345::x");
    assert_split(zl_topic_split(&rule, text, 0), "", "12345::x");
    assert_split(zl_topic_split(&rule, zl_span_of("::x"), 0), "", "x");
    assert_split(zl_topic_split(&rule, zl_span_of("12345::"), 5), "12345", "");
    assert_split(zl_topic_split(&rule, zl_span_of("12345::"), 4), "", "12345::");
}

TEST(topic_split__delimiter_may_be_another_or_none) {
    zl_split_rule none = rule_of(""), one = rule_of("|"),
                  long_one = rule_of(" ---===--- ");
    zl_span text = zl_span_of("a| ---===---  ---===--- b");
    assert_split(zl_topic_split(&none, text, 200), "", "a| ---===---  ---===--- b");
    assert_split(zl_topic_split(&one, text, 200), "a", " ---===---  ---===--- b");
    assert_split(zl_topic_split(&long_one, text, 200), "a|", " ---===--- b");
}

/* Where the subtopic ends, or -1 for a text that stays whole. */
static long model_split(const char *text, const char *delimiter, size_t room) {
    const char *at = strstr(text, delimiter);
    if (!at || (size_t)(at - text) > room)
        return -1;
    for (const char *c = text; c < at; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            return -1;
    }
    return at - text;
}

TEST(topic_split__agrees_with_a_plain_search) {
    static const char *const delimiters[] = {"::", ":", ":a:", "aab"};
    uint32_t random = 11;
    for (int i = 0; i < 20000; i++) {
        char text[24];
        zl_split_rule rule = rule_of(delimiters[next_random(&random) % 4]);
        size_t room = next_random(&random) % 24;
        zl_split got;
        long wanted;
        make_word(&random, "::aab\n", sizeof text, text);
        wanted = model_split(text, rule.delimiter, room);
        got = zl_topic_split(&rule, zl_span_of(text), room);
        assert_int_equal(got.subtopic.len, wanted < 0 ? 0 : wanted);
        assert_ptr_equal(got.message.data,
                         wanted < 0 ? text : text + wanted + rule.delimiter_len);
        assert_ptr_equal(got.message.data + got.message.len, text + strlen(text));
    }
}

static size_t join(char *out, int *cut, const char *a, const char *b, const char *c) {
    const zl_span parts[] = {zl_span_of(a), zl_span_of(b), zl_span_of(c)};
    memset(out, '#', ZMQLOG_TOPIC_MAX_BYTES + 1);
    return zl_topic_join(out, parts, 3, cut);
}

TEST(topic_join__puts_dots_between_what_is_not_empty) {
    char out[ZMQLOG_TOPIC_MAX_BYTES + 1];
    int cut = 0;
    assert_bytes(out, join(out, &cut, "app", "INFO", "net"), "app.INFO.net");
    assert_bytes(out, join(out, &cut, "", "INFO", "net"), "INFO.net");
    assert_bytes(out, join(out, &cut, "app", "INFO", ""), "app.INFO");
    assert_bytes(out, join(out, &cut, "app", NULL, "x"), "app.x");
    assert_bytes(out, join(out, &cut, "", "", ""), "");
    assert_bytes(out, join(out, &cut, "r.", "INFO", ".s"), "r..INFO..s");
    assert_int_equal(cut, 0);
}

TEST(topic_join__cuts_at_200_bytes_between_characters) {
    char out[ZMQLOG_TOPIC_MAX_BYTES + 1], root[101], rest[301];
    int cut = 0;
    size_t len;
    memset(root, 'r', 100);
    root[100] = '\0';
    for (size_t i = 0; i < 300; i += 3)
        memcpy(rest + i, "\xE6\x97\xA5", 4);
    len = join(out, &cut, root, "INFO", rest);
    assert_int_equal(len, 106 + 93); /* one byte is left: a character needs three */
    assert_int_equal(cut, 1);
    assert_true(zl_utf8_is_valid(zl_span_make(out, len)));
    assert_int_equal(out[ZMQLOG_TOPIC_MAX_BYTES], '#');
}

TEST(topic_join__fits_exactly_or_is_cut) {
    char out[ZMQLOG_TOPIC_MAX_BYTES + 1], text[210];
    for (size_t len = 190; len < sizeof text; len++) {
        int cut = 0;
        memset(text, 'x', len);
        text[len] = '\0';
        assert_int_equal(join(out, &cut, text, "", ""), len < 200 ? len : 200);
        assert_int_equal(cut, len > 200);
        assert_int_equal(out[ZMQLOG_TOPIC_MAX_BYTES], '#');
    }
}

TEST(topic_join__leaves_no_dot_before_a_part_that_found_no_room) {
    char out[ZMQLOG_TOPIC_MAX_BYTES + 1], text[201];
    for (size_t len = 197; len <= 200; len++) {
        int cut = 0;
        memset(text, 'x', len);
        text[len] = '\0';
        assert_int_equal(join(out, &cut, text, "\xE6\x97\xA5", "z"), len);
        assert_int_equal(cut, 1);
    }
}

TEST(topic_join__never_takes_cut_back) {
    char out[ZMQLOG_TOPIC_MAX_BYTES + 1];
    int cut = 1;
    join(out, &cut, "a", "b", "c");
    assert_int_equal(cut, 1);
}

static int opens(const char *prefix, const char *root, const char *name) {
    return zl_topic_prefix_opens(zl_span_of(prefix), zl_span_of(root),
                                 zl_span_of(name));
}

TEST(topic_prefix__opens_a_level_above_at_and_below_its_name) {
    assert_true(opens("", "app", "INFO"));
    assert_true(opens("a", "app", "INFO"));
    assert_true(opens("app", "app", "INFO"));
    assert_true(opens("app.", "app", "INFO"));
    assert_true(opens("app.IN", "app", "INFO"));
    assert_true(opens("app.INFO", "app", "INFO"));
    assert_true(opens("app.INFO.", "app", "INFO"));
    assert_true(opens("app.INFO.net", "app", "INFO"));
    assert_true(opens("INFO.net", "", "INFO"));
}

TEST(topic_prefix__opens_no_other_level_root_or_longer_name) {
    assert_false(opens("app.INFORMATION", "app", "INFO"));
    assert_false(opens("app.INFO2", "app", "INFO"));
    assert_false(opens("app.DEBUG", "app", "INFO"));
    assert_false(opens("apple", "app", "INFO"));
    assert_false(opens("app.INFO", "", "INFO"));
    assert_false(opens("INFO", "app", "INFO"));
    assert_false(opens(".INFO", "", "INFO"));
    assert_false(opens("APP", "app", "INFO"));
}

TEST(topic_prefix__opens_what_the_rule_says_on_joined_text) {
    uint32_t random = 5;
    for (int i = 0; i < 20000; i++) {
        char prefix[10], root[4], name[4], topic[16];
        int wanted;
        make_word(&random, "ab.", sizeof prefix, prefix);
        make_word(&random, "ab.", sizeof root, root);
        make_word(&random, "ab", sizeof name, name);
        if (!*name)
            strcpy(name, "b");
        snprintf(topic, sizeof topic, "%s%s%s.", root, *root ? "." : "", name);
        /* With the dot behind it, either begins with the other. */
        wanted = strncmp(prefix, topic, strlen(prefix)) == 0 ||
                 strncmp(prefix, topic, strlen(topic)) == 0;
        assert_int_equal(opens(prefix, root, name), wanted);
    }
}

static int matches(const char *prefix, const char *topic, int exact) {
    return zl_topic_matches(zl_span_of(prefix), zl_span_of(topic), exact);
}

TEST(topic_matches__goes_by_bytes_unless_exact) {
    assert_true(matches("app.INFO", "app.INFORMATION", 0));
    assert_true(matches("", "app", 0));
    assert_true(matches("app", "app", 0));
    assert_false(matches("app.", "app", 0));
    assert_false(matches("b", "app", 0));
}

TEST(topic_matches__exact_stops_at_segment_boundaries) {
    assert_true(matches("app.INFO", "app.INFO", 1));
    assert_true(matches("app.INFO", "app.INFO.net", 1));
    assert_false(matches("app.INFO", "app.INFORMATION", 1));
    assert_false(matches("app.IN", "app.INFO", 1));
    assert_true(matches("app.", "app.INFO", 1));
    assert_false(matches("app.", "app", 1));
    assert_true(matches("", "app.INFO", 1));
    assert_true(matches("", "", 1));
    assert_false(matches("b", "", 1));
}
