/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and names of levels. */
#include "support.h"

#include "name/level.h"

static zl_level_names names_of(const char *preset) {
    zl_level_names names;
    assert_int_equal(zl_level_names_preset(&names, preset), 0);
    return names;
}

static void assert_refused(zl_level_names *names, int level, const char *name) {
    zl_level_names before = *names;
    const char *why = NULL;
    if (zl_level_names_set(names, level, name, &why) != ZMQLOG_EINVAL)
        fail_msg("level %d took the name \"%s\"", level, name);
    assert_non_null(why);
    assert_memory_equal(&before, names, sizeof before);
}

static void assert_taken(zl_level_names *names, int level, const char *name) {
    const char *why = NULL;
    if (zl_level_names_set(names, level, name, &why) != ZMQLOG_OK)
        fail_msg("level %d, name \"%s\": %s", level, name, why);
    assert_string_equal(names->name[level], name);
}

TEST(level__presets_name_the_five) {
    zl_level_names names = names_of("default");
    assert_string_equal(names.name[10], "DEBUG");
    assert_string_equal(names.name[20], "INFO");
    assert_string_equal(names.name[30], "WARN");
    assert_string_equal(names.name[40], "ERROR");
    assert_string_equal(names.name[50], "CRITICAL");
    names = names_of("pyzmq");
    assert_string_equal(names.name[20], "INFO");
    assert_string_equal(names.name[30], "WARNING");
}

TEST(level__presets_number_the_others_in_fixed_width) {
    zl_level_names names = names_of("default");
    assert_string_equal(names.name[0], "");
    for (int level = 1; level <= 63; level++) {
        char numbered[16];
        snprintf(numbered, sizeof numbered, "L%02d", level);
        if (level % 10 != 0 || level == 60)
            assert_string_equal(names.name[level], numbered);
        assert_string_equal(zmqlog_level_name(level), names.name[level]);
    }
}

TEST(level__unknown_presets_are_refused) {
    zl_level_names names;
    assert_int_equal(zl_level_names_preset(&names, "Default"), -1);
    assert_int_equal(zl_level_names_preset(&names, ""), -1);
    assert_int_equal(zl_level_names_preset(&names, NULL), -1);
}

TEST(level__name_is_null_out_of_range) {
    assert_null(zmqlog_level_name(0));
    assert_null(zmqlog_level_name(64));
    assert_null(zmqlog_level_name(-1));
    assert_null(zmqlog_level_name(INT32_MAX));
    assert_null(zmqlog_level_name(INT32_MIN));
}

