/* SPDX-License-Identifier: BSD-3-Clause */
/* The queue between log calls and the I/O thread, which here is the test: what a full
 * one does, what is counted, and which thread is woken when. */
#include "view.h"

#include "base/clock.h"
#include "publish/queue.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

TEST_LABELS(threads);

#define BYTES 16384

static zl_counters counters;
static zl_event wake_event;

static zl_queue *queue_make(int policy, int block_ms) {
    zl_queue *queue = calloc(1, sizeof *queue);
    assert_non_null(queue);
    memset(&counters, 0, sizeof counters);
    assert_int_equal(zl_queue_init(queue, BYTES, policy, block_ms, &counters), 0);
    zl_event_init(&wake_event);
    assert_int_equal(zl_event_open(&wake_event), 0);
    queue->wake = &wake_event;
    return queue;
}

static void queue_drop(zl_queue *queue) {
    zl_queue_destroy(queue);
    zl_event_close(&wake_event);
    free(queue);
}

static zmqlog_status put(zl_queue *queue, int level, size_t len) {
    static char text[BYTES];
    zl_span none = {NULL, 0}, all = {text, len};
    size_t size = zl_entry_bare_size(none, all);
    void *to;
    zmqlog_status status = zl_queue_reserve(queue, size, level, &to);
    if (status != ZMQLOG_OK)
        return status;
    zl_entry_pack_bare(to, level, 0, ZMQLOG_TIME_NONE, none, all);
    zl_queue_commit(queue, to, size);
    return ZMQLOG_OK;
}

/* Puts records of 100 bytes until one does not fit; returns how many did. */
static int fill(zl_queue *queue, int level, zmqlog_status end) {
    zmqlog_status status;
    int records = -1;
    do {
        status = put(queue, level, 100);
        records++;
    } while (status == ZMQLOG_OK);
    assert_status(status, end);
    return records;
}

/* What the I/O thread does; returns how many records there were. */
static int drain(zl_queue *queue) {
    size_t len;
    int records = 0;
    while (zl_ring_read(&queue->ring, &len))
        records++;
    zl_ring_release(&queue->ring);
    zl_queue_made_room(queue);
    return records;
}

static uint64_t counted(int which) {
    return zl_count_of(&counters, which);
}

TEST(queue__drop_newest_keeps_an_eighth_for_warnings) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    int low = fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_ELIMIT);
    int high = fill(queue, ZMQLOG_LEVEL_WARN, ZMQLOG_ELIMIT);
    assert_in_range(high * 7, low - 8, low + 8);
    assert_int_equal(counted(ZMQLOG_COUNT_DROPPED_QUEUE), 2);
    assert_int_equal(counted(ZL_COUNT_NOT_QUEUED), 2);
    assert_int_equal(counters.lost[ZMQLOG_LEVEL_INFO], 1);
    assert_int_equal(counters.lost[ZMQLOG_LEVEL_WARN], 1);
    assert_int_equal(counters.any_lost, 1);
    assert_int_equal(drain(queue), low + high);
    assert_ok(put(queue, ZMQLOG_LEVEL_INFO, 100));
    queue_drop(queue);
}

TEST(queue__block_with_zero_counts_nothing) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_BLOCK, 0);
    fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_EAGAIN);
    assert_int_equal(counted(ZL_COUNT_NOT_QUEUED), 0);
    assert_int_equal(counters.any_lost, 0);
    drain(queue);
    assert_ok(put(queue, ZMQLOG_LEVEL_INFO, 100));
    queue_drop(queue);
}

TEST(queue__block_gives_up_and_counts) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_BLOCK, 1);
    fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_ETIMEDOUT);
    zl_queue_interrupt(queue);
    assert_status(put(queue, ZMQLOG_LEVEL_INFO, 100), ZMQLOG_EINTERRUPTED);
    assert_status(put(queue, ZMQLOG_LEVEL_INFO, 100), ZMQLOG_ETIMEDOUT);
    assert_int_equal(counted(ZMQLOG_COUNT_DROPPED_TIMEOUT), 3);
    assert_int_equal(counted(ZL_COUNT_NOT_QUEUED), 3);
    queue_drop(queue);
}

