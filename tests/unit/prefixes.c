/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of live prefixes, against a list that is searched from end to end. */
#include "support.h"

#include "publish/prefixes.h"

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static int add(zl_prefixes *prefixes, const char *text) {
    return zl_prefixes_add(prefixes, zl_span_of(text));
}

static int take_out(zl_prefixes *prefixes, const char *text) {
    return zl_prefixes_remove(prefixes, zl_span_of(text));
}

static int matches(const zl_prefixes *prefixes, const char *topic) {
    return zl_prefixes_match(prefixes, zl_span_of(topic));
}

static int add_numbered(zl_prefixes *prefixes, int number) {
    char text[16];
    snprintf(text, sizeof text, "p%06d", number);
    return add(prefixes, text);
}

static int remove_numbered(zl_prefixes *prefixes, int number) {
    char text[16];
    snprintf(text, sizeof text, "p%06d", number);
    return take_out(prefixes, text);
}

TEST(prefixes__none_match_nothing) {
    zl_prefixes prefixes;
    zl_prefixes_init(&prefixes);
    assert_false(matches(&prefixes, ""));
    assert_false(matches(&prefixes, "app.INFO"));
    assert_false(zl_prefixes_any_under(&prefixes, zl_span_of("")));
    assert_int_equal(zl_prefixes_live(&prefixes), 0);
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__the_empty_one_matches_everything) {
    zl_prefixes prefixes;
    zl_prefixes_init(&prefixes);
    assert_int_equal(add(&prefixes, ""), 1);
    assert_true(matches(&prefixes, ""));
    assert_true(matches(&prefixes, "app.INFO"));
    assert_int_equal(zl_prefixes_live(&prefixes), 1);
    assert_int_equal(take_out(&prefixes, ""), 1);
    assert_false(matches(&prefixes, "app.INFO"));
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__are_bytes_not_text) {
    zl_prefixes prefixes;
    zl_prefixes_init(&prefixes);
    zl_prefixes_add(&prefixes, zl_span_make("a\0b", 3));
    zl_prefixes_add(&prefixes, zl_span_make("\xFF", 1));
    assert_true(zl_prefixes_match(&prefixes, zl_span_make("a\0bc", 4)));
    assert_false(zl_prefixes_match(&prefixes, zl_span_make("a\0c", 3)));
    assert_true(zl_prefixes_match(&prefixes, zl_span_make("\xFF\xFF", 2)));
    assert_false(zl_prefixes_match(&prefixes, zl_span_make("\x7F\xFF", 2)));
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__only_changes_change_the_generation) {
    zl_prefixes prefixes;
    uint64_t generation;
    zl_prefixes_init(&prefixes);
    assert_int_equal(add(&prefixes, "a"), 1);
    generation = prefixes.generation;
    assert_int_equal(add(&prefixes, "a"), 0);
    assert_int_equal(take_out(&prefixes, "b"), 0);
    assert_int_equal(prefixes.generation, generation);
    assert_int_equal(take_out(&prefixes, "a"), 1);
    assert_true(prefixes.generation > generation);
    generation = prefixes.generation;
    zl_prefixes_clear(&prefixes);
    assert_int_equal(prefixes.generation, generation);
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__clear_forgets_all_and_may_go_on) {
    zl_prefixes prefixes;
    uint64_t generation;
    zl_prefixes_init(&prefixes);
    for (int i = 0; i < ZL_PREFIXES_MAX + 1; i++)
        add_numbered(&prefixes, i);
    generation = prefixes.generation;
    zl_prefixes_clear(&prefixes);
    assert_true(prefixes.generation > generation);
    assert_int_equal(zl_prefixes_live(&prefixes), 0);
    assert_false(zl_prefixes_overflowing(&prefixes));
    assert_int_equal(add(&prefixes, "a"), 1);
    assert_true(matches(&prefixes, "a"));
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__beyond_the_limit_everything_matches) {
    zl_prefixes prefixes;
    zl_prefixes_init(&prefixes);
    for (int i = ZL_PREFIXES_MAX; i > 0; i--)
        assert_int_equal(add_numbered(&prefixes, i), 1);
    assert_false(zl_prefixes_overflowing(&prefixes));
    assert_false(matches(&prefixes, "q"));
    assert_int_equal(add_numbered(&prefixes, 0), 1);
    assert_true(zl_prefixes_overflowing(&prefixes));
    assert_true(matches(&prefixes, "q"));
    assert_int_equal(prefixes.count, ZL_PREFIXES_MAX);
    assert_int_equal(zl_prefixes_live(&prefixes), ZL_PREFIXES_MAX + 1);
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__untracked_ones_go_when_unknown_ones_are_removed) {
    zl_prefixes prefixes;
    zl_prefixes_init(&prefixes);
    for (int i = 0; i < ZL_PREFIXES_MAX + 2; i++)
        add_numbered(&prefixes, i);
    assert_int_equal(remove_numbered(&prefixes, 0), 1);
    assert_true(zl_prefixes_overflowing(&prefixes));
    assert_int_equal(remove_numbered(&prefixes, ZL_PREFIXES_MAX), 1);
    assert_int_equal(remove_numbered(&prefixes, ZL_PREFIXES_MAX + 1), 1);
    assert_false(zl_prefixes_overflowing(&prefixes));
    assert_int_equal(remove_numbered(&prefixes, ZL_PREFIXES_MAX + 1), 0);
    assert_int_equal(zl_prefixes_live(&prefixes), ZL_PREFIXES_MAX - 1);
    assert_false(matches(&prefixes, "p000000"));
    assert_true(matches(&prefixes, "p000001"));
    zl_prefixes_free(&prefixes);
}