TEST(level__number_reads_names_in_any_case) {
    static const struct {
        const char *name;
        int level;
    } rows[] = {
        {"DEBUG", 10},   {"info", 20},     {"Warn", 30},  {"WARNING", 30},
        {"eRRoR", 40},   {"CRITICAL", 50}, {"fatal", 50}, {"crit", 50},
        {"err", 40},     {"notice", 25},   {"trace", 5},  {"any", 60},
        {"Unknown", 60}, {"alert", 60},    {"EMERG", 60}, {"panic", 60},
        {"L01", 1},      {"l63", 63},      {"L20", 20},   {"1", 1},
        {"63", 63},      {"20", 20},       {"05", 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(zmqlog_level_number(rows[i].name), rows[i].level);
}

TEST(level__number_of_anything_else_is_zero) {
    static const char *const rows[] = {
        "",     "0",   "00",    "64",  "-1",     "+1",      "1 ",
        " 1",   "1.0", "020",   "0x1", "L1",     "L00",     "L64",
        "L001", "L 1", "INFO ", "INF", "INFO.x", "verbose", "9999999999999999999"};
    assert_int_equal(zmqlog_level_number(NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(zmqlog_level_number(rows[i]), 0);
}

TEST(level__number_reads_back_every_name) {
    for (int level = 1; level <= 63; level++)
        assert_int_equal(zmqlog_level_number(zmqlog_level_name(level)), level);
}

TEST(level__a_name_may_be_set_and_changed) {
    zl_level_names names = names_of("default");
    assert_taken(&names, 5, "TRACE");
    assert_taken(&names, 25, "NOTICE");
    assert_taken(&names, 25, "Level 25");
    assert_taken(&names, 63, "\xC3\xA9v\xC3\xA9nement");
    assert_taken(&names, 30, "WARNING");
    assert_taken(&names, 30, "warn");
    assert_taken(&names, 25, "L25");
    assert_taken(&names, 1, "12345678901234567890123456789012");
}

TEST(level__bad_names_are_refused_with_the_reason) {
    static const char *const rows[] = {NULL,
                                       "",
                                       "a.b",
                                       ".",
                                       "tab\t",
                                       "nl\n",
                                       "del\x7F",
                                       "\xFF",
                                       "\xC3",
                                       "\xED\xA0\x80",
                                       "123456789012345678901234567890123"};
    zl_level_names names = names_of("default");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(&names, 25, rows[i]);
    assert_refused(&names, 0, "ZERO");
    assert_refused(&names, 64, "HIGH");
    assert_refused(&names, -1, "LOW");
}

TEST(level__names_of_other_levels_are_refused_in_any_case) {
    zl_level_names names = names_of("default");
    assert_refused(&names, 25, "INFO");
    assert_refused(&names, 25, "info");
    assert_refused(&names, 25, "L26");
    assert_refused(&names, 25, "l26");
    assert_refused(&names, 25, "Level 26");
    assert_taken(&names, 26, "AUDIT");
    assert_refused(&names, 25, "L26"); /* readers would still take it for 26 */
    assert_refused(&names, 25, "audit");
    assert_taken(&names, 26, "other");
    assert_taken(&names, 25, "audit");
}

TEST(level__warn_and_warning_are_one_name) {
    zl_level_names names = names_of("default");
    assert_refused(&names, 31, "WARNING");
    names = names_of("pyzmq");
    assert_refused(&names, 31, "warn");
    assert_taken(&names, 30, "ATTENTION");
    assert_taken(&names, 31, "warn");
    assert_refused(&names, 30, "WARNING");
}

static int segment(const zl_level_names *names, const char *text) {
    return zl_level_of_segment(names, zl_span_of(text));
}

TEST(level__what_python_calls_nameless_ones_is_read) {
    static const char *const none[] = {"Level",     "Level ",   "Level 0",  "Level 64",
                                       "Level 100", "Level 1x", "Level 1 ", "Level  1",
                                       "Level-1",   "Leve 12"};
    zl_level_names names = names_of("pyzmq");
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        char name[16];
        snprintf(name, sizeof name, "Level %d", level);
        assert_int_equal(segment(&names, name), level);
        assert_int_equal(zmqlog_level_number(name), level);
    }
    assert_int_equal(segment(NULL, "LEVEL 7"), 7);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(segment(&names, none[i]), 0);
}

TEST(level__segment_is_read_by_table_then_by_alias) {
    zl_level_names names = names_of("default");
    assert_taken(&names, 26, "NOTICE");
    assert_taken(&names, 35, "Audit");
    assert_int_equal(segment(&names, "notice"), 26);
    assert_int_equal(segment(NULL, "notice"), 25);
    assert_int_equal(segment(&names, "AUDIT"), 35);
    assert_int_equal(segment(NULL, "AUDIT"), 0);
    assert_int_equal(segment(&names, "WARNING"), 30);
    assert_int_equal(segment(&names, "L35"), 35);
    assert_int_equal(segment(&names, "FATAL"), 50);
}

TEST(level__segment_is_never_a_bare_number) {
    zl_level_names names = names_of("default");
    assert_int_equal(segment(&names, "20"), 0);
    assert_int_equal(segment(NULL, "20"), 0);
    assert_int_equal(segment(&names, ""), 0);
    assert_int_equal(segment(&names, "INFORMATION"), 0);
    assert_int_equal(segment(&names, "INF"), 0);
    assert_int_equal(zl_level_of_segment(&names, zl_span_make(NULL, 0)), 0);
    assert_int_equal(zl_level_of_segment(&names, zl_span_make("INFO\0", 5)), 0);
    assert_int_equal(zl_level_of_segment(&names, zl_span_make("INFO.x", 4)), 20);
}

static void assert_spelled(const zl_level_names *names, int level, const char *wanted) {
    const char *out[ZL_LEVEL_SPELLINGS_MAX];
    char joined[256] = "";
    int count = zl_level_spellings(names, level, out);
    for (int i = 0; i < count; i++) {
        strcat(joined, i ? " " : "");
        strcat(joined, out[i]);
    }
    assert_string_equal(joined, wanted);
}

TEST(level__spellings_are_all_names_that_are_read_as_it) {
    zl_level_names names = names_of("default");
    assert_spelled(&names, 20, "INFO");
    assert_spelled(&names, 21, "L21 Level 21");
    assert_spelled(&names, 5, "L05 TRACE Level 5");
    assert_spelled(&names, 30, "WARN WARNING");
    assert_spelled(&names, 50, "CRITICAL CRIT FATAL");
    assert_spelled(&names, 60, "L60 ALERT EMERG PANIC ANY UNKNOWN Level 60");
    names = names_of("pyzmq");
    assert_spelled(&names, 30, "WARNING WARN");
    assert_spelled(NULL, 30, "WARN WARNING");
    assert_taken(&names, 30, "ATTENTION");
    assert_spelled(&names, 30, "ATTENTION WARN WARNING");
    assert_taken(&names, 25, "NOTICE");
    assert_spelled(&names, 25, "NOTICE L25 Level 25");
    assert_taken(&names, 25, "Level 25");
    assert_spelled(&names, 25, "Level 25 L25 NOTICE");
    assert_taken(&names, 45, "FATAL"); /* and not 50 any more */
    assert_spelled(&names, 45, "FATAL L45 Level 45");
    assert_spelled(&names, 50, "CRITICAL CRIT");
    assert_taken(&names, 60, "unknown"); /* prefixes match bytes */
    assert_spelled(&names, 60, "unknown L60 ALERT EMERG PANIC ANY UNKNOWN Level 60");
    assert_spelled(&names, 0, "");
    assert_spelled(&names, 64, "");
}
