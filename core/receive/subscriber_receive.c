/* SPDX-License-Identifier: BSD-3-Clause */
/* Receiving: from the pump's ring into a record, on the application's thread;
 * waiting, waking, and the descriptor. */
#include "receive/subscriber_internal.h"

#include "base/clock.h"
#include "format/record.h"
#include "name/topic.h"

static void count(_Atomic uint64_t *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* Numbers come from strangers: their sum may not wrap. */
static void count_lost(zmqlog_subscriber *subscriber, uint64_t lost) {
    uint64_t before = atomic_load_explicit(&subscriber->lost, memory_order_relaxed);
    uint64_t after = lost > UINT64_MAX - before ? UINT64_MAX : before + lost;
    atomic_store_explicit(&subscriber->lost, after, memory_order_relaxed);
}

static void note_sequence(zmqlog_subscriber *subscriber, zmqlog_record *record,
                          const zl_message *message) {
    uint64_t seq, epoch, lost;
    zl_gap gap;

    if (!zl_record_peek_sequence(message->body, &seq, &epoch))
        return;
    gap = zl_gaps_see(&subscriber->gaps, message->topic, epoch, seq, &lost);
    if (gap == ZL_GAP_LOST)
        count_lost(subscriber, lost);
    else if (gap == ZL_GAP_REPEATED)
        count(&subscriber->duplicates);
    zl_record_set_sequence(record, seq, epoch, lost);
}

/* Nobody has asked for this one, so its number is not missing: what comes after it
 * has no connection with what came before, as if it had been unsubscribed. Here,
 * not when matching changes, for it is here that queued ones are passed over. */
static void pass_over(zmqlog_subscriber *subscriber, const zl_message *message) {
    uint64_t seq, epoch;

    if (zl_record_peek_sequence(message->body, &seq, &epoch))
        zl_gaps_forget_one(&subscriber->gaps, message->topic, epoch);
}

static zmqlog_status decode(zmqlog_subscriber *subscriber, zmqlog_record *record,
                            const zl_message *message) {
    zl_topic_parts parts = zl_subscriber_parse(subscriber, message->topic);
    zmqlog_status status = zl_record_fill(record, message->topic, &parts, message->body,
                                          message->received_ns);

    if (status != ZMQLOG_OK) {
        count(&subscriber->not_filled);
        return zl_fail(&subscriber->errors, status,
                       "no memory for a record of %zu bytes", message->body.len);
    }
    note_sequence(subscriber, record, message);
    count(&subscriber->received);
    return ZMQLOG_OK;
}

/* Whether the socket brings nothing but what was asked for. */
static int brings_all(const zmqlog_subscriber *subscriber) {
    return !subscriber->exact && !subscriber->all_from;
}

/* The next record that is wanted: OK, ENOMEM, or EAGAIN when there is none. */
static zmqlog_status receive(zmqlog_subscriber *subscriber, zmqlog_record *record) {
    zl_message message;

    while (zl_pump_take(subscriber->pump, &message)) {
        zmqlog_status status = ZMQLOG_EAGAIN;

        zl_gaps_reach(&subscriber->gaps, message.number);
        if (brings_all(subscriber) || zl_subscriber_wants(subscriber, message.topic))
            status = decode(subscriber, record, &message);
        else
            pass_over(subscriber, &message);
        zl_pump_done(subscriber->pump);
        if (status != ZMQLOG_EAGAIN)
            return status;
    }
    return ZMQLOG_EAGAIN;
}

/* What ends a call before any record: OK when nothing does. */
static zmqlog_status interruption(zmqlog_subscriber *subscriber) {
    if (atomic_load(&subscriber->is_closed)) {
        /* A recv that was just silencing the descriptor may have taken the sign. */
        zl_alert_raise(&subscriber->alert);
        return ZMQLOG_ECLOSED;
    }
    if (atomic_load(&subscriber->is_woken) && atomic_exchange(&subscriber->is_woken, 0))
        return ZMQLOG_EINTERRUPTED;
    return ZMQLOG_OK;
}

/* One look; EAGAIN when there is nothing. */
static zmqlog_status look(zmqlog_subscriber *subscriber, zmqlog_record *record) {
    zmqlog_status status = interruption(subscriber);
    return status == ZMQLOG_OK ? receive(subscriber, record) : status;
}

/* For a receiver, a closed subscriber is the end and not a failure. */
static zmqlog_status check(zmqlog_subscriber *subscriber, const zmqlog_record *record) {
    if (!subscriber)
        return ZMQLOG_EINVAL;
    if (zl_subscriber_is_inherited(subscriber))
        return ZMQLOG_EFORKED;
    if (atomic_load(&subscriber->is_closed))
        return ZMQLOG_ECLOSED;
    if (!record)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL, "the record is NULL");
    if (!subscriber->pump)
        return zl_fail(&subscriber->errors, ZMQLOG_ESTATE,
                       "the subscriber is not open: connect or bind it first");
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_recv(zmqlog_subscriber *subscriber,
                                     zmqlog_record *record, int timeout_ms) {
    zmqlog_status status = check(subscriber, record);
    int64_t deadline = 0;

    if (status != ZMQLOG_OK)
        return status;
    for (;;) {
        uint32_t seen = zl_bell_look(&subscriber->alert.bell);

        status = look(subscriber, record);
        if (status != ZMQLOG_EAGAIN)
            return status;
        if (timeout_ms == 0) {
            zl_alert_arm(&subscriber->alert);
            return look(subscriber, record);
        }
        if (deadline == 0)
            deadline = zl_clock_deadline(timeout_ms);
        else if (deadline <= zl_clock_monotonic_ns())
            return ZMQLOG_ETIMEDOUT;
        zl_bell_wait(&subscriber->alert.bell, seen, deadline);
    }
}

zmqlog_status zmqlog_subscriber_decode(zmqlog_subscriber *subscriber,
                                       zmqlog_record *record, const char *topic,
                                       size_t topic_len, const char *body,
                                       size_t body_len, int64_t received_ns) {
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_span first = zl_span_make(topic, topic_len);
    zl_topic_parts parts;

    if (status != ZMQLOG_OK)
        return status;
    if (!record || (!topic && topic_len) || (!body && body_len))
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL,
                       "decode: the record or a frame is NULL");
    if (!zl_subscriber_wants(subscriber, first))
        return ZMQLOG_EAGAIN;
    parts = zl_subscriber_parse(subscriber, first);
    return zl_record_fill(record, first, &parts, zl_span_make(body, body_len),
                          received_ns);
}

