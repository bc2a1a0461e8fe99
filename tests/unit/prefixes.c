/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of live prefixes with their holders, against a list that is searched from end
 * to end. */
#include "support.h"

#include "base/prefixes.h"

#define HOLDERS 3

typedef struct fixture {
    zl_prefixes set;
    zl_prefix_holder holder[HOLDERS];
} fixture;

static int setup(void **state) {
    static fixture f;
    memset(&f, 0, sizeof f);
    zl_prefixes_init(&f.set);
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    fixture *f = *state;
    for (int i = 0; i < HOLDERS; i++)
        zl_prefixes_drop(&f->set, &f->holder[i]);
    return f->set.root != NULL || f->set.distinct != 0;
}

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static int add(fixture *f, int who, const char *text) {
    return zl_prefixes_add(&f->set, &f->holder[who], zl_span_of(text));
}

static int take_out(fixture *f, int who, const char *text) {
    zl_prefix *held = zl_prefixes_find(&f->set, &f->holder[who], zl_span_of(text));
    if (held)
        zl_prefixes_remove(&f->set, held);
    return held != NULL;
}

static int matches(const fixture *f, const char *topic) {
    return zl_prefixes_match(&f->set, zl_span_of(topic));
}

static int holders(const fixture *f, const char *topic) {
    return zl_prefixes_holders(&f->set, zl_span_of(topic));
}

TEST_WITH(prefixes__none_match_nothing, setup, teardown) {
    fixture *f = *state;
    assert_false(matches(f, ""));
    assert_false(matches(f, "app.INFO"));
    assert_false(zl_prefixes_any_under(&f->set, zl_span_of("")));
    assert_int_equal(holders(f, "app.INFO"), 0);
}

TEST_WITH(prefixes__the_empty_one_matches_everything, setup, teardown) {
    fixture *f = *state;
    assert_int_equal(add(f, 0, ""), 1);
    assert_true(matches(f, ""));
    assert_true(matches(f, "app.INFO"));
    assert_int_equal(f->set.distinct, 1);
    assert_int_equal(take_out(f, 0, ""), 1);
    assert_false(matches(f, "app.INFO"));
}

TEST_WITH(prefixes__are_bytes_not_text, setup, teardown) {
    fixture *f = *state;
    zl_prefixes_add(&f->set, &f->holder[0], zl_span_make("a\0b", 3));
    zl_prefixes_add(&f->set, &f->holder[0], zl_span_make("\xFF", 1));
    assert_true(zl_prefixes_match(&f->set, zl_span_make("a\0bc", 4)));
    assert_false(zl_prefixes_match(&f->set, zl_span_make("a\0c", 3)));
    assert_true(zl_prefixes_match(&f->set, zl_span_make("\xFF\xFF", 2)));
    assert_false(zl_prefixes_match(&f->set, zl_span_make("\x7F\xFF", 2)));
}

TEST_WITH(prefixes__a_second_holder_changes_no_generation, setup, teardown) {
    fixture *f = *state;
    uint64_t generation;
    add(f, 0, "a");
    generation = f->set.generation;
    assert_int_equal(add(f, 0, "a"), 0);
    assert_int_equal(add(f, 1, "a"), 1);
    assert_int_equal(take_out(f, 2, "a"), 0);
    assert_int_equal(take_out(f, 0, "a"), 1);
    assert_int_equal(f->set.generation, generation);
    assert_true(matches(f, "a"));
    assert_int_equal(take_out(f, 1, "a"), 1);
    assert_true(f->set.generation > generation);
    assert_false(matches(f, "a"));
}

TEST_WITH(prefixes__of_one_holder_count_as_one, setup, teardown) {
    fixture *f = *state;
    add(f, 0, "");
    add(f, 0, "app");
    add(f, 0, "app.INFO");
    assert_int_equal(holders(f, "app.INFO"), 1);
    add(f, 1, "app.I");
    assert_int_equal(holders(f, "app.INFO"), 2);
    assert_int_equal(holders(f, "app.DEBUG"), 1);
}

