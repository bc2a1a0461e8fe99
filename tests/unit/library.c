/* SPDX-License-Identifier: BSD-3-Clause */
/* What the library says of itself, compared with the header it was built from. */
#include "support.h"

#include <ctype.h>
#include <zmq.h>

#define HEADER ZMQLOG_SOURCE_DIR "/abi/include/zmqlog.h"

TEST(library__version_is_that_of_the_header) {
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", ZMQLOG_VERSION_MAJOR, ZMQLOG_VERSION_MINOR,
             ZMQLOG_VERSION_PATCH);
    assert_string_equal(zmqlog_version_string(), text);
    assert_int_equal(zmqlog_version() >> 16, ZMQLOG_VERSION_MAJOR);
    assert_int_equal(zmqlog_version() >> 8 & 0xFF, ZMQLOG_VERSION_MINOR);
    assert_int_equal(zmqlog_version() & 0xFF, ZMQLOG_VERSION_PATCH);
}

TEST(library__delimiter_is_that_of_the_header) {
    assert_string_equal(zmqlog_topic_delimiter(), ZMQLOG_TOPIC_DELIM);
}

/* An integer macro of the line, with its value; 0 when there is none. */
static int read_macro(const char *line, char name[64], long long *value) {
    return sscanf(line, "#define %63[A-Z0-9_] %lld", name, value) == 2;
}

TEST(library__every_integer_macro_is_a_constant) {
    FILE *header = fopen(HEADER, "r");
    char line[512], name[64];
    long long value;
    int macros = 0;
    assert_non_null(header);
    while (fgets(line, sizeof line, header)) {
        if (!read_macro(line, name, &value))
            continue;
        macros++;
        assert_memory_equal(name, "ZMQLOG_", 7);
        if (zmqlog_constant(name) != value || zmqlog_constant(name + 7) != value)
            fail_msg("%s is %lld", name, value);
    }
    fclose(header);
    assert_true(macros > 50);
}

/* The number of the counter that the line defines, 0 when it defines none. */
static int read_counter(const char *line, char name[64], char text[128]) {
    int number = 0;
    if (sscanf(line, "#define ZMQLOG_COUNT_%63[A-Z_] %d /**< %127[^.].", name, &number,
               text) != 3)
        return 0;
    for (char *c = name; *c; c++)
        *c = (char)tolower(*c);
    return number;
}

TEST(library__counters_are_called_what_the_header_calls_them) {
    FILE *header = fopen(HEADER, "r");
    char line[512], name[64], text[128];
    int counters = 0, named = 0;
    assert_non_null(header);
    while (fgets(line, sizeof line, header)) {
        int number = read_counter(line, name, text);
        if (number == 0)
            continue;
        counters++;
        assert_string_equal(zmqlog_count_name(number), name);
        assert_string_equal(zmqlog_count_text(number), text);
    }
    fclose(header);
    for (int number = -1; number <= ZMQLOG_COUNT_MAX + 1; number++) {
        named += zmqlog_count_name(number) != NULL;
        assert_int_equal(!zmqlog_count_name(number), !zmqlog_count_text(number));
    }
    assert_int_equal(named, counters);
    assert_true(counters >= 22);
}

TEST(library__constants_are_found_by_either_name) {
    assert_int_equal(zmqlog_constant("LEVEL_WARN"), 30);
    assert_int_equal(zmqlog_constant("ZMQLOG_LEVEL_WARN"), 30);
    assert_int_equal(zmqlog_constant("EINVAL"), ZMQLOG_EINVAL);
    assert_int_equal(zmqlog_constant("OK"), 0);
}

TEST(library__what_is_no_constant_is_int64_min) {
    static const char *const names[] = {"TIME_NONE", "ZMQLOG_TIME_NONE", "TOPIC_DELIM",
                                        "",          "ZMQLOG_",          "level_warn",
                                        "LEVEL",     "ZMQLOG_ZMQLOG_OK"};
    assert_true(zmqlog_constant(NULL) == INT64_MIN);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(zmqlog_constant(names[i]) == INT64_MIN);
}

TEST(library__features_are_those_that_are_there) {
    assert_int_equal(zmqlog_has("ipc"), 1);
    assert_int_equal(zmqlog_has("json"), 1);
    assert_int_equal(zmqlog_has("fork"), 1);
    assert_int_equal(zmqlog_has("attach"), 1);
    assert_int_equal(zmqlog_has("curve"), zmq_has("curve") == 1);
    assert_int_equal(zmqlog_has("CURVE"), 0);
    assert_int_equal(zmqlog_has("teleport"), 0);
    assert_int_equal(zmqlog_has(""), 0);
    assert_int_equal(zmqlog_has(NULL), 0);
}
