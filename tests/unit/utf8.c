/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 against the grammar of RFC 3629, over all code points and over random
 * bytes; the models here go byte by byte. */
#include "support.h"

#include "base/utf8.h"

/* The bytes at which some rule of the grammar changes its mind. */
static const unsigned char edges[] = {
    0x00, 0x1F, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2,
    0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};

static const struct row {
    unsigned char range[4][2];
    size_t len;
} grammar[] = {
    {{{0x00, 0x7F}}, 1},
    {{{0xC2, 0xDF}, {0x80, 0xBF}}, 2},
    {{{0xE0, 0xE0}, {0xA0, 0xBF}, {0x80, 0xBF}}, 3},
    {{{0xE1, 0xEC}, {0x80, 0xBF}, {0x80, 0xBF}}, 3},
    {{{0xED, 0xED}, {0x80, 0x9F}, {0x80, 0xBF}}, 3},
    {{{0xEE, 0xEF}, {0x80, 0xBF}, {0x80, 0xBF}}, 3},
    {{{0xF0, 0xF0}, {0x90, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}, 4},
    {{{0xF1, 0xF3}, {0x80, 0xBF}, {0x80, 0xBF}, {0x80, 0xBF}}, 4},
    {{{0xF4, 0xF4}, {0x80, 0x8F}, {0x80, 0xBF}, {0x80, 0xBF}}, 4},
};

static int fits(const struct row *row, const char *bytes, size_t len) {
    if (row->len > len)
        return 0;
    for (size_t i = 0; i < row->len; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte < row->range[i][0] || byte > row->range[i][1])
            return 0;
    }
    return 1;
}

static size_t model_decode(const char *bytes, size_t len) {
    for (size_t i = 0; i < sizeof grammar / sizeof *grammar; i++) {
        if (fits(&grammar[i], bytes, len))
            return grammar[i].len;
    }
    return 0;
}

