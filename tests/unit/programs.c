/* SPDX-License-Identifier: BSD-3-Clause */
/* What programs say of themselves, which prefixes follow from it, and how their topics
 * are read. */
#include "support.h"

#include "receive/programs.h"

static zl_programs set;

static int setup(void **state) {
    (void)state;
    memset(&set, 0, sizeof set);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zl_programs_free(&set);
    return 0;
}

#define PROGRAM(name) TEST_WITH(name, setup, teardown)

#define DEFAULT_NAMES                                                                  \
    "{\"10\":\"DEBUG\",\"20\":\"INFO\",\"30\":\"WARN\",\"40\":\"ERROR\","              \
    "\"50\":\"CRITICAL\"}"

static zl_hello hear(const char *body, zl_program **program) {
    zl_program *ignored;
    return zl_programs_hear(&set, zl_span_of(body), program ? program : &ignored);
}

static zl_program *default_program(const char *root) {
    zl_program *program;
    char body[256];
    snprintf(body, sizeof body, "{\"root\":\"%s\",\"levels\":%s}", root, DEFAULT_NAMES);
    assert_int_equal(ZL_HELLO_NEW, hear(body, &program));
    return program;
}

static void append(zl_span prefix, void *context) {
    char *all = context;
    snprintf(all + strlen(all), 1000 - strlen(all), "%s%.*s", *all ? " " : "",
             (int)prefix.len, prefix.data);
}

static void expect_prefixes(const zl_program *program, int min_level,
                            const char *wanted) {
    char all[1000] = "";
    zl_program_prefixes(program, min_level, append, all);
    assert_string_equal(all, wanted);
}

PROGRAM(hello__makes_a_program_known_once) {
    zl_program *program = default_program("app"), *again;
    assert_string_equal(program->root, "app");
    assert_int_equal(ZL_HELLO_KNOWN,
                     hear("{\"levels\":" DEFAULT_NAMES ",\"root\":\"app\"}", &again));
    assert_ptr_equal(program, again);
    assert_int_equal(ZL_HELLO_NEW,
                     hear("{\"root\":\"app\",\"levels\":{\"35\":\"NOTE\"}}", &again));
    assert_ptr_equal(program, again);
    assert_int_equal(1, set.count);
}

PROGRAM(hello__without_root_is_no_program) {
    zl_program *program;
    assert_int_equal(ZL_HELLO_KNOWN, hear("{\"relay\":\"x\"}", &program));
    assert_null(program);
    assert_int_equal(0, set.count);
}

PROGRAM(hello__that_is_none_changes_nothing) {
    static const char *const bad[] = {
        "",
        "[]",
        "{",
        "{\"root\":5}",
        "{\"root\":\"a\\u0000b\"}",
        "{\"root\":\"\xff\"}",
        "{\"root\":\"12345678901234567890123456789012345678901234567890"
        "123456789012345678901234567890123456789012345678901\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(ZL_HELLO_BAD, hear(bad[i], NULL));
    assert_int_equal(0, set.count);
}

PROGRAM(hello__names_that_no_level_can_have_are_left_out) {
    zl_program *program;
    hear("{\"root\":\"\",\"levels\":{\"0\":\"A\",\"64\":\"B\",\"x\":\"C\",\"5\":\"\","
         "\"6\":\"a.b\",\"7\":7,\"8\":\"1234567890123456789012345678901234\","
         "\"9\":\"FINE\"}}",
         &program);
    assert_int_equal(1, program->name_count);
    assert_string_equal(program->names[0].text, "FINE");
    assert_int_equal(9, program->names[0].level);
}

PROGRAM(programs__have_a_limit) {
    char body[64];
    for (int i = 0; i < ZL_PROGRAMS_MAX; i++) {
        snprintf(body, sizeof body, "{\"root\":\"p%d\"}", i);
        assert_int_equal(ZL_HELLO_NEW, hear(body, NULL));
    }
    assert_int_equal(ZL_HELLO_BAD, hear("{\"root\":\"one more\"}", NULL));
    assert_int_equal(ZL_HELLO_KNOWN, hear("{\"root\":\"p7\"}", NULL));
}

PROGRAM(prefixes__bring_the_level_and_above_and_few_others) {
    zl_program *program = default_program("app");
    expect_prefixes(program, ZMQLOG_LEVEL_WARN,
                    "app.WARN app.ERROR app.CRITICAL app.L3 app.L4 app.L5 app.L6");
    expect_prefixes(program, 38,
                    "app.ERROR app.CRITICAL app.L38 app.L39 app.L4 app.L5 app.L6");
    expect_prefixes(program, 63, "app.L63");
    expect_prefixes(program, 1,
                    "app.DEBUG app.INFO app.WARN app.ERROR app.CRITICAL app.L0 app.L1 "
                    "app.L2 app.L3 app.L4 app.L5 app.L6");
}

PROGRAM(prefixes__of_a_program_without_root_are_names) {
    expect_prefixes(default_program(""), 50, "CRITICAL L5 L6");
}

/* The level named so is below what is wanted. */
PROGRAM(prefixes__leave_names_of_lower_levels_out) {
    zl_program *program;
    hear("{\"root\":\"a\",\"levels\":{\"5\":\"L6CACHE\",\"61\":\"TOP\"}}", &program);
    expect_prefixes(program, 60, "a.TOP a.L60 a.L62 a.L63");
}

static void expect_parts(const char *topic, const char *root, int level,
                         const char *subtopic) {
    zl_topic_parts parts;
    assert_true(zl_programs_parse(&set, zl_span_of(topic), &parts));
    assert_true(zl_span_equal(parts.root, zl_span_of(root)));
    assert_int_equal(level, parts.level);
    assert_true(zl_span_equal(parts.subtopic, zl_span_of(subtopic)));
}

PROGRAM(topics__are_read_as_their_program_means_them) {
    zl_topic_parts parts;
    default_program("");
    default_program("app");
    default_program("info.desk");
    hear("{\"root\":\"app.INFO\",\"levels\":{\"35\":\"NOTE\"}}", NULL);
    expect_parts("INFO", "", 20, "");
    expect_parts("app.WARN.db.x", "app", 30, "db.x");
    expect_parts("app.L07", "app", 7, "");
    expect_parts("info.desk.ERROR.", "info.desk", 40, "");
    expect_parts("app.INFO.NOTE.x", "app.INFO", 35, "x");
    expect_parts("app.INFO.x", "app", 20, "x");
    assert_false(zl_programs_parse(&set, zl_span_of("other.INFO"), &parts));
    assert_false(zl_programs_parse(&set, zl_span_of("app"), &parts));
    assert_false(zl_programs_parse(&set, zl_span_of("app."), &parts));
    assert_false(zl_programs_parse(&set, zl_span_of("app.L64"), &parts));
    assert_false(zl_programs_parse(&set, zl_span_of(""), &parts));
}
