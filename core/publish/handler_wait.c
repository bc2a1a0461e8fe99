/* SPDX-License-Identifier: BSD-3-Clause */
/* What a handler's callers wait for, and what they can ask it. */
#include "publish/handler_internal.h"

#include "base/clock.h"

static zmqlog_status fail_closed(zmqlog_handler *handler) {
    return zl_fail(&handler->errors, ZMQLOG_ECLOSED, "the handler is closed");
}

/* OK when open or attached; else why not. */
static zmqlog_status check_open(zmqlog_handler *handler) {
    zmqlog_status status;
    switch (atomic_load(&handler->state)) {
    case ZL_OPEN:
        return ZMQLOG_OK;
    case ZL_NEW:
        return zl_fail(&handler->errors, ZMQLOG_ESTATE,
                       "the handler is not open: bind or connect it first");
    case ZL_ATTACHED:
        return ZMQLOG_OK;
    case ZL_CLOSED:
        return fail_closed(handler);
    case ZL_REOPEN:
        status = zl_handler_reopen(handler);
        if (status == ZMQLOG_ECLOSED)
            return fail_closed(handler);
        if (status != ZMQLOG_EFORKED)
            return status; /* with a detail */
        /* fall through */
    default:
        return zl_fail(
            &handler->errors, ZMQLOG_EFORKED,
            "the handler was inherited by fork; make a new one in the child");
    }
}

/* What only a handler with a queue and an I/O thread can do. */
static zmqlog_status check_own(zmqlog_handler *handler, const char *call) {
    zmqlog_status status = check_open(handler);
    if (status == ZMQLOG_OK && atomic_load(&handler->state) == ZL_ATTACHED)
        return zl_fail(&handler->errors, ZMQLOG_ENOTSUP,
                       "%s: the handler is attached, and has neither a queue nor "
                       "subscriptions of its own",
                       call);
    return status;
}

zmqlog_status zmqlog_handler_flush(zmqlog_handler *handler, int timeout_ms) {
    zmqlog_status status;
    uint64_t target;
    if (!handler)
        return ZMQLOG_EINVAL;
    if (atomic_load(&handler->state) == ZL_NEW)
        return ZMQLOG_OK;
    status = check_open(handler);
    if (status != ZMQLOG_OK || atomic_load(&handler->state) == ZL_ATTACHED)
        return status;
    target = zl_sender_reserved(&handler->sender);
    return zl_sender_wait_done(&handler->sender, target, zl_clock_deadline(timeout_ms));
}

zmqlog_status zmqlog_handler_wait_subscriber(zmqlog_handler *handler, const char *topic,
                                             int timeout_ms) {
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    status = check_own(handler, "wait_subscriber");
    if (status != ZMQLOG_OK)
        return status;
    status = zl_sender_wait_subscriber(&handler->sender, zl_span_of(topic),
                                       zl_clock_deadline(timeout_ms));
    return status == ZMQLOG_ECLOSED ? fail_closed(handler) : status;
}

zmqlog_status zmqlog_handler_wait_room(zmqlog_handler *handler, size_t bytes,
                                       int timeout_ms) {
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    status = check_own(handler, "wait_room");
    if (status != ZMQLOG_OK)
        return status;
    status = zl_queue_wait_room(&handler->queue, bytes, zl_clock_deadline(timeout_ms));
    if (status == ZMQLOG_ELIMIT)
        return zl_fail(&handler->errors, status,
                       "wait_room: a queue of %zu bytes never has room for %zu",
                       handler->queue_bytes, bytes);
    return status == ZMQLOG_ECLOSED ? fail_closed(handler) : status;
}

zmqlog_status zmqlog_handler_wakeup(zmqlog_handler *handler) {
    if (!handler)
        return ZMQLOG_EINVAL;
    zl_queue_interrupt(&handler->queue);
    return ZMQLOG_OK;
}

const char *zmqlog_handler_endpoint(const zmqlog_handler *handler, int index) {
    return handler ? zl_openings_name(&handler->openings, index) : NULL;
}

const char *zmqlog_handler_errmsg(const zmqlog_handler *handler) {
    return handler ? zl_errors_last(&handler->errors) : "the handler is NULL";
}

int zmqlog_handler_enabled(const zmqlog_handler *handler, int level) {
    return handler && zl_level_is_valid(level) &&
           zl_gate_is_open(&handler->gate, level) &&
           (atomic_load_explicit(&handler->state, memory_order_relaxed) == ZL_OPEN ||
            atomic_load_explicit(&handler->state, memory_order_relaxed) ==
                ZL_ATTACHED ||
            atomic_load_explicit(&handler->state, memory_order_relaxed) == ZL_REOPEN);
}

const uint8_t *zmqlog_handler_gate(const zmqlog_handler *handler) {
    return handler ? (const uint8_t *)handler->gate.open : NULL;
}

int zmqlog_handler_forked(const zmqlog_handler *handler) {
    return handler && atomic_load(&handler->state) == ZL_LOST;
}

int64_t zmqlog_handler_count(const zmqlog_handler *handler, int which) {
    if (!handler || which >= ZL_COUNTERS_MAX || !zmqlog_count_name(which))
        return ZMQLOG_EINVAL;
    if (handler->has_queue)
        return zl_sender_count(&handler->sender, which);
    switch (which) {
    case ZMQLOG_COUNT_ACCEPTED:
        return (int64_t)zl_count_of(&handler->counters, ZL_COUNT_NOT_QUEUED);
    case ZMQLOG_COUNT_QUEUED:
    case ZMQLOG_COUNT_PEERS:
    case ZMQLOG_COUNT_PEER_LOST:
    case ZMQLOG_COUNT_SUBSCRIPTIONS:
        return 0; /* without an I/O thread nobody knows */
    default:
        return (int64_t)zl_count_of(&handler->counters, which);
    }
}
