/* SPDX-License-Identifier: BSD-3-Clause */
/* Attached handlers: a socket of the caller's, synchronous, under a lock. */
#include "publish/handler_internal.h"

#include "publish/lifecycle.h"
#include "thread/cancel.h"

#include <errno.h>
#include <stdlib.h>

static zmqlog_status make_composer(zmqlog_handler *handler) {
    zl_format *formats[ZMQLOG_GATE_BYTES] = {NULL};
    const zl_root *root = atomic_load(&handler->root);
    zmqlog_status status = zl_handler_compile_all(handler, formats);
    if (status != ZMQLOG_OK)
        return status;
    handler->composer = malloc(sizeof *handler->composer);
    if (!handler->composer ||
        zl_composer_init(handler->composer, &handler->names, &handler->counters,
                         handler->options.max_body_bytes,
                         handler->options.start_ns) != 0) {
        free(handler->composer);
        handler->composer = NULL;
        zl_handler_drop_formats(formats);
        return zl_fail(&handler->errors, ZMQLOG_ENOMEM, "out of memory");
    }
    memcpy(handler->composer->format, formats, sizeof formats);
    handler->composer->root = zl_span_make(root->text, root->len);
    return ZMQLOG_OK;
}

static zmqlog_status attach_locked(zmqlog_handler *handler, void *socket) {
    zmqlog_status status;
    if (atomic_load(&handler->state) != ZL_NEW)
        return zl_fail(&handler->errors, ZMQLOG_ESTATE,
                       "attach: the handler is or was open already");
    if (handler->queue_options_set)
        return zl_fail(&handler->errors, ZMQLOG_ESTATE,
                       "attach: an attached handler has no queue, so queue_bytes, "
                       "overflow, slow_peer, send_hwm, hold_ms and auth do not apply: "
                       "leave them out");
    status = make_composer(handler);
    if (status != ZMQLOG_OK)
        return status;
    handler->attached = socket;
    zl_lifecycle_enter(handler);
    zl_gate_open_all(&handler->gate, atomic_load(&handler->sender.floor));
    atomic_store(&handler->state, ZL_ATTACHED);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_attach(zmqlog_handler *handler, void *socket) {
    ZL_UNCANCELLED;
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    status = zl_socket_check_foreign(&handler->errors, socket);
    if (status != ZMQLOG_OK)
        return status;
    pthread_mutex_lock(&handler->lock);
    status = attach_locked(handler, socket);
    pthread_mutex_unlock(&handler->lock);
    return status;
}

static int compose_and_send(zmqlog_handler *handler, const zl_view *view, int timed) {
    zl_composer *composer = handler->composer;
    zl_span topic, body;
    int error;
    composer->view = *view;
    composer->timed = timed;
    if (zl_composer_take(composer) != 0 ||
        zl_composer_frames(composer, &topic, &body) != 0)
        return ENOMEM;
    error = zl_socket_send_foreign(handler->attached, topic, body);
    if (!error)
        zl_composer_sent(composer);
    return error;
}

static int send_frames(zmqlog_handler *handler, const zl_view *view) {
    return zl_socket_send_foreign(handler->attached, view->subtopic, view->text);
}

zmqlog_status zl_handler_send_attached(zmqlog_handler *handler, const zl_view *view,
                                       int timed) {
    ZL_UNCANCELLED;
    int saved = errno, error;
    pthread_mutex_lock(&handler->attached_lock);
    if (!handler->composer) {
        pthread_mutex_unlock(&handler->attached_lock);
        zl_count(&handler->counters, ZMQLOG_COUNT_DROPPED_CLOSED);
        return ZMQLOG_ECLOSED;
    }
    error = view->level ? compose_and_send(handler, view, timed)
                        : send_frames(handler, view);
    zl_count(&handler->counters, ZL_COUNT_NOT_QUEUED);
    zl_count(&handler->counters, error == 0        ? ZMQLOG_COUNT_SENT
                                 : error == EAGAIN ? ZMQLOG_COUNT_DROPPED_QUEUE
                                                   : ZMQLOG_COUNT_DROPPED_INTERNAL);
    pthread_mutex_unlock(&handler->attached_lock);
    errno = saved;
    return error == 0 ? ZMQLOG_OK : error == EAGAIN ? ZMQLOG_ELIMIT : ZMQLOG_EIO;
}
