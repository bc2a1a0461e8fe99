/* SPDX-License-Identifier: BSD-3-Clause */
/* Packed fields: setting, finding, merging. A value is JSON from the moment it
 * is set, so nobody behind this room has to check it again. */
#include "format/fields.h"
#include "base/json.h"
#include "base/utf8.h"

#include <stdint.h>

#define HEADER_BYTES 6

void zl_fields_init(zl_fields *fields) {
    static const zl_buffer empty = ZL_BUFFER_INIT;
    fields->packed = empty;
    fields->count = 0;
}

void zl_fields_free(zl_fields *fields) {
    zl_buffer_free(&fields->packed);
    fields->count = 0;
}

void zl_fields_clear(zl_fields *fields) {
    zl_buffer_reset(&fields->packed);
    fields->count = 0;
}

zmqlog_status zl_fields_copy(zl_fields *to, const zl_fields *from) {
    if (!zl_buffer_reserve(&to->packed, from->packed.len)) {
        to->packed.failed = 0;
        return ZMQLOG_ENOMEM;
    }
    zl_fields_clear(to);
    zl_buffer_put_span(&to->packed, zl_buffer_span(&from->packed));
    to->count = from->count;
    return ZMQLOG_OK;
}

int zl_fields_next(zl_span packed, size_t *offset, zl_field *field) {
    size_t at = *offset, left = packed.len - at;
    uint16_t key_len;
    uint32_t json_len;

    if (at >= packed.len || left < HEADER_BYTES)
        return 0;
    memcpy(&key_len, packed.data + at, sizeof key_len);
    memcpy(&json_len, packed.data + at + sizeof key_len, sizeof json_len);
    left -= HEADER_BYTES;
    if (key_len > left || json_len > left - key_len)
        return 0;
    field->key = zl_span_make(packed.data + at + HEADER_BYTES, key_len);
    field->json = zl_span_make(field->key.data + key_len, json_len);
    *offset = at + HEADER_BYTES + key_len + json_len;
    return 1;
}

int zl_fields_find(zl_span packed, zl_span key, zl_field *field) {
    size_t offset = 0;

    while (zl_fields_next(packed, &offset, field))
        if (zl_span_equal(field->key, key))
            return 1;
    return 0;
}

static void put_header(char *out, size_t key_len, size_t json_len) {
    uint16_t key_bytes = (uint16_t)key_len;
    uint32_t json_bytes = (uint32_t)json_len;

    memcpy(out, &key_bytes, sizeof key_bytes);
    memcpy(out + sizeof key_bytes, &json_bytes, sizeof json_bytes);
}

static void put_field(zl_buffer *out, zl_field field) {
    char header[HEADER_BYTES];

    put_header(header, field.key.len, field.json.len);
    zl_buffer_put(out, header, sizeof header);
    zl_buffer_put_span(out, field.key);
    zl_buffer_put_span(out, field.json);
}

void zl_fields_merge(zl_buffer *out, zl_span under, zl_span over) {
    zl_field field, other;
    size_t offset = 0;

    if (over.len == 0 || under.len == 0) {
        zl_buffer_put_span(out, over.len == 0 ? under : over);
        return;
    }
    while (zl_fields_next(under, &offset, &field))
        put_field(out, zl_fields_find(over, field.key, &other) ? other : field);
    for (offset = 0; zl_fields_next(over, &offset, &field);)
        if (!zl_fields_find(under, field.key, &other))
            put_field(out, field);
}

typedef struct limits {
    size_t key_bytes, bytes;
} limits;

static const limits for_setters = {ZL_FIELD_KEY_MAX_BYTES, ZMQLOG_FIELDS_MAX_BYTES};
static const limits for_readers = {ZL_FIELD_KEY_READ_MAX_BYTES,
                                   ZL_FIELDS_READ_MAX_BYTES};

/* A field that is being written behind the others, and what it replaces. */
typedef struct draft {
    zl_fields *fields;
    zl_errors *errors;
    size_t max_bytes;
    zl_span key;
    size_t start;     /* where its header stands */
    size_t old_start; /* the field of the same key; old_len 0 when none */
    size_t old_len;
} draft;

static zmqlog_status check_key(zl_errors *errors, zl_span key, size_t max_bytes) {
    if (!key.data || key.len == 0)
        return zl_fail(errors, ZMQLOG_EINVAL, "field key: empty");
    if (key.len > max_bytes)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "field key: %zu bytes, at most %zu are possible", key.len,
                       max_bytes);
    if (!zl_utf8_is_valid(key))
        return zl_fail(errors, ZMQLOG_EINVAL, "field key: not UTF-8");
    return ZMQLOG_OK;
}

static void find_old(draft *field) {
    zl_span packed = zl_buffer_span(&field->fields->packed);
    zl_field old;

    if (!zl_fields_find(packed, field->key, &old))
        return;
    field->old_start = (size_t)(old.key.data - packed.data) - HEADER_BYTES;
    field->old_len = HEADER_BYTES + old.key.len + old.json.len;
}

static zmqlog_status begin_within(draft *field, const limits *most, zl_fields *fields,
                                  zl_errors *errors, zl_span key, int is_new) {
    zmqlog_status status = check_key(errors, key, most->key_bytes);

    if (status != ZMQLOG_OK)
        return status;
    field->fields = fields;
    field->errors = errors;
    field->max_bytes = most->bytes;
    field->key = key;
    field->start = fields->packed.len;
    field->old_start = field->old_len = 0;
    if (!is_new)
        find_old(field);
    zl_buffer_fill(&fields->packed, 0, HEADER_BYTES);
    zl_buffer_put_span(&fields->packed, key);
    return ZMQLOG_OK;
}

