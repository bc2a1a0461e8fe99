/* SPDX-License-Identifier: BSD-3-Clause */
/* The styles of a handler. It keeps their texts, since a forked child compiles them
 * again; the compiled ones go to the sending side. */
#include "publish/handler_internal.h"

#include <stdlib.h>

void zl_handler_drop_formats(zl_format **formats) {
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++) {
        zl_format_free(formats[level]);
        formats[level] = NULL;
    }
}

static void note_needs(zmqlog_handler *handler, zl_format *const *formats) {
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        if (formats[level])
            atomic_store_explicit(&handler->levels[level].needs,
                                  (uint8_t)zl_format_needs(formats[level]),
                                  memory_order_relaxed);
}

static zmqlog_status compile_one(zmqlog_handler *handler, int level, const char *style,
                                 zl_format **formats) {
    zmqlog_status status =
        zl_format_compile(&formats[level], &handler->errors, level,
                          style ? style : "plain", handler->time_format);
    if (status != ZMQLOG_OK) {
        formats[level] = NULL;
        zl_handler_drop_formats(formats);
    }
    return status;
}

zmqlog_status zl_handler_compile(zmqlog_handler *handler, int level, const char *style,
                                 zl_format **formats) {
    int first = level ? level : ZMQLOG_LEVEL_MIN;
    int last = level ? level : ZMQLOG_LEVEL_MAX;
    zmqlog_status status = ZMQLOG_OK;
    for (int at = first; at <= last && status == ZMQLOG_OK; at++)
        status = compile_one(handler, at, style, formats);
    return status;
}

zmqlog_status zl_handler_compile_all(zmqlog_handler *handler, zl_format **formats) {
    zmqlog_status status = ZMQLOG_OK;
    for (int at = ZMQLOG_LEVEL_MIN; at <= ZMQLOG_LEVEL_MAX && status == ZMQLOG_OK; at++)
        status = compile_one(handler, at, handler->style[at], formats);
    if (status == ZMQLOG_OK)
        note_needs(handler, formats);
    return status;
}

static zmqlog_status keep_texts(zmqlog_handler *handler, int level, const char *style) {
    int first = level ? level : ZMQLOG_LEVEL_MIN;
    int last = level ? level : ZMQLOG_LEVEL_MAX;
    char *copy[ZMQLOG_GATE_BYTES] = {NULL};
    for (int at = first; at <= last; at++)
        if (!(copy[at] = strdup(style))) {
            while (--at >= first)
                free(copy[at]);
            return zl_fail(&handler->errors, ZMQLOG_ENOMEM, "out of memory");
        }
    for (int at = first; at <= last; at++) {
        char *before = handler->style[at];
        /* In this order: a child forked in between reads it. */
        handler->style[at] = copy[at];
        free(before);
    }
    return ZMQLOG_OK;
}

static void apply_attached(zmqlog_handler *handler, zl_format **formats) {
    pthread_mutex_lock(&handler->attached_lock);
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        if (formats[level] && handler->composer) {
            zl_composer_set_format(handler->composer, level, formats[level]);
            formats[level] = NULL;
        }
    pthread_mutex_unlock(&handler->attached_lock);
}

static zmqlog_status apply(zmqlog_handler *handler, int level, const char *style,
                           zl_format **formats) {
    int state = atomic_load(&handler->state);
    zmqlog_status status = ZMQLOG_OK;
    if (state == ZL_CLOSED)
        return zl_fail(&handler->errors, ZMQLOG_ECLOSED, "the handler is closed");
    status = keep_texts(handler, level, style);
    if (status != ZMQLOG_OK)
        return status;
    note_needs(handler, formats);
    if (state == ZL_OPEN)
        return zl_sender_set_formats(&handler->sender, formats);
    if (state == ZL_ATTACHED)
        apply_attached(handler, formats);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_style(zmqlog_handler *handler, int level,
                                       const char *style) {
    zl_format *formats[ZMQLOG_GATE_BYTES] = {NULL};
    zmqlog_status status;
    if (!handler)
        return ZMQLOG_EINVAL;
    if (!style)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL, "set_style: style is NULL");
    status = zl_check_range(&handler->errors, "set_style", "level", level, 0,
                            ZMQLOG_LEVEL_MAX);
    if (status != ZMQLOG_OK)
        return status;
    pthread_mutex_lock(&handler->lock);
    status = zl_handler_compile(handler, level, style, formats);
    if (status == ZMQLOG_OK)
        status = apply(handler, level, style, formats);
    pthread_mutex_unlock(&handler->lock);
    zl_handler_drop_formats(formats);
    return status;
}
