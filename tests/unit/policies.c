/* SPDX-License-Identifier: BSD-3-Clause */
/* The decisions about time, with the time as an argument: how long records are held,
 * how long the handler waits for a slow subscriber, and whether the I/O thread naps or
 * sleeps. */
#include "support.h"

#include "publish/hold.h"
#include "publish/nap.h"
#include "socket/slow.h"

#define MS INT64_C(1000000)
#define START (INT64_C(5000) * 1000 * MS)

/* ---- hold --------------------------------------------------------------- */

TEST(hold__of_no_time_is_none) {
    zl_hold hold;
    zl_hold_begin(&hold, START, 0);
    assert_int_equal(hold.active, 0);
}

TEST(hold__ends_at_its_time_when_nobody_comes) {
    zl_hold hold;
    zl_hold_begin(&hold, START, 500);
    assert_int_equal(hold.active, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
    zl_hold_subscription(&hold, START + 10 * MS, 0);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
}

TEST(hold__ends_when_it_has_been_quiet_after_a_listener) {
    zl_hold hold;
    zl_hold_begin(&hold, START, 500);
    zl_hold_subscription(&hold, START + 10 * MS, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 10 * MS + ZL_HOLD_QUIET_NS);
    zl_hold_subscription(&hold, START + 25 * MS, 1);
    assert_int_equal(zl_hold_end_ns(&hold), START + 25 * MS + ZL_HOLD_QUIET_NS);
}

TEST(hold__goes_on_when_the_listener_has_gone) {
    zl_hold hold;
    zl_hold_begin(&hold, START, 500);
    zl_hold_subscription(&hold, START + 10 * MS, 1);
    zl_hold_subscription(&hold, START + 15 * MS, 0);
    assert_int_equal(zl_hold_end_ns(&hold), START + 500 * MS);
}

TEST(hold__is_not_prolonged_by_subscriptions) {
    zl_hold hold;
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

TEST(slow__alone_it_is_waited_for_without_limit) {
    zl_slow slow = slow_of(300, 5);
    assert_int_equal(wait_for(&slow, START, 3600000, 0), 3600000);
    /* Which does not cost the budget. */
    assert_int_equal(slow.tokens_ns, 300 * MS);
}

TEST(slow__among_others_at_most_a_stretch) {
    zl_slow slow = slow_of(300, 5);
    assert_int_equal(wait_for(&slow, START, 5000, 1), 100);
}

/* So there is budget left for the next slow subscriber, another one. */
TEST(slow__each_takes_half_of_the_budget_at_most) {
    static const int waits[] = {80, 40, 20, 10, 5, 5, 0};
    zl_slow slow = slow_of(160, 0);
    for (int i = 0; i < 7; i++)
        assert_int_equal(wait_for(&slow, START + i * 1000 * MS, 500, 1), waits[i]);
}

TEST(slow__among_others_never_more_than_the_budget) {
    zl_slow slow = slow_of(300, 0);
    int64_t at = START;
    int waited = 0;
    for (int i = 0; i < 100; i++, at += 1000 * MS)
        waited += wait_for(&slow, at, 50, 1);
    assert_in_range(waited, 290, 300);
    assert_int_equal(wait_for(&slow, at, 50, 1), 0);
}

TEST(slow__the_budget_refills_with_its_share_of_time) {
    zl_slow slow = slow_of(300, 5);
    assert_int_equal(wait_for(&slow, START, 500, 1), 100);
    assert_int_equal(slow.tokens_ns, 200 * MS);
    zl_slow_begin(&slow, START + 1100 * MS); /* a second after the wait ended */
    assert_int_equal(slow.tokens_ns, 250 * MS);
}

TEST(slow__the_budget_is_no_deeper_than_it_is) {
    zl_slow slow = slow_of(300, 100);
    zl_slow_begin(&slow, START + INT64_C(86400) * 1000 * MS * 3650);
    assert_int_equal(slow.tokens_ns, 300 * MS);
}

TEST(slow__short_waits_add_up) {
    zl_slow slow = slow_of(300, 0);
    int64_t at = START;
    int waits = 0;
    for (; waits < 1000; waits++, at += 10 * MS) {
        zl_slow_begin(&slow, at);
        zl_slow_left(&slow, at, 1);
        if (zl_slow_left(&slow, at + 3 * MS, 1) <= 0)
            break;
    }
    assert_int_equal(waits, 98);
}

TEST(slow__without_budget_others_never_wait) {
    zl_slow slow = slow_of(0, 5);
    assert_int_equal(wait_for(&slow, START, 100, 1), 0);
}

/* ---- nap ---------------------------------------------------------------- */

TEST(nap__a_quiet_thread_sleeps) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    assert_int_equal(zl_nap_take(&nap, START), 0);
    zl_nap_saw(&nap, 1);
    assert_int_equal(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS / 10), 0);
}

TEST(nap__a_busy_one_naps_and_ever_longer) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    int64_t before = 0;
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

TEST(nap__sleeps_once_the_rate_no_longer_earns_it) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    zl_nap_take(&nap, START);
    zl_nap_saw(&nap, 10 * ZL_NAP_EARNED);
    assert_true(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS / 2) > 0);
    /* The window before still counts, the one before that does not. */
    assert_true(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS * 3 / 2) > 0);
    assert_int_equal(zl_nap_take(&nap, START + ZL_NAP_WINDOW_NS * 13 / 5), 0);
}

TEST(nap__what_was_long_ago_earns_nothing) {
    zl_nap nap = {.next_ns = ZL_NAP_FIRST_NS};
    zl_nap_take(&nap, START);
    zl_nap_saw(&nap, 10 * ZL_NAP_EARNED);
    assert_int_equal(zl_nap_take(&nap, START + 10000 * MS), 0);
}
