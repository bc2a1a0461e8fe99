/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing JSON that is valid for any bytes, and reading JSON that may not be. */
#include "support.h"

#include <float.h>
#include <locale.h>
#include <math.h>

#include "base/json.h"
#include "base/utf8.h"

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

#define assert_buffer(buffer, literal)                                                 \
    assert_bytes((buffer).data, (buffer).len, literal)

#define assert_string(text, literal)                                                   \
    do {                                                                               \
        zl_buffer out_ = ZL_BUFFER_INIT;                                               \
        zl_json_put_string(&out_, zl_span_make(text, sizeof(text) - 1));               \
        assert_buffer(out_, literal);                                                  \
        zl_buffer_free(&out_);                                                         \
    } while (0)

TEST(string__escapes_what_json_forbids) {
    assert_string("", "\"\"");
    assert_string("plain / text", "\"plain / text\"");
    assert_string("a\"b\\c", "\"a\\\"b\\\\c\"");
    assert_string("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
    assert_string("\0\x01\x1f\x7f", "\"\\u0000\\u0001\\u001f\x7f\"");
    assert_string("\xC3\xA9\xE6\x97\xA5\xF0\x9D\x84\x9E",
                  "\"\xC3\xA9\xE6\x97\xA5\xF0\x9D\x84\x9E\"");
}

TEST(string__shows_one_replacement_for_each_bad_byte) {
    assert_string("a\xFFz", "\"a\xEF\xBF\xBDz\"");
    assert_string("\xE6\x97", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string("\xC0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string("\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

/* Bytes out of which something is made, rather rich in what needs care. */
static size_t make_bytes(uint32_t *state, char *out, size_t max) {
    static const char rich[] = "\"\\\n\x01\x1f\x20\x7f\x80\xc3\xa9\xe6\x97\xa5\xff";
    size_t i, len = next_random(state) % (max + 1);
    unsigned odd = next_random(state) % 20 + 1;

    for (i = 0; i < len; i++)
        out[i] = next_random(state) % odd
                     ? (char)('a' + i % 26)
                     : rich[next_random(state) % (sizeof rich - 1)];
    return len;
}

TEST(string__of_any_bytes_reads_back_as_their_text) {
    uint32_t random = 7;
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        zl_buffer json = ZL_BUFFER_INIT, back = ZL_BUFFER_INIT, wanted = ZL_BUFFER_INIT;
        zl_span text = zl_span_make(bytes, make_bytes(&random, bytes, sizeof bytes)),
                raw;

        for (size_t at = 0, len; at < text.len; at += len ? len : 1) {
            uint32_t code;
            len = zl_utf8_decode(zl_span_make(bytes + at, text.len - at), &code);
            zl_json_put_code(&wanted, code);
        }
        zl_json_put_string(&json, text);
        assert_true(zl_json_is_value(zl_buffer_span(&json), NULL));
        assert_true(zl_json_string_raw(zl_buffer_span(&json), &raw));
        assert_int_equal(zl_json_unescape(&back, raw), 0);
        assert_true(zl_span_equal(zl_buffer_span(&back), zl_buffer_span(&wanted)));
        zl_buffer_free(&json);
        zl_buffer_free(&back);
        zl_buffer_free(&wanted);
    }
}

static size_t escaped_len(const char *bytes, size_t len) {
    zl_buffer out = ZL_BUFFER_INIT;
    size_t escaped;

    zl_json_put_string(&out, zl_span_make(bytes, len));
    escaped = out.len - 2;
    zl_buffer_free(&out);
    return escaped;
}

TEST(fit__takes_as_many_whole_characters_as_there_is_room) {
    uint32_t random = 11;
    for (int round = 0; round < 2000; round++) {
        char bytes[48];
        size_t len = make_bytes(&random, bytes, sizeof bytes);
        size_t room = next_random(&random) % 80;
        size_t fits = zl_json_fit(zl_span_make(bytes, len), room);
        size_t more = fits + 1;

        assert_in_range(fits, 0, len);
        assert_int_equal(zl_utf8_cut(zl_span_make(bytes, len), fits), fits);
        assert_in_range(escaped_len(bytes, fits), 0, room);
        while (more <= len && zl_utf8_cut(zl_span_make(bytes, len), more) < more)
            more++;
        if (more <= len)
            assert_true(escaped_len(bytes, more) > room);
    }
}

#define assert_double(value, literal)                                                  \
    do {                                                                               \
        zl_buffer out_ = ZL_BUFFER_INIT;                                               \
        zl_json_put_double(&out_, (value));                                            \
        assert_buffer(out_, literal);                                                  \
        zl_buffer_free(&out_);                                                         \
    } while (0)

TEST(double__has_the_shortest_form_that_reads_back) {
    assert_double(0.0, "0.0");
    assert_double(-0.0, "-0.0");
    assert_double(1, "1.0");
    assert_double(-2.5, "-2.5");
    assert_double(0.1, "0.1");
    assert_double(0.30000000000000004, "0.30000000000000004");
    assert_double(100, "100.0");
    assert_double(123456789.123, "123456789.123");
    assert_double(1795326491.1234567, "1795326491.1234567");
    assert_double(1e15, "1000000000000000.0");
    assert_double(9999999999999998.0, "9999999999999998.0");
    assert_double(1e16, "1e+16");
    assert_double(1.5e300, "1.5e+300");
    assert_double(0.0001, "0.0001");
    assert_double(0.00001, "1e-05");
    assert_double(DBL_MAX, "1.7976931348623157e+308");
    assert_double(DBL_MIN, "2.2250738585072014e-308");
    assert_double(5e-324, "5e-324");
    assert_double(1.2345e-310, "1.2345e-310");
    /* Powers of two, where doubles below are denser than above. */
    assert_double(5.684341886080802e-14, "5.684341886080802e-14");
    assert_double(9007199254740992.0, "9007199254740992.0");
}

TEST(double__is_null_when_json_has_no_word_for_it) {
    assert_double((double)NAN, "null");
    assert_double((double)INFINITY, "null");
    assert_double(-(double)INFINITY, "null");
}

TEST(double__of_any_bits_reads_back_as_the_same) {
    uint32_t random = 3;
    for (int round = 0; round < 3000; round++) {
        zl_buffer out = ZL_BUFFER_INIT;
        uint64_t bits = (uint64_t)next_random(&random) << 40 ^
                        (uint64_t)next_random(&random) << 20 ^ next_random(&random);
        double value;

        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        zl_json_put_double(&out, value);
        assert_true(zl_json_is_value(zl_buffer_span(&out), NULL));
        assert_true(strtod(zl_buffer_text(&out), NULL) == value);
        zl_buffer_free(&out);
    }
}

TEST(double__has_a_point_in_any_locale) {
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        skip();
    assert_double(0.30000000000000004, "0.30000000000000004");
    assert_double(1.5, "1.5");
    setlocale(LC_ALL, "C");
}

TEST(int__covers_all_64_bits) {
    zl_buffer out = ZL_BUFFER_INIT;
    zl_json_put_int(&out, INT64_MIN);
    zl_buffer_put_char(&out, ' ');
    zl_json_put_int(&out, INT64_MAX);
    zl_buffer_put_char(&out, ' ');
    zl_json_put_uint(&out, UINT64_MAX);
    zl_buffer_put_char(&out, ' ');
    zl_json_put_int(&out, 0);
    assert_buffer(out, "-9223372036854775808 9223372036854775807 "
                       "18446744073709551615 0");
    zl_buffer_free(&out);
}

TEST(value__is_exactly_one) {
    static const char *const good[] = {"null",
                                       "true",
                                       "false",
                                       "0",
                                       "-0",
                                       "10",
                                       "1.5",
                                       "-1e5",
                                       "1E+10",
                                       "0.0e-1",
                                       "\"\"",
                                       "\"a\\u00e9\\n\\/\"",
                                       "\"\\ud800\"",
                                       "[]",
                                       "{}",
                                       " [ 1 , 2 ] ",
                                       "[[],{}]",
                                       "{\"a\":1}",
                                       " { \"a\" : [ ] , \"b\" : { \"c\" : null } } ",
                                       "\t\r\n 1 \n",
                                       "{\"a\":1,\"a\":2}",
                                       "\"\xE6\x97\xA5\x7f\""};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!zl_json_is_value(zl_span_of(good[i]), NULL))
            fail_msg("refused: %s", good[i]);
    }
}

TEST(value__that_is_none_is_refused_where_it_ends) {
    static const struct {
        const char *text;
        size_t offset;
    } bad[] = {
        {"", 0},           {" ", 1},           {"nul", 3},
        {"True", 0},       {"01", 1},          {"-", 1},
        {"+1", 0},         {".5", 0},          {"1.", 2},
        {"1e", 2},         {"1 2", 2},         {"NaN", 0},
        {"\"", 1},         {"\"a", 2},         {"\"\n\"", 1},
        {"\"\\x\"", 2},    {"\"\\u12g4\"", 5}, {"\"\xFF\"", 1},
        {"[", 1},          {"[1", 2},          {"[1,]", 3},
        {"[,1]", 1},       {"[1}", 2},         {"{", 1},
        {"{1:2}", 1},      {"{\"a\"}", 4},     {"{\"a\":}", 5},
        {"{\"a\":1,}", 7}, {"{\"a\":1]", 6},   {"'a'", 0},
        {"[1] x", 4},      {"// c\n1", 0},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t offset = 999;
        if (zl_json_is_value(zl_span_of(bad[i].text), &offset))
            fail_msg("taken: %s", bad[i].text);
        if (offset != bad[i].offset)
            fail_msg("%s: offset %zu, wanted %zu", bad[i].text, offset, bad[i].offset);
    }
    assert_false(zl_json_is_value(zl_span_make(NULL, 0), NULL));
    assert_false(zl_json_is_value(zl_span_make("1\0", 2), NULL));
}

static int is_nested_value(const char *open, const char *close, int depth) {
    zl_buffer text = ZL_BUFFER_INIT;
    int valid, i;

    for (i = 0; i < depth; i++)
        zl_buffer_put_text(&text, open);
    zl_buffer_put_char(&text, '1');
    for (i = 0; i < depth; i++)
        zl_buffer_put_text(&text, close);
    valid = zl_json_is_value(zl_buffer_span(&text), NULL);
    zl_buffer_free(&text);
    return valid;
}

TEST(value__may_nest_64_deep) {
    assert_true(is_nested_value("[", "]", ZL_JSON_MAX_DEPTH));
    assert_false(is_nested_value("[", "]", ZL_JSON_MAX_DEPTH + 1));
    assert_true(is_nested_value("{\"a\":", "}", ZL_JSON_MAX_DEPTH));
    assert_false(is_nested_value("{\"a\":", "}", ZL_JSON_MAX_DEPTH + 1));
    assert_true(is_nested_value("[{\"a\":", "}]", ZL_JSON_MAX_DEPTH / 2));
    assert_false(is_nested_value("[", "]", 100000));
}

TEST(members__come_in_order_as_they_are_written) {
    static const char text[] =
        " { \"a\" : 1 , \"b\\n\":[ 1, {} ],\"a\":\"x\\\"\" , \"\" : { \"c\" : 2 } } ";
    static const char *const wanted[][2] = {
        {"a", "1"}, {"b\\n", "[ 1, {} ]"}, {"a", "\"x\\\"\""}, {"", "{ \"c\" : 2 }"}};
    zl_json_members it;
    zl_span key, value;
    zl_json_members_begin(&it, zl_span_of(text));
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(zl_json_members_next(&it, &key, &value), 1);
        assert_true(zl_span_equal(key, zl_span_of(wanted[i][0])));
        assert_true(zl_span_equal(value, zl_span_of(wanted[i][1])));
    }
    assert_int_equal(zl_json_members_next(&it, &key, &value), 0);
    assert_int_equal(zl_json_members_next(&it, &key, &value), 0);
}

