/* SPDX-License-Identifier: BSD-3-Clause */
/* The endpoints of a handler: the first one starts the I/O thread; they are opened,
 * closed, and in a forked child taken up anew. */
#include "publish/handler_internal.h"

#include "base/clock.h"
#include "publish/lifecycle.h"
#include "thread/cancel.h"

#include <errno.h>

#define QUEUE_SLACK_BYTES (4u * 1024u)
/* A log call in a forked child that could not start the I/O thread tries again then. */
#define REOPEN_AGAIN_NS INT64_C(1000000000)

/* ---- opening ---- */

/* The I/O thread's last act. */
static void thread_ended(void *owner) {
    zmqlog_handler *handler = owner;
    /* Keeps the memory until nobody looks at the list any more. */
    zl_lifecycle_leave(handler);
    zl_handler_release(handler);
}

zmqlog_status zl_handler_check_queue(const zmqlog_handler *handler, zl_errors *errors) {
    size_t body = handler->options.max_body_bytes;
    if (handler->queue_bytes >= 2 * (body + QUEUE_SLACK_BYTES))
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EINVAL,
                   "queue_bytes %zu is too small for max_body_bytes %zu: it must be "
                   "at least twice as large plus 8 KiB",
                   handler->queue_bytes, body);
}

static zmqlog_status start(zmqlog_handler *handler) {
    zl_format *formats[ZMQLOG_GATE_BYTES] = {NULL};
    const zl_root *root = atomic_load(&handler->root);
    zmqlog_status status = zl_handler_check_queue(handler, &handler->errors);
    if (status == ZMQLOG_OK)
        status = zl_handler_compile_all(handler, formats);
    if (status != ZMQLOG_OK)
        return status;
    if (zl_queue_init(&handler->queue, handler->queue_bytes, handler->overflow,
                      handler->block_ms, &handler->counters) != 0) {
        int error = errno;
        zl_handler_drop_formats(formats);
        return zl_fail(&handler->errors, error == ENOMEM ? ZMQLOG_ENOMEM : ZMQLOG_EIO,
                       "could not make a queue of %zu bytes: %s", handler->queue_bytes,
                       strerror(error));
    }
    zl_handler_hold(handler); /* the I/O thread's */
    zl_lifecycle_enter(handler);
    status = zl_sender_start(&handler->sender, &handler->options, &handler->queue,
                             &handler->gate, &handler->counters, &handler->errors,
                             &handler->names, zl_span_make(root->text, root->len),
                             formats, thread_ended, handler);
    if (status == ZMQLOG_OK) {
        handler->has_queue = 1;
        return ZMQLOG_OK;
    }
    zl_handler_drop_formats(formats);
    zl_queue_destroy(&handler->queue);
    zl_gate_open_all(&handler->gate, 0);
    zl_lifecycle_leave(handler);
    zl_handler_release(handler);
    return status;
}

/* Takes back a start whose first endpoint could not be opened. */
static void stop(zmqlog_handler *handler) {
    zl_ring_close(&handler->queue.ring);
    zl_sender_close(&handler->sender, 0);
    zl_worker_wait_ended(handler->sender.worker);
    zl_sender_destroy(&handler->sender);
    zl_queue_destroy(&handler->queue);
    handler->has_queue = 0;
    zl_gate_open_all(&handler->gate, 0);
}

static zl_opener opener(zmqlog_handler *handler) {
    zl_sender *sender = &handler->sender;
    return (zl_opener){sender->worker, sender->socket, &handler->errors,
                       &handler->lock};
}

static zmqlog_status check_state(zmqlog_handler *handler) {
    switch (atomic_load(&handler->state)) {
    case ZL_NEW:
    case ZL_OPEN:
        return ZMQLOG_OK;
    case ZL_ATTACHED:
        return zl_fail(&handler->errors, ZMQLOG_ESTATE,
                       "the handler is attached to a socket and cannot open others");
    case ZL_CLOSED:
        return zl_fail(&handler->errors, ZMQLOG_ECLOSED, "the handler is closed");
    default:
        return zl_fail(
            &handler->errors, ZMQLOG_EFORKED,
            "the handler was inherited by fork; make a new one in the child");
    }
}

static zmqlog_status open_locked(zmqlog_handler *handler, const zl_endpoint *endpoint,
                                 zl_endpoint_use use, const char *given) {
    int fresh = atomic_load(&handler->state) == ZL_NEW;
    zmqlog_status status = check_state(handler);
    zl_opener with;
    if (status == ZMQLOG_OK &&
        zl_openings_count(&handler->openings) == ZL_ENDPOINTS_MAX)
        status = zl_fail(&handler->errors, ZMQLOG_ELIMIT, "over %d endpoints",
                         ZL_ENDPOINTS_MAX);
    if (status == ZMQLOG_OK && fresh)
        status = start(handler);
    if (status != ZMQLOG_OK)
        return status;
    with = opener(handler);
    status = zl_openings_open(&handler->openings, &with, endpoint, use, given);
    if (status != ZMQLOG_OK && fresh)
        stop(handler);
    if (status == ZMQLOG_OK && fresh) /* an open one may have been closed meanwhile */
        atomic_store(&handler->state, ZL_OPEN);
    return status;
}

