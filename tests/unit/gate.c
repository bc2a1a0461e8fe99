/* SPDX-License-Identifier: BSD-3-Clause */
/* Which levels the gate opens, given the subscriptions. */
#include "support.h"

#include <pthread.h>

#include "publish/gate.h"
#include "name/topic.h"

TEST_LABELS(threads);

typedef struct fixture {
    zl_gate gate;
    zl_prefixes prefixes;
    zl_prefix_holder holder;
    zl_level_names names;
    int kept;
} fixture;

static int setup(void **state) {
    fixture *f = aligned_alloc(64, (sizeof *f + 63) / 64 * 64);
    if (!f)
        return -1;
    memset(f, 0, sizeof *f);
    zl_prefixes_init(&f->prefixes);
    f->kept = ZL_NONE_KEPT;
    *state = f;
    return zl_level_names_preset(&f->names, "default");
}

static int teardown(void **state) {
    fixture *f = *state;
    zl_prefixes_drop(&f->prefixes, &f->holder);
    free(f);
    return 0;
}

static void listen_to(fixture *f, const char *prefix) {
    zl_prefixes_add(&f->prefixes, &f->holder, zl_span_of(prefix));
}

static int follow(fixture *f, int floor, const char *root) {
    return zl_gate_follow(&f->gate, floor, f->kept, &f->prefixes, zl_span_of(root),
                          &f->names);
}

/* Exactly the levels in the 0-terminated list are open. */
static void assert_open(const fixture *f, const int *levels) {
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++) {
        int wanted = *levels != 0 && *levels == level;
        if (zl_gate_is_open(&f->gate, level) != wanted)
            fail_msg("level %d is %s", level, wanted ? "closed" : "open");
        levels += wanted;
    }
}
#define ASSERT_OPEN(f, ...) assert_open((f), (const int[]){__VA_ARGS__, 0})

TEST_WITH(gate__opens_all_from_the_floor_up, setup, teardown) {
    fixture *f = *state;
    zl_gate_open_all(&f->gate, 61);
    ASSERT_OPEN(f, 61, 62, 63);
    zl_gate_open_all(&f->gate, 63);
    ASSERT_OPEN(f, 63);
    zl_gate_open_all(&f->gate, 0);
    for (int level = 1; level <= 63; level++)
        assert_int_equal(zl_gate_is_open(&f->gate, level), 1);
    assert_int_equal(zl_gate_is_open(&f->gate, 0), 0);
}

TEST_WITH(gate__is_shut_when_nobody_listens, setup, teardown) {
    fixture *f = *state;
    zl_gate_open_all(&f->gate, 0);
    assert_int_equal(follow(f, 0, "app"), 0);
    ASSERT_OPEN(f, 0);
}

TEST_WITH(gate__is_open_for_what_is_kept_and_counts_only_what_is_heard, setup,
          teardown) {
    fixture *f = *state;
    f->kept = 61;
    listen_to(f, "app.INFO");
    assert_int_equal(follow(f, 0, "app"), 1);
    ASSERT_OPEN(f, ZMQLOG_LEVEL_INFO, 61, 62, 63);
    assert_int_equal(follow(f, 62, "app"), 0);
    ASSERT_OPEN(f, 62, 63);
}

TEST_WITH(gate__opens_for_everything_above_the_level_name, setup, teardown) {
    fixture *f = *state;
    listen_to(f, "ap");
    assert_int_equal(follow(f, 0, "app"), 63);
    assert_int_equal(follow(f, 0, "other"), 0);
    assert_int_equal(follow(f, 0, ""), 0);
    listen_to(f, "");
    assert_int_equal(follow(f, 0, "other"), 63);
}

TEST_WITH(gate__opens_one_level_for_its_name_and_what_is_below, setup, teardown) {
    fixture *f = *state;
    listen_to(f, "app.INFO");
    listen_to(f, "app.DEBUG.net");
    assert_int_equal(follow(f, 0, "app"), 2);
    ASSERT_OPEN(f, 10, 20);
}

TEST_WITH(gate__opens_all_levels_whose_name_begins_so, setup, teardown) {
    fixture *f = *state;
    listen_to(f, "app.L0");
    listen_to(f, "app.W");
    assert_int_equal(follow(f, 0, "app"), 10);
    ASSERT_OPEN(f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30);
}

