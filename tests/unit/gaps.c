/* SPDX-License-Identifier: BSD-3-Clause */
/* Sequence numbers: what is a loss, what is a repeat, and what is forgotten. */
#include "support.h"

#include "receive/gaps.h"

static zl_gaps gaps;
static uint64_t lost;

static int setup(void **state) {
    (void)state;
    zl_gaps_init(&gaps);
    lost = 99;
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zl_gaps_free(&gaps);
    return 0;
}

static zl_gap see(const char *topic, uint64_t epoch, uint64_t seq) {
    return zl_gaps_see(&gaps, zl_span_of(topic), epoch, seq, &lost);
}

static void forget_at(const char *prefix, const zl_span *kept, size_t count,
                      uint64_t at) {
    zl_gaps_scope scope = {zl_span_of(prefix), kept, count};
    zl_gaps_forget_at(&gaps, &scope, at);
}

TEST_WITH(gaps__the_first_number_is_a_baseline, setup, teardown) {
    assert_int_equal(see("a", 1, 500), ZL_GAP_BASELINE);
    assert_int_equal(lost, 0);
    assert_int_equal(see("b", 1, 7), ZL_GAP_BASELINE);
    assert_int_equal(see("a", 2, 3), ZL_GAP_BASELINE);
    assert_int_equal(see("", 1, 1), ZL_GAP_BASELINE);
}

TEST_WITH(gaps__a_jump_is_an_exact_loss, setup, teardown) {
    see("a", 1, 1);
    assert_int_equal(see("a", 1, 2), ZL_GAP_NEXT);
    assert_int_equal(lost, 0);
    assert_int_equal(see("a", 1, 6), ZL_GAP_LOST);
    assert_int_equal(lost, 3);
    assert_int_equal(see("a", 1, 7), ZL_GAP_NEXT);
    assert_int_equal(see("a", 1, UINT64_MAX), ZL_GAP_LOST);
    assert_true(lost == UINT64_MAX - 8);
}

TEST_WITH(gaps__no_advance_is_a_repeat_and_changes_nothing, setup, teardown) {
    see("a", 1, 5);
    assert_int_equal(see("a", 1, 5), ZL_GAP_REPEATED);
    assert_int_equal(see("a", 1, 2), ZL_GAP_REPEATED);
    assert_int_equal(lost, 0);
    assert_int_equal(see("a", 1, 6), ZL_GAP_NEXT);
}

TEST_WITH(gaps__topics_and_epochs_are_apart, setup, teardown) {
    see("a", 1, 5);
    see("ab", 1, 50);
    see("a", 2, 500);
    assert_int_equal(see("a", 1, 6), ZL_GAP_NEXT);
    assert_int_equal(see("ab", 1, 51), ZL_GAP_NEXT);
    assert_int_equal(see("a", 2, 501), ZL_GAP_NEXT);
}

TEST_WITH(gaps__long_topics_are_not_remembered, setup, teardown) {
    char topic[ZL_GAPS_TOPIC_MAX_BYTES + 2];

    memset(topic, 't', sizeof topic);
    topic[ZL_GAPS_TOPIC_MAX_BYTES + 1] = '\0';
    assert_int_equal(see(topic, 1, 1), ZL_GAP_BASELINE);
    assert_int_equal(see(topic, 1, 9), ZL_GAP_BASELINE);
    topic[ZL_GAPS_TOPIC_MAX_BYTES] = '\0';
    assert_int_equal(see(topic, 1, 1), ZL_GAP_BASELINE);
    assert_int_equal(see(topic, 1, 9), ZL_GAP_LOST);
}

TEST_WITH(gaps__the_one_not_seen_for_longest_goes_first, setup, teardown) {
    char topic[16];
    int i;

    for (i = 0; i < ZL_GAPS_MAX; i++) {
        snprintf(topic, sizeof topic, "t%d", i);
        assert_int_equal(see(topic, 1, 1), ZL_GAP_BASELINE);
    }
    assert_int_equal(see("t0", 1, 2), ZL_GAP_NEXT); /* now t1 is the oldest */
    assert_int_equal(see("new", 1, 1), ZL_GAP_BASELINE);
    assert_int_equal(see("t0", 1, 3), ZL_GAP_NEXT);
    assert_int_equal(see("t2", 1, 2), ZL_GAP_NEXT);
    assert_int_equal(see("t1", 1, 2), ZL_GAP_BASELINE);
    assert_int_equal(see("t1", 1, 3), ZL_GAP_NEXT);
}

