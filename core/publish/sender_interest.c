/* SPDX-License-Identifier: BSD-3-Clause */
/* Following the subscriptions: the set of live prefixes, the gate, the hold, and
 * the threads that wait for a subscriber. */
#include "publish/sender.h"

#include "base/clock.h"

#define FRAMES_AT_ONCE 1024

static int heard_under(const zl_sender *sender, zl_span root) {
    zl_gate scratch = {0}; /* follow writes only where something changes */
    return zl_gate_follow(&scratch, atomic_load(&sender->floor), ZL_NONE_KEPT,
                          &sender->listeners.prefixes, root, sender->names);
}

/* Levels that some subscription opens, be it only once the newest root holds. */
static int heard_levels(const zl_sender *sender) {
    int heard = heard_under(sender, sender->composer.root);
    if (heard == 0 && sender->last_root)
        heard = heard_under(sender, sender->last_root->root);
    return heard;
}

static int kept_level(const zl_sender *sender) {
    return sender->backlog.limit ? sender->backlog.level : ZL_NONE_KEPT;
}

static void write_gate(zl_sender *sender) {
    int floor = atomic_load(&sender->floor);
    if (atomic_load(&sender->closing))
        zl_gate_open_all(sender->gate, 0);
    else if ((sender->hold.active && !sender->backlog.is_owed) || sender->first_root)
        zl_gate_open_all(sender->gate, floor);
    else
        zl_gate_follow(sender->gate, floor, kept_level(sender),
                       &sender->listeners.prefixes, sender->composer.root,
                       sender->names);
}

/* The gate is written under the lock, since a new floor or root opens it from
 * another thread. `stale` is taken first: a thread that changes something meanwhile
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
    atomic_store_explicit(&sender->subscriptions, sender->listeners.prefixes.distinct,
                          memory_order_relaxed);
    if (sender->hold.active)
        zl_hold_subscription(&sender->hold, zl_clock_monotonic_ns(),
                             atomic_load(&sender->heard) > 0);
    atomic_store(&sender->settled, sender->listeners.prefixes.generation);
    zl_bell_ring(&sender->queue->progress);
}

/* A cut counts for the level of the record that waits for the listener; 0: none. */
void zl_sender_count_cuts(zl_sender *sender, int level) {
    for (; sender->cuts < sender->listeners.cut; sender->cuts++)
        if (level)
            zl_count_slow(sender->counters, level);
        else
            zl_count(sender->counters, ZMQLOG_COUNT_SLOW_EPISODES);
}

static void count_strays(zl_sender *sender) {
    uint64_t strays = sender->listeners.strays;
    zl_count_add(sender->counters, ZMQLOG_COUNT_MALFORMED, strays - sender->strays);
    sender->strays = strays;
}

int zl_sender_take_events(zl_sender *sender) {
    int frames = zl_socket_follow(sender->socket, FRAMES_AT_ONCE);
    if (frames > 0) {
        zl_sender_serve_all(sender); /* so that the counters are as new as the gate */
        count_strays(sender);
    }
    zl_sender_count_cuts(sender, 0);
    if (sender->listeners.prefixes.generation != atomic_load(&sender->settled)) {
        zl_sender_owe_backlog(sender);
        zl_sender_note_interest(sender);
    }
    zl_sender_announce(sender);
    return frames > 0;
}

void zl_sender_set_floor(zl_sender *sender, int floor) {
    pthread_mutex_lock(&sender->lock);
    atomic_store(&sender->floor, floor);
    if (!atomic_load(&sender->closing))
        zl_gate_open_all(sender->gate, floor);
    pthread_mutex_unlock(&sender->lock);
    atomic_store(&sender->gate_stale, 1);
    zl_event_signal(sender->queue->wake);
    zl_bell_ring(&sender->queue->progress);
}

/* Of the next record, so with the newest root and floor, which the I/O thread may not
 * have seen yet. */
static int is_next_wanted(const zl_sender *sender) {
    return heard_under(sender, sender->last_root ? sender->last_root->root
                                                 : sender->composer.root) > 0;
}

/* Without a topic: anything at all. Only when the gate has followed, too: the caller's
 * next record must pass it. */
static int is_subscribed(zl_sender *sender, zl_span topic) {
    zl_listeners *book = &sender->listeners;
    int found;
    pthread_mutex_lock(&sender->lock);
    pthread_mutex_lock(&book->lock);
    found =
        topic.len ? zl_prefixes_match(&book->prefixes, topic) : is_next_wanted(sender);
    found = found && book->prefixes.generation == atomic_load(&sender->settled);
    pthread_mutex_unlock(&book->lock);
    pthread_mutex_unlock(&sender->lock);
    return found;
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
