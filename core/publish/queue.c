/* SPDX-License-Identifier: BSD-3-Clause */
/* The producers' side of the queue. The I/O thread's side is sender.c. */
#include "publish/queue.h"

#include "base/clock.h"

#include <sched.h>

/* How often a producer that finds the ring full under DROP_OLDEST steps aside
 * for the I/O thread, which alone may discard. */
#define YIELDS 20

int zl_queue_init(zl_queue *queue, size_t bytes, int policy, int block_ms,
                  zl_counters *counters) {
    if (zl_ring_init(&queue->ring, bytes) != 0)
        return -1;
    queue->policy = policy;
    queue->block_ms = block_ms;
    queue->low_limit = queue->ring.capacity;
    if (policy == ZMQLOG_OVERFLOW_DROP_NEWEST)
        queue->low_limit -= queue->ring.capacity / 8;
    queue->counters = counters;
    return 0;
}

void zl_queue_destroy(zl_queue *queue) {
    zl_ring_destroy(&queue->ring);
}

void zl_queue_interrupt(zl_queue *queue) {
    atomic_store(&queue->interrupted, 1);
    zl_bell_ring(&queue->progress);
    zl_bell_ring(&queue->room);
}

/* Producers that wait are let go when a quarter is free, not for every few
 * records: being woken costs more than a thousand of them. While none waits, the
 * head is not looked at: that would take its cache line from the producers. */
void zl_queue_made_room(zl_queue *queue) {
    zl_bell_ring(&queue->progress);
    if (zl_bell_is_awaited(&queue->room) &&
        zl_ring_used(&queue->ring) <= queue->ring.capacity / 4 * 3)
        zl_bell_ring(&queue->room);
}

int zl_queue_was_interrupted(zl_queue *queue) {
    return atomic_load_explicit(&queue->interrupted, memory_order_relaxed) &&
           atomic_exchange(&queue->interrupted, 0);
}

/* A ring that is full while its reader naps: it is to look now, once. */
static void end_nap(zl_queue *queue) {
    if (atomic_load(&queue->napping) && atomic_exchange(&queue->napping, 0))
        zl_event_signal(queue->wake);
}

static zl_ring_result try_until(zl_queue *queue, size_t size, size_t limit, void **to,
                                int64_t deadline, zmqlog_status *status) {
    for (;;) {
        uint32_t seen = zl_bell_look(&queue->room);
        zl_ring_result result = zl_ring_reserve(&queue->ring, size, limit, to);
        if (result != ZL_RING_FULL)
            return result;
        *status = ZMQLOG_EINTERRUPTED;
        if (zl_queue_was_interrupted(queue))
            return result;
        *status = ZMQLOG_ETIMEDOUT;
        if (deadline != ZL_NO_DEADLINE && zl_clock_monotonic_ns() >= deadline)
            return result;
        end_nap(queue);
        zl_bell_wait(&queue->room, seen, deadline);
    }
}

static zl_ring_result wait_and_reserve(zl_queue *queue, size_t size, size_t limit,
                                       void **to, zmqlog_status *status) {
    int64_t deadline = zl_clock_deadline(queue->block_ms);
    zl_ring_result result;
    zl_bell_join(&queue->room);
    result = try_until(queue, size, limit, to, deadline, status);
    zl_bell_leave(&queue->room);
    return result;
}

static zl_ring_result yield_and_reserve(zl_queue *queue, size_t size, void **to) {
    zl_ring_result result = ZL_RING_FULL;
    zl_event_signal(queue->wake); /* it may sleep, in the hold */
    for (int i = 0; i < YIELDS && result == ZL_RING_FULL; i++) {
        sched_yield();
        result = zl_ring_reserve(&queue->ring, size, queue->ring.capacity, to);
    }
    return result;
}

