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

void queue_free(queue *of) {
    for (queue_item *item = of->first, *next; item; item = next) {
        next = item->next;
        free(item);
    }
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

static queue_result put(queue *of, bytes data) {
    queue_item *item;

    if (cost(data.len) > of->most_bytes - of->bytes) {
        of->is_full = 1;
        return QUEUE_FULL;
    }
    item = calloc(1, cost(data.len));
    if (!item)
        return QUEUE_FULL;
    item->len = data.len;
    if (data.len > 0)
        memcpy(item->data, data.data, data.len);
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
    queue_item *next = of->next;
    pthread_mutex_unlock(&of->lock);
    return next;
}

void queue_advance(queue *of, int refused) {
    pthread_mutex_lock(&of->lock);
    of->next->is_refused |= refused;
    of->next = of->next->next;
    pthread_mutex_unlock(&of->lock);
}

static void settle_first(queue *of) {
    queue_item *item = of->first;

    of->first = item->next;
    if (!of->first)
        of->last = NULL;
    of->bytes -= cost(item->len);
    of->counts.waiting--;
    if (item->is_refused)
        of->counts.refused++;
    else
        of->counts.delivered++;
    free(item);
}

static void settle(queue *of, uint64_t number, int ahead) {
    pthread_mutex_lock(&of->lock);
    while (of->first && of->first->number <= number &&
           (ahead || of->first != of->next)) {
        if (of->first == of->next)
            of->next = of->first->next;
        settle_first(of);
    }
    /* Not at the first byte of room: the source would wake for every record. */
    if (of->is_full && of->bytes <= of->most_bytes - of->most_bytes / 4) {
        of->is_full = 0;
        queue_signal(of->room);
    }
    pthread_mutex_unlock(&of->lock);
}

void queue_settle(queue *of, uint64_t number) {
    settle(of, number, 0);
}

void queue_settle_ahead(queue *of, uint64_t number) {
    settle(of, number, 1);
}

void queue_refuse(queue *of, uint64_t number) {
    pthread_mutex_lock(&of->lock);
    for (queue_item *item = of->first; item && item->number <= number;
         item = item->next)
        item->is_refused |= item->number == number;
    pthread_mutex_unlock(&of->lock);
}

void queue_rewind(queue *of) {
    pthread_mutex_lock(&of->lock);
    for (const queue_item *item = of->first; item != of->next; item = item->next)
        of->counts.again++;
    of->next = of->first;
    pthread_mutex_unlock(&of->lock);
}

int queue_is_settled(queue *of) {
    pthread_mutex_lock(&of->lock);
    int is_settled = !of->first;
    pthread_mutex_unlock(&of->lock);
    return is_settled;
}

void queue_be_hungry(queue *of) {
    pthread_mutex_lock(&of->lock);
    of->is_hungry = !of->next;
    if (of->next)
        queue_signal(of->wake);
    pthread_mutex_unlock(&of->lock);
}
