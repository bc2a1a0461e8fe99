/* SPDX-License-Identifier: BSD-3-Clause */
/* The typed setters of a handler: each checks its range, says what is wrong, and
 * changes nothing unless it is right. */
#include "publish/handler_internal.h"

#include "base/utf8.h"

#include <stdlib.h>

#define KIB ((size_t)1024)
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

static zmqlog_status check_new(zmqlog_handler *handler, const char *setter) {
    if (!handler)
        return ZMQLOG_EINVAL;
    if (atomic_load(&handler->state) != ZL_NEW)
        return zl_fail(&handler->errors, ZMQLOG_ESTATE,
                       "%s: possible only before the handler is opened", setter);
    return ZMQLOG_OK;
}

/* Checks state and range of an option. */
static zmqlog_status check(zmqlog_handler *handler, const char *setter,
                           const char *name, int64_t value, int64_t min, int64_t max) {
    zmqlog_status status = check_new(handler, setter);
    if (status != ZMQLOG_OK)
        return status;
    return zl_check_range(&handler->errors, setter, name, value, min, max);
}

zmqlog_status zmqlog_handler_set_queue_bytes(zmqlog_handler *handler,
                                             size_t queue_bytes) {
    size_t rounded = 16 * KIB;
    zmqlog_status status = check_new(handler, "set_queue_bytes");
    if (status == ZMQLOG_OK)
        status = zl_check_size(&handler->errors, "set_queue_bytes", "queue_bytes",
                               queue_bytes, 16 * KIB, GIB);
    if (status != ZMQLOG_OK)
        return status;
    while (rounded < queue_bytes)
        rounded *= 2;
    handler->queue_bytes = rounded;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_overflow(zmqlog_handler *handler, int policy,
                                          int block_ms) {
    zmqlog_status status = check(handler, "set_overflow", "policy", policy,
                                 ZMQLOG_OVERFLOW_DROP_NEWEST, ZMQLOG_OVERFLOW_BLOCK);
    if (status != ZMQLOG_OK)
        return status;
    handler->overflow = policy;
    handler->block_ms = block_ms;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_slow_peer(zmqlog_handler *handler, int stall_ms,
                                           int budget_ms, int share_percent) {
    zmqlog_status status =
        check(handler, "set_slow_peer", "stall_ms", stall_ms, 1, 3600000);
    if (status == ZMQLOG_OK)
        status = check(handler, "set_slow_peer", "budget_ms", budget_ms, 0, 60000);
    if (status == ZMQLOG_OK)
        status =
            check(handler, "set_slow_peer", "share_percent", share_percent, 0, 100);
    if (status != ZMQLOG_OK)
        return status;
    handler->options.stall_ms = stall_ms;
    handler->options.budget_ms = budget_ms;
    handler->options.share_percent = share_percent;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_send_hwm(zmqlog_handler *handler, int hwm) {
    zmqlog_status status = check(handler, "set_send_hwm", "hwm", hwm, 1, 10000000);
    if (status != ZMQLOG_OK)
        return status;
    handler->options.hwm = hwm;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_linger_ms(zmqlog_handler *handler, int linger_ms) {
    zmqlog_status status =
        check(handler, "set_linger_ms", "linger_ms", linger_ms, 0, 3600000);
    if (status == ZMQLOG_OK)
        handler->linger_ms = linger_ms;
    return status;
}

zmqlog_status zmqlog_handler_set_hold_ms(zmqlog_handler *handler, int hold_ms) {
    zmqlog_status status = check(handler, "set_hold_ms", "hold_ms", hold_ms, 0, 60000);
    if (status != ZMQLOG_OK)
        return status;
    handler->options.hold_ms = hold_ms;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_backlog(zmqlog_handler *handler, int level,
                                         size_t bytes) {
    zmqlog_status status = check(handler, "set_backlog", "level", level,
                                 ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX);
    if (status == ZMQLOG_OK && bytes)
        status = zl_check_size(&handler->errors, "set_backlog", "bytes", bytes, 4 * KIB,
                               GIB);
    if (status != ZMQLOG_OK)
        return status;
    handler->options.backlog_level = level;
    handler->options.backlog_bytes = bytes;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_heartbeat_ms(zmqlog_handler *handler,
                                              int heartbeat_ms) {
    zmqlog_status status =
        check(handler, "set_heartbeat_ms", "heartbeat_ms", heartbeat_ms, 0, 3600000);
    if (status != ZMQLOG_OK)
        return status;
    handler->options.heartbeat_ms = heartbeat_ms;
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_max_body_bytes(zmqlog_handler *handler,
                                                size_t max_body_bytes) {
    zmqlog_status status = check_new(handler, "set_max_body_bytes");
    if (status == ZMQLOG_OK)
        status = zl_check_size(&handler->errors, "set_max_body_bytes", "max_body_bytes",
                               max_body_bytes, 256, 256 * MIB);
    if (status == ZMQLOG_OK)
        handler->options.max_body_bytes = max_body_bytes;
    return status;
}

zmqlog_status zmqlog_handler_set_drop_notice(zmqlog_handler *handler, int on) {
    zmqlog_status status = check(handler, "set_drop_notice", "on", on, 0, 1);
    if (status == ZMQLOG_OK)
        handler->options.drop_notice = on;
    return status;
}

zmqlog_status zmqlog_handler_set_announce(zmqlog_handler *handler, int on) {
    zmqlog_status status = check(handler, "set_announce", "on", on, 0, 1);
    if (status == ZMQLOG_OK)
        handler->options.announce = on;
    return status;
}

zmqlog_status zmqlog_handler_set_auth(zmqlog_handler *handler, zmqlog_auth *auth) {
    zmqlog_status status = check_new(handler, "set_auth");
    zmqlog_auth *before;
    if (status != ZMQLOG_OK)
        return status;
    before = handler->options.auth;
    handler->options.auth = zl_auth_hold(auth);
    zl_auth_release(before);
    handler->queue_options_set = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_level_names(zmqlog_handler *handler,
                                             const char *preset) {
    zmqlog_status status = check_new(handler, "set_level_names");
    if (status != ZMQLOG_OK)
        return status;
    if (!preset || zl_level_names_preset(&handler->names, preset) != 0)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "set_level_names: \"%s\" is no preset; use \"default\" or "
                       "\"pyzmq\"",
                       preset ? preset : "(null)");
    handler->rule.allow_control = strcmp(preset, "pyzmq") == 0;
    zl_handler_measure_names(handler);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_level_name(zmqlog_handler *handler, int level,
                                            const char *name) {
    const char *why = "";
    zmqlog_status status = check(handler, "set_level_name", "level", level,
                                 ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX);
    if (status != ZMQLOG_OK)
        return status;
    status = zl_level_names_set(&handler->names, level, name, &why);
    if (status != ZMQLOG_OK)
        return zl_fail(&handler->errors, status, "set_level_name: \"%s\": %s",
                       name ? name : "(null)", why);
    zl_handler_measure_names(handler);
    return ZMQLOG_OK;
}

const char *zmqlog_handler_level_name(const zmqlog_handler *handler, int level) {
    return handler && zl_level_is_valid(level) ? handler->names.name[level] : NULL;
}

zmqlog_status zmqlog_handler_set_delimiter(zmqlog_handler *handler,
                                           const char *delimiter) {
    size_t len = delimiter ? strlen(delimiter) : 0;
    zmqlog_status status = check(handler, "set_delimiter", "its length", (int64_t)len,
                                 0, (int64_t)sizeof handler->rule.delimiter - 1);
    if (status != ZMQLOG_OK)
        return status;
    memcpy(handler->rule.delimiter, delimiter ? delimiter : "", len + 1);
    handler->rule.delimiter_len = len;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_time_format(zmqlog_handler *handler,
                                             const char *time_format) {
    char *copy = NULL;
    size_t len = time_format ? strlen(time_format) : 0;
    zmqlog_status status =
        check(handler, "set_time_format", "its length", (int64_t)len, 0, 200);
    if (status != ZMQLOG_OK)
        return status;
    if (len && !(copy = strdup(time_format)))
        return zl_fail(&handler->errors, ZMQLOG_ENOMEM, "out of memory");
    free(handler->time_format);
    handler->time_format = copy;
    return ZMQLOG_OK;
}

/* ---- live ---- */

zmqlog_status zmqlog_handler_set_level(zmqlog_handler *handler, int level) {
    zmqlog_status status;
    int state;
    if (!handler)
        return ZMQLOG_EINVAL;
    status = zl_check_range(&handler->errors, "set_level", "level", level, 0,
                            ZMQLOG_LEVEL_MAX);
    if (status != ZMQLOG_OK)
        return status;
    pthread_mutex_lock(&handler->lock);
    state = atomic_load(&handler->state);
    if (state == ZL_OPEN) {
        zl_sender_set_floor(&handler->sender, level);
    } else {
        atomic_store(&handler->sender.floor, level);
        if (state == ZL_ATTACHED || state == ZL_REOPEN)
            zl_gate_open_all(&handler->gate, level);
    }
    pthread_mutex_unlock(&handler->lock);
    return ZMQLOG_OK;
}

int zmqlog_handler_level(const zmqlog_handler *handler) {
    return handler ? atomic_load(&handler->sender.floor) : ZMQLOG_EINVAL;
}

const char *zmqlog_handler_root_topic(const zmqlog_handler *handler) {
    return handler ? atomic_load(&handler->root)->text : NULL;
}

static zl_root *intern(zmqlog_handler *handler, const char *text, size_t len,
                       zmqlog_status *status) {
    zl_root *root;
    for (root = handler->roots; root; root = root->next)
        if (root->len == len && memcmp(root->text, text, len) == 0)
            return root;
    *status = ZMQLOG_ELIMIT;
    if (handler->root_count == ZL_ROOTS_MAX)
        return NULL;
    *status = ZMQLOG_ENOMEM;
    root = malloc(sizeof *root + len + 1);
    if (!root)
        return NULL;
    root->len = len;
    memcpy(root->text, text, len + 1);
    root->next = handler->roots;
    handler->roots = root;
    handler->root_count++;
    return root;
}

static zmqlog_status set_root_locked(zmqlog_handler *handler, const char *text,
                                     size_t len) {
    zmqlog_status status = ZMQLOG_OK;
    int state = atomic_load(&handler->state);
    const zl_root *root;
    if (state == ZL_CLOSED)
        return zl_fail(&handler->errors, ZMQLOG_ECLOSED, "the handler is closed");
    root = intern(handler, text, len, &status);
    if (!root)
        return zl_fail(&handler->errors, status,
                       status == ZMQLOG_ELIMIT
                           ? "set_root_topic: over 256 different root topics; put what "
                             "varies into the subtopic"
                           : "out of memory");
    if (state == ZL_OPEN &&
        zl_sender_change_root(&handler->sender, zl_span_make(root->text, len)) != 0)
        return zl_fail(&handler->errors, ZMQLOG_ENOMEM, "out of memory");
    if (state == ZL_ATTACHED) {
        pthread_mutex_lock(&handler->attached_lock);
        handler->composer->root = zl_span_make(root->text, len);
        pthread_mutex_unlock(&handler->attached_lock);
    }
    atomic_store_explicit(&handler->root, root, memory_order_release);
    atomic_store_explicit(&handler->root_len, (uint32_t)root->len,
                          memory_order_relaxed);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_set_root_topic(zmqlog_handler *handler,
                                            const char *root_topic) {
    zmqlog_status status;
    size_t len;
    if (!handler)
        return ZMQLOG_EINVAL;
    len = root_topic ? strlen(root_topic) : 0;
    if (!root_topic)
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "set_root_topic: root_topic is NULL");
    status = zl_check_range(&handler->errors, "set_root_topic", "its length",
                            (int64_t)len, 0, ZMQLOG_ROOT_MAX_BYTES);
    if (status != ZMQLOG_OK)
        return status;
    if (!zl_utf8_is_valid(zl_span_make(root_topic, len)))
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "set_root_topic: root_topic is not UTF-8");
    if (zl_control_is_reserved(zl_span_make(root_topic, len)))
        return zl_fail(&handler->errors, ZMQLOG_EINVAL,
                       "set_root_topic: \"%s\" is reserved for what handlers say of "
                       "themselves; choose another name",
                       root_topic);
    pthread_mutex_lock(&handler->lock);
    status = set_root_locked(handler, root_topic, len);
    pthread_mutex_unlock(&handler->lock);
    return status;
}