static zmqlog_status open_on(zmqlog_handler *handler, const char *text,
                             zl_endpoint_use use) {
    ZL_UNCANCELLED;
    zl_endpoint endpoint;
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    status = zl_endpoint_parse(&endpoint, &handler->errors, text, use);
    if (status == ZMQLOG_OK)
        status = zl_auth_check_open(handler->options.auth, &handler->errors, &endpoint,
                                    use, 0);
    if (status != ZMQLOG_OK)
        return status;
    pthread_mutex_lock(&handler->lock);
    status = open_locked(handler, &endpoint, use, text);
    pthread_mutex_unlock(&handler->lock);
    return status;
}

zmqlog_status zmqlog_handler_bind(zmqlog_handler *handler, const char *endpoint) {
    return open_on(handler, endpoint, ZL_BIND);
}

zmqlog_status zmqlog_handler_connect(zmqlog_handler *handler, const char *endpoint) {
    return open_on(handler, endpoint, ZL_CONNECT);
}

/* ---- closing ---- */

static zmqlog_status close_locked(zmqlog_handler *handler, const char *call,
                                  const char *endpoint, zl_endpoint_use use) {
    zmqlog_status status = check_state(handler);
    zl_opener with = opener(handler);
    if (status != ZMQLOG_OK)
        return status;
    status = zl_openings_close(&handler->openings, &with, call, endpoint, use,
                               handler->linger_ms);
    return status == ZMQLOG_ECLOSED ? check_state(handler) : status;
}

/* What was accepted before is handed over first, while the endpoint is still there. */
static zmqlog_status close_on(zmqlog_handler *handler, const char *call,
                              const char *endpoint, zl_endpoint_use use) {
    ZL_UNCANCELLED;
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    if (!endpoint)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL, "%s: the endpoint is NULL",
                       call);
    status = zmqlog_handler_flush(handler, handler->linger_ms);
    if (status != ZMQLOG_OK && status != ZMQLOG_ETIMEDOUT)
        return status;
    pthread_mutex_lock(&handler->lock);
    status = close_locked(handler, call, endpoint, use);
    pthread_mutex_unlock(&handler->lock);
    return status;
}

zmqlog_status zmqlog_handler_unbind(zmqlog_handler *handler, const char *endpoint) {
    return close_on(handler, "unbind", endpoint, ZL_BIND);
}

zmqlog_status zmqlog_handler_disconnect(zmqlog_handler *handler, const char *endpoint) {
    return close_on(handler, "disconnect", endpoint, ZL_CONNECT);
}

/* ---- in a forked child ---- */

/* The inherited queue may hold half-written records of threads that do not exist
 * here; its memory is private to this process by now. */
void zl_handler_drop_inherited(zmqlog_handler *handler) {
    if (!handler->holds_inherited)
        return;
    handler->holds_inherited = 0;
    zl_queue_destroy(&handler->queue);
    zl_worker_abandon(handler->sender.worker);
    zl_auth_unuse(handler->options.auth); /* of the I/O thread that is not here */
}

static zmqlog_status try_to_reopen(zmqlog_handler *handler) {
    zmqlog_status status;
    zl_opener with;
    zl_handler_drop_inherited(handler);
    status = start(handler);
    if (status != ZMQLOG_OK)
        return status;
    with = opener(handler);
    status = zl_openings_connect_again(&handler->openings, &with);
    if (status != ZMQLOG_OK)
        stop(handler);
    return status;
}

/* A limit may be raised, and memory may be there again: so it is tried anew, but not at
 * each log call. */
static zmqlog_status reopen_locked(zmqlog_handler *handler) {
    if (zl_clock_monotonic_ns() < handler->reopen_ns)
        return handler->reopen_status;
    handler->reopen_status = try_to_reopen(handler);
    if (handler->reopen_status == ZMQLOG_OK)
        atomic_store(&handler->state, ZL_OPEN);
    else
        handler->reopen_ns = zl_clock_monotonic_ns() + REOPEN_AGAIN_NS;
    return handler->reopen_status;
}

zmqlog_status zl_handler_reopen(zmqlog_handler *handler) {
    ZL_UNCANCELLED;
    int saved = errno, state;
    zmqlog_status status;
    pthread_mutex_lock(&handler->lock);
    state = atomic_load(&handler->state);
    if (state == ZL_REOPEN)
        status = reopen_locked(handler);
    else
        status = state == ZL_OPEN     ? ZMQLOG_OK
                 : state == ZL_CLOSED ? ZMQLOG_ECLOSED
                                      : ZMQLOG_EFORKED;
    pthread_mutex_unlock(&handler->lock);
    errno = saved;
    return status;
}