static size_t model_step(const char *bytes, size_t len) {
    size_t step = model_decode(bytes, len);
    return step ? step : 1;
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Mostly ASCII, some characters, some rubbish. */
static size_t make_text(uint32_t *state, char *out, size_t max) {
    static const char *const words[] = {"plain ascii text",
                                        "\xC3\xA9",
                                        "\xE6\x97\xA5\xE6\x9C\xAC",
                                        "\xF0\x9F\x99\x82",
                                        "\x80",
                                        "\xE6\x97",
                                        "x",
                                        "\xED\xA0\x80"};
    size_t len = 0, target = next_random(state) % max;
    while (len < target) {
        const char *word = words[next_random(state) % 8];
        size_t take = strlen(word);
        if (take > target - len)
            take = target - len;
        memcpy(out + len, word, take);
        len += take;
    }
    return len;
}

static size_t encode(uint32_t code, char *out) {
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* Not through cmocka's assertions: a million of them are slow. */
static int decodes_to_itself(uint32_t code) {
    int surrogate = code >= 0xD800 && code <= 0xDFFF;
    char bytes[4];
    uint32_t read = 0;
    zl_span text = zl_span_make(bytes, encode(code, bytes));
    size_t len = zl_utf8_decode(text, &read);
    if (surrogate || code > 0x10FFFF)
        return len == 0 && read == 0xFFFD;
    return len == text.len && read == code;
}

TEST(utf8__every_code_point_decodes_to_itself) {
    for (uint32_t code = 0; code < 0x3000; code++)
        assert_true(decodes_to_itself(code));
    for (uint32_t code = 0x3000; code <= 0x110100; code += 7)
        assert_true(decodes_to_itself(code));
    for (uint32_t code = 0xD7F0; code < 0xE010; code++)
        assert_true(decodes_to_itself(code));
    for (uint32_t code = 0xFFF0; code < 0x10010; code++)
        assert_true(decodes_to_itself(code));
    for (uint32_t code = 0x10FFF0; code < 0x110010; code++)
        assert_true(decodes_to_itself(code));
}

static int agrees(const char *bytes, size_t len) {
    uint32_t code = 0;
    size_t wanted = len ? model_decode(bytes, len) : 0;
    size_t got = zl_utf8_decode(zl_span_make(bytes, len), &code);
    return got == wanted && (got > 0 || code == 0xFFFD);
}

TEST(utf8__decode_follows_the_grammar_at_all_edges) {
    size_t n = sizeof edges;
    for (size_t i = 0; i < n * n * n * n; i++) {
        char bytes[4] = {(char)edges[i % n], (char)edges[i / n % n],
                         (char)edges[i / n / n % n], (char)edges[i / n / n / n]};
        if (!agrees(bytes, 4) || !agrees(bytes, 3) || !agrees(bytes, 2) ||
            !agrees(bytes, 1))
            fail_msg("%02X %02X %02X %02X", (unsigned char)bytes[0],
                     (unsigned char)bytes[1], (unsigned char)bytes[2],
                     (unsigned char)bytes[3]);
    }
}

TEST(utf8__an_empty_span_is_valid_and_decodes_to_nothing) {
    uint32_t code = 0;
    zl_span empty = {NULL, 0};
    assert_int_equal(zl_utf8_decode(empty, &code), 0);
    assert_int_equal(code, 0xFFFD);
    assert_true(zl_utf8_is_valid(empty));
    assert_int_equal(zl_utf8_count(empty), 0);
    assert_int_equal(zl_utf8_cut(empty, 5), 0);
    assert_int_equal(zl_utf8_offset(empty, 5), 0);
    assert_false(zl_utf8_has_control(empty));
}

static void check_walks(const char *bytes, size_t len) {
    zl_span text = zl_span_make(bytes, len);
    size_t at = 0, count = 0;
    int valid = 1;
    while (at < len) {
        assert_int_equal(zl_utf8_offset(text, count), at);
        valid &= model_decode(bytes + at, len - at) > 0;
        at += model_step(bytes + at, len - at);
        count++;
    }
    assert_int_equal(zl_utf8_count(text), count);
    assert_int_equal(zl_utf8_offset(text, count), len);
    assert_int_equal(zl_utf8_offset(text, count + 1), len);
    assert_int_equal(zl_utf8_offset(text, SIZE_MAX), len);
    assert_int_equal(zl_utf8_is_valid(text), valid);
}

TEST(utf8__walks_agree_with_a_walk_byte_by_byte) {
    uint32_t random = 1;
    for (int i = 0; i < 500; i++) {
        char bytes[80];
        check_walks(bytes, make_text(&random, bytes, sizeof bytes));
    }
}

static void check_cuts(const char *bytes, size_t len) {
    zl_span text = zl_span_make(bytes, len);
    size_t at = 0, max = 0;
    while (at < len) {
        size_t next = at + model_step(bytes + at, len - at);
        for (; max < next; max++)
            assert_int_equal(zl_utf8_cut(text, max), at);
        at = next;
    }
    assert_int_equal(zl_utf8_cut(text, len), len);
    assert_int_equal(zl_utf8_cut(text, SIZE_MAX), len);
}

TEST(utf8__cut_keeps_whole_characters_at_any_length) {
    uint32_t random = 2;
    for (int i = 0; i < 500; i++) {
        char bytes[80];
        check_cuts(bytes, make_text(&random, bytes, sizeof bytes));
    }
}

TEST(utf8__every_control_byte_is_found_at_every_place) {
    for (int byte = 0; byte < 256; byte++) {
        int control = byte < 0x20 || byte == 0x7F;
        for (size_t len = 1; len <= 20; len++) {
            char bytes[20];
            for (size_t at = 0; at < len; at++) {
                memset(bytes, at % 2 ? 0xFF : ' ', sizeof bytes);
                bytes[at] = (char)byte;
                if (zl_utf8_has_control(zl_span_make(bytes, len)) != control)
                    fail_msg("byte %02X at %zu of %zu", byte, at, len);
            }
        }
    }
}