TEST(prefixes__absurdly_long_ones_are_only_counted) {
    zl_prefixes prefixes;
    char text[2000];
    memset(text, 'x', sizeof text);
    zl_prefixes_init(&prefixes);
    assert_int_equal(zl_prefixes_add(&prefixes, zl_span_make(text, sizeof text)), 1);
    assert_int_equal(prefixes.count, 0);
    assert_true(zl_prefixes_overflowing(&prefixes));
    assert_int_equal(zl_prefixes_remove(&prefixes, zl_span_make(text, sizeof text)), 1);
    assert_false(zl_prefixes_overflowing(&prefixes));
    zl_prefixes_free(&prefixes);
}

#define MODEL_MAX 64
#define TEXT_MAX 7

typedef struct model {
    char items[MODEL_MAX][TEXT_MAX];
    int count;
} model;

static int model_find(const model *set, const char *text) {
    for (int i = 0; i < set->count; i++) {
        if (strcmp(set->items[i], text) == 0)
            return i;
    }
    return -1;
}

static int model_add(model *set, const char *text) {
    if (model_find(set, text) >= 0)
        return 0;
    strcpy(set->items[set->count++], text);
    return 1;
}

static int model_remove(model *set, const char *text) {
    int at = model_find(set, text);
    if (at < 0)
        return 0;
    set->count--;
    if (at != set->count)
        strcpy(set->items[at], set->items[set->count]);
    return 1;
}

static int starts_with(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static int model_match(const model *set, const char *topic) {
    int found = 0;
    for (int i = 0; i < set->count; i++)
        found |= starts_with(topic, set->items[i]);
    return found;
}

static int model_any_under(const model *set, const char *stem) {
    int found = 0;
    for (int i = 0; i < set->count; i++)
        found |= starts_with(set->items[i], stem);
    return found;
}

static void make_word(uint32_t *random, char *out) {
    size_t len = next_random(random) % TEXT_MAX;
    for (size_t i = 0; i < len; i++)
        out[i] = "ab.\xC3"[next_random(random) % 4];
    out[len] = '\0';
}

TEST(prefixes__agree_with_a_list_over_random_changes) {
    uint32_t random = 7;
    model set = {{{0}}, 0};
    zl_prefixes prefixes;
    zl_prefixes_init(&prefixes);
    for (int i = 0; i < 20000; i++) {
        char word[TEXT_MAX];
        /* Long stretches of growing and of shrinking. */
        int growing = (i / 500) % 2 == 0 && set.count < MODEL_MAX;
        make_word(&random, word);
        if (growing)
            assert_int_equal(add(&prefixes, word), model_add(&set, word));
        else
            assert_int_equal(take_out(&prefixes, word), model_remove(&set, word));
        assert_int_equal(zl_prefixes_live(&prefixes), set.count);
        make_word(&random, word);
        assert_int_equal(matches(&prefixes, word), model_match(&set, word));
        assert_int_equal(zl_prefixes_any_under(&prefixes, zl_span_of(word)),
                         model_any_under(&set, word));
    }
    zl_prefixes_free(&prefixes);
}
