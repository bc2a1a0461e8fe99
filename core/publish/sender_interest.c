/* SPDX-License-Identifier: BSD-3-Clause */
/* Following the subscriptions: the set of live prefixes, the gate, the hold, and
 * those who wait for a subscriber. */
#include "publish/sender.h"

#include "base/clock.h"

#define EVENTS_AT_ONCE 1024
/* Verifying a cancel takes as long as so many other events. */
#define CANCEL_COST 32

static int heard_under(const zl_sender *sender, zl_span root) {
    zl_gate scratch = {0}; /* follow writes only where something changes */
    return zl_gate_follow(&scratch, atomic_load(&sender->floor), &sender->prefixes,
                          root, sender->names);
}

/* Levels that some subscription opens, be it only once the newest root holds. */
static int heard_levels(const zl_sender *sender) {
    int heard = heard_under(sender, sender->composer.root);
    if (heard == 0 && sender->last_root)
        heard = heard_under(sender, sender->last_root->root);
    return heard;
}

static void write_gate(zl_sender *sender) {
    int floor = atomic_load(&sender->floor);
    if (atomic_load(&sender->closing))
        zl_gate_open_all(sender->gate, 0);
    else if (sender->hold.active || sender->first_root)
        zl_gate_open_all(sender->gate, floor);
    else
        zl_gate_follow(sender->gate, floor, &sender->prefixes, sender->composer.root,
                       sender->names);
}

/* The gate is written under the lock, since a new floor or root opens it from
 * another thread. `stale` is taken first: whoever changes something meanwhile
 * sets it again. While a root change waits in the queue all stays open. */
void zl_sender_refresh_gate(zl_sender *sender) {
    int heard;
    atomic_store(&sender->gate_stale, 0);
    pthread_mutex_lock(&sender->lock);
    heard = heard_levels(sender);
    write_gate(sender);
    pthread_mutex_unlock(&sender->lock);
    if (sender->hold.active && (heard > 0) != (sender->hold.quiet_ns != 0))
        zl_hold_subscription(&sender->hold, zl_clock_monotonic_ns(), heard > 0);
    if (atomic_exchange(&sender->heard, heard) != heard)
        zl_bell_ring(&sender->queue->progress);
}

void zl_sender_note_interest(zl_sender *sender) {
    zl_sender_refresh_gate(sender);
    atomic_store_explicit(&sender->subscriptions, zl_prefixes_live(&sender->prefixes),
                          memory_order_relaxed);
    if (sender->hold.active)
        zl_hold_subscription(&sender->hold, zl_clock_monotonic_ns(),
                             atomic_load(&sender->heard) > 0);
    zl_bell_ring(&sender->queue->progress);
}

int zl_sender_take_events(zl_sender *sender) {
    int changed = 0, events = 0;
    zl_span prefix;
    zl_socket_event event;
    while (events < EVENTS_AT_ONCE &&
           (event = zl_socket_next_event(sender->socket, &prefix)) != ZL_NO_EVENT) {
        events++;
        atomic_store(&sender->settling, 1);
        if (event == ZL_STRAY) {
            zl_count(sender->counters, ZMQLOG_COUNT_MALFORMED);
            continue;
        }
        if (event == ZL_CANCEL_ASKED) {
            events += CANCEL_COST;
            continue;
        }
        pthread_mutex_lock(&sender->lock);
        changed |= event == ZL_SUBSCRIBED
                       ? zl_prefixes_add(&sender->prefixes, prefix)
                       : zl_prefixes_remove(&sender->prefixes, prefix);
        pthread_mutex_unlock(&sender->lock);
    }
    if (events > 0)
        zl_sender_serve_all(sender);
    if (changed)
        zl_sender_note_interest(sender);
    if (events > 0) {
        atomic_store(&sender->settling, 0);
        zl_bell_ring(&sender->queue->progress);
    }
    return events > 0;
}

void zl_sender_set_floor(zl_sender *sender, int floor) {
    pthread_mutex_lock(&sender->lock);
    atomic_store(&sender->floor, floor);
    if (!atomic_load(&sender->closing))
        zl_gate_open_all(sender->gate, floor);
    pthread_mutex_unlock(&sender->lock);
    atomic_store(&sender->gate_stale, 1);
    zl_queue_wake(sender->queue);
    zl_bell_ring(&sender->queue->progress);
}

/* Of the next record, so with the newest root and floor, which the I/O thread may not
 * have seen yet. */
static int is_next_wanted(const zl_sender *sender) {
    return heard_under(sender, sender->last_root ? sender->last_root->root
                                                 : sender->composer.root) > 0;
}

/* Without a topic: anything at all. */
static int is_wanted_by_some(zl_sender *sender, zl_span topic) {
    int found;
    pthread_mutex_lock(&sender->lock);
    found = topic.len ? zl_prefixes_match(&sender->prefixes, topic)
                      : is_next_wanted(sender);
    pthread_mutex_unlock(&sender->lock);
    return found;
}

/* Only when the gate has followed, too: the caller's next record must pass it. */
static int is_subscribed(zl_sender *sender, zl_span topic) {
    return is_wanted_by_some(sender, topic) && !atomic_load(&sender->settling);
}

zmqlog_status zl_sender_wait_subscriber(zl_sender *sender, zl_span topic,
                                        int64_t deadline_ns) {
    for (;;) {
        uint32_t seen = zl_bell_look(&sender->queue->progress);
        if (is_subscribed(sender, topic))
            return ZMQLOG_OK;
        if (atomic_load(&sender->closing))
            return ZMQLOG_ECLOSED;
        if (zl_queue_was_interrupted(sender->queue))
            return ZMQLOG_EINTERRUPTED;
        if (deadline_ns != ZL_NO_DEADLINE && zl_clock_monotonic_ns() >= deadline_ns)
            return ZMQLOG_ETIMEDOUT;
        zl_bell_wait(&sender->queue->progress, seen, deadline_ns);
    }
}

/* While one record waits for a full subscriber, later ones may be discarded, and
 * done, before it. */
static int is_done(const zl_sender *sender, uint64_t target) {
    uint64_t done = atomic_load(&sender->done);
    uint64_t stuck = atomic_load(&sender->stuck);
    return done >= target && (stuck == 0 || stuck > target);
}

zmqlog_status zl_sender_wait_done(zl_sender *sender, uint64_t target,
                                  int64_t deadline_ns) {
    for (;;) {
        uint32_t seen = zl_bell_look(&sender->queue->progress);
        if (is_done(sender, target) || atomic_load(&sender->closed))
            return ZMQLOG_OK;
        if (zl_queue_was_interrupted(sender->queue))
            return ZMQLOG_EINTERRUPTED;
        if (deadline_ns != ZL_NO_DEADLINE && zl_clock_monotonic_ns() >= deadline_ns)
            return ZMQLOG_ETIMEDOUT;
        zl_bell_wait(&sender->queue->progress, seen, deadline_ns);
    }
}