static void *put_blocked(void *queue) {
    return (void *)(intptr_t)put(queue, ZMQLOG_LEVEL_INFO, 100);
}

TEST(queue__block_goes_on_when_there_is_room) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_BLOCK, 0);
    pthread_t thread[3];
    int records = fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_EAGAIN), drained = 0;
    void *status;
    queue->block_ms = -1;
    for (int i = 0; i < 3; i++)
        pthread_create(&thread[i], NULL, put_blocked, queue);
    while (drained < records + 3)
        drained += drain(queue);
    for (int i = 0; i < 3; i++) {
        pthread_join(thread[i], &status);
        assert_ok((zmqlog_status)(intptr_t)status);
    }
    assert_int_equal(drained, records + 3);
    queue_drop(queue);
}

TEST(queue__block_ends_when_the_queue_closes) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_BLOCK, 0);
    pthread_t thread;
    void *status;
    fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_EAGAIN);
    queue->block_ms = -1;
    pthread_create(&thread, NULL, put_blocked, queue);
    zl_ring_close(&queue->ring);
    zl_bell_ring(&queue->room);
    pthread_join(thread, &status);
    assert_status((zmqlog_status)(intptr_t)status, ZMQLOG_ECLOSED);
    assert_int_equal(counted(ZL_COUNT_NOT_QUEUED), 0);
    queue_drop(queue);
}

TEST(queue__drop_oldest_leaves_discarding_to_the_reader) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_DROP_OLDEST, 0);
    struct pollfd wake = {zl_event_fd(queue->wake), POLLIN, 0};
    int records = 0;
    while (zl_ring_used(&queue->ring) + 200 < BYTES) {
        assert_ok(put(queue, ZMQLOG_LEVEL_INFO, 100));
        records++;
    }
    assert_int_equal(poll(&wake, 1, 0), 0);
    records += fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_ELIMIT);
    assert_int_equal(poll(&wake, 1, 0), 1); /* it is needed */
    assert_int_equal(counted(ZMQLOG_COUNT_DROPPED_QUEUE), 1);
    assert_int_equal(drain(queue), records);
    queue_drop(queue);
}

TEST(queue__what_would_never_fit_is_an_internal_loss) {
    for (int policy = ZMQLOG_OVERFLOW_DROP_NEWEST; policy <= ZMQLOG_OVERFLOW_BLOCK;
         policy++) {
        zl_queue *queue = queue_make(policy, 0);
        assert_status(put(queue, ZMQLOG_LEVEL_INFO, BYTES / 2), ZMQLOG_ELIMIT);
        assert_int_equal(counted(ZMQLOG_COUNT_DROPPED_INTERNAL), 1);
        assert_int_equal(counted(ZL_COUNT_NOT_QUEUED), 1);
        assert_ok(put(queue, ZMQLOG_LEVEL_INFO, BYTES / 2 - 100));
        queue_drop(queue);
    }
}

TEST(queue__a_closed_one_takes_and_counts_nothing) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    assert_ok(put(queue, ZMQLOG_LEVEL_INFO, 100));
    zl_ring_close(&queue->ring);
    assert_status(put(queue, ZMQLOG_LEVEL_INFO, 100), ZMQLOG_ECLOSED);
    assert_status(zl_queue_wait_room(queue, 1, ZL_NO_DEADLINE), ZMQLOG_ECLOSED);
    assert_int_equal(counted(ZL_COUNT_NOT_QUEUED), 0);
    assert_int_equal(drain(queue), 1);
    queue_drop(queue);
}

static int is_woken(zl_queue *queue) {
    struct pollfd wake = {zl_event_fd(queue->wake), POLLIN, 0};
    int woken = poll(&wake, 1, 0);
    zl_event_clear(queue->wake);
    return woken;
}

TEST(queue__wakes_the_reader_once_and_only_when_it_sleeps) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    put(queue, ZMQLOG_LEVEL_INFO, 100);
    assert_false(is_woken(queue));
    atomic_store(&queue->armed, 1);
    put(queue, ZMQLOG_LEVEL_INFO, 100);
    assert_int_equal(atomic_load(&queue->armed), 0);
    assert_true(is_woken(queue));
    put(queue, ZMQLOG_LEVEL_INFO, 100);
    assert_false(is_woken(queue));
    atomic_store(&queue->armed, 1);
    fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_ELIMIT);
    assert_true(is_woken(queue));
    queue_drop(queue);
}

