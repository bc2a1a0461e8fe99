/* SPDX-License-Identifier: BSD-3-Clause */
/* The way of a record from the caller to the I/O thread: the ring, what happens
 * when it is full, waking the sleeper, and waiting for room. */
#ifndef ZL_QUEUE_H
#define ZL_QUEUE_H

#include "thread/bell.h"
#include "base/counters.h"
#include "publish/entry.h"
#include "thread/event.h"
#include "thread/ring.h"

typedef struct zl_queue {
    zl_ring ring;
    int policy; /* ZMQLOG_OVERFLOW_... */
    int block_ms;
    size_t low_limit; /* bytes in use that levels below WARN may fill */
    zl_counters *counters;
    zl_event *wake;            /* the consumer's */
    _Atomic int armed;         /* the consumer sleeps and wants to be woken */
    _Atomic int napping;       /* it naps, and need only be woken for a full ring */
    char pad_[ZL_APART_BYTES]; /* producers read what is above at every record */
    zl_bell progress;          /* rung by the consumer, by wakeup and by changes */
    zl_bell room;              /* rung when blocked producers should go on */
    _Atomic int interrupted;   /* a wakeup that nobody has taken yet */
    char pad2_[ZL_APART_BYTES];
} zl_queue;

/* 0, or -1 with errno when memory ran out. Set `wake` before use. */
int zl_queue_init(zl_queue *queue, size_t bytes, int policy, int block_ms,
                  zl_counters *counters);
void zl_queue_destroy(zl_queue *queue);

/* When there is no room at once: the overflow policy. */
zmqlog_status zl_queue_reserve_slowly(zl_queue *queue, size_t size, int level,
                                      void **to);

/* Room for an entry, under the overflow policy; what was dropped is counted. OK with
 * *to, which must be committed; ELIMIT, EAGAIN, ETIMEDOUT, EINTERRUPTED; ECLOSED (not
 * counted). */
static inline zmqlog_status zl_queue_reserve(zl_queue *queue, size_t size, int level,
                                             void **to) {
    size_t limit = level < ZMQLOG_LEVEL_WARN ? queue->low_limit : queue->ring.capacity;
    if (zl_ring_reserve_at_once(&queue->ring, size, limit, to))
        return ZMQLOG_OK;
    return zl_queue_reserve_slowly(queue, size, level, to);
}

zmqlog_status zl_queue_wait_room(zl_queue *queue, size_t bytes, int64_t deadline_ns);

/* The reservation before and the load here are both sequentially consistent, and so
 * are the consumer's store to `armed` and its look at the head: either it sees the
 * reservation and stays awake, or we see that it went to sleep. */
static inline void zl_queue_commit(zl_queue *queue, void *entry, size_t size) {
    zl_ring_commit(&queue->ring, entry, size);
    if (atomic_load(&queue->armed) && atomic_exchange(&queue->armed, 0))
        zl_event_signal(queue->wake);
}

/* Ends one blocking call, now or later. Async-signal-safe. */
void zl_queue_interrupt(zl_queue *queue);
/* Whether a blocking call was interrupted; takes the interruption away. */
int zl_queue_was_interrupted(zl_queue *queue);

/* Consumer: it has taken records out and released them. */
void zl_queue_made_room(zl_queue *queue);

#endif
