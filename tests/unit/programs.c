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
    assert_false(set.left_out);
    assert_int_equal(ZL_HELLO_BAD, hear("{\"root\":\"one more\"}", NULL));
    assert_true(set.left_out);
    assert_int_equal(ZL_HELLO_KNOWN, hear("{\"root\":\"p7\"}", NULL));
}

PROGRAM(hello__of_a_reserved_root_is_none) {
    assert_int_equal(ZL_HELLO_BAD, hear("{\"root\":\"zmqlog\"}", NULL));
    assert_int_equal(ZL_HELLO_BAD, hear("{\"root\":\"zmqlog.INFO\"}", NULL));
    assert_int_equal(ZL_HELLO_BAD, hear("{\"root\":\"zmqlog.INFO.hello\"}", NULL));
    assert_int_equal(ZL_HELLO_NEW, hear("{\"root\":\"zmqlog.tool\"}", NULL));
    assert_int_equal(1, set.count);
    assert_false(set.left_out);
}

/* Each change of what is subscribed to, in order. */
static char changes[1000];
static size_t live, live_bytes;

static void note(char sign, zl_span prefix) {
    size_t len = strlen(changes);
    live += sign == '+' ? 1 : (size_t)-1;
    live_bytes += sign == '+' ? prefix.len : -prefix.len;
    snprintf(changes + len, sizeof changes - len, "%s%c%.*s", len ? " " : "", sign,
             (int)prefix.len, prefix.data);
}

static void subscribe(zl_span prefix, void *context) {
    (void)context;
    note('+', prefix);
}

static void unsubscribe(zl_span prefix, void *context) {
    (void)context;
    note('-', prefix);
}

static void follow(zl_program *program, int min_level) {
    static const zl_program_socket socket = {subscribe, unsubscribe, NULL};
    changes[0] = '\0';
    zl_program_follow(&set, program, min_level, &socket);
}

static void expect_changes(zl_program *program, int min_level, const char *wanted) {
    follow(program, min_level);
    assert_string_equal(changes, wanted);
}

PROGRAM(level__is_subscribed_to_before_another_is_cancelled) {
    zl_program *program = default_program("a");
    expect_changes(program, 50, "+a.CRITICAL +a.L5 +a.L6");
    expect_changes(program, 50, "");
    expect_changes(program, 40, "+a.ERROR +a.L4");
    expect_changes(program, 61,
                   "+a.L61 +a.L62 +a.L63 -a.ERROR -a.CRITICAL -a.L4 -a.L5 -a.L6");
}

PROGRAM(names__of_a_level_are_learnt_whenever_they_change) {
    zl_program *program = default_program("a");
    follow(program, 50);
    hear("{\"root\":\"a\",\"levels\":{\"50\":\"FATAL\"}}", NULL);
    expect_changes(program, 50, "+a.FATAL");
    /* The same name, now of a level that is not wanted; and back. */
    assert_int_equal(ZL_HELLO_NEW,
                     hear("{\"root\":\"a\",\"levels\":{\"20\":\"FATAL\"}}", NULL));
    expect_changes(program, 50, "-a.FATAL");
    assert_int_equal(ZL_HELLO_NEW,
                     hear("{\"root\":\"a\",\"levels\":{\"55\":\"FATAL\"}}", NULL));
    expect_changes(program, 50, "+a.FATAL");
    assert_int_equal(0, set.left_out);
}

/* As many as a hostile publisher likes to say hello for. */
PROGRAM(prefixes__of_all_programs_have_a_limit) {
    char body[4000];
    zl_program *program;
    live = live_bytes = 0;
    for (int i = 0; !set.left_out; i++) {
        int len = snprintf(body, sizeof body, "{\"root\":\"%090d\",\"levels\":{", i);
        for (int level = 1; level <= 63; level++)
            len += snprintf(body + len, sizeof body - (size_t)len, "\"%d\":\"N%d\",",
                            level, level);
        snprintf(body + len, sizeof body - (size_t)len, "\"0\":\"\"}}");
        assert_int_equal(ZL_HELLO_NEW, hear(body, &program));
        follow(program, 1);
    }
    assert_true(live > 1000 && live <= ZL_PROGRAMS_PREFIXES_MAX);
    assert_true(live_bytes <= ZL_PROGRAMS_PREFIX_BYTES_MAX);
    assert_int_equal(live, set.prefix_count);
    for (size_t i = 0; i < set.count; i++)
        follow(set.items[i], 63);
    assert_int_equal(live, set.prefix_count);
    assert_int_equal(set.count, live);
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
