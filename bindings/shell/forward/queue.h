/* SPDX-License-Identifier: BSD-3-Clause */
/* What waits for one sink, bounded by bytes. One thread puts, another hands over.
 * An item is kept until the sink is sure that it has arrived, so that it can be
 * handed over again. Knows nothing of sinks. */
#ifndef SHELL_FORWARD_QUEUE_H
#define SHELL_FORWARD_QUEUE_H

#include "bytes.h"

#include <pthread.h>
#include <stdint.h>

typedef enum queue_fate {
    QUEUE_OPEN,    /* not known yet */
    QUEUE_ARRIVED, /* the peer has it: it is not handed over any more */
    QUEUE_NEVER    /* the peer can never take it */
} queue_fate;

typedef struct queue_item {
    struct queue_item *next;
    uint64_t number; /* rises; without gaps but for what an earlier run had left */
    size_t len;
    queue_fate fate;
    char data[];
} queue_item;

typedef struct queue_counts {
    uint64_t taken;     /* = delivered + dropped + refused + waiting */
    uint64_t delivered; /* settled */
    uint64_t dropped;   /* there was no room */
    uint64_t refused;   /* too large, or the sink can never take it */
    uint64_t waiting;
    uint64_t again; /* times that one was handed over once more */
} queue_counts;

typedef struct queue {
    pthread_mutex_t lock;
    queue_item *first; /* the oldest that has not settled */
    queue_item *next;  /* the next to hand over; NULL: none */
    queue_item *last;
    size_t bytes, most_bytes;
    uint64_t numbered;
    uint64_t reached; /* the highest number that was handed over */
    queue_counts counts;
    int is_hungry; /* the sink sleeps until there is something */
    int is_full;   /* somebody waits for room */
    int wake;      /* eventfd for the sink */
    int room;      /* eventfd for threads that wait */
} queue;

/* 0, or -1 with errno. */
int queue_init(queue *of, size_t most_bytes);
void queue_free(queue *of);

typedef enum queue_result { QUEUE_TAKEN, QUEUE_FULL, QUEUE_REFUSED } queue_result;

/* The putting side. FULL takes nothing and counts nothing: the caller waits until
 * `room` is readable and tries again, or drops. A refused one is counted. */
queue_result queue_put(queue *of, bytes data);
/* Before all others: one that an earlier run had left, with its number, which is higher
 * than those before. The bound does not hold. 0, or -1 when it is not, or without
 * memory. */
int queue_put_back(queue *of, uint64_t number, bytes data);
/* Forgets all. */
void queue_clear(queue *of);
void queue_count_drop(queue *of);
queue_counts queue_count(queue *of);

/* The sink's side. An item leaves when its fate is known and it is the oldest. */
const queue_item *queue_next(queue *of); /* NULL: none */
void queue_advance(queue *of, int refused);
/* All up to this number that were handed over have arrived. */
void queue_settle(queue *of, uint64_t number);
/* What has become of single ones, handed over or not: fates[0] is of number `from`. */
void queue_decide(queue *of, uint64_t from, const unsigned char *fates, size_t count);
/* All that have not settled are to be handed over again. */
void queue_rewind(queue *of);
int queue_is_settled(queue *of);
/* The number of the oldest; 0: there is none. */
uint64_t queue_oldest(queue *of);
/* From now on, `wake` is readable when there is something to hand over. */
void queue_be_hungry(queue *of);

void queue_signal(int event);
void queue_clear_signal(int event);

#endif
