/* SPDX-License-Identifier: BSD-3-Clause */
/* A handler's life: made, opened, closed, freed; and what it tells. */
#include "publish/handler_internal.h"

#include "base/clock.h"
#include "publish/handler_defaults.h"
#include "publish/lifecycle.h"
#include "thread/cancel.h"

#include <errno.h>
#include <stdlib.h>

#define QUEUE_SLACK_BYTES (4u * 1024u)

static zl_root empty_root = {.text = ""};

void zl_handler_measure_names(zmqlog_handler *handler) {
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++)
        handler->levels[level].name_len = (uint8_t)strlen(handler->names.name[level]);
}

static void set_defaults(zmqlog_handler *handler) {
    zl_level_names_preset(&handler->names, "default");
    zl_handler_measure_names(handler);
    memcpy(handler->rule.delimiter, ZMQLOG_TOPIC_DELIM, sizeof ZMQLOG_TOPIC_DELIM);
    handler->rule.delimiter_len = sizeof ZMQLOG_TOPIC_DELIM - 1;
    handler->options = (zl_sender_options){.stall_ms = ZL_DEFAULT_STALL_MS,
                                           .budget_ms = ZL_DEFAULT_BUDGET_MS,
                                           .share_percent = ZL_DEFAULT_SHARE_PERCENT,
                                           .hwm = ZL_DEFAULT_SEND_HWM,
                                           .hold_ms = ZL_DEFAULT_HOLD_MS,
                                           .heartbeat_ms = ZL_DEFAULT_HEARTBEAT_MS,
                                           .drop_notice = ZL_DEFAULT_DROP_NOTICE,
                                           .announce = ZL_DEFAULT_ANNOUNCE,
                                           .openings = &handler->openings,
                                           .max_body_bytes = ZL_DEFAULT_MAX_BODY_BYTES,
                                           .start_ns = zl_clock_realtime_ns()};
    handler->queue_bytes = ZL_DEFAULT_QUEUE_BYTES;
    handler->overflow = ZL_DEFAULT_OVERFLOW;
    handler->linger_ms = ZL_DEFAULT_LINGER_MS;
}

zmqlog_handler *zmqlog_handler_new(void) {
    zmqlog_handler *handler = NULL;
    /* The gate must lie on one cache line. */
    if (posix_memalign((void **)&handler, 64, sizeof *handler) != 0)
        return NULL;
    memset(handler, 0, sizeof *handler);
    set_defaults(handler);
    atomic_init(&handler->references, 1);
    atomic_init(&handler->root, &empty_root);
    pthread_mutex_init(&handler->lock, NULL);
    pthread_mutex_init(&handler->attached_lock, NULL);
    zl_errors_init(&handler->errors);
    zl_gate_open_all(&handler->gate, 0);
    zl_lifecycle_begin(handler);
    return handler;
}

void zl_handler_hold(zmqlog_handler *handler) {
    atomic_fetch_add_explicit(&handler->references, 1, memory_order_relaxed);
}

static void destroy(zmqlog_handler *handler) {
    zl_lifecycle_end(handler);
    if (handler->has_queue) {
        zl_sender_destroy(&handler->sender);
        zl_queue_destroy(&handler->queue);
    }
    for (zl_root *root = handler->roots, *next; root; root = next) {
        next = root->next;
        free(root);
    }
    zl_openings_free(&handler->openings);
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++)
        free(handler->style[level]);
    free(handler->time_format);
    zl_auth_release(handler->options.auth);
    zl_errors_destroy(&handler->errors);
    pthread_mutex_destroy(&handler->lock);
    pthread_mutex_destroy(&handler->attached_lock);
    free(handler);
}

void zl_handler_release(zmqlog_handler *handler) {
    if (atomic_fetch_sub(&handler->references, 1) == 1)
        destroy(handler);
}

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
    return (zl_opener){sender->worker, sender->socket, &handler->errors};
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

/* The inherited queue may hold half-written records of threads that do not exist
 * here; its memory is private to this process by now. */
static void drop_inherited(zmqlog_handler *handler) {
    zl_queue_destroy(&handler->queue);
    zl_worker_abandon(handler->sender.worker);
    zl_auth_unuse(handler->options.auth); /* of the I/O thread that is not here */
}