TEST_WITH(prefixes__many_stay_exact, setup, teardown) {
    fixture *f = *state;
    char text[16];
    for (int i = 0; i < 50000; i++) {
        snprintf(text, sizeof text, "p%06d", i);
        assert_int_equal(add(f, i % HOLDERS, text), 1);
    }
    assert_int_equal(f->set.distinct, 50000);
    assert_false(matches(f, "q"));
    assert_true(matches(f, "p049999"));
    zl_prefixes_drop(&f->set, &f->holder[1]);
    assert_int_equal(f->holder[1].count, 0);
    assert_int_equal(f->holder[1].bytes, 0);
    assert_false(matches(f, "p000001"));
    assert_true(matches(f, "p000002"));
}

#define MODEL_MAX 64
#define TEXT_MAX 7

typedef struct model {
    char items[MODEL_MAX][TEXT_MAX];
    int who[MODEL_MAX];
    int count;
} model;

static int model_find(const model *set, int who, const char *text) {
    for (int i = 0; i < set->count; i++)
        if (set->who[i] == who && strcmp(set->items[i], text) == 0)
            return i;
    return -1;
}

static int model_add(model *set, int who, const char *text) {
    if (model_find(set, who, text) >= 0)
        return 0;
    set->who[set->count] = who;
    strcpy(set->items[set->count++], text);
    return 1;
}

static int model_remove(model *set, int who, const char *text) {
    int at = model_find(set, who, text);
    if (at < 0)
        return 0;
    set->count--;
    if (at != set->count) {
        strcpy(set->items[at], set->items[set->count]);
        set->who[at] = set->who[set->count];
    }
    return 1;
}

static int starts_with(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static int model_holders(const model *set, const char *topic) {
    int found[HOLDERS] = {0}, count = 0;
    for (int i = 0; i < set->count; i++)
        found[set->who[i]] |= starts_with(topic, set->items[i]);
    for (int i = 0; i < HOLDERS; i++)
        count += found[i];
    return count < 2 ? count : 2;
}

static int model_any_under(const model *set, const char *stem) {
    int found = 0;
    for (int i = 0; i < set->count; i++)
        found |= starts_with(set->items[i], stem);
    return found;
}

static int model_distinct(const model *set) {
    int count = 0;
    for (int i = 0; i < set->count; i++) {
        int first = 1;
        for (int j = 0; j < i; j++)
            first &= strcmp(set->items[i], set->items[j]) != 0;
        count += first;
    }
    return count;
}

static void make_word(uint32_t *random, char *out) {
    size_t len = next_random(random) % TEXT_MAX;
    for (size_t i = 0; i < len; i++)
        out[i] = "ab.\xC3"[next_random(random) % 4];
    out[len] = '\0';
}

static void check_word(const fixture *f, const model *set, const char *word) {
    int wanted = model_holders(set, word), by_list = 0;
    assert_int_equal(holders(f, word), wanted);
    assert_int_equal(matches(f, word), wanted > 0);
    assert_int_equal(zl_prefixes_any_under(&f->set, zl_span_of(word)),
                     model_any_under(set, word));
    for (int i = 0; i < HOLDERS; i++)
        by_list += zl_prefix_holder_matches(&f->holder[i], zl_span_of(word));
    assert_int_equal(by_list < 2 ? by_list : 2, wanted);
}

TEST_WITH(prefixes__agree_with_a_list_over_random_changes, setup, teardown) {
    static model set;
    fixture *f = *state;
    uint32_t random = 7;
    for (int i = 0; i < 20000; i++) {
        char word[TEXT_MAX];
        /* Long stretches of growing and of shrinking. */
        int growing = (i / 500) % 2 == 0 && set.count < MODEL_MAX;
        int who = (int)(next_random(&random) % HOLDERS);
        make_word(&random, word);
        if (growing)
            assert_int_equal(add(f, who, word), model_add(&set, who, word));
        else
            assert_int_equal(take_out(f, who, word), model_remove(&set, who, word));
        assert_int_equal(f->set.distinct, model_distinct(&set));
        make_word(&random, word);
        check_word(f, &set, word);
    }
}
