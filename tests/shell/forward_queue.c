/* SPDX-License-Identifier: BSD-3-Clause */
/* What waits for a sink: order, bound, fates, counts. */
#include "forward/queue.h"
#include "support.h"

static queue waiting;

static int make_queue(void **state) {
    (void)state;
    return queue_init(&waiting, 1 << 20);
}

static int free_queue(void **state) {
    (void)state;
    queue_free(&waiting);
    return 0;
}

static void put_items(int count) {
    for (int i = 0; i < count; i++)
        assert_int_equal(queue_put(&waiting, bytes_of("record")), QUEUE_TAKEN);
}

/* Hands over the next record, which must have this number. */
static void hand_over(uint64_t number, int refused) {
    const queue_item *item = queue_next(&waiting);
    assert_non_null(item);
    assert_int_equal(item->number, number);
    queue_advance(&waiting, refused);
}

static void assert_counts(uint64_t delivered, uint64_t refused, uint64_t left,
                          uint64_t again) {
    queue_counts counts = queue_count(&waiting);
    assert_int_equal(counts.delivered, delivered);
    assert_int_equal(counts.refused, refused);
    assert_int_equal(counts.waiting, left);
    assert_int_equal(counts.again, again);
    assert_int_equal(counts.taken, delivered + refused + left + counts.dropped);
}

TEST_WITH(queue__keeps_what_was_handed_over_until_it_settles, make_queue, free_queue) {
    put_items(3);
    hand_over(1, 0);
    hand_over(2, 0);
    queue_settle(&waiting, 3);
    assert_counts(2, 0, 1, 0);
    hand_over(3, 0);
    assert_null(queue_next(&waiting));
    queue_rewind(&waiting);
    hand_over(3, 0);
    assert_counts(2, 0, 1, 1);
    queue_settle(&waiting, 3);
    assert_counts(3, 0, 0, 1);
}

TEST_WITH(queue__a_refused_one_that_is_last_waits_for_nobody, make_queue, free_queue) {
    put_items(2);
    hand_over(1, 0);
    hand_over(2, 1);
    assert_counts(0, 0, 2, 0);
    queue_settle(&waiting, 1);
    assert_counts(1, 1, 0, 0);
    assert_true(queue_is_settled(&waiting));
    put_items(1);
    hand_over(3, 1);
    assert_counts(1, 2, 0, 0);
}

TEST_WITH(queue__only_the_open_ones_are_handed_over_again, make_queue, free_queue) {
    /* Of records 1 to 6, the peer refuses 2, and 4 and 6 have arrived; 6 was never
     * handed over here. */
    const unsigned char fates[] = {QUEUE_ARRIVED, QUEUE_OPEN, QUEUE_ARRIVED};
    put_items(7);
    for (uint64_t number = 1; number <= 5; number++)
        hand_over(number, number == 2);
    queue_rewind(&waiting);
    queue_decide(&waiting, 4, fates, 3);
    assert_counts(0, 0, 7, 0);
    hand_over(1, 0);
    hand_over(3, 0);
    hand_over(5, 0);
    hand_over(7, 0);
    assert_null(queue_next(&waiting));
    assert_counts(0, 0, 7, 3);
    queue_settle(&waiting, 7);
    assert_counts(6, 1, 0, 3);
}

TEST_WITH(queue__a_gap_in_what_arrived_settles_nothing_behind_it, make_queue,
          free_queue) {
    const unsigned char fates[] = {QUEUE_ARRIVED, QUEUE_OPEN, QUEUE_ARRIVED};
    put_items(3);
    for (uint64_t number = 1; number <= 3; number++)
        hand_over(number, 0);
    queue_rewind(&waiting);
    queue_decide(&waiting, 1, fates, 3);
    assert_counts(1, 0, 2, 0);
    hand_over(2, 1); /* the peer refuses it the second time */
    assert_counts(2, 1, 0, 1);
}

TEST_WITH(queue__is_bounded_by_bytes_and_counts_what_it_drops, make_queue, free_queue) {
    static char large[600 << 10];
    bytes data = bytes_make(large, sizeof large);
    assert_int_equal(queue_put(&waiting, data), QUEUE_TAKEN);
    assert_int_equal(queue_put(&waiting, data), QUEUE_FULL);
    queue_count_drop(&waiting);
    assert_int_equal(queue_count(&waiting).dropped, 1);
    hand_over(1, 0);
    queue_settle(&waiting, 1);
    assert_int_equal(queue_put(&waiting, data), QUEUE_TAKEN);
}

TEST_WITH(queue__never_takes_what_cannot_fit, make_queue, free_queue) {
    static char huge[2 << 20];
    assert_int_equal(queue_put(&waiting, bytes_make(huge, sizeof huge)), QUEUE_REFUSED);
    assert_counts(0, 1, 0, 0);
}
