/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of a subscriber's prefixes: counting, both spellings of WARN, and exact
 * matching. */
#include "support.h"

#include "receive/interests.h"
#include "name/topic.h"

static zl_interests set;

static int setup(void **state) {
    (void)state;
    zl_interests_init(&set);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zl_interests_free(&set);
    return 0;
}

static void add(const char *prefix) {
    assert_int_equal(zl_interests_add(&set, zl_span_of(prefix)), 0);
}

static void drop(const char *prefix) {
    assert_int_equal(zl_interests_remove(&set, zl_span_of(prefix)), 0);
}

static int matches(const char *topic) {
    return zl_interests_match_exactly(&set, zl_span_of(topic));
}

static int covers(const char *prefix, int exact) {
    return zl_interests_cover(&set, zl_span_of(prefix), exact);
}

static const zl_interest *item(const char *text) {
    size_t i;

    for (i = 0; i < set.count; i++)
        if (zl_span_equal(zl_span_make(set.items[i]->text, set.items[i]->len),
                          zl_span_of(text)))
            return set.items[i];
    return NULL;
}

TEST_WITH(interests__are_counted_and_settle, setup, teardown) {
    add("a");
    add("a");
    add("b");
    assert_int_equal(set.changed_count, 2);
    zl_interests_settle(&set);
    assert_int_equal(set.changed_count, 0);
    assert_int_equal(item("a")->refs, 2);
    drop("a");
    zl_interests_settle(&set);
    assert_int_equal(item("a")->refs, 1);
    drop("a");
    assert_non_null(item("a")); /* until the owner has seen that it went */
    assert_false(zl_interest_is_wanted(item("a"), 1));
    zl_interests_settle(&set);
    assert_null(item("a"));
    assert_int_equal(zl_interests_remove(&set, zl_span_of("a")), -1);
    assert_int_equal(zl_interests_remove(&set, zl_span_of("")), -1);
    assert_int_equal(set.count, 1);
}

TEST_WITH(interests__come_back_before_they_settle, setup, teardown) {
    add("a");
    drop("a");
    add("a");
    zl_interests_settle(&set);
    assert_int_equal(item("a")->refs, 1);
}

TEST_WITH(interests__stay_sorted, setup, teardown) {
    static const char *const texts[] = {"b", "", "ab", "a", "abc", "aa", "b.c", "z"};
    size_t i;

    for (i = 0; i < sizeof texts / sizeof *texts; i++)
        add(texts[i]);
    for (i = 1; i < set.count; i++) {
        const zl_interest *a = set.items[i - 1], *b = set.items[i];
        size_t len = a->len < b->len ? a->len : b->len;
        int order = memcmp(a->text, b->text, len);
        assert_true(order < 0 || (order == 0 && a->len < b->len));
    }
}

TEST_WITH(warn__brings_its_other_spelling, setup, teardown) {
    add("app.WARN.db");
    assert_non_null(item("app.WARNING.db"));
    assert_true(zl_interest_is_wanted(item("app.WARNING.db"), 1));
    assert_false(zl_interest_is_wanted(item("app.WARNING.db"), 0));
    add("app.WARNING.db");
    assert_true(zl_interest_is_wanted(item("app.WARNING.db"), 0));
    drop("app.WARN.db");
    zl_interests_settle(&set);
    assert_non_null(item("app.WARN.db"));
    assert_false(zl_interest_is_wanted(item("app.WARN.db"), 0));
    drop("app.WARNING.db");
    zl_interests_settle(&set);
    assert_int_equal(set.count, 0);
}

TEST_WITH(warn__is_a_whole_segment, setup, teardown) {
    add("app.WARNS");
    add("app.XWARN");
    add("app.WARNIN");
    assert_int_equal(set.count, 3);
    add("WARN");
    assert_non_null(item("WARNING"));
    add("WARNING.");
    assert_non_null(item("WARN."));
}

