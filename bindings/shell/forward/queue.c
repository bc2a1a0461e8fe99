/* SPDX-License-Identifier: BSD-3-Clause */
/* What waits for one sink. Owns the order, the bound and the counts. */
#include "forward/queue.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static size_t cost(size_t len) {
    return len + sizeof(queue_item);
}

int queue_init(queue *of, size_t most_bytes) {
    *of = (queue){.most_bytes = most_bytes, .wake = -1, .room = -1};
    pthread_mutex_init(&of->lock, NULL);
    of->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    of->room = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return of->wake < 0 || of->room < 0 ? -1 : 0;
}

void queue_clear(queue *of) {
    for (queue_item *item = of->first, *next; item; item = next) {
        next = item->next;
        free(item);
    }
    of->first = of->next = of->last = NULL;
    of->bytes = 0;
    of->counts = (queue_counts){0};
}

void queue_free(queue *of) {
    queue_clear(of);
    if (of->wake >= 0)
        close(of->wake);
    if (of->room >= 0)
        close(of->room);
    pthread_mutex_destroy(&of->lock);
}

void queue_signal(int event) {
    uint64_t one = 1;

    if (write(event, &one, sizeof one) < 0) {
        /* A full counter is readable too. */
    }
}

void queue_clear_signal(int event) {
    uint64_t count;

    if (read(event, &count, sizeof count) < 0) {
        /* It was clear. */
    }
}

static void append(queue *of, queue_item *item) {
    item->number = ++of->numbered;
    if (of->last)
        of->last->next = item;
    else
        of->first = item;
    of->last = item;
    if (!of->next)
        of->next = item;
    of->bytes += cost(item->len);
    of->counts.taken++;
    of->counts.waiting++;
}

static queue_item *make_item(bytes data) {
    queue_item *item = malloc(cost(data.len));

    if (!item)
        return NULL;
    *item = (queue_item){.len = data.len};
    if (data.len > 0)
        memcpy(item->data, data.data, data.len);
    return item;
}

int queue_put_back(queue *of, uint64_t number, bytes data) {
    queue_item *item = number > of->numbered ? make_item(data) : NULL;

    if (!item)
        return -1;
    of->numbered = number - 1;
    append(of, item);
    return 0;
}

static queue_result put(queue *of, bytes data) {
    if (of->bytes + cost(data.len) > of->most_bytes) {
        of->is_full = 1;
        return QUEUE_FULL;
    }
    queue_item *item = make_item(data);
    if (!item)
        return QUEUE_FULL;
    append(of, item);
    if (of->is_hungry)
        queue_signal(of->wake);
    of->is_hungry = 0;
    return QUEUE_TAKEN;
}

queue_result queue_put(queue *of, bytes data) {
    queue_result result = QUEUE_REFUSED;

    pthread_mutex_lock(&of->lock);
    if (cost(data.len) <= of->most_bytes) {
        result = put(of, data);
    } else {
        of->counts.taken++;
        of->counts.refused++;
    }
    pthread_mutex_unlock(&of->lock);
    return result;
}

void queue_count_drop(queue *of) {
    pthread_mutex_lock(&of->lock);
    of->counts.taken++;
    of->counts.dropped++;
    pthread_mutex_unlock(&of->lock);
}

queue_counts queue_count(queue *of) {
    pthread_mutex_lock(&of->lock);
    queue_counts counts = of->counts;
    pthread_mutex_unlock(&of->lock);
    return counts;
}

const queue_item *queue_next(queue *of) {
    pthread_mutex_lock(&of->lock);
    while (of->next && of->next->fate != QUEUE_OPEN)
        of->next = of->next->next;
    queue_item *next = of->next;
    pthread_mutex_unlock(&of->lock);
    return next;
}

static void settle_first(queue *of) {
    queue_item *item = of->first;

    if (of->next == item)
        of->next = item->next;
    of->first = item->next;
    if (!of->first)
        of->last = NULL;
    of->bytes -= cost(item->len);
    of->counts.waiting--;
    if (item->fate == QUEUE_NEVER)
        of->counts.refused++;
    else
        of->counts.delivered++;
    free(item);
}

/* Those that were handed over up to this number, and behind them all whose fate is
 * known. */
static void settle(queue *of, uint64_t number) {
    while (of->first && (of->first->fate != QUEUE_OPEN ||
                         (of->first->number <= number && of->first != of->next)))
        settle_first(of);
    /* Not at the first byte of room: the source would wake for every record. */
    if (of->is_full && of->bytes <= of->most_bytes - of->most_bytes / 4) {
        of->is_full = 0;
        queue_signal(of->room);
    }
}

void queue_advance(queue *of, int refused) {
    pthread_mutex_lock(&of->lock);
    queue_item *item = of->next;
    of->next = item->next;
    if (item->number <= of->reached)
        of->counts.again++;
    else
        of->reached = item->number;
    if (refused) {
        item->fate = QUEUE_NEVER;
        settle(of, 0);
    }
    pthread_mutex_unlock(&of->lock);
}

void queue_settle(queue *of, uint64_t number) {
    pthread_mutex_lock(&of->lock);
    settle(of, number);
    pthread_mutex_unlock(&of->lock);
}

void queue_decide(queue *of, uint64_t from, const unsigned char *fates, size_t count) {
    pthread_mutex_lock(&of->lock);
    for (queue_item *at = of->first; at && at->number < from + count; at = at->next)
        if (at->number >= from && fates[at->number - from] != QUEUE_OPEN)
            at->fate = fates[at->number - from];
    settle(of, 0);
    pthread_mutex_unlock(&of->lock);
}

void queue_rewind(queue *of) {
    pthread_mutex_lock(&of->lock);
    of->next = of->first;
    pthread_mutex_unlock(&of->lock);
}

uint64_t queue_oldest(queue *of) {
    pthread_mutex_lock(&of->lock);
    uint64_t number = of->first ? of->first->number : 0;
    pthread_mutex_unlock(&of->lock);
    return number;
}

int queue_is_settled(queue *of) {
    return queue_oldest(of) == 0;
}

void queue_be_hungry(queue *of) {
    pthread_mutex_lock(&of->lock);
    of->is_hungry = !of->next;
    if (of->next)
        queue_signal(of->wake);
    pthread_mutex_unlock(&of->lock);
}
