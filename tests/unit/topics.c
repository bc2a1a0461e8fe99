/* SPDX-License-Identifier: BSD-3-Clause */
/* The cache of topics: one counter for each exact topic, the least used of which
 * go first. */
#include "support.h"

#include "publish/topics.h"

static int make(void **state) {
    *state = zl_topics_new();
    return *state ? 0 : -1;
}

static int drop(void **state) {
    zl_topics_free(*state);
    return 0;
}

static zl_topic *get(zl_topics *topics, const char *text) {
    zl_topic *topic = zl_topics_get(topics, zl_span_of(text));
    assert_non_null(topic);
    assert_true(zl_span_equal(zl_span_make(topic->text, topic->len), zl_span_of(text)));
    return topic;
}

static zl_topic *get_number(zl_topics *topics, int number) {
    char text[32];
    snprintf(text, sizeof text, "app.INFO.%d", number);
    return get(topics, text);
}

TEST_WITH(topics__the_same_text_is_the_same_topic, make, drop) {
    zl_topic *first = get(*state, "app.INFO");
    assert_int_equal(first->seq, 0);
    first->seq = 7;
    assert_ptr_not_equal(first, get(*state, "app.INFO.db"));
    assert_ptr_not_equal(first, get(*state, "app.INF"));
    assert_ptr_equal(first, get(*state, "app.INFO"));
    assert_int_equal(first->seq, 7);
}

TEST_WITH(topics__an_empty_text_and_one_with_a_nul_are_topics_too, make, drop) {
    zl_topic *empty = zl_topics_get(*state, zl_span_make(NULL, 0));
    zl_topic *nul = zl_topics_get(*state, zl_span_make("a\0b", 3));
    assert_ptr_equal(empty, zl_topics_get(*state, zl_span_make("", 0)));
    assert_ptr_not_equal(nul, zl_topics_get(*state, zl_span_make("a\0c", 3)));
    assert_ptr_not_equal(nul, zl_topics_get(*state, zl_span_make("a", 1)));
}

TEST_WITH(topics__have_epochs_of_their_own, make, drop) {
    uint64_t seen[200];
    for (int i = 0; i < 200; i++) {
        seen[i] = get_number(*state, i)->epoch;
        for (int j = 0; j < i; j++)
            assert_true(seen[i] != seen[j]);
    }
}

TEST_WITH(topics__of_another_cache_have_other_epochs, make, drop) {
    zl_topics *other = zl_topics_new();
    assert_true(get(*state, "app.INFO")->epoch != get(other, "app.INFO")->epoch);
    zl_topics_free(other);
}

TEST_WITH(topics__the_least_used_one_goes_and_comes_back_anew, make, drop) {
    zl_topics *topics = *state;
    zl_topic *kept = get_number(topics, 0);
    uint64_t gone = get_number(topics, 1)->epoch;
    kept->seq = 5;
    for (int i = 2; i < ZL_TOPICS_MAX; i++)
        get_number(topics, i);
    assert_int_equal(topics->count, ZL_TOPICS_MAX);
    get_number(topics, 0); /* used again, so the next to go is number 1 */
    get_number(topics, ZL_TOPICS_MAX);
    assert_int_equal(topics->count, ZL_TOPICS_MAX);
    assert_ptr_equal(kept, get_number(topics, 0));
    assert_int_equal(kept->seq, 5);
    assert_true(get_number(topics, 1)->epoch != gone);
    assert_int_equal(get_number(topics, 1)->seq, 0);
}

/* Many times the size, in an order that hits every bucket and both ends of the
 * list of use. */
TEST_WITH(topics__any_number_of_them_can_pass_through, make, drop) {
    zl_topics *topics = *state;
    unsigned number = 1;
    size_t listed = 0;
    for (int i = 0; i < 5 * ZL_TOPICS_MAX; i++) {
        number = number * 1103515245u + 12345u;
        get_number(topics, (int)(number >> 8) % (2 * ZL_TOPICS_MAX));
    }
    for (zl_topic *topic = topics->newest; topic; topic = topic->older)
        listed++;
    assert_int_equal(listed, topics->count);
    listed = 0;
    for (zl_topic *topic = topics->oldest; topic; topic = topic->newer)
        listed++;
    assert_int_equal(listed, topics->count);
    listed = 0;
    for (int i = 0; i < ZL_TOPICS_MAX; i++)
        for (zl_topic *topic = topics->bucket[i]; topic; topic = topic->chain)
            listed++;
    assert_int_equal(listed, topics->count);
    assert_int_equal(topics->count, ZL_TOPICS_MAX);
}