TEST_WITH(gaps__many_times_more_than_it_holds_are_survived, setup, teardown) {
    char topic[32];
    uint32_t random = 1;
    int i;

    for (i = 0; i < 10 * ZL_GAPS_MAX; i++) {
        random = random * 1664525u + 1013904223u;
        snprintf(topic, sizeof topic, "topic.%u", (random >> 8) % (3 * ZL_GAPS_MAX));
        see(topic, random >> 30, (uint64_t)i);
    }
    assert_int_equal(see("last", 1, 1), ZL_GAP_BASELINE);
    assert_int_equal(see("last", 1, 3), ZL_GAP_LOST);
}

TEST_WITH(gaps__are_forgotten_by_prefix_when_their_time_comes, setup, teardown) {
    see("app.INFO", 1, 1);
    see("app.INFO.db", 1, 1);
    see("app.WARN", 1, 1);
    forget_at("app.INFO", NULL, 0, 11);
    forget_at("none", NULL, 0, 12);
    zl_gaps_reach(&gaps, 10);
    assert_int_equal(see("app.INFO", 1, 4), ZL_GAP_LOST);
    zl_gaps_reach(&gaps, 11);
    assert_int_equal(see("app.INFO", 1, 9), ZL_GAP_BASELINE);
    assert_int_equal(see("app.INFO.db", 1, 9), ZL_GAP_BASELINE);
    assert_int_equal(see("app.WARN", 1, 9), ZL_GAP_LOST);
    zl_gaps_reach(&gaps, 50);
    assert_int_equal(see("app.INFO", 1, 11), ZL_GAP_LOST);
}

TEST_WITH(gaps__that_are_to_be_forgotten_stay_few, setup, teardown) {
    size_t count = 0;
    see("app.INFO", 1, 1);
    for (int i = 0; i < 100000; i++)
        forget_at("none", NULL, 0, 11);
    for (const zl_gaps_forget *at = gaps.first_forget; at; count++)
        memcpy(&at, at, sizeof at); /* its first member is the next one */
    assert_in_range(count, 1, 256);
    zl_gaps_reach(&gaps, 11);
    assert_null(gaps.first_forget);
    assert_int_equal(see("app.INFO", 1, 9), ZL_GAP_BASELINE);
}

TEST_WITH(gaps__under_kept_prefixes_are_not_forgotten, setup, teardown) {
    char text[] = "a.b", other[] = "a.d.";
    const zl_span kept[] = {zl_span_of(text), zl_span_of(other)};
    static const char *const kept_topics[] = {"a.b", "a.b.c", "a.bz", "a.d.x", "b"};
    static const char *const forgotten[] = {"a", "a.", "a.a", "a.c", "a.d", "a.e"};
    size_t i;

    for (i = 0; i < sizeof kept_topics / sizeof *kept_topics; i++)
        see(kept_topics[i], 1, 1);
    for (i = 0; i < sizeof forgotten / sizeof *forgotten; i++)
        see(forgotten[i], 1, 1);
    forget_at("a", kept, 2, 7);
    text[0] = other[0] = 'x'; /* it has its own copy */
    zl_gaps_reach(&gaps, 7);
    for (i = 0; i < sizeof kept_topics / sizeof *kept_topics; i++)
        assert_int_equal(see(kept_topics[i], 1, 5), ZL_GAP_LOST);
    for (i = 0; i < sizeof forgotten / sizeof *forgotten; i++)
        assert_int_equal(see(forgotten[i], 1, 5), ZL_GAP_BASELINE);
}

TEST_WITH(gaps__everything_is_forgotten_by_the_empty_prefix, setup, teardown) {
    see("a", 1, 1);
    see("b", 1, 1);
    forget_at("", NULL, 0, 1);
    zl_gaps_reach(&gaps, 1);
    assert_int_equal(see("a", 1, 5), ZL_GAP_BASELINE);
    assert_int_equal(see("b", 1, 5), ZL_GAP_BASELINE);
}

TEST_WITH(gaps__one_counter_is_forgotten_alone, setup, teardown) {
    zl_gaps_forget_one(&gaps, zl_span_of("a"), 1);
    see("a", 1, 1);
    see("a", 2, 1);
    see("a.b", 1, 1);
    zl_gaps_forget_one(&gaps, zl_span_of("a"), 1);
    zl_gaps_forget_one(&gaps, zl_span_of("a"), 1);
    zl_gaps_forget_one(&gaps, zl_span_of("none"), 1);
    assert_int_equal(see("a", 1, 5), ZL_GAP_BASELINE);
    assert_int_equal(see("a", 2, 5), ZL_GAP_LOST);
    assert_int_equal(see("a.b", 1, 5), ZL_GAP_LOST);
}
