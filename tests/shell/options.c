/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading command lines, times and expressions. */
#include "options.h"
#include "budget.h"
#include "colors.h"
#include "grep.h"
#include "sink.h"
#include "timestamp.h"
#include "nats_options.h"
#include "units.h"

static const option_spec specs[] = {{1, "alone", 'a', OPTION_ALONE},
                                    {2, "needs", 'n', OPTION_NEEDS},
                                    {3, "may", 0, OPTION_MAY},
                                    {4, "needy", 0, OPTION_ALONE},
                                    {0}};

/* Expects one id and value (NULL: none) after another. */
static void assert_next(option_reader *reader, int id, const char *value) {
    const char *got;
    assert_int_equal(options_next(reader, &got), id);
    if (value)
        assert_string_equal(got, value);
    else
        assert_null(got);
}

TEST(options__stand_anywhere) {
    const char *words[] = {"x", "--alone", "y", "--needs", "-z", "--needs=", NULL};
    option_reader reader;
    options_begin(&reader, specs, (char **)words);
    assert_next(&reader, OPTION_OPERAND, "x");
    assert_next(&reader, 1, NULL);
    assert_next(&reader, OPTION_OPERAND, "y");
    assert_next(&reader, 2, "-z");
    assert_next(&reader, 2, "");
    assert_next(&reader, OPTION_END, NULL);
}

TEST(options__share_a_dash) {
    const char *words[] = {"-aan5", "-n", "6", "-", NULL};
    option_reader reader;
    options_begin(&reader, specs, (char **)words);
    assert_next(&reader, 1, NULL);
    assert_next(&reader, 1, NULL);
    assert_next(&reader, 2, "5");
    assert_next(&reader, 2, "6");
    assert_next(&reader, OPTION_OPERAND, "-");
}

TEST(options__end_at_two_dashes) {
    const char *words[] = {"--", "--alone", "--", NULL};
    option_reader reader;
    options_begin(&reader, specs, (char **)words);
    assert_next(&reader, OPTION_OPERAND, "--alone");
    assert_next(&reader, OPTION_OPERAND, "--");
    assert_next(&reader, OPTION_END, NULL);
}

TEST(options__may_have_a_value_behind_an_equals_sign_only) {
    const char *words[] = {"--may", "--may=1", "x", NULL};
    option_reader reader;
    options_begin(&reader, specs, (char **)words);
    assert_next(&reader, 3, NULL);
    assert_next(&reader, 3, "1");
    assert_next(&reader, OPTION_OPERAND, "x");
}

TEST(options__may_be_abbreviated) {
    const char *words[] = {"--al", "--needy", "--needs=1", NULL};
    option_reader reader;
    options_begin(&reader, specs, (char **)words);
    assert_next(&reader, 1, NULL);
    assert_next(&reader, 4, NULL);
    assert_next(&reader, 2, "1");
}

TEST(options__refuse_what_makes_no_sense) {
    const char *wrong[] = {"--unknown", "-x", "--need", "--alone=1", "--needs", "-n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *words[] = {wrong[i], NULL};
        option_reader reader;
        const char *value;
        options_begin(&reader, specs, (char **)words);
        assert_int_equal(options_next(&reader, &value), OPTION_BAD);
    }
}

TEST(seconds__may_have_a_fraction) {
    static const char *const wrong[] = {"", ".", "x", "1x", "-1", "1.x", "1e3", " 1"};
    long long ms;
    assert_int_equal(options_read_seconds("5", &ms), 0);
    assert_int_equal(ms, 5000);
    assert_int_equal(options_read_seconds("0.25", &ms), 0);
    assert_int_equal(ms, 250);
    assert_int_equal(options_read_seconds(".5", &ms), 0);
    assert_int_equal(ms, 500);
    assert_int_equal(options_read_seconds("1.0009", &ms), 0);
    assert_int_equal(ms, 1000);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(options_read_seconds(wrong[i], &ms), -1);
}

TEST(count__stays_within_its_limits) {
    long long number;
    assert_int_equal(options_read_count("63", 1, 63, &number), 0);
    assert_int_equal(number, 63);
    assert_int_equal(options_read_count("64", 1, 63, &number), -1);
    assert_int_equal(options_read_count("0", 1, 63, &number), -1);
    assert_int_equal(options_read_count("+1", 1, 63, &number), -1);
    assert_int_equal(options_read_count("99999999999999999999", 1, 63, &number), -1);
}

TEST(timestamp__knows_fractions) {
    output *out = open_sink();
    timestamp stamp;
    assert_int_equal(timestamp_compile(&stamp, "%S.%3N %6N %N%%3N", 1), 0);
    timestamp_put(&stamp, out, INT64_C(1790000000123456789));
    assert_sink(out, "20.123 123456 123456789%3N");
}

