/* SPDX-License-Identifier: BSD-3-Clause */
/* The byte ring: one thread against a model, and the edges of the layout. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "thread/ring.h"

TEST_LABELS(threads);

#define SMALL 4096u

static uint32_t next_random(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* As the library does it: the quick way must do what the careful way would do. */
static zl_ring_result reserve(zl_ring *ring, size_t payload, size_t limit, void **out) {
    return zl_ring_reserve_at_once(ring, payload, limit, out)
               ? ZL_RING_OK
               : zl_ring_reserve(ring, payload, limit, out);
}

static zl_ring_result put(zl_ring *ring, const void *data, size_t len, size_t limit) {
    void *payload;
    zl_ring_result result = reserve(ring, len, limit, &payload);

    if (result != ZL_RING_OK)
        return result;
    assert_int_equal((uintptr_t)payload % 8, 0);
    memcpy(payload, data, len);
    zl_ring_commit(ring, payload, len);
    return ZL_RING_OK;
}

static void fill_pattern(char *out, size_t len, uint32_t number) {
    uint32_t state = number * 2654435761u + 1;
    size_t i;

    for (i = 0; i < len; i++)
        out[i] = (char)next_random(&state);
}

static size_t length_of(uint32_t number, size_t max) {
    uint32_t state = number * 747796405u + 7;
    size_t len = next_random(&state) % 300;
    return next_random(&state) % 16 == 0 ? next_random(&state) % (max + 1) : len;
}

static void check_next(zl_ring *ring, uint32_t number) {
    char wanted[SMALL];
    size_t len = 0;
    size_t want = length_of(number, zl_ring_max_payload(ring));
    void *payload = zl_ring_read(ring, &len);

    assert_non_null(payload);
    assert_int_equal(len, want);
    fill_pattern(wanted, want, number);
    assert_memory_equal(payload, wanted, want);
}

TEST(ring__new_one_is_empty) {
    zl_ring ring;
    size_t len;

    assert_int_equal(zl_ring_init(&ring, 5000), 0);
    assert_int_equal(ring.capacity, 8192);
    assert_int_equal(zl_ring_used(&ring), 0);
    assert_int_equal(zl_ring_head_count(&ring), 0);
    assert_true(zl_ring_is_empty(&ring));
    assert_null(zl_ring_read(&ring, &len));
    zl_ring_release(&ring);
    assert_true(zl_ring_is_empty(&ring));
    zl_ring_destroy(&ring);
}

TEST(ring__capacity_has_a_floor) {
    zl_ring ring;

    assert_int_equal(zl_ring_init(&ring, 1), 0);
    assert_int_equal(ring.capacity, SMALL);
    zl_ring_destroy(&ring);
}

TEST(ring__keeps_order_and_content_over_many_laps) {
    zl_ring ring;
    uint32_t random = 42, written = 0, read = 0, full = 0;
    char data[SMALL];

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    while (written < 20000) {
        uint32_t burst = next_random(&random) % 12;

        while (burst-- > 0) {
            size_t len = length_of(written, zl_ring_max_payload(&ring));
            zl_ring_result result;

            fill_pattern(data, len, written);
            result = put(&ring, data, len, SMALL);
            if (result == ZL_RING_FULL) {
                full++;
                break;
            }
            assert_int_equal(result, ZL_RING_OK);
            written++;
        }
        burst = next_random(&random) % 12;
        while (burst-- > 0 && read < written)
            check_next(&ring, read++);
        if (next_random(&random) % 3 == 0)
            zl_ring_release(&ring);
        assert_int_equal(ring.read_count, read);
        assert_int_equal(zl_ring_head_count(&ring), written);
        assert_true(zl_ring_used(&ring) <= SMALL);
    }
    while (read < written)
        check_next(&ring, read++);
    zl_ring_release(&ring);
    assert_true(full > 0);
    assert_true(zl_ring_is_empty(&ring));
    assert_int_equal(zl_ring_used(&ring), 0);
    zl_ring_destroy(&ring);
}