TEST_WITH(warn__that_would_be_too_long_has_one_spelling, setup, teardown) {
    char prefix[ZMQLOG_PREFIX_MAX_BYTES + 1];

    memset(prefix, 'p', sizeof prefix);
    memcpy(prefix, "WARN.", 5);
    prefix[ZMQLOG_PREFIX_MAX_BYTES] = '\0';
    add(prefix);
    assert_int_equal(set.count, 1);
}

TEST_WITH(match__ends_at_segments, setup, teardown) {
    add("app.INFO");
    add("dot.");
    assert_true(matches("app.INFO"));
    assert_true(matches("app.INFO.db"));
    assert_true(matches("dot.anything"));
    assert_true(matches("dot."));
    assert_false(matches("app.INFORMATION"));
    assert_false(matches("app.INF"));
    assert_false(matches("app"));
    assert_false(matches("dot"));
    assert_false(matches(""));
    add("app.WARN");
    assert_true(matches("app.WARNING.x"));
    assert_false(matches("app.WARNIN"));
    add("");
    assert_true(matches(""));
    assert_true(matches("whatever"));
}

TEST_WITH(match__agrees_with_the_topic_room, setup, teardown) {
    static const char *const prefixes[] = {"a", "a.", "a.b", "ab.c", ".", "x.y.z."};
    static const char *const topics[] = {
        "",      "a", "ab", "a.b", "a.bc", "a.b.c", "a.",     "ab.c",
        "ab.cd", ".", "..", ".a",  "x.y",  "x.y.z", "x.y.z.", "x.y.z.w"};
    size_t i, j;

    for (i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        add(prefixes[i]);
        for (j = 0; j < sizeof topics / sizeof *topics; j++)
            assert_int_equal(
                matches(topics[j]),
                zl_topic_matches(zl_span_of(prefixes[i]), zl_span_of(topics[j]), 1));
        drop(prefixes[i]);
        zl_interests_settle(&set);
    }
}

TEST_WITH(cover__is_by_shorter_ones_only, setup, teardown) {
    add("app.INFO");
    add("app.WARN.db");
    assert_true(covers("app.INFO.db", 0));
    assert_false(covers("app.INFO", 0));
    assert_false(covers("app", 0));
    assert_true(covers("app.WARNING.db.x", 1));
    assert_false(covers("app.WARNING.db.x", 0));
    add("");
    assert_true(covers("app", 0));
    assert_false(covers("", 0));
}

/* As an owner does after a change. */
static void bring_to_life(void) {
    size_t i;

    for (i = 0; i < set.count; i++) {
        set.items[i]->was_live = set.items[i]->live;
        set.items[i]->live = zl_interest_is_wanted(set.items[i], 0);
    }
}

static void assert_kept(const char *prefix, const char *wanted) {
    zl_span kept[8];
    char joined[64] = "";
    size_t count = zl_interests_kept(&set, zl_span_of(prefix), NULL), i;

    assert_true(count <= 8);
    assert_int_equal(zl_interests_kept(&set, zl_span_of(prefix), kept), count);
    for (i = 0; i < count; i++) {
        strncat(joined, kept[i].data, kept[i].len);
        strcat(joined, " ");
    }
    assert_string_equal(joined, wanted);
}

TEST_WITH(kept__are_the_shortest_that_stay_under_one_that_goes, setup, teardown) {
    add("a");
    add("a.b");
    add("a.b.c");
    add("a.bx");
    add("a.c");
    add("b");
    bring_to_life();
    zl_interests_settle(&set);
    drop("a");
    bring_to_life();
    assert_kept("a", "a.b a.c ");
    assert_kept("", "a.b a.c b ");
    assert_kept("a.b.", "a.b.c ");
    assert_kept("c", "");
}

TEST_WITH(kept__are_none_that_come_or_go_as_well, setup, teardown) {
    add("a");
    add("a.b");
    bring_to_life();
    zl_interests_settle(&set);
    drop("a");
    drop("a.b");
    add("a.c");
    bring_to_life();
    assert_kept("a", "");
    zl_interests_settle(&set);
    assert_kept("a", "a.c ");
}