static void reopen_locked(zmqlog_handler *handler) {
    zmqlog_status status;
    zl_opener with;
    drop_inherited(handler);
    status = start(handler);
    if (status == ZMQLOG_OK) {
        with = opener(handler);
        status = zl_openings_connect_again(&handler->openings, &with);
    }
    if (status != ZMQLOG_OK && handler->has_queue)
        stop(handler);
    atomic_store(&handler->state, status == ZMQLOG_OK ? ZL_OPEN : ZL_LOST);
}

zmqlog_status zl_handler_reopen(zmqlog_handler *handler) {
    ZL_UNCANCELLED;
    int saved = errno, state;
    pthread_mutex_lock(&handler->lock);
    if (atomic_load(&handler->state) == ZL_REOPEN)
        reopen_locked(handler);
    state = atomic_load(&handler->state);
    pthread_mutex_unlock(&handler->lock);
    errno = saved;
    return state == ZL_OPEN     ? ZMQLOG_OK
           : state == ZL_CLOSED ? ZMQLOG_ECLOSED
                                : ZMQLOG_EFORKED;
}

/* ---- the end ---- */

/* Closes an open handler for log calls; 1 if it was open until now. */
static int close_for_logging(zmqlog_handler *handler) {
    int open = ZL_OPEN;
    if (!atomic_compare_exchange_strong(&handler->state, &open, ZL_CLOSED))
        return 0;
    zl_ring_close(&handler->queue.ring);
    return 1;
}

static void detach(zmqlog_handler *handler) {
    pthread_mutex_lock(&handler->attached_lock);
    if (handler->composer) {
        zl_composer_destroy(handler->composer);
        free(handler->composer);
        handler->composer = NULL;
        handler->attached = NULL;
    }
    pthread_mutex_unlock(&handler->attached_lock);
    zl_lifecycle_leave(handler);
}

static zmqlog_status wait_closed(zmqlog_handler *handler, int64_t deadline) {
    zl_bell *bell = &handler->queue.progress;
    for (;;) {
        uint32_t seen = zl_bell_look(bell);
        if (atomic_load(&handler->sender.closed))
            return atomic_load(&handler->sender.left_over) ? ZMQLOG_ETIMEDOUT
                                                           : ZMQLOG_OK;
        if (zl_clock_monotonic_ns() >= deadline)
            return ZMQLOG_ETIMEDOUT;
        zl_bell_wait(bell, seen, deadline);
    }
}

zmqlog_status zmqlog_handler_close(zmqlog_handler *handler, int timeout_ms) {
    int64_t deadline, grace = 50000000;
    int state;
    if (!handler)
        return ZMQLOG_EINVAL;
    if (atomic_load(&handler->state) == ZL_LOST)
        return zl_fail(&handler->errors, ZMQLOG_EFORKED,
                       "the handler was inherited by fork; close it in the parent");
    deadline = zl_clock_deadline(timeout_ms < 0 ? handler->linger_ms : timeout_ms);
    pthread_mutex_lock(&handler->lock);
    state = atomic_load(&handler->state);
    if (state == ZL_NEW || state == ZL_ATTACHED || state == ZL_REOPEN)
        atomic_store(&handler->state, ZL_CLOSED);
    if (state == ZL_REOPEN)
        drop_inherited(handler);
    pthread_mutex_unlock(&handler->lock);
    if (state == ZL_ATTACHED)
        detach(handler);
    close_for_logging(handler);
    zl_gate_open_all(&handler->gate, 0);
    if (!handler->has_queue)
        return ZMQLOG_OK;
    zl_sender_close(&handler->sender, deadline);
    /* The thread itself stops at the deadline; a little later it has told. */
    return wait_closed(handler, deadline + grace);
}

void zmqlog_handler_free(zmqlog_handler *handler) {
    int state;
    if (!handler)
        return;
    state = atomic_load(&handler->state);
    if (state == ZL_REOPEN || state == ZL_LOST)
        return; /* what a forked child inherited is not its to free */
    /* Log calls of its loggers must answer ECLOSED, at any level. */
    if (state == ZL_NEW || state == ZL_ATTACHED) {
        atomic_store(&handler->state, ZL_CLOSED);
        zl_gate_open_all(&handler->gate, 0);
    }
    if (state == ZL_ATTACHED)
        detach(handler);
    if (close_for_logging(handler))
        zl_sender_close(&handler->sender, zl_clock_deadline(handler->linger_ms));
    zl_handler_release(handler);
}