TEST(ring__position_and_count_wrap) {
    zl_ring ring;
    const uint32_t start = UINT32_MAX - 1500;
    uint32_t i;
    char data[SMALL];

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    atomic_store(&ring.head, UINT64_C(0x7fffff00) << 32 | start);
    atomic_store(&ring.tail, start);
    ring.read_position = start;
    for (i = 0; i < 1000; i++) {
        size_t len = length_of(i, zl_ring_max_payload(&ring));

        fill_pattern(data, len, i);
        assert_int_equal(put(&ring, data, len, SMALL), ZL_RING_OK);
        check_next(&ring, i);
        zl_ring_release(&ring);
        assert_int_equal(zl_ring_head_count(&ring), (0x7fffff00u + i + 1) & 0x7fffffff);
    }
    assert_true(zl_ring_is_empty(&ring));
    assert_int_equal(put(&ring, "x", 1, SMALL), ZL_RING_OK); /* not taken for closed */
    zl_ring_destroy(&ring);
}

TEST(ring__full_until_released) {
    zl_ring ring;
    char data[120] = {0};
    size_t len;
    int i;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    for (i = 0; i < 32; i++)
        assert_int_equal(put(&ring, data, sizeof data, SMALL), ZL_RING_OK);
    assert_int_equal(zl_ring_used(&ring), SMALL);
    assert_int_equal(put(&ring, data, 0, SMALL), ZL_RING_FULL);
    for (i = 0; i < 32; i++)
        assert_non_null(zl_ring_read(&ring, &len));
    /* All of it read and nothing released: what follows are old entries. */
    assert_null(zl_ring_read(&ring, &len));
    assert_int_equal(ring.read_count, 32);
    assert_int_equal(put(&ring, data, 0, SMALL), ZL_RING_FULL);
    zl_ring_release(&ring);
    assert_int_equal(zl_ring_used(&ring), 0);
    assert_int_equal(put(&ring, data, sizeof data, SMALL), ZL_RING_OK);
    assert_int_equal(zl_ring_head_count(&ring), 33);
    zl_ring_destroy(&ring);
}

TEST(ring__entries_stay_valid_until_released) {
    zl_ring ring;
    size_t len;
    char *first, *second;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    assert_int_equal(put(&ring, "first", 5, SMALL), ZL_RING_OK);
    assert_int_equal(put(&ring, "second", 6, SMALL), ZL_RING_OK);
    first = zl_ring_read(&ring, &len);
    second = zl_ring_read(&ring, &len);
    assert_memory_equal(first, "first", 5);
    assert_memory_equal(second, "second", 6);
    assert_int_equal(len, 6);
    zl_ring_destroy(&ring);
}

TEST(ring__limit_keeps_room_for_others) {
    zl_ring ring;
    char data[120] = {0};
    int i;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    for (i = 0; i < 28; i++)
        assert_int_equal(put(&ring, data, sizeof data, SMALL / 8 * 7), ZL_RING_OK);
    assert_int_equal(put(&ring, data, sizeof data, SMALL / 8 * 7), ZL_RING_FULL);
    for (i = 0; i < 4; i++)
        assert_int_equal(put(&ring, data, sizeof data, SMALL), ZL_RING_OK);
    assert_int_equal(put(&ring, data, sizeof data, SMALL), ZL_RING_FULL);
    zl_ring_destroy(&ring);
}

TEST(ring__empty_takes_the_largest_entry_wherever_it_stands) {
    static char data[SMALL];
    zl_ring ring;
    size_t len, i;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    for (i = 0; i < 600; i++) {
        size_t max = zl_ring_max_payload(&ring);

        assert_int_equal(put(&ring, data, i % 200, SMALL / 8 * 7), ZL_RING_OK);
        assert_non_null(zl_ring_read(&ring, &len));
        zl_ring_release(&ring);
        assert_int_equal(put(&ring, data, max, SMALL / 8 * 7), ZL_RING_OK);
        assert_non_null(zl_ring_read(&ring, &len));
        assert_int_equal(len, max);
        zl_ring_release(&ring);
    }
    zl_ring_destroy(&ring);
}

TEST(ring__over_half_is_too_big) {
    zl_ring ring;
    void *payload;
    size_t max;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    max = zl_ring_max_payload(&ring);
    assert_int_equal(reserve(&ring, max + 1, SMALL, &payload), ZL_RING_TOO_BIG);
    assert_int_equal(reserve(&ring, SIZE_MAX, SMALL, &payload), ZL_RING_TOO_BIG);
    assert_int_equal(zl_ring_head_count(&ring), 0);
    zl_ring_destroy(&ring);
}

