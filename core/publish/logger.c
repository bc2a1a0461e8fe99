/* SPDX-License-Identifier: BSD-3-Clause */
/* Loggers: named views of a handler. Immutable from the first log call on, the
 * level excepted, so the hot path takes no lock. */
#include "publish/handler_internal.h"
#include "format/fields.h"
#include "format/record.h"

#include <stdlib.h>

struct zmqlog_logger {
    zmqlog_handler *handler; /* a reference of ours */
    _Atomic int level;
    _Atomic int used; /* has logged: setters answer ESTATE */
    char *name;
    zl_buffer topic;
    zl_fields fields;
};

zmqlog_logger *zmqlog_logger_new(zmqlog_handler *handler, const char *name) {
    zmqlog_logger *logger;
    if (!handler)
        return NULL;
    logger = calloc(1, sizeof *logger);
    if (!logger)
        return NULL;
    logger->name = strdup(name ? name : "");
    if (!logger->name) {
        free(logger);
        return NULL;
    }
    zl_fields_init(&logger->fields);
    zl_handler_hold(handler);
    logger->handler = handler;
    return logger;
}

void zmqlog_logger_free(zmqlog_logger *logger) {
    if (!logger)
        return;
    zl_handler_release(logger->handler);
    zl_fields_free(&logger->fields);
    zl_buffer_free(&logger->topic);
    free(logger->name);
    free(logger);
}

zmqlog_logger *zmqlog_logger_clone(const zmqlog_logger *logger) {
    zmqlog_logger *clone =
        logger ? zmqlog_logger_new(logger->handler, logger->name) : NULL;
    if (!clone)
        return NULL;
    atomic_store(&clone->level, atomic_load(&logger->level));
    zl_buffer_put_span(&clone->topic, zl_buffer_span(&logger->topic));
    if (clone->topic.failed ||
        zl_fields_copy(&clone->fields, &logger->fields) != ZMQLOG_OK) {
        zmqlog_logger_free(clone);
        return NULL;
    }
    return clone;
}

/* ---- options ---- */

zmqlog_status zmqlog_logger_set_level(zmqlog_logger *logger, int level) {
    zmqlog_status status;
    if (!logger)
        return ZMQLOG_EINVAL;
    status = zl_check_range(&logger->handler->errors, "set_level", "level", level, 0,
                            ZMQLOG_LEVEL_MAX);
    if (status == ZMQLOG_OK)
        atomic_store_explicit(&logger->level, level, memory_order_relaxed);
    return status;
}

int zmqlog_logger_level(const zmqlog_logger *logger) {
    return logger ? atomic_load(&logger->level) : ZMQLOG_EINVAL;
}

const char *zmqlog_logger_name(const zmqlog_logger *logger) {
    return logger ? logger->name : NULL;
}

const char *zmqlog_logger_errmsg(const zmqlog_logger *logger) {
    return logger ? zl_errors_last(&logger->handler->errors) : "the logger is NULL";
}

