/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers about endpoints: kept for a while, however many come. */
#include "support.h"

#include "socket/openings.h"

TEST(answers__are_kept_until_many_others_have_come) {
    zl_openings list = {0};
    const char *kept[ZL_ANSWERS_KEPT];
    char text[32];
    for (int i = 0; i < 10 * ZL_ANSWERS_KEPT; i++) {
        snprintf(text, sizeof text, "%d refused", i);
        kept[i % ZL_ANSWERS_KEPT] = zl_openings_keep(&list, text);
    }
    for (int i = 0; i < ZL_ANSWERS_KEPT; i++) {
        snprintf(text, sizeof text, "%d refused", 9 * ZL_ANSWERS_KEPT + i);
        assert_string_equal(kept[i], text);
        assert_ptr_equal(kept[i], zl_openings_keep(&list, text));
    }
    assert_string_equal("", zl_openings_keep(&list, ""));
    zl_openings_free(&list);
}

/* A program that asks again and again gets the same text, not one more. */
TEST(answers__that_are_alike_take_one_place) {
    zl_openings list = {0};
    const char *first = zl_openings_keep(&list, "1 refused");
    for (int i = 0; i < 2 * ZL_ANSWERS_KEPT; i++)
        assert_ptr_equal(first, zl_openings_keep(&list, "1 refused"));
    assert_int_equal(list.next_answer, 1);
    zl_openings_free(&list);
}
