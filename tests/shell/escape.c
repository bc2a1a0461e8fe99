/* SPDX-License-Identifier: BSD-3-Clause */
/* What of a stranger's text reaches a terminal as it is. */
#include "escape.h"
#include "sink.h"

TEST(escape__leaves_readable_text_alone) {
    output *out = open_sink();
    assert_int_equal(escape_put(out, B("a b~ \\ grün 日本 \xF0\x9F\x90\x9F"), NULL),
                     16);
    assert_sink(out, "a b~ \\ grün 日本 \xF0\x9F\x90\x9F");
}

TEST(escape__shows_control_characters) {
    output *out = open_sink();
    escape_put(out, B("\x1b[2J\a\b\0\x7f"), NULL);
    assert_sink(out, "\\x1b[2J\\x07\\x08\\x00\\x7f");
}

TEST(escape__keeps_everything_on_one_line) {
    output *out = open_sink();
    escape_put(out, B("a\nb\rc\td\v\f"), NULL);
    assert_sink(out, "a\\nb\\rc\\td\\x0b\\x0c");
}

TEST(escape__shows_c1_controls) {
    output *out = open_sink();
    escape_put(out, B("\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0"), NULL);
    assert_sink(out, "\\u0080\\u009b\\u009f\xC2\xA0");
}

TEST(escape__shows_what_turns_text_around) {
    static const uint32_t bidi[] = {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C,
                                    0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069};
    for (size_t i = 0; i < sizeof bidi / sizeof *bidi; i++)
        assert_true(escape_is_needed(bidi[i]));
    assert_false(escape_is_needed(0x202F));
    assert_false(escape_is_needed(0x061B));
}

TEST(escape__shows_what_nobody_sees) {
    static const uint32_t hidden[] = {
        0x00AD,  0x034F,  0x115F,  0x180E,  0x200B,  0x200C,  0x200D, 0x2060,
        0x2064,  0x206F,  0x3164,  0xFEFF,  0xFFA0,  0xFFF9,  0xFFFA, 0xFFFB,
        0x1BCA0, 0x1D173, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xE01EF};
    static const uint32_t seen[] = {0x00AE, 0x200A, 0x2010, 0x2070,  0xFE0F,
                                    0xFFFC, 0xFFFD, 0xFFEE, 0x1F41F, 0x10FFFD};
    output *out = open_sink();
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_true(escape_is_needed(hidden[i]));
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        assert_false(escape_is_needed(seen[i]));
    escape_put_message(out, B("a\xE2\x80\x8B"
                              "b\xEF\xBB\xBF\xEF\xBF\xB9\xF3\xA0\x80\x81"));
    assert_sink(out, "a\\u200bb\\ufeff\\ufff9\\U000e0001");
}

TEST(escape__shows_line_separators) {
    output *out = open_sink();
    escape_put(out, B("a\xE2\x80\xA8z\xE2\x80\xA9\xE2\x80\xAE"), NULL);
    assert_sink(out, "a\\u2028z\\u2029\\u202e");
}

TEST(escape__shows_bytes_that_are_not_utf8) {
    output *out = open_sink();
    /* Stray, cut short, overlong, a surrogate, beyond the last character. */
    escape_put(out, B("\xFF\x80 \xC3"), NULL);
    escape_put(out, B(" \xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80"), NULL);
    assert_sink(out,
                "\\xff\\x80 \\xc3 \\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
}

TEST(escape__takes_more_characters_on_demand) {
    output *out = open_sink();
    escape_put(out, B("a|b"), "|");
    escape_put(out, B("  c d"), "| ");
    assert_sink(out, "a\\x7cb\\x20 c d");
}

TEST(escape__measures_what_it_puts) {
    const bytes samples[] = {B(""), B("abc"), B("\x1b[0m"), B("grün\n"),
                             B("\xFF|\xE2\x80\xAE")};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        output *out = open_sink();
        assert_int_equal(escape_put(out, samples[i], "|"),
                         escape_width(samples[i], "|"));
    }
}

TEST(message__keeps_tabs) {
    output *out = open_sink();
    escape_put_message(out, B("\tat main.c:3\x1b"));
    assert_sink(out, "\tat main.c:3\\x1b");
}

/* Whatever comes: no byte below blank but tabs, nothing that is not UTF-8. */
TEST(escape__lets_nothing_dangerous_through) {
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        char noise[24];
        output *out = open_sink();
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 1664525 + 1013904223;
            noise[i] = (char)(seed >> 24);
        }
        escape_put_message(out, bytes_make(noise, sizeof noise));
        bytes shown = bytes_make(out->data, out->len);
        assert_true(bytes_are_utf8(shown));
        while (shown.len > 0) {
            uint32_t code = 0;
            size_t len = bytes_decode(shown, &code);
            assert_true(code == '\t' || !escape_is_needed(code));
            shown = bytes_from(shown, len);
        }
    }
}
