/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields of a record or logger: keys with JSON values, in the order in which
 * they were first set; setting a key again replaces its value in place. Stored
 * as one run of bytes that can be copied as it is: per field u16 key length,
 * u32 value length (native order, unaligned), key, value. */
#ifndef ZL_FIELDS_H
#define ZL_FIELDS_H

#include "zmqlog.h"
#include "base/buffer.h"
#include "base/errors.h"

#define ZL_FIELD_KEY_MAX_BYTES 200

/* For readers, which must accept all that is ever sent: fields of a logger and of a
 * record, members that become fields, keys with a "_" behind them. A record that is
 * passed on gets all of this once more; there is room for that, too. */
#define ZL_FIELDS_READ_MAX_BYTES ((size_t)4 * ZMQLOG_FIELDS_MAX_BYTES)
#define ZL_FIELD_KEY_READ_MAX_BYTES 255

typedef struct zl_fields {
    zl_buffer packed;
    int count;
} zl_fields;

void zl_fields_init(zl_fields *fields);
void zl_fields_free(zl_fields *fields);
void zl_fields_clear(zl_fields *fields);
zmqlog_status zl_fields_copy(zl_fields *to, const zl_fields *from);

/* Each returns OK, EINVAL (key NULL, empty, too long or not UTF-8; a value that
 * is NULL but has a length), ENOMEM, ELIMIT (over ZMQLOG_FIELDS_MAX_BYTES), EFORMAT
 * (json), with a detail in errors; on failure nothing has changed. */
zmqlog_status zl_fields_set_string(zl_fields *fields, zl_errors *errors,
                                   const char *key, const char *value,
                                   size_t value_len);
zmqlog_status zl_fields_set_int(zl_fields *fields, zl_errors *errors, const char *key,
                                int64_t value);
zmqlog_status zl_fields_set_uint(zl_fields *fields, zl_errors *errors, const char *key,
                                 uint64_t value);
zmqlog_status zl_fields_set_double(zl_fields *fields, zl_errors *errors,
                                   const char *key, double value);
zmqlog_status zl_fields_set_bool(zl_fields *fields, zl_errors *errors, const char *key,
                                 int value);
zmqlog_status zl_fields_set_json(zl_fields *fields, zl_errors *errors, const char *key,
                                 const char *json, size_t json_len);
/* Sets all of them, each as its kind says. A field that is refused leaves word of that
 * in its place, under "!BADKEY" when not even its key can be used. */
void zl_fields_set_all(zl_fields *fields, const zmqlog_field *given, size_t count);
/* For readers, within their limits: a key that is known not to be there, and a value
 * that is known to be JSON. */
zmqlog_status zl_fields_add_raw(zl_fields *fields, zl_errors *errors, zl_span key,
                                zl_span json);

typedef struct zl_field {
    zl_span key;
    zl_span json;
} zl_field;

/* Steps through packed bytes: *offset starts at 0; 1 with the next field, 0 at
 * the end. */
int zl_fields_next(zl_span packed, size_t *offset, zl_field *field);
int zl_fields_find(zl_span packed, zl_span key, zl_field *field);

/* Appends to out the packed fields of `under`, then those of `over`; a key that
 * is in both keeps the place in under and the value of over. */
void zl_fields_merge(zl_buffer *out, zl_span under, zl_span over);

#endif