TEST(ring__reserves_at_once_unless_something_is_in_the_way) {
    zl_ring ring;
    void *payload = NULL;
    size_t len, room = SMALL - 3 * 208;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    for (int i = 0; i < 3; i++) {
        assert_true(zl_ring_reserve_at_once(&ring, 200, SMALL, &payload));
        zl_ring_commit(&ring, payload, 200);
    }
    assert_false(zl_ring_reserve_at_once(&ring, 200, 4 * 208 - 1, &payload));
    assert_false(zl_ring_reserve_at_once(&ring, room, SMALL, &payload));
    assert_int_equal(zl_ring_head_count(&ring), 3);
    assert_int_equal(zl_ring_used(&ring), 3 * 208);
    while (zl_ring_read(&ring, &len))
        assert_int_equal(len, 200);
    zl_ring_release(&ring);
    zl_ring_close(&ring);
    assert_false(zl_ring_reserve_at_once(&ring, 1, SMALL, &payload));
    zl_ring_destroy(&ring);
}

TEST(ring__an_uncommitted_entry_holds_the_reader) {
    zl_ring ring;
    void *first, *second;
    size_t len;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    assert_int_equal(reserve(&ring, 10, SMALL, &first), ZL_RING_OK);
    assert_int_equal(reserve(&ring, 10, SMALL, &second), ZL_RING_OK);
    zl_ring_commit(&ring, second, 10);
    assert_null(zl_ring_read(&ring, &len));
    assert_false(zl_ring_is_empty(&ring));
    zl_ring_commit(&ring, first, 3);
    assert_ptr_equal(zl_ring_read(&ring, &len), first);
    assert_int_equal(len, 3);
    assert_ptr_equal(zl_ring_read(&ring, &len), second);
    zl_ring_destroy(&ring);
}

TEST(ring__closed_takes_no_more_but_gives_what_it_has) {
    zl_ring ring;
    void *payload;
    size_t len;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    assert_int_equal(put(&ring, "last", 4, SMALL), ZL_RING_OK);
    zl_ring_close(&ring);
    zl_ring_close(&ring);
    assert_int_equal(reserve(&ring, 1, SMALL, &payload), ZL_RING_CLOSED);
    assert_int_equal(zl_ring_head_count(&ring), 1);
    assert_non_null(zl_ring_read(&ring, &len));
    zl_ring_release(&ring);
    assert_true(zl_ring_is_empty(&ring));
    assert_int_equal(reserve(&ring, 1, SMALL, &payload), ZL_RING_CLOSED);
    zl_ring_destroy(&ring);
}

TEST(ring__touching_ends_and_leaves_content_alone) {
    zl_ring ring;
    char data[1000];
    size_t len;
    int calls = 0;

    assert_int_equal(zl_ring_init(&ring, 1 << 20), 0);
    fill_pattern(data, sizeof data, 1);
    assert_int_equal(put(&ring, data, sizeof data, 1 << 20), ZL_RING_OK);
    while (zl_ring_touch_ahead(&ring))
        calls++;
    assert_int_equal(calls, 16);
    assert_memory_equal(zl_ring_read(&ring, &len), data, sizeof data);
    assert_int_equal(len, sizeof data);
    zl_ring_destroy(&ring);
}

TEST(ring__touching_stops_once_the_head_has_been_everywhere) {
    static char data[100000];
    zl_ring ring;
    size_t len;
    int i;

    assert_int_equal(zl_ring_init(&ring, 1 << 18), 0);
    for (i = 0; i < 3; i++) {
        assert_int_equal(put(&ring, data, sizeof data, 1 << 18), ZL_RING_OK);
        assert_non_null(zl_ring_read(&ring, &len));
        zl_ring_release(&ring);
    }
    assert_int_equal(zl_ring_touch_ahead(&ring), 0);
    zl_ring_destroy(&ring);
}

TEST(ring__extends_a_short_count_both_ways) {
    const uint64_t near = UINT64_C(0x123456789a);
    const int64_t deltas[] = {0, 1, -1, 1000, -1000, (1 << 30) - 1, -(1 << 30)};
    size_t i;

    for (i = 0; i < sizeof deltas / sizeof *deltas; i++) {
        uint64_t wanted = near + (uint64_t)deltas[i];
        assert_true(zl_ring_extend_count(near, wanted & 0x7fffffff) == wanted);
    }
    assert_true(zl_ring_extend_count(0, 5) == 5);
    assert_true(zl_ring_extend_count(0x7fffffff, 0) == 0x80000000u);
    assert_true(zl_ring_extend_count(0x80000000u, 0x7fffffff) == 0x7fffffff);
}