static int has_news(zmqlog_subscriber *subscriber) {
    return atomic_load(&subscriber->is_closed) || atomic_load(&subscriber->is_woken) ||
           (subscriber->pump && !zl_ring_is_empty(&subscriber->pump->ring));
}

int zmqlog_subscriber_fd(zmqlog_subscriber *subscriber) {
    int is_new, fd;

    if (!subscriber)
        return ZMQLOG_EINVAL;
    if (zl_subscriber_is_inherited(subscriber))
        return ZMQLOG_EFORKED;
    is_new = zl_event_fd(&subscriber->alert.event) < 0;
    fd = zl_alert_open_fd(&subscriber->alert);
    if (fd < 0)
        return zl_fail(&subscriber->errors, ZMQLOG_EIO,
                       "the system gives no more descriptors");
    /* A program that polls before its first recv must not wait in vain. */
    if (is_new) {
        zl_alert_arm(&subscriber->alert);
        if (has_news(subscriber))
            zl_alert_raise(&subscriber->alert);
    }
    return fd;
}

zmqlog_status zmqlog_subscriber_wakeup(zmqlog_subscriber *subscriber) {
    if (!subscriber)
        return ZMQLOG_EINVAL;
    if (zl_subscriber_is_inherited(subscriber))
        return ZMQLOG_EFORKED;
    atomic_store(&subscriber->is_woken, 1);
    zl_alert_raise(&subscriber->alert);
    return ZMQLOG_OK;
}
