/* SPDX-License-Identifier: BSD-3-Clause */
/* The decisions about time, told the time: how long records are held, how long a
 * slow subscriber is waited for, and whether to nap or to sleep. */
#include "support.h"

#include "publish/hold.h"
#include "publish/nap.h"
#include "publish/slow.h"

#define MS INT64_C(1000000)
#define START (INT64_C(5000) * 1000 * MS)

/* ---- hold --------------------------------------------------------------- */

static void hold__of_no_time_is_none(void **state) {
    zl_hold hold;
    (void)state;
    zl_hold_begin(&hold, START, 0);
    assert_int_equal(hold.active, 0);
}

static void hold__ends_at_its_time_when_nobody_comes(void **state) {
    zl_hold hold;
    (void)state;
    zl_hold_begin(&hold, START, 500);
    assert_int_equal(hold.active, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
    zl_hold_subscription(&hold, START + 10 * MS, 0);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
}

static void hold__ends_when_it_has_been_quiet_after_a_listener(void **state) {
    zl_hold hold;
    (void)state;
    zl_hold_begin(&hold, START, 500);
    zl_hold_subscription(&hold, START + 10 * MS, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 10 * MS + ZL_HOLD_QUIET_NS);
    zl_hold_subscription(&hold, START + 25 * MS, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 25 * MS + ZL_HOLD_QUIET_NS);
}

static void hold__goes_on_when_the_listener_has_gone(void **state) {
    zl_hold hold;
    (void)state;
    zl_hold_begin(&hold, START, 500);
    zl_hold_subscription(&hold, START + 10 * MS, 1);
    zl_hold_subscription(&hold, START + 15 * MS, 0);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
}

static void hold__is_not_prolonged_by_subscriptions(void **state) {
    zl_hold hold;
    (void)state;
    zl_hold_begin(&hold, START, 500);
    for (int64_t at = 0; at < 500; at += 5)
        zl_hold_subscription(&hold, START + at * MS, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
}

/* ---- slow --------------------------------------------------------------- */

static zl_slow slow_of(int budget_ms, int share_percent) {
    zl_slow slow;
    zl_slow_init(&slow, budget_ms, share_percent, START);
    return slow;
}

/* Waits in turns of 5 ms; returns after how many ms it is over, at most `ms`. */
static int wait_for(zl_slow *slow, int64_t begin, int ms, int shared) {
    zl_slow_begin(slow, begin);
    for (int waited = 0; waited <= ms; waited += 5)
        if (zl_slow_left(slow, begin + waited * MS, shared) <= 0)
            return waited;
    return ms;
}

static void slow__alone_it_is_waited_for_without_limit(void **state) {
    zl_slow slow = slow_of(300, 5);
    (void)state;
    assert_int_equal(wait_for(&slow, START, 3600000, 0), 3600000);
    /* Which does not cost the budget. */
    assert_int_equal(slow.tokens_ns, 300 * MS);
}

static void slow__among_others_at_most_a_stretch(void **state) {
    zl_slow slow = slow_of(300, 5);
    (void)state;
    assert_int_equal(wait_for(&slow, START, 5000, 1), 100);
}

/* So there is something left for the next one, who is somebody else. */
static void slow__each_takes_half_of_the_budget_at_most(void **state) {
    static const int waits[] = {80, 40, 20, 10, 5, 5, 0};
    zl_slow slow = slow_of(160, 0);
    (void)state;
    for (int i = 0; i < 7; i++)
        assert_int_equal(wait_for(&slow, START + i * 1000 * MS, 500, 1), waits[i]);
}

static void slow__among_others_never_more_than_the_budget(void **state) {
    zl_slow slow = slow_of(300, 0);
    int64_t at = START;
    int waited = 0;
    (void)state;
    for (int i = 0; i < 100; i++, at += 1000 * MS)
        waited += wait_for(&slow, at, 50, 1);
    assert_in_range(waited, 290, 300);
    assert_int_equal(wait_for(&slow, at, 50, 1), 0);
}

static void slow__the_budget_refills_with_its_share_of_time(void **state) {
    zl_slow slow = slow_of(300, 5);
    (void)state;
    assert_int_equal(wait_for(&slow, START, 500, 1), 100);
    assert_int_equal(slow.tokens_ns, 200 * MS);
    zl_slow_begin(&slow, START + 1100 * MS); /* a second after the wait ended */
    assert_int_equal(slow.tokens_ns, 250 * MS);
}

static void slow__the_budget_is_no_deeper_than_it_is(void **state) {
    zl_slow slow = slow_of(300, 100);
    (void)state;
    zl_slow_begin(&slow, START + INT64_C(86400) * 1000 * MS * 3650);
    assert_int_equal(slow.tokens_ns, 300 * MS);
}

static void slow__short_waits_add_up(void **state) {
    zl_slow slow = slow_of(300, 0);
    int64_t at = START;
    int waits = 0;
    (void)state;
    for (; waits < 1000; waits++, at += 10 * MS) {
        zl_slow_begin(&slow, at);
        zl_slow_left(&slow, at, 1);
        if (zl_slow_left(&slow, at + 3 * MS, 1) <= 0)
            break;
    }
    assert_int_equal(waits, 98);
}

static void slow__without_budget_others_never_wait(void **state) {
    zl_slow slow = slow_of(0, 5);
    (void)state;
    assert_int_equal(wait_for(&slow, START, 100, 1), 0);
}

/* ---- nap ---------------------------------------------------------------- */

static void nap__a_quiet_thread_sleeps(void **state) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    (void)state;
    assert_int_equal(zl_nap_take(&nap, START), 0);
    zl_nap_saw(&nap, 1);
    assert_int_equal(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS / 10), 0);
}