TEST(timestamp__follows_the_seconds) {
    output *out = open_sink();
    timestamp stamp;
    assert_int_equal(timestamp_compile(&stamp, "%H:%M:%S.%3N ", 1), 0);
    timestamp_put(&stamp, out, 0);
    timestamp_put(&stamp, out, 999999999);
    timestamp_put(&stamp, out, 1000000000);
    timestamp_put(&stamp, out, -1);
    assert_sink(out, "00:00:00.000 00:00:00.999 00:00:01.000 23:59:59.999 ");
}

TEST(timestamp__refuses_long_formats) {
    char format[400];
    timestamp stamp;
    memset(format, 'x', sizeof format - 1);
    format[sizeof format - 1] = '\0';
    assert_int_equal(timestamp_compile(&stamp, format, 1), -1);
    assert_int_equal(timestamp_compile(&stamp, "", 1), 0);
}

TEST(budget__lasts_a_second_and_comes_back_slowly) {
    const int64_t second = INT64_C(1000000000);
    budget patience = budget_start(5 * second);
    assert_int_equal(budget_left(&patience, 6 * second), second);
    budget_spend(&patience, 6 * second, 7 * second);
    assert_int_equal(budget_left(&patience, 6 * second), 0);
    assert_int_equal(budget_left(&patience, 8 * second), second / 5);
    assert_int_equal(budget_left(&patience, 80 * second), second);
}

TEST(grep__matches_any_bytes) {
    grep *expression = grep_compile("caf\xC3\xA9+$");
    assert_non_null(expression);
    assert_true(grep_matches(expression, B("\xFF\xFE caf\xC3\xA9\n")));
    assert_false(grep_matches(expression, B("caf\xC3")));
    assert_false(grep_matches(expression, bytes_make(NULL, 0)));
    grep_free(expression);
}

TEST(grep__gives_up_on_what_takes_too_long) {
    grep *expression = grep_compile("(a+)+$");
    char hostile[64];
    assert_non_null(expression);
    memset(hostile, 'a', sizeof hostile);
    hostile[sizeof hostile - 1] = 'b';
    assert_false(grep_matches(expression, bytes_make(hostile, sizeof hostile)));
    assert_true(grep_matches(expression, B("aaa")));
    grep_free(expression);
}

TEST(grep__refuses_malformed_expressions) {
    assert_null(grep_compile("a(b"));
}

TEST(colors__follow_terminal_and_environment) {
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    assert_true(colors_wanted(COLOR_AUTO, 1));
    assert_false(colors_wanted(COLOR_AUTO, 0));
    assert_true(colors_wanted(COLOR_ALWAYS, 0));
    assert_false(colors_wanted(COLOR_NEVER, 1));
    setenv("NO_COLOR", "", 1);
    assert_true(colors_wanted(COLOR_AUTO, 1));
    setenv("NO_COLOR", "1", 1);
    assert_false(colors_wanted(COLOR_AUTO, 1));
    assert_true(colors_wanted(COLOR_ALWAYS, 1));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    assert_false(colors_wanted(COLOR_AUTO, 1));
}

TEST(units__are_of_bytes_or_of_seconds) {
    static const char *const wrong[] = {"",
                                        "K",
                                        "1X",
                                        "1KK",
                                        "-1",
                                        "1 K",
                                        "1.5M",
                                        "1e",
                                        "0x1K",
                                        "1Kx",
                                        "99999999999999999999",
                                        "9223372036854775807K",
                                        NULL};
    assert_int_equal(units_bytes("500"), 500);
    assert_int_equal(units_bytes("0"), 0);
    assert_int_equal(units_bytes("64K"), 64 << 10);
    assert_int_equal(units_bytes("64KiB"), 64 << 10);
    assert_int_equal(units_bytes("2G"), INT64_C(2) << 30);
    assert_int_equal(units_bytes("8388607T"), INT64_C(8388607) << 40);
    assert_int_equal(units_bytes("8388608T"), -1);
    assert_int_equal(units_seconds("90s"), 90);
    assert_int_equal(units_seconds("10m"), 600);
    assert_int_equal(units_seconds("1h"), 3600);
    assert_int_equal(units_seconds("7d"), 604800);
    assert_int_equal(units_seconds("1w"), 604800);
    assert_int_equal(units_seconds("90"), -1);
    assert_int_equal(units_bytes("90s"), -1);
    for (int i = 0; wrong[i]; i++) {
        assert_int_equal(units_bytes(wrong[i]), -1);
        assert_int_equal(units_seconds(wrong[i]), -1);
    }
}

TEST(addresses__are_shown_without_secrets) {
    static const char *const pairs[][2] = {
        {"nats://h:4222/S", "nats://h:4222/S"},
        {"nats://me:p@ss@h:4222/S", "nats://h:4222/S"},
        {"nats://a:b@h:1,token@i:2,j:3/S?max-age=7d",
         "nats://h:1,i:2,j:3/S?max-age=7d"},
        {"syslog+tcp://127.0.0.1:5514", "syslog+tcp://127.0.0.1:5514"},
        {"journald:", "journald:"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char *shown = nats_shown_address(pairs[i][0]);
        assert_string_equal(shown, pairs[i][1]);
        free(shown);
    }
}