/* What remains to be tried when the ring is full. */
static zl_ring_result overflow(zl_queue *queue, size_t size, size_t limit, void **to,
                               zmqlog_status *status) {
    *status = ZMQLOG_ELIMIT;
    if (queue->policy == ZMQLOG_OVERFLOW_DROP_OLDEST)
        return yield_and_reserve(queue, size, to);
    if (queue->policy != ZMQLOG_OVERFLOW_BLOCK) {
        end_nap(queue); /* this one is lost, the next ones need not be */
        return ZL_RING_FULL;
    }
    *status = ZMQLOG_EAGAIN;
    if (queue->block_ms == 0)
        return ZL_RING_FULL;
    return wait_and_reserve(queue, size, limit, to, status);
}

static zmqlog_status refuse(zl_queue *queue, zl_ring_result result, int level,
                            zmqlog_status status) {
    if (result == ZL_RING_CLOSED)
        return ZMQLOG_ECLOSED;
    if (result != ZL_RING_TOO_BIG && status == ZMQLOG_EAGAIN)
        return status; /* the caller keeps the record */
    zl_count(queue->counters, ZL_COUNT_NOT_QUEUED);
    if (result == ZL_RING_TOO_BIG) {
        zl_count_lost(queue->counters, ZMQLOG_COUNT_DROPPED_INTERNAL, level);
        return ZMQLOG_ELIMIT;
    }
    zl_count_lost(queue->counters,
                  status == ZMQLOG_ELIMIT ? ZMQLOG_COUNT_DROPPED_QUEUE
                                          : ZMQLOG_COUNT_DROPPED_TIMEOUT,
                  level);
    return status;
}

zmqlog_status zl_queue_reserve_slowly(zl_queue *queue, size_t size, int level,
                                      void **to) {
    size_t limit = level < ZMQLOG_LEVEL_WARN ? queue->low_limit : queue->ring.capacity;
    zmqlog_status status = ZMQLOG_OK;
    zl_ring_result result = zl_ring_reserve(&queue->ring, size, limit, to);
    if (result == ZL_RING_FULL)
        result = overflow(queue, size, limit, to, &status);
    return result == ZL_RING_OK ? ZMQLOG_OK : refuse(queue, result, level, status);
}

/* What a record takes beyond its own bytes: names and paths of common length. */
#define ROOM_BESIDES 512

/* Twice the size, since a record that does not fit before the end of the ring
 * takes what is left there as well: once wait_room has said OK, it must fit. */
static int has_room(const zl_queue *queue, size_t need) {
    size_t used = zl_ring_used(&queue->ring);
    return used == 0 || used + 2 * (need + ROOM_BESIDES) <= queue->low_limit;
}

static zmqlog_status wait_for_room(zl_queue *queue, size_t need, int64_t deadline_ns) {
    for (;;) {
        uint32_t seen = zl_bell_look(&queue->room);
        if (zl_ring_is_closed(&queue->ring))
            return ZMQLOG_ECLOSED;
        if (has_room(queue, need))
            return ZMQLOG_OK;
        if (zl_queue_was_interrupted(queue))
            return ZMQLOG_EINTERRUPTED;
        if (deadline_ns != ZL_NO_DEADLINE && zl_clock_monotonic_ns() >= deadline_ns)
            return ZMQLOG_ETIMEDOUT;
        zl_bell_wait(&queue->room, seen, deadline_ns);
    }
}

zmqlog_status zl_queue_wait_room(zl_queue *queue, size_t bytes, int64_t deadline_ns) {
    size_t need = bytes + sizeof(zl_entry) + sizeof(zl_entry_extras);
    zmqlog_status status;
    if (bytes > zl_ring_max_payload(&queue->ring) ||
        need > zl_ring_max_payload(&queue->ring))
        return ZMQLOG_ELIMIT;
    zl_bell_join(&queue->room);
    status = wait_for_room(queue, need, deadline_ns);
    zl_bell_leave(&queue->room);
    return status;
}