/* How many members come before the end (0) or the break (-1), which is *last. */
static int count_members(const char *text, int *last) {
    zl_json_members it;
    zl_span key, value;
    int count = 0;

    zl_json_members_begin(&it, zl_span_of(text));
    while ((*last = zl_json_members_next(&it, &key, &value)) == 1)
        count++;
    if (*last == -1)
        assert_int_equal(zl_json_members_next(&it, &key, &value), -1);
    return count;
}

TEST(members__end_with_minus_1_where_it_is_no_object) {
    static const struct {
        const char *text;
        int count, last;
    } cases[] = {
        {"{}", 0, 0},
        {" {\n} ", 0, 0},
        {"", 0, -1},
        {"[]", 0, -1},
        {"1", 0, -1},
        {"{", 0, -1},
        {"{\"a\":1", 1, -1},
        {"{\"a\":1,}", 1, -1},
        {"{\"a\":1}x", 1, -1},
        {"{\"a\":1 \"b\":2}", 1, -1},
        {"{\"a\":01}", 1, -1},
        {"{a:1}", 0, -1},
        {"{\"a\":1}{", 1, -1},
        {"{,\"a\":1}", 0, -1},
        {"{\"a\":1,\"b\":2}", 2, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int last, count = count_members(cases[i].text, &last);
        if (count != cases[i].count || last != cases[i].last)
            fail_msg("%s: %d members, then %d", cases[i].text, count, last);
    }
}

#define assert_unescaped(raw, literal)                                                 \
    do {                                                                               \
        zl_buffer out_ = ZL_BUFFER_INIT;                                               \
        assert_int_equal(zl_json_unescape(&out_, zl_span_make(raw, sizeof(raw) - 1)),  \
                         0);                                                           \
        assert_buffer(out_, literal);                                                  \
        zl_buffer_free(&out_);                                                         \
    } while (0)

TEST(unescape__gives_utf8) {
    assert_unescaped("", "");
    assert_unescaped("a\\n\\t\\\\\\\"\\/\\b\\f\\rz", "a\n\t\\\"/\b\f\rz");
    assert_unescaped("\\u0041\\u00e9\\u65E5", "A\xC3\xA9\xE6\x97\xA5");
    assert_unescaped("\\ud834\\udd1e", "\xF0\x9D\x84\x9E");
    assert_unescaped("\\u0000", "\0");
    assert_unescaped("\xE6\x97\xA5", "\xE6\x97\xA5");
}

TEST(unescape__replaces_lone_surrogates) {
    assert_unescaped("\\ud834", "\xEF\xBF\xBD");
    assert_unescaped("\\udd1ex", "\xEF\xBF\xBDx");
    assert_unescaped("\\ud834\\ud834\\udd1e", "\xEF\xBF\xBD\xF0\x9D\x84\x9E");
    assert_unescaped("\\ud834\\n", "\xEF\xBF\xBD\n");
}

static void assert_compact(const char *json, const char *wanted) {
    zl_buffer out = ZL_BUFFER_INIT;
    assert_true(zl_json_is_value(zl_span_of(json), NULL));
    zl_json_put_compact(&out, zl_span_of(json));
    assert_true(zl_span_equal(zl_buffer_span(&out), zl_span_of(wanted)));
    zl_buffer_free(&out);
}

TEST(compact__is_one_line_and_keeps_strings) {
    assert_compact(" { \"a b\" : [ 1 ,\r\n\t2 ] } ", "{\"a b\":[1,2]}");
    assert_compact("\"\\\" , \\\\\"", "\"\\\" , \\\\\"");
    assert_compact("17", "17");
}

TEST(compact__replaces_lone_surrogates) {
    assert_compact("\"\\ud800\"", "\"\\ufffd\"");
    assert_compact("\"\\uDfFf\"", "\"\\ufffd\"");
    assert_compact("[ \"\\ud800\\ud834\\udd1e\\udc00x\" ]",
                   "[\"\\ufffd\\ud834\\udd1e\\ufffdx\"]");
    assert_compact("\"\\ud800\\n\"", "\"\\ufffd\\n\"");
    assert_compact("\"\\ud7ff\\ue000\\ud83d\\ude00\"",
                   "\"\\ud7ff\\ue000\\ud83d\\ude00\"");
    assert_compact("\"\\\\ud800\"", "\"\\\\ud800\"");
    assert_compact("{\"\\udbff\":0}", "{\"\\ufffd\":0}");
}

TEST(unescape__refuses_malformed_text_and_adds_nothing) {
    static const char *const bad[] = {"ab\\",  "ab\\x", "ab\\u12", "ab\\u12G4",
                                      "ab\"c", "ab\n",  "ab\xFF",  "ab\xE6\x97"};
    zl_buffer out = ZL_BUFFER_INIT;
    zl_buffer_put_text(&out, "kept");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(zl_json_unescape(&out, zl_span_of(bad[i])), -1);
        assert_buffer(out, "kept");
    }
    zl_buffer_free(&out);
}

