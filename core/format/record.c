/* SPDX-License-Identifier: BSD-3-Clause */
/* The record: its memory, its setters, and how logging and receiving look at
 * it. Strings are kept with a NUL behind them and keep their memory when the
 * record is used again. Knows no sockets and no styles. */
#include "format/record_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int zl_record_assign(zl_buffer *buffer, zl_span value) {
    size_t before = buffer->len;
    char *to = NULL;

    buffer->len = 0;
    if (value.len < SIZE_MAX)
        to = zl_buffer_reserve(buffer, value.len + 1);
    if (!to) {
        buffer->len = before;
        buffer->failed = 0;
        return -1;
    }
    if (value.len > 0)
        memmove(to, value.data, value.len);
    to[value.len] = '\0';
    buffer->len = value.len;
    return 0;
}

void zl_content_clear(zl_content *content) {
    zl_buffer_reset(&content->text);
    zl_buffer_reset(&content->logger);
    zl_buffer_reset(&content->file);
    zl_buffer_reset(&content->function);
    zl_fields_clear(&content->fields);
    content->time_ns = ZMQLOG_TIME_NONE;
    content->line = 0;
    content->has_time = content->has_logger = 0;
    content->seq = content->epoch = 0;
}

static void free_content(zl_content *content) {
    zl_buffer_free(&content->text);
    zl_buffer_free(&content->logger);
    zl_buffer_free(&content->file);
    zl_buffer_free(&content->function);
    zl_fields_free(&content->fields);
}

static void clear(zmqlog_record *record) {
    zl_content_clear(&record->content);
    zl_buffer_reset(&record->topic);
    zl_buffer_reset(&record->root);
    zl_buffer_reset(&record->level_name);
    zl_buffer_reset(&record->subtopic);
    zl_buffer_reset(&record->thread_name);
    record->level = ZMQLOG_LEVEL_INFO;
    record->parsed = 0;
    record->received_ns = ZMQLOG_TIME_NONE;
    record->lost = 0;
    record->epoch_text[0] = '\0';
    record->is_indexed = 0;
}

zmqlog_record *zmqlog_record_new(void) {
    zmqlog_record *record = calloc(1, sizeof *record);

    if (!record)
        return NULL;
    zl_fields_init(&record->content.fields);
    zl_fields_init(&record->scratch.fields);
    zl_errors_init(&record->errors);
    clear(record);
    return record;
}

void zmqlog_record_free(zmqlog_record *record) {
    if (!record)
        return;
    free_content(&record->content);
    free_content(&record->scratch);
    zl_buffer_free(&record->topic);
    zl_buffer_free(&record->root);
    zl_buffer_free(&record->level_name);
    zl_buffer_free(&record->subtopic);
    zl_buffer_free(&record->thread_name);
    zl_members_free(&record->members);
    zl_buffer_free(&record->index_text);
    zl_buffer_free(&record->index_places);
    zl_errors_destroy(&record->errors);
    free(record);
}

zmqlog_status zmqlog_record_clear(zmqlog_record *record) {
    if (!record)
        return ZMQLOG_EINVAL;
    clear(record);
    return ZMQLOG_OK;
}

/* ---- setters ----------------------------------------------------------- */

static zmqlog_status no_memory(zmqlog_record *record) {
    return zl_fail(&record->errors, ZMQLOG_ENOMEM, "out of memory");
}

static zmqlog_status set_bytes(zmqlog_record *record, zl_buffer *buffer,
                               const char *what, zl_span value) {
    if (!value.data && value.len > 0)
        return zl_fail(&record->errors, ZMQLOG_EINVAL,
                       "set_%s: %s is NULL but has a length", what, what);
    return zl_record_assign(buffer, value) == 0 ? ZMQLOG_OK : no_memory(record);
}