static zmqlog_status begin(draft *field, zl_fields *fields, zl_errors *errors,
                           const char *key) {
    return begin_within(field, &for_setters, fields, errors, zl_span_of(key), 0);
}

static zmqlog_status refuse(const draft *field, zmqlog_status status) {
    field->fields->packed.failed = 0;
    field->fields->packed.len = field->start;
    if (status == ZMQLOG_ELIMIT)
        return zl_fail(field->errors, status,
                       "field '%.*s': all fields together take at most %zu bytes",
                       (int)field->key.len, field->key.data, field->max_bytes);
    return zl_fail(field->errors, status, "field '%.*s': out of memory",
                   (int)field->key.len, field->key.data);
}

/* Moves the new field, now the last, to where the old one stands. */
static zmqlog_status replace(draft *field, size_t new_len) {
    zl_buffer *packed = &field->fields->packed;
    char *old, *spare = zl_buffer_reserve(packed, new_len);
    size_t behind = field->old_start + field->old_len;

    if (!spare)
        return refuse(field, ZMQLOG_ENOMEM);
    memcpy(spare, packed->data + field->start, new_len);
    old = packed->data + field->old_start;
    memmove(old + new_len, packed->data + behind, field->start - behind);
    memcpy(old, spare, new_len);
    packed->len -= field->old_len;
    return ZMQLOG_OK;
}

static zmqlog_status finish(draft *field) {
    zl_buffer *packed = &field->fields->packed;
    size_t new_len = packed->len - field->start;

    if (packed->failed)
        return refuse(field, ZMQLOG_ENOMEM);
    if (packed->len - field->old_len > field->max_bytes)
        return refuse(field, ZMQLOG_ELIMIT);
    put_header(packed->data + field->start, field->key.len,
               new_len - HEADER_BYTES - field->key.len);
    if (field->old_len > 0)
        return replace(field, new_len);
    field->fields->count++;
    return ZMQLOG_OK;
}

static zmqlog_status refuse_null(zl_errors *errors) {
    return zl_fail(errors, ZMQLOG_EINVAL, "field value: NULL but has a length");
}

zmqlog_status zl_fields_set_string(zl_fields *fields, zl_errors *errors,
                                   const char *key, const char *value,
                                   size_t value_len) {
    draft field;
    zmqlog_status status;

    if (!value && value_len > 0)
        return refuse_null(errors);
    status = begin(&field, fields, errors, key);
    if (status != ZMQLOG_OK)
        return status;
    if (value_len > ZMQLOG_FIELDS_MAX_BYTES)
        return refuse(&field, ZMQLOG_ELIMIT);
    zl_json_put_string(&fields->packed, zl_span_make(value, value_len));
    return finish(&field);
}

zmqlog_status zl_fields_set_int(zl_fields *fields, zl_errors *errors, const char *key,
                                int64_t value) {
    draft field;
    zmqlog_status status = begin(&field, fields, errors, key);

    if (status != ZMQLOG_OK)
        return status;
    zl_json_put_int(&fields->packed, value);
    return finish(&field);
}

zmqlog_status zl_fields_set_uint(zl_fields *fields, zl_errors *errors, const char *key,
                                 uint64_t value) {
    draft field;
    zmqlog_status status = begin(&field, fields, errors, key);

    if (status != ZMQLOG_OK)
        return status;
    zl_json_put_uint(&fields->packed, value);
    return finish(&field);
}

zmqlog_status zl_fields_set_double(zl_fields *fields, zl_errors *errors,
                                   const char *key, double value) {
    draft field;
    zmqlog_status status = begin(&field, fields, errors, key);

    if (status != ZMQLOG_OK)
        return status;
    zl_json_put_double(&fields->packed, value);
    return finish(&field);
}

static zmqlog_status put_raw(draft *field, zl_span json) {
    zl_json_put_compact(&field->fields->packed, json);
    return finish(field);
}

zmqlog_status zl_fields_set_bool(zl_fields *fields, zl_errors *errors, const char *key,
                                 int value) {
    draft field;
    zmqlog_status status = begin(&field, fields, errors, key);

    if (status != ZMQLOG_OK)
        return status;
    return put_raw(&field, zl_span_of(value ? "true" : "false"));
}

zmqlog_status zl_fields_set_json(zl_fields *fields, zl_errors *errors, const char *key,
                                 const char *json, size_t json_len) {
    zl_span value = zl_span_make(json ? json : "", json_len);
    zmqlog_status status = check_key(errors, zl_span_of(key), for_setters.key_bytes);
    size_t offset;
    draft field;

    if (status != ZMQLOG_OK)
        return status;
    if (!json && json_len > 0)
        return refuse_null(errors);
    if (!zl_json_is_value(value, &offset))
        return zl_fail(errors, ZMQLOG_EFORMAT, "field '%s': not JSON at offset %zu",
                       key, offset);
    status = begin(&field, fields, errors, key);
    return status == ZMQLOG_OK ? put_raw(&field, value) : status;
}

zmqlog_status zl_fields_add_raw(zl_fields *fields, zl_errors *errors, zl_span key,
                                zl_span json) {
    draft field;
    zmqlog_status status = begin_within(&field, &for_readers, fields, errors, key, 1);

    return status == ZMQLOG_OK ? put_raw(&field, json) : status;
}