TEST(int__reads_what_fits_and_nothing_else) {
    int64_t number;
    uint64_t natural;
    assert_true(zl_json_int(zl_span_of("-9223372036854775808"), &number));
    assert_true(number == INT64_MIN);
    assert_true(zl_json_int(zl_span_of("9223372036854775807"), &number));
    assert_true(number == INT64_MAX);
    assert_true(zl_json_int(zl_span_of("-0"), &number) && number == 0);
    assert_false(zl_json_int(zl_span_of("9223372036854775808"), &number));
    assert_false(zl_json_int(zl_span_of("-9223372036854775809"), &number));
    assert_true(zl_json_uint(zl_span_of("18446744073709551615"), &natural));
    assert_true(natural == UINT64_MAX);
    assert_false(zl_json_uint(zl_span_of("18446744073709551616"), &natural));
    assert_false(zl_json_uint(zl_span_of("-1"), &natural));
    assert_false(zl_json_int(zl_span_of("1.0"), &number));
    assert_false(zl_json_int(zl_span_of("1e3"), &number));
    assert_false(zl_json_int(zl_span_of("\"1\""), &number));
    assert_false(zl_json_int(zl_span_of("-"), &number));
    assert_false(zl_json_int(zl_span_of(""), &number));
}

TEST(string_raw__is_only_for_strings) {
    zl_span raw;
    assert_true(zl_json_string_raw(zl_span_of("\"a\\n\""), &raw));
    assert_bytes(raw.data, raw.len, "a\\n");
    assert_false(zl_json_string_raw(zl_span_of("1"), &raw));
    assert_false(zl_json_string_raw(zl_span_of("[\"a\"]"), &raw));
    assert_false(zl_json_string_raw(zl_span_of("\""), &raw));
    assert_false(zl_json_string_raw(zl_span_of(""), &raw));
}
