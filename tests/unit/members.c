/* SPDX-License-Identifier: BSD-3-Clause */
/* The members of an object, each key once, checked against a list that is searched. */
#include "support.h"

#include "base/hash.h"
#include "format/members.h"

#include <stdlib.h>

static zl_members members;

static int setup(void **state) {
    (void)state;
    memset(&members, 0, sizeof members);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zl_members_free(&members);
    return 0;
}

static void put(const char *key_raw, const char *json) {
    assert_int_equal(zl_members_put(&members, zl_span_of(key_raw), zl_span_of(json)),
                     0);
}

static void assert_member(size_t index, const char *key, const char *json) {
    zl_field field = zl_members_at(&members, index);
    assert_true(zl_span_equal(field.key, zl_span_of(key)));
    assert_true(zl_span_equal(field.json, zl_span_of(json)));
}

TEST_WITH(members__keep_the_first_place_and_the_last_value, setup, teardown) {
    zl_members_begin(&members, 100);
    put("a", "1");
    put("b", "2");
    put("a", "3");
    put("", "4");
    put("", "5");
    assert_int_equal(members.count, 3);
    assert_member(0, "a", "3");
    assert_member(1, "b", "2");
    assert_member(2, "", "5");
}

TEST_WITH(members__are_the_same_however_they_are_escaped, setup, teardown) {
    zl_members_begin(&members, 100);
    put("k\\u0065y", "1");
    put("key", "2");
    put("\\u006bey", "3");
    put("\\ud800", "4");
    put("\xEF\xBF\xBD", "5");
    assert_int_equal(members.count, 2);
    assert_member(0, "key", "3");
    assert_member(1, "\xEF\xBF\xBD", "5");
}

TEST_WITH(members__of_any_number_are_as_a_list_would_have_them, setup, teardown) {
    enum { KEYS = 300, PUTS = 3000 };
    static char keys[KEYS][16], values[PUTS][8];
    int place[KEYS], value[KEYS], count = 0;
    unsigned seed = 1;
    for (int round = 0; round < 3; round++) {
        zl_members_begin(&members, sizeof keys * PUTS);
        memset(place, -1, sizeof place);
        count = 0;
        for (int i = 0; i < PUTS; i++) {
            int key = rand_r(&seed) % (KEYS >> round * 3);
            snprintf(keys[key], sizeof keys[key], "%d", key * 7);
            snprintf(values[i], sizeof values[i], "%d", i);
            if (place[key] < 0)
                place[key] = count++;
            value[key] = i;
            put(keys[key], values[i]);
        }
        assert_int_equal(members.count, count);
        for (int key = 0; key < KEYS; key++)
            if (place[key] >= 0)
                assert_member((size_t)place[key], keys[key], values[value[key]]);
    }
}

TEST(hash__tells_texts_and_numbers_apart) {
    uint64_t seen[400];
    int count = 0;
    for (uint64_t number = 0; number < 20; number++)
        for (size_t len = 0; len < 20; len++)
            seen[count++] = zl_hash(number, zl_span_make("aaaaaaaaaaaaaaaaaaaa", len));
    for (int i = 0; i < count; i++)
        for (int j = 0; j < i; j++)
            assert_true(seen[i] != seen[j]);
    assert_true(seen[21] == zl_hash(1, zl_span_of("a")));
}