TEST(queue__one_that_naps_is_woken_once_when_there_is_no_room) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    atomic_store(&queue->napping, 1);
    put(queue, ZMQLOG_LEVEL_INFO, 100);
    assert_false(is_woken(queue));
    fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_ELIMIT);
    assert_true(is_woken(queue));
    assert_status(put(queue, ZMQLOG_LEVEL_INFO, 100), ZMQLOG_ELIMIT);
    assert_false(is_woken(queue));
    queue_drop(queue);
}

TEST(queue__waking_never_blocks_and_is_not_forgotten) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    for (int i = 0; i < 100000; i++)
        zl_event_signal(queue->wake);
    assert_true(is_woken(queue));
    assert_false(is_woken(queue));
    queue_drop(queue);
}

TEST(queue__an_interruption_ends_one_wait) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_BLOCK, 0);
    fill(queue, ZMQLOG_LEVEL_INFO, ZMQLOG_EAGAIN);
    zl_queue_interrupt(queue);
    zl_queue_interrupt(queue);
    assert_status(zl_queue_wait_room(queue, 100, ZL_NO_DEADLINE), ZMQLOG_EINTERRUPTED);
    assert_status(zl_queue_wait_room(queue, 100, zl_clock_monotonic_ns()),
                  ZMQLOG_ETIMEDOUT);
    drain(queue);
    zl_queue_interrupt(queue);
    assert_ok(zl_queue_wait_room(queue, 100, ZL_NO_DEADLINE));
    assert_true(zl_queue_was_interrupted(queue)); /* was not needed: still there */
    assert_false(zl_queue_was_interrupted(queue));
    queue_drop(queue);
}

/* After room was told of, a record of that size goes in, wherever the head is. */
TEST(queue__room_is_what_it_says) {
    zl_queue *queue = queue_make(ZMQLOG_OVERFLOW_BLOCK, 0);
    unsigned number = 1;
    size_t len;
    for (int i = 0; i < 20000; i++) {
        number = number * 1103515245u + 12345u;
        len = (number >> 8) % 3000;
        if (zl_queue_wait_room(queue, len, 0) == ZMQLOG_OK) {
            assert_ok(put(queue, ZMQLOG_LEVEL_INFO, len));
        } else {
            for (int j = 0; j < 3 && zl_ring_read(&queue->ring, &len); j++)
                continue;
            zl_ring_release(&queue->ring);
        }
    }
    queue_drop(queue);
}

static zl_queue *shared;
static _Atomic int putting;

static void *put_many(void *argument) {
    (void)argument;
    for (int i = 0; i < 20000; i++)
        while (put(shared, ZMQLOG_LEVEL_INFO, (size_t)i % 50) == ZMQLOG_EAGAIN)
            zl_queue_wait_room(shared, 100, ZL_NO_DEADLINE);
    atomic_fetch_sub(&putting, 1);
    return NULL;
}

/* A reader that sleeps whenever it can, as the I/O thread does: if a wake-up were lost,
 * it would sleep for ever. */
TEST(queue__no_wake_up_is_lost) {
    pthread_t thread[4];
    int drained = 0;
    shared = queue_make(ZMQLOG_OVERFLOW_BLOCK, 0);
    atomic_store(&putting, 4);
    for (int i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, put_many, NULL);
    while (drained < 4 * 20000) {
        struct pollfd wake = {zl_event_fd(shared->wake), POLLIN, 0};
        drained += drain(shared);
        atomic_store(&shared->armed, 1);
        if (zl_ring_is_empty(&shared->ring) && drained < 4 * 20000) {
            assert_int_equal(poll(&wake, 1, PATIENCE_MS), 1);
            zl_event_clear(shared->wake);
        }
        atomic_store(&shared->armed, 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(drained, 4 * 20000);
    queue_drop(shared);
}