TEST_WITH(gate__stays_shut_for_longer_names, setup, teardown) {
    fixture *f = *state;
    listen_to(f, "app.INFORMATION");
    listen_to(f, "app.WARNING");
    listen_to(f, "apple");
    assert_int_equal(follow(f, 0, "app"), 0);
}

TEST_WITH(gate__follows_the_names_of_the_table, setup, teardown) {
    fixture *f = *state;
    listen_to(f, "WARNING");
    assert_int_equal(follow(f, 0, ""), 0);
    assert_int_equal(zl_level_names_preset(&f->names, "pyzmq"), 0);
    assert_int_equal(follow(f, 0, ""), 1);
    ASSERT_OPEN(f, 30);
}

TEST_WITH(gate__no_listener_gets_below_the_floor, setup, teardown) {
    fixture *f = *state;
    listen_to(f, "");
    assert_int_equal(follow(f, 50, "app"), 14);
    assert_int_equal(zl_gate_is_open(&f->gate, 49), 0);
    assert_int_equal(zl_gate_is_open(&f->gate, 50), 1);
}

TEST_WITH(gate__stays_shut_for_any_number_of_foreign_prefixes, setup, teardown) {
    fixture *f = *state;
    char prefix[16];
    for (int i = 0; i < 10000; i++) {
        snprintf(prefix, sizeof prefix, "foreign%d", i);
        listen_to(f, prefix);
    }
    assert_int_equal(follow(f, 0, "app"), 0);
}

TEST_WITH(gate__takes_any_root_the_set_may_hold, setup, teardown) {
    fixture *f = *state;
    char root[ZMQLOG_ROOT_MAX_BYTES + 1];
    memset(root, 'r', sizeof root - 1);
    root[sizeof root - 1] = '\0';
    assert_int_equal(follow(f, 0, root), 0);
    listen_to(f, root);
    assert_int_equal(follow(f, 0, root), 63);
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* Pieces of topics that mean something, cut at any byte. */
static void make_prefix(uint32_t *random, char *out) {
    static const char *const pieces[] = {"app", ".", "INFO", "L2", "WARN", "ING", "x"};
    size_t len = 0, count = next_random(random) % 5;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[next_random(random) % 7];
        strcpy(out + len, piece);
        len += strlen(piece);
    }
    out[len - (len > 0 && next_random(random) % 3 == 0)] = '\0';
}

static void check_against_each_prefix(fixture *f, const char *root) {
    for (int level = 1; level <= 63; level++) {
        int wanted = 0;
        for (const zl_prefix *at = f->holder.first; at; at = at->next)
            wanted |= zl_topic_prefix_opens(zl_prefix_text(at), zl_span_of(root),
                                            zl_span_of(f->names.name[level]));
        assert_int_equal(zl_gate_is_open(&f->gate, level), wanted);
    }
}

TEST_WITH(gate__is_what_its_prefixes_open_one_by_one, setup, teardown) {
    static const char *const roots[] = {"", "app", "app.", ".app", "INFO", "app.INFO"};
    fixture *f = *state;
    uint32_t random = 3;
    for (int i = 0; i < 300; i++) {
        const char *root = roots[next_random(&random) % 6];
        size_t count = next_random(&random) % 6;
        zl_prefixes_drop(&f->prefixes, &f->holder);
        for (size_t j = 0; j < count; j++) {
            char prefix[32];
            make_prefix(&random, prefix);
            listen_to(f, prefix);
        }
        follow(f, 0, root);
        check_against_each_prefix(f, root);
    }
}

static void *read_levels(void *gate) {
    uintptr_t strange = 0;
    for (int i = 0; i < 20000; i++)
        strange += zl_gate_is_open(gate, i % ZMQLOG_GATE_BYTES) > 1;
    return (void *)strange;
}

TEST_WITH(gate__may_be_read_while_it_is_written, setup, teardown) {
    fixture *f = *state;
    pthread_t reader;
    void *strange = NULL;
    listen_to(f, "app.INFO");
    assert_int_equal(pthread_create(&reader, NULL, read_levels, &f->gate), 0);
    for (int i = 0; i < 200; i++) {
        zl_gate_open_all(&f->gate, 0);
        follow(f, 0, "app");
    }
    assert_int_equal(pthread_join(reader, &strange), 0);
    assert_null(strange);
    ASSERT_OPEN(f, 20);
}
