/* SPDX-License-Identifier: BSD-3-Clause */
/* A handler's life: made, closed, freed. What it has open is handler_endpoints.c. */
#include "publish/handler_internal.h"

#include "base/clock.h"
#include "publish/handler_defaults.h"
#include "publish/lifecycle.h"

#include <stdlib.h>

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
                                           .backlog_level = ZL_DEFAULT_BACKLOG_LEVEL,
                                           .backlog_bytes = ZL_DEFAULT_BACKLOG_BYTES,
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
        zl_handler_drop_inherited(handler);
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
