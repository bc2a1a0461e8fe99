/* SPDX-License-Identifier: BSD-3-Clause */
/* From the queue to the socket: a batch at a time, waiting for full subscribers
 * within the rules, and discarding the oldest where the policy says so. */
#include "publish/sender.h"

#include "base/clock.h"

#include <errno.h>

#define BATCH 256
#define CREDIT_WAIT_NS INT64_C(5000000)
/* The listeners that a record waited for have gone. */
#define NOBODY_LEFT ENOTCONN

/* How far above its high-water mark the queue is, in bytes. */
static size_t overflow_bytes(const zl_sender *sender) {
    size_t used = zl_ring_used(&sender->queue->ring);
    size_t high_water = sender->queue->ring.capacity / 4 * 3;
    return used > high_water ? used - high_water : 0;
}

/* Only this thread writes it. */
static void count_done(zl_sender *sender) {
    uint64_t done = atomic_load_explicit(&sender->done, memory_order_relaxed);
    atomic_store_explicit(&sender->done, done + 1, memory_order_release);
}

/* Only this thread may discard, because only the thread that reads at the tail may
 * move it. It discards what is too much now, and no more: producers may fill the
 * queue as fast as this thread empties it, and then it would never send. */
static int discard_oldest(zl_sender *sender) {
    zl_ring *ring = &sender->queue->ring;
    size_t surplus, len;
    uint32_t begin = ring->read_position;
    zl_entry *entry;
    if (sender->queue->policy != ZMQLOG_OVERFLOW_DROP_OLDEST)
        return 0;
    surplus = overflow_bytes(sender) / ZL_RING_UNIT_BYTES;
    while (ring->read_position - begin < surplus &&
           (entry = zl_ring_read(ring, &len))) {
        zl_count_lost(sender->counters, ZMQLOG_COUNT_DROPPED_OLDEST, entry->level);
        zl_ring_release(ring);
        count_done(sender);
    }
    if (ring->read_position == begin)
        return 0;
    zl_queue_made_room(sender->queue);
    return 1;
}

/* The queue's memory goes back to the producers before we wait for a subscriber, so
 * the frame must not lie in it. 0, or ENOMEM. */
static int keep_body(zl_sender *sender, zl_span *body) {
    zl_buffer *kept = &sender->composer.body;
    if (body->data == kept->data || body->len == 0)
        return 0;
    zl_buffer_reset(kept);
    zl_buffer_put_span(kept, *body);
    if (kept->failed)
        return ENOMEM;
    *body = zl_buffer_span(kept);
    return 0;
}

static int is_out_of_time(const zl_sender *sender, int64_t now) {
    return atomic_load(&sender->closing) &&
           now >= atomic_load(&sender->close_deadline_ns);
}

/* Whether a subscriber waits for it that must not wait long. */
static int is_shared(const zl_sender *sender, zl_span topic) {
    return sender->queue->policy != ZMQLOG_OVERFLOW_BLOCK &&
           zl_prefixes_holders(&sender->listeners.prefixes, topic) >= 2;
}

static int is_heard(zl_sender *sender) {
    zl_topic *topic = sender->composer.topic;
    const zl_prefixes *prefixes = &sender->listeners.prefixes;
    if (topic->generation != prefixes->generation) {
        topic->heard =
            (uint8_t)zl_prefixes_match(prefixes, sender->composer.view.topic);
        topic->generation = prefixes->generation;
    }
    return topic->heard;
}

static int give_up(zl_sender *sender, zl_span topic, zl_span body) {
    zl_count_slow(sender->counters, sender->composer.view.level);
    return zl_socket_send(sender->socket, topic, body, 1);
}

/* Some subscriber is full: wait for it, within the rules, while everything else
 * goes on. Returns as zl_socket_send, or ETIMEDOUT when closing ran out, or
 * NOBODY_LEFT. */
static int wait_and_send(zl_sender *sender, zl_span topic, zl_span body) {
    zl_slow_begin(&sender->slow, zl_clock_monotonic_ns());
    for (;;) {
        int64_t now = zl_clock_monotonic_ns();
        /* Asked at each turn, for it counts the time that was spent. */
        int64_t left = zl_slow_left(&sender->slow, now, is_shared(sender, topic));
        int error;
        zl_listeners_observe(&sender->listeners, topic, now);
        zl_sender_count_cuts(sender, sender->composer.view.level);
        zl_sender_serve_when_due(sender, now);
        zl_worker_take_commands(sender->worker);
        /* This reads all that libzmq has to tell; only then does it signal what
         * comes next, and the wait below is not in vain. */
        zl_sender_take_events(sender);
        discard_oldest(sender);
        /* Older records are owed to a new listener first: this one joins them. */
        if (!is_heard(sender) || sender->backlog.is_owed)
            return NOBODY_LEFT;
        error = zl_socket_send(sender->socket, topic, body, 0);
        if (error != EAGAIN)
            return error;
        if (left <= 0)
            return give_up(sender, topic, body);
        if (is_out_of_time(sender, now))
            return ETIMEDOUT;
        zl_socket_wait_credit(sender->socket,
                              left < CREDIT_WAIT_NS ? left : CREDIT_WAIT_NS);
    }
}

