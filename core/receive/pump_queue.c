/* SPDX-License-Identifier: BSD-3-Clause */
/* Messages on their way from the socket into the ring and out of it, and what
 * happens when there is no room. */
#include "receive/pump_internal.h"

#include "base/clock.h"

/* Messages between two looks at commands and peers, and between two alerts: a
 * receiver that is woken for each message would be asleep again before the next. */
#define BATCH 512
#define ALERT_EVERY 64

typedef struct message_header {
    int64_t received_ns;
    uint32_t topic_len;
} message_header;

static void count(_Atomic uint64_t *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static zl_ring_result put(zl_pump *pump, zl_span topic, zl_span body) {
    size_t most = zl_ring_max_payload(&pump->ring);
    message_header header = {0, (uint32_t)topic.len};
    size_t len = sizeof header;
    zl_ring_result result;
    void *out;
    char *to;

    if (topic.len > most || body.len > most)
        return ZL_RING_TOO_BIG;
    len += topic.len + body.len;
    result = zl_ring_reserve(&pump->ring, len, pump->ring.capacity, &out);
    if (result != ZL_RING_OK)
        return result;
    to = out;
    header.received_ns = zl_clock_realtime_ns();
    memcpy(to, &header, sizeof header);
    to += sizeof header;
    if (topic.len > 0)
        memcpy(to, topic.data, topic.len);
    if (body.len > 0)
        memcpy(to + topic.len, body.data, body.len);
    zl_ring_commit(&pump->ring, out, len);
    return ZL_RING_OK;
}

/* Throws the oldest messages away until the new one fits. */
static zl_ring_result put_over_oldest(zl_pump *pump, zl_span topic, zl_span body) {
    zl_ring_result result;

    pthread_mutex_lock(&pump->take_lock);
    while ((result = put(pump, topic, body)) == ZL_RING_FULL) {
        size_t len;
        if (zl_ring_read(&pump->ring, &len))
            count(&pump->options.counts->dropped);
        zl_ring_release(&pump->ring);
    }
    pthread_mutex_unlock(&pump->take_lock);
    return result;
}

/* Tells the receiver that we wait, and looks once more: exchanged on both sides,
 * so that either we see what it released or it sees us. */
static zl_ring_result put_announced(zl_pump *pump, zl_span topic, zl_span body) {
    zl_ring_result result;

    atomic_exchange(&pump->wants_room, 1);
    result = put(pump, topic, body);
    if (result == ZL_RING_OK)
        atomic_store(&pump->wants_room, 0);
    return result;
}

/* The clock starts with the first message without room and stops with the next
 * that finds some: those in between do not wait anew. */
static int has_waited_enough(zl_pump *pump) {
    if (pump->give_up_ns == 0)
        pump->give_up_ns = zl_clock_deadline(pump->options.block_ms);
    return pump->give_up_ns <= zl_clock_monotonic_ns();
}

/* 1 when the message is in the ring, 0 when it was dropped, -1 when it has to
 * wait. */
static int store(zl_pump *pump, zl_span topic, zl_span body) {
    int policy = pump->options.policy;
    zl_ring_result result = put(pump, topic, body);

    if (result == ZL_RING_FULL && policy == ZMQLOG_OVERFLOW_DROP_OLDEST)
        result = put_over_oldest(pump, topic, body);
    if (result == ZL_RING_FULL && policy == ZMQLOG_OVERFLOW_BLOCK) {
        result = put_announced(pump, topic, body);
        if (result == ZL_RING_FULL && !has_waited_enough(pump))
            return -1;
    }
    if (result != ZL_RING_OK) {
        count(&pump->options.counts->dropped);
        return 0;
    }
    pump->give_up_ns = 0;
    return 1;
}

/* The next message: the one that waited, or one from the socket; 0: none. */
static int next(zl_pump *pump) {
    int got;

    if (pump->has_pending)
        return 1;
    while ((got = zl_socket_receive(pump->socket, &pump->topic, &pump->body)) < 0)
        count(&pump->options.counts->malformed);
    if (got && pump->min_level &&
        zl_span_is_prefix(zl_span_of(ZL_ASKS_HELLO), pump->topic))
        zl_pump_hear(pump);
    return got;
}

/* Of each batch. */
static void look_at_first(zl_pump *pump) {
    zl_pump_serve(pump);
    zl_socket_note_source(pump->socket);
}

void zl_pump_move(zl_pump *pump) {
    int left = BATCH, unheard = 0, looked = pump->has_pending;

    while (left-- > 0 && next(pump)) {
        int stored;

        if (!looked)
            look_at_first(pump);
        looked = 1;
        stored = store(pump, pump->topic, pump->body);

        pump->has_pending = stored < 0;
        if (stored < 0)
            break;
        unheard += stored;
        if (unheard == ALERT_EVERY) {
            zl_alert_news(pump->options.alert);
            unheard = 0;
        }
    }
    if (unheard > 0)
        zl_alert_news(pump->options.alert);
}

/* ---- the application's side -------------------------------------------- */

static int shares_taking(const zl_pump *pump) {
    return pump->options.policy == ZMQLOG_OVERFLOW_DROP_OLDEST;
}

/* The last word before the receiver goes to sleep or away. */
static void offer_room(zl_pump *pump) {
    if (atomic_exchange(&pump->wants_room, 0))
        zl_event_signal(zl_worker_event(pump->worker));
}

static int take(zl_pump *pump, zl_message *message) {
    message_header header;
    size_t len;
    const char *payload = zl_ring_read(&pump->ring, &len);

    if (!payload)
        return 0;
    memcpy(&header, payload, sizeof header);
    payload += sizeof header;
    len -= sizeof header;
    message->received_ns = header.received_ns;
    message->topic = zl_span_make(payload, header.topic_len);
    message->body = zl_span_make(payload + header.topic_len, len - header.topic_len);
    message->number = pump->ring.read_count;
    return 1;
}

int zl_pump_take(zl_pump *pump, zl_message *message) {
    if (!shares_taking(pump)) {
        if (take(pump, message))
            return 1;
        offer_room(pump);
        return 0;
    }
    pthread_mutex_lock(&pump->take_lock);
    if (take(pump, message))
        return 1; /* zl_pump_done gives the lock back */
    pthread_mutex_unlock(&pump->take_lock);
    return 0;
}

void zl_pump_done(zl_pump *pump) {
    zl_ring_release(&pump->ring);
    if (shares_taking(pump)) {
        pthread_mutex_unlock(&pump->take_lock);
        return;
    }
    /* Half empty, so that a pump that waits does not come for each message. */
    if (atomic_load_explicit(&pump->wants_room, memory_order_relaxed) &&
        zl_ring_used(&pump->ring) <= pump->ring.capacity / 2)
        offer_room(pump);
}

uint64_t zl_pump_position(zl_pump *pump) {
    uint64_t position;

    if (shares_taking(pump))
        pthread_mutex_lock(&pump->take_lock);
    position =
        zl_ring_extend_count(pump->ring.read_count, zl_ring_head_count(&pump->ring));
    if (shares_taking(pump))
        pthread_mutex_unlock(&pump->take_lock);
    return position;
}
