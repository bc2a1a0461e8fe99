/* SPDX-License-Identifier: BSD-3-Clause */
/* The record's getters. What they hand out ends with a NUL and is never NULL
 * for a record that exists; fields are laid out for that when first asked for. */
#include "format/record_internal.h"

static const char *text_of(const zl_buffer *buffer) {
    return buffer->len > 0 ? buffer->data : "";
}

static const char *bytes_of(const zl_buffer *buffer, size_t *len) {
    if (len)
        *len = buffer ? buffer->len : 0;
    return buffer ? text_of(buffer) : NULL;
}

const char *zmqlog_record_topic(const zmqlog_record *record, size_t *len) {
    return bytes_of(record ? &record->topic : NULL, len);
}

const char *zmqlog_record_root(const zmqlog_record *record, size_t *len) {
    return bytes_of(record ? &record->root : NULL, len);
}

int zmqlog_record_level(const zmqlog_record *record) {
    return record ? record->level : 0;
}

const char *zmqlog_record_level_name(const zmqlog_record *record) {
    return record ? text_of(&record->level_name) : NULL;
}

const char *zmqlog_record_subtopic(const zmqlog_record *record, size_t *len) {
    return bytes_of(record ? &record->subtopic : NULL, len);
}

const char *zmqlog_record_text(const zmqlog_record *record, size_t *len) {
    return bytes_of(record ? &record->content.text : NULL, len);
}

int64_t zmqlog_record_time_ns(const zmqlog_record *record) {
    return record ? record->content.time_ns : ZMQLOG_TIME_NONE;
}

int64_t zmqlog_record_received_ns(const zmqlog_record *record) {
    return record ? record->received_ns : ZMQLOG_TIME_NONE;
}

uint64_t zmqlog_record_seq(const zmqlog_record *record) {
    return record ? record->content.seq : 0;
}

const char *zmqlog_record_epoch(const zmqlog_record *record) {
    return record ? record->epoch_text : NULL;
}

uint64_t zmqlog_record_lost(const zmqlog_record *record) {
    return record ? record->lost : 0;
}

const char *zmqlog_record_logger(const zmqlog_record *record) {
    return record ? text_of(&record->content.logger) : NULL;
}

const char *zmqlog_record_source_file(const zmqlog_record *record) {
    return record ? text_of(&record->content.file) : NULL;
}

int zmqlog_record_source_line(const zmqlog_record *record) {
    return record ? record->content.line : 0;
}

const char *zmqlog_record_source_function(const zmqlog_record *record) {
    return record ? text_of(&record->content.function) : NULL;
}

/* ---- fields ------------------------------------------------------------ */

static size_t copy_with_nul(zl_buffer *to, zl_span value) {
    size_t start = to->len;

    zl_buffer_put_span(to, value);
    zl_buffer_put_char(to, '\0');
    return start;
}

static void index_fields(zmqlog_record *record) {
    zl_span packed = zl_buffer_span(&record->content.fields.packed);
    size_t offset = 0;
    zl_field field;

    zl_buffer_reset(&record->index_text);
    zl_buffer_reset(&record->index_places);
    while (zl_fields_next(packed, &offset, &field)) {
        zl_field_place place;

        place.key = copy_with_nul(&record->index_text, field.key);
        place.key_len = field.key.len;
        place.json = copy_with_nul(&record->index_text, field.json);
        place.json_len = field.json.len;
        zl_buffer_put(&record->index_places, &place, sizeof place);
    }
    record->is_indexed = !record->index_text.failed && !record->index_places.failed;
}

/* The getters take a const record, and one thread uses it at a time: that they
 * lay out the fields at the first look is nobody else's business. */
static int find_place(const zmqlog_record *record, int index, zl_field_place *place) {
    size_t offset = (size_t)index * sizeof *place;

    if (!record || index < 0)
        return 0;
    if (!record->is_indexed)
        index_fields((zmqlog_record *)record);
    if (!record->is_indexed || offset >= record->index_places.len)
        return 0;
    memcpy(place, record->index_places.data + offset, sizeof *place);
    return 1;
}

static const char *field_text(const zmqlog_record *record, int found, size_t start,
                              size_t text_len, size_t *len) {
    if (len)
        *len = found ? text_len : 0;
    return found ? record->index_text.data + start : NULL;
}

int zmqlog_record_field_count(const zmqlog_record *record) {
    return record ? record->content.fields.count : 0;
}

const char *zmqlog_record_field_key(const zmqlog_record *record, int index,
                                    size_t *len) {
    zl_field_place place = {0};
    int found = find_place(record, index, &place);
    return field_text(record, found, place.key, place.key_len, len);
}

const char *zmqlog_record_field_json(const zmqlog_record *record, int index,
                                     size_t *len) {
    zl_field_place place = {0};
    int found = find_place(record, index, &place);
    return field_text(record, found, place.json, place.json_len, len);
}

const char *zmqlog_record_errmsg(const zmqlog_record *record) {
    return zl_errors_last(record ? &record->errors : NULL);
}