static int send_frames(zl_sender *sender, const zl_entry *entry, size_t len,
                       zl_span topic, zl_span body) {
    int error = zl_socket_send(sender->socket, topic, body, 0);
    if (error != EAGAIN)
        return error;
    if (keep_body(sender, &body) != 0 ||
        zl_sender_hold_in_hand(sender, entry, len) != 0)
        return ENOMEM;
    atomic_store(&sender->stuck, sender->queue->ring.read_count);
    zl_ring_release(&sender->queue->ring);
    zl_queue_made_room(sender->queue);
    return wait_and_send(sender, topic, body);
}

static void count_failed(zl_sender *sender, int error) {
    int level = sender->composer.view.level;
    if (error == ETIMEDOUT)
        atomic_store(&sender->left_over, 1);
    zl_count_lost(sender->counters,
                  error == ETIMEDOUT ? ZMQLOG_COUNT_DROPPED_TIMEOUT
                                     : ZMQLOG_COUNT_DROPPED_INTERNAL,
                  level);
}

/* Level 0 marks frames that are sent as they are. */
static int take(zl_composer *composer, const zl_entry *entry, zl_span root) {
    zl_span current = composer->root;
    int result;
    zl_entry_unpack(entry, &composer->view);
    composer->timed = entry->timed;
    if (!composer->view.level)
        return zl_composer_take_frames(composer);
    composer->root = root;
    result = zl_composer_take(composer);
    composer->root = current;
    return result;
}

int zl_sender_is_record_heard(zl_sender *sender, const zl_entry *entry, zl_span root) {
    return take(&sender->composer, entry, root) == 0 && is_heard(sender);
}

static int compose(zl_composer *composer, zl_span *topic, zl_span *body) {
    if (composer->view.level)
        return zl_composer_frames(composer, topic, body);
    *topic = composer->view.topic;
    *body = composer->view.text;
    return 0;
}

int zl_sender_send_record(zl_sender *sender, const zl_entry *entry, size_t len,
                          zl_span root) {
    zl_composer *composer = &sender->composer;
    zl_span topic, body;
    int error;
    if (take(composer, entry, root) != 0) {
        count_failed(sender, ENOMEM);
        return 1;
    }
    if (!is_heard(sender))
        return 0;
    error = compose(composer, &topic, &body) ? ENOMEM : 0;
    if (!error)
        error = send_frames(sender, entry, len, topic, body);
    if (error == NOBODY_LEFT)
        return 0;
    if (error) {
        count_failed(sender, error);
        return 1;
    }
    if (composer->view.level)
        zl_composer_sent(composer);
    zl_count_alone(sender->counters, ZMQLOG_COUNT_SENT);
    return 1;
}

static void send_entry(zl_sender *sender, const zl_entry *entry, size_t len) {
    int is_dealt_with =
        zl_sender_send_record(sender, entry, len, sender->composer.root);
    if (!is_dealt_with && zl_sender_keeps(sender, sender->composer.view.level))
        zl_sender_keep(sender, entry, len);
    else if (!is_dealt_with)
        zl_count_alone(sender->counters, ZMQLOG_COUNT_UNHEARD);
    if (sender->backlog.in_hand)
        zl_sender_let_go(sender);
}

int zl_sender_send_batch(zl_sender *sender) {
    zl_ring *ring = &sender->queue->ring;
    uint64_t records = 0;
    size_t len;
    zl_entry *entry;
    int discarded = discard_oldest(sender);
    if (sender->hold.active)
        return discarded;
    if (zl_sender_owes_backlog(sender))
        return zl_sender_send_backlog(sender) | discarded;
    while (records < BATCH && !sender->hold.active &&
           (entry = zl_ring_read(ring, &len))) {
        if (atomic_load_explicit(&sender->has_roots, memory_order_acquire))
            zl_sender_take_roots(sender, ring->read_count - 1);
        send_entry(sender, entry, len);
        records++;
        count_done(sender);
    }
    if (records == 0)
        return discarded;
    if (atomic_load_explicit(&sender->stuck, memory_order_relaxed))
        atomic_store(&sender->stuck, 0);
    zl_ring_release(ring);
    zl_queue_made_room(sender->queue);
    zl_nap_saw(&sender->nap, records);
    return 1;
}