zmqlog_status zmqlog_record_set_level(zmqlog_record *record, int level) {
    zmqlog_status status;
    if (!record)
        return ZMQLOG_EINVAL;
    status = zl_check_range(&record->errors, "set_level", "level", level,
                            ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX);
    if (status != ZMQLOG_OK)
        return status;
    record->level = level;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_record_set_logger(zmqlog_record *record, const char *name) {
    if (!record)
        return ZMQLOG_EINVAL;
    if (zl_record_assign(&record->content.logger, zl_span_of(name)) != 0)
        return no_memory(record);
    record->content.has_logger = name != NULL;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_record_set_subtopic(zmqlog_record *record, const char *subtopic,
                                         size_t subtopic_len) {
    if (!record)
        return ZMQLOG_EINVAL;
    return set_bytes(record, &record->subtopic, "subtopic",
                     zl_span_make(subtopic, subtopic_len));
}

zmqlog_status zmqlog_record_set_text(zmqlog_record *record, const char *text,
                                     size_t text_len) {
    zmqlog_status status;

    if (!record)
        return ZMQLOG_EINVAL;
    status =
        set_bytes(record, &record->content.text, "text", zl_span_make(text, text_len));
    if (status == ZMQLOG_OK)
        record->parsed = 0;
    return status;
}

static int has_room(zl_buffer *buffer, zl_span value) {
    size_t before = buffer->len;
    int fits;

    buffer->len = 0;
    fits = zl_buffer_reserve(buffer, value.len + 1) != NULL;
    buffer->len = before;
    buffer->failed = 0;
    return fits;
}

zmqlog_status zmqlog_record_set_source(zmqlog_record *record, const char *file,
                                       int line, const char *function) {
    zmqlog_status status;
    zl_content *content;

    if (!record)
        return ZMQLOG_EINVAL;
    status = zl_check_range(&record->errors, "set_source", "line", line, 0, INT32_MAX);
    if (status != ZMQLOG_OK)
        return status;
    content = &record->content;
    /* Both or neither. */
    if (!has_room(&content->function, zl_span_of(function)) ||
        zl_record_assign(&content->file, zl_span_of(file)) != 0)
        return no_memory(record);
    zl_record_assign(&content->function, zl_span_of(function));
    content->line = line;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_record_set_time_ns(zmqlog_record *record, int64_t time_ns) {
    if (!record)
        return ZMQLOG_EINVAL;
    record->content.time_ns = time_ns;
    record->content.has_time = 1;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_record_set_thread_name(zmqlog_record *record, const char *name) {
    if (!record)
        return ZMQLOG_EINVAL;
    if (zl_record_assign(&record->thread_name, zl_span_of(name)) != 0)
        return no_memory(record);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_record_set_field_string(zmqlog_record *record, const char *key,
                                             const char *value, size_t value_len) {
    if (!record)
        return ZMQLOG_EINVAL;
    record->is_indexed = 0;
    return zl_fields_set_string(&record->content.fields, &record->errors, key, value,
                                value_len);
}

zmqlog_status zmqlog_record_set_field_int(zmqlog_record *record, const char *key,
                                          int64_t value) {
    if (!record)
        return ZMQLOG_EINVAL;
    record->is_indexed = 0;
    return zl_fields_set_int(&record->content.fields, &record->errors, key, value);
}

zmqlog_status zmqlog_record_set_field_double(zmqlog_record *record, const char *key,
                                             double value) {
    if (!record)
        return ZMQLOG_EINVAL;
    record->is_indexed = 0;
    return zl_fields_set_double(&record->content.fields, &record->errors, key, value);
}

zmqlog_status zmqlog_record_set_field_bool(zmqlog_record *record, const char *key,
                                           int value) {
    if (!record)
        return ZMQLOG_EINVAL;
    record->is_indexed = 0;
    return zl_fields_set_bool(&record->content.fields, &record->errors, key, value);
}

zmqlog_status zmqlog_record_set_field_json(zmqlog_record *record, const char *key,
                                           const char *json, size_t json_len) {
    if (!record)
        return ZMQLOG_EINVAL;
    record->is_indexed = 0;
    return zl_fields_set_json(&record->content.fields, &record->errors, key, json,
                              json_len);
}

/* ---- for logging and receiving ----------------------------------------- */

void zl_record_view(const zmqlog_record *record, zl_view *view) {
    const zl_content *content = &record->content;

    view->level = record->level;
    view->subtopic = zl_buffer_span(&record->subtopic);
    view->logger = zl_buffer_span(&content->logger);
    view->text = zl_buffer_span(&content->text);
    view->thread_name = zl_buffer_span(&record->thread_name);
    view->file = zl_buffer_span(&content->file);
    view->line = content->line;
    view->function = zl_buffer_span(&content->function);
    view->fields = zl_buffer_span(&content->fields.packed);
}

int zl_record_has_time(const zmqlog_record *record, int64_t *time_ns) {
    *time_ns = record->content.time_ns;
    return record->content.has_time;
}

int zl_record_has_logger(const zmqlog_record *record) {
    return record->content.has_logger;
}

zmqlog_status zl_record_fill(zmqlog_record *record, zl_span topic,
                             const zl_topic_parts *parts, zl_span text,
                             int64_t received_ns) {
    clear(record);
    if (zl_record_assign(&record->topic, topic) != 0 ||
        zl_record_assign(&record->root, parts->root) != 0 ||
        zl_record_assign(&record->level_name, parts->level_name) != 0 ||
        zl_record_assign(&record->subtopic, parts->subtopic) != 0 ||
        zl_record_assign(&record->content.text, text) != 0) {
        clear(record);
        return no_memory(record);
    }
    record->level = parts->level;
    record->received_ns = received_ns;
    return ZMQLOG_OK;
}

void zl_record_set_sequence(zmqlog_record *record, uint64_t seq, uint64_t epoch,
                            uint64_t lost) {
    record->content.seq = seq;
    record->content.epoch = epoch;
    record->lost = lost;
    if (seq > 0)
        snprintf(record->epoch_text, sizeof record->epoch_text, "%016" PRIx64, epoch);
    else
        record->epoch_text[0] = '\0';
}
