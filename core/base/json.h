/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON (RFC 8259): writing values that are valid for any bytes, and reading
 * text that came from anybody. Pure; depth is limited, nothing recurses without
 * bound. */
#ifndef ZL_JSON_H
#define ZL_JSON_H

#include "base/buffer.h"

#include <stdint.h>

#define ZL_JSON_MAX_DEPTH 64

/* A quoted string; bytes that are not UTF-8 become U+FFFD, one for each. */
void zl_json_put_string(zl_buffer *out, zl_span text);
/* How many bytes at the start of text, whole characters, fit into `room` bytes
 * once they are escaped (the quotes do not count). */
size_t zl_json_fit(zl_span text, size_t room);
void zl_json_put_int(zl_buffer *out, int64_t value);
void zl_json_put_uint(zl_buffer *out, uint64_t value);
/* Shortest form that reads back as the same double and is not an integer token
 * by accident ("1.0"); NaN and infinities are null. Locale-independent. */
void zl_json_put_double(zl_buffer *out, double value);

/* Copies a value without white space between its tokens; escapes of lone surrogates
 * become \\ufffd. */
void zl_json_put_compact(zl_buffer *out, zl_span json);

/* Whether the span is exactly one JSON value (white space around it is fine).
 * On failure *offset is where it stops being one. offset may be NULL. */
int zl_json_is_value(zl_span text, size_t *offset);

/* Walks the members of one object. After begin, next returns 1 with the next
 * member, 0 at the end, -1 when the text is not an object (at or after the
 * offset reached). key_raw and value are spans of the text: key_raw is what
 * stands between the quotes, value a whole JSON value without white space
 * around it. Trailing garbage after the object is malformed. */
typedef struct zl_json_members {
    zl_span text;
    size_t offset;
    int state;
} zl_json_members;
void zl_json_members_begin(zl_json_members *it, zl_span text);
int zl_json_members_next(zl_json_members *it, zl_span *key_raw, zl_span *value);

/* Unescapes what stands between the quotes of a string and appends it as UTF-8
 * (lone surrogates become U+FFFD). Returns 0, or -1 when malformed. */
int zl_json_unescape(zl_buffer *out, zl_span raw);

/* One character as UTF-8; surrogates and what is over U+10FFFF become U+FFFD. */
void zl_json_put_code(zl_buffer *out, uint32_t code);

/* Value that is a string: its raw inside; 0 when it is not a string. */
int zl_json_string_raw(zl_span value, zl_span *raw);
/* Value that is an integer fitting int64 / uint64; 0 when not. */
int zl_json_int(zl_span value, int64_t *out);
int zl_json_uint(zl_span value, uint64_t *out);

#endif