static zmqlog_status check_unused(zmqlog_logger *logger) {
    if (!logger)
        return ZMQLOG_EINVAL;
    if (atomic_load(&logger->used))
        return zl_fail(&logger->handler->errors, ZMQLOG_ESTATE,
                       "the logger has logged already; set topic and fields before, or "
                       "on a clone");
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_logger_set_topic(zmqlog_logger *logger, const char *subtopic,
                                      size_t subtopic_len) {
    zl_buffer topic = ZL_BUFFER_INIT;
    zmqlog_status status = check_unused(logger);
    if (status != ZMQLOG_OK)
        return status;
    if (!subtopic && subtopic_len)
        return zl_fail(&logger->handler->errors, ZMQLOG_EINVAL,
                       "set_topic: subtopic is NULL");
    zl_buffer_put(&topic, subtopic, subtopic_len);
    if (topic.failed) {
        zl_buffer_free(&topic);
        return zl_fail(&logger->handler->errors, ZMQLOG_ENOMEM, "out of memory");
    }
    zl_buffer_free(&logger->topic);
    logger->topic = topic;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_logger_set_field_string(zmqlog_logger *logger, const char *key,
                                             const char *value, size_t value_len) {
    zmqlog_status status = check_unused(logger);
    return status ? status
                  : zl_fields_set_string(&logger->fields, &logger->handler->errors, key,
                                         value, value_len);
}

zmqlog_status zmqlog_logger_set_field_int(zmqlog_logger *logger, const char *key,
                                          int64_t value) {
    zmqlog_status status = check_unused(logger);
    return status ? status
                  : zl_fields_set_int(&logger->fields, &logger->handler->errors, key,
                                      value);
}

zmqlog_status zmqlog_logger_set_field_double(zmqlog_logger *logger, const char *key,
                                             double value) {
    zmqlog_status status = check_unused(logger);
    return status ? status
                  : zl_fields_set_double(&logger->fields, &logger->handler->errors, key,
                                         value);
}

zmqlog_status zmqlog_logger_set_field_bool(zmqlog_logger *logger, const char *key,
                                           int value) {
    zmqlog_status status = check_unused(logger);
    return status ? status
                  : zl_fields_set_bool(&logger->fields, &logger->handler->errors, key,
                                       value);
}

zmqlog_status zmqlog_logger_set_field_json(zmqlog_logger *logger, const char *key,
                                           const char *json, size_t json_len) {
    zmqlog_status status = check_unused(logger);
    return status ? status
                  : zl_fields_set_json(&logger->fields, &logger->handler->errors, key,
                                       json, json_len);
}

/* ---- logging ---- */

static int is_wanted(const zmqlog_logger *logger, int level) {
    return zl_gate_is_open(&logger->handler->gate, level) &&
           level >= atomic_load_explicit(&logger->level, memory_order_relaxed);
}

int zmqlog_logger_enabled(const zmqlog_logger *logger, int level) {
    return logger && zl_level_is_valid(level) &&
           level >= atomic_load_explicit(&logger->level, memory_order_relaxed) &&
           zmqlog_handler_enabled(logger->handler, level);
}

static void make_view(zmqlog_logger *logger, zl_view *view, int level, zl_span text) {
    if (!atomic_load_explicit(&logger->used, memory_order_relaxed))
        atomic_store_explicit(&logger->used, 1, memory_order_relaxed);
    memset(view, 0, sizeof *view);
    view->level = level;
    view->text = text;
    view->time_ns = ZMQLOG_TIME_NONE;
    view->logger = zl_span_of(logger->name);
    view->subtopic = zl_buffer_span(&logger->topic);
    view->fields = zl_buffer_span(&logger->fields.packed);
}

/* What every log call with a text checks. 1: go on; else *status is the answer. */
static int is_to_log(zmqlog_logger *logger, int level, const char *text,
                     size_t text_len, zmqlog_status *status) {
    *status = ZMQLOG_EINVAL;
    if (!logger)
        return 0;
    if (!zl_level_is_valid(level) || (!text && text_len)) {
        zl_handler_refuse(logger->handler);
        return 0;
    }
    *status = ZMQLOG_OK;
    return is_wanted(logger, level);
}

/* The quick way out of a call that nobody wants; all else is checked later. */
static inline int is_idle(const zmqlog_logger *logger, int level) {
    return logger && zl_level_is_valid(level) && !is_wanted(logger, level);
}

zmqlog_status zmqlog_logger_log(zmqlog_logger *logger, int level, const char *text,
                                size_t text_len) {
    if (is_idle(logger, level) && (text || !text_len))
        return ZMQLOG_OK;
    return zmqlog_logger_log_source(logger, level, NULL, 0, NULL, text, text_len);
}

zmqlog_status zmqlog_logger_log_topic(zmqlog_logger *logger, int level,
                                      const char *subtopic, size_t subtopic_len,
                                      const char *text, size_t text_len) {
    if (is_idle(logger, level) && (text || !text_len) && (subtopic || !subtopic_len))
        return ZMQLOG_OK;
    return zmqlog_logger_log_source_topic(logger, level, NULL, 0, NULL, subtopic,
                                          subtopic_len, text, text_len);
}

zmqlog_status zmqlog_logger_log_source(zmqlog_logger *logger, int level,
                                       const char *file, int line, const char *function,
                                       const char *text, size_t text_len) {
    zmqlog_status status;
    zl_view view;
    zl_split split;
    if (!is_to_log(logger, level, text, text_len, &status))
        return status;
    split = zl_handler_split(logger->handler, level, logger->topic.len,
                             zl_span_make(text, text_len));
    make_view(logger, &view, level, split.message);
    view.file = zl_span_of(file);
    view.line = line;
    view.function = zl_span_of(function);
    return zl_handler_publish(logger->handler, &view, split.subtopic, 0);
}

zmqlog_status zmqlog_logger_log_source_topic(zmqlog_logger *logger, int level,
                                             const char *file, int line,
                                             const char *function, const char *subtopic,
                                             size_t subtopic_len, const char *text,
                                             size_t text_len) {
    zmqlog_status status;
    zl_view view;
    if (!is_to_log(logger, level, text, text_len, &status))
        return status;
    if (!subtopic && subtopic_len)
        return zl_handler_refuse(logger->handler);
    make_view(logger, &view, level, zl_span_make(text, text_len));
    view.file = zl_span_of(file);
    view.line = line;
    view.function = zl_span_of(function);
    return zl_handler_publish(logger->handler, &view,
                              zl_span_make(subtopic, subtopic_len), 0);
}

/* Most records' fields fit here; others take memory of their own. */
#define FIELDS_AT_HAND_BYTES 1024

zmqlog_status zmqlog_logger_log_fields(zmqlog_logger *logger, int level,
                                       const char *file, int line, const char *function,
                                       const char *subtopic, size_t subtopic_len,
                                       const char *text, size_t text_len,
                                       const zmqlog_field *fields, size_t count) {
    char memory[FIELDS_AT_HAND_BYTES];
    zl_fields call = {zl_buffer_lend(memory, sizeof memory), 0};
    zmqlog_status status;
    zl_view view;
    if (!is_to_log(logger, level, text, text_len, &status))
        return status;
    if ((!subtopic && subtopic_len) || (!fields && count))
        return zl_handler_refuse(logger->handler);
    make_view(logger, &view, level, zl_span_make(text, text_len));
    view.file = zl_span_of(file);
    view.line = line;
    view.function = zl_span_of(function);
    zl_fields_set_all(&call, fields, count);
    if (call.packed.len) {
        view.bound = view.fields;
        view.fields = zl_buffer_span(&call.packed);
    }
    status = zl_handler_publish(logger->handler, &view,
                                zl_span_make(subtopic, subtopic_len), 0);
    zl_fields_free(&call);
    return status;
}

/* The record's own name and fields win over the logger's. */
zmqlog_status zmqlog_logger_log_record(zmqlog_logger *logger,
                                       const zmqlog_record *record) {
    zl_view view, given;
    zmqlog_status status;
    int timed;
    if (!logger)
        return ZMQLOG_EINVAL;
    if (!record)
        return zl_handler_refuse(logger->handler);
    memset(&given, 0, sizeof given);
    zl_record_view(record, &given);
    if (!is_to_log(logger, given.level, "", 0, &status))
        return status;
    make_view(logger, &view, given.level, given.text);
    if (zl_record_has_logger(record))
        view.logger = given.logger;
    view.thread_name = given.thread_name;
    view.file = given.file;
    view.line = given.line;
    view.function = given.function;
    if (given.fields.len) {
        view.bound = view.fields;
        view.fields = given.fields;
    }
    timed = zl_record_has_time(record, &view.time_ns);
    return zl_handler_publish(logger->handler, &view, given.subtopic, timed);
}

size_t zmqlog_logger_split(const zmqlog_logger *logger, int level, const char *text,
                           size_t text_len, size_t *message_start) {
    zl_split split;
    if (message_start)
        *message_start = 0;
    if (!logger || !zl_level_is_valid(level) || !text)
        return 0;
    split = zl_handler_split(logger->handler, level, logger->topic.len,
                             zl_span_make(text, text_len));
    if (message_start)
        *message_start = text_len - split.message.len;
    return split.subtopic.len;
}