static void nap__a_busy_one_naps_and_ever_longer(void **state) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    int64_t before = 0;
    (void)state;
    zl_nap_take(&nap, START);
    zl_nap_saw(&nap, ZL_NAP_EARNED);
    for (int i = 0; i < 20; i++) {
        int64_t length = zl_nap_take(&nap, START + i);
        assert_in_range(length, ZL_NAP_FIRST_NS, 2 * ZL_NAP_LAST_NS);
        assert_true(length >= before);
        before = length;
    }
    zl_nap_saw(&nap, 1);
    assert_int_equal(zl_nap_take(&nap, START + 30), ZL_NAP_FIRST_NS);
}

static void nap__sleeps_once_the_rate_no_longer_earns_it(void **state) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    (void)state;
    zl_nap_take(&nap, START);
    zl_nap_saw(&nap, 10 * ZL_NAP_EARNED);
    assert_true(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS / 2) > 0);
    /* The window before still counts, the one before that does not. */
    assert_true(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS * 3 / 2) > 0);
    assert_int_equal(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS * 13 / 5), 0);
}

static void nap__what_was_long_ago_earns_nothing(void **state) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    (void)state;
    zl_nap_take(&nap, START);
    zl_nap_saw(&nap, 10 * ZL_NAP_EARNED);
    assert_int_equal(zl_nap_take(&nap, START + 10000 * MS), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hold__of_no_time_is_none),
        cmocka_unit_test(hold__ends_at_its_time_when_nobody_comes),
        cmocka_unit_test(hold__ends_when_it_has_been_quiet_after_a_listener),
        cmocka_unit_test(hold__goes_on_when_the_listener_has_gone),
        cmocka_unit_test(hold__is_not_prolonged_by_subscriptions),
        cmocka_unit_test(slow__alone_it_is_waited_for_without_limit),
        cmocka_unit_test(slow__among_others_at_most_a_stretch),
        cmocka_unit_test(slow__each_takes_half_of_the_budget_at_most),
        cmocka_unit_test(slow__among_others_never_more_than_the_budget),
        cmocka_unit_test(slow__the_budget_refills_with_its_share_of_time),
        cmocka_unit_test(slow__the_budget_is_no_deeper_than_it_is),
        cmocka_unit_test(slow__short_waits_add_up),
        cmocka_unit_test(slow__without_budget_others_never_wait),
        cmocka_unit_test(nap__a_quiet_thread_sleeps),
        cmocka_unit_test(nap__a_busy_one_naps_and_ever_longer),
        cmocka_unit_test(nap__sleeps_once_the_rate_no_longer_earns_it),
        cmocka_unit_test(nap__what_was_long_ago_earns_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
