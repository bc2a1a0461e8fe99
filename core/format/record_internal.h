/* SPDX-License-Identifier: BSD-3-Clause */
/* What record.c, record_get.c and record_parse.c share. No other file includes this. */
#ifndef ZL_RECORD_INTERNAL_H
#define ZL_RECORD_INTERNAL_H

#include "format/record.h"
#include "base/buffer.h"
#include "base/errors.h"
#include "format/fields.h"
#include "format/members.h"

#define ZL_EPOCH_DIGITS 16

/* Everything that parsing may replace, so that it can be read into a second one
 * and taken over whole. */
typedef struct zl_content {
    zl_buffer text, logger, file, function; /* each with a NUL behind its len */
    zl_fields fields;
    int64_t time_ns;
    int line;
    int has_time, has_logger;
    uint64_t seq, epoch; /* epoch counts only with a seq */
} zl_content;

/* Where a field's NUL-terminated copies begin in the index's text. */
typedef struct zl_field_place {
    size_t key, key_len, json, json_len;
} zl_field_place;

struct zmqlog_record {
    zl_content content;
    zl_content scratch; /* parse reads into this */
    zl_members members; /* and what becomes fields stands here meanwhile */
    zl_buffer topic, root, level_name, subtopic, thread_name;
    int level;
    int parsed;
    int64_t received_ns;
    uint64_t lost;
    char epoch_text[ZL_EPOCH_DIGITS + 1];
    /* The fields as the getters hand them out, made when first asked for. */
    int is_indexed;
    zl_buffer index_text;
    zl_buffer index_places; /* of zl_field_place */
    zl_errors errors;
};

/* Replaces what the buffer holds; 0, or -1 without memory and unchanged. The
 * value may lie in the buffer itself. */
int zl_record_assign(zl_buffer *buffer, zl_span value);
void zl_content_clear(zl_content *content);

#endif
