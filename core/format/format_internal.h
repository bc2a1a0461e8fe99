/* SPDX-License-Identifier: BSD-3-Clause */
/* What the format rooms share: a compiled style is a list of pieces, each a
 * literal or one attribute with its conversion. For core/format*.c only. */
#ifndef ZL_FORMAT_INTERNAL_H
#define ZL_FORMAT_INTERNAL_H

#include "format/format.h"

enum { ZL_STYLE_PLAIN, ZL_STYLE_JSON, ZL_STYLE_PERCENT, ZL_STYLE_LOGFMT };

/* What kind of Python object an attribute is: decides which conversions it
 * takes. */
enum { ZL_IS_TEXT, ZL_IS_INT, ZL_IS_FLOAT, ZL_IS_NONE };

typedef enum zl_attribute {
    ZL_ATTRIBUTE_LITERAL,
    ZL_ATTRIBUTE_MESSAGE,
    ZL_ATTRIBUTE_LEVELNAME,
    ZL_ATTRIBUTE_LEVELNO,
    ZL_ATTRIBUTE_NAME,
    ZL_ATTRIBUTE_ASCTIME,
    ZL_ATTRIBUTE_CREATED,
    ZL_ATTRIBUTE_MSECS,
    ZL_ATTRIBUTE_RELATIVE_CREATED,
    ZL_ATTRIBUTE_FILENAME,
    ZL_ATTRIBUTE_PATHNAME,
    ZL_ATTRIBUTE_MODULE,
    ZL_ATTRIBUTE_LINENO,
    ZL_ATTRIBUTE_FUNCNAME,
    ZL_ATTRIBUTE_PROCESS,
    ZL_ATTRIBUTE_PROCESS_NAME,
    ZL_ATTRIBUTE_THREAD,
    ZL_ATTRIBUTE_THREAD_NAME,
    ZL_ATTRIBUTE_EXC_INFO,
    ZL_ATTRIBUTE_TOPIC,
    ZL_ATTRIBUTE_SUBTOPIC,
    ZL_ATTRIBUTE_ROOT,
    ZL_ATTRIBUTE_HOSTNAME,
    ZL_ATTRIBUTE_SEQ,
    ZL_ATTRIBUTE_FIELDS
} zl_attribute;

typedef struct zl_attribute_info {
    const char *name;
    zl_attribute attribute;
    int kind;
    unsigned needs;
} zl_attribute_info;

/* NULL when there is no such attribute. */
const zl_attribute_info *zl_attribute_find(zl_span name);

#define ZL_FLAG_LEFT 1u  /* - */
#define ZL_FLAG_SIGN 2u  /* + */
#define ZL_FLAG_BLANK 4u /* space */
#define ZL_FLAG_ALT 8u   /* # */
#define ZL_FLAG_ZERO 16u /* 0 */

typedef struct zl_piece {
    zl_attribute attribute;
    int kind;
    char conversion;
    unsigned flags;
    int width;       /* -1: none */
    int precision;   /* -1: none */
    zl_span literal; /* into the format's own text */
} zl_piece;

/* asctime, with the last second's text kept. */
typedef struct zl_stamp zl_stamp;
zl_stamp *zl_stamp_new(const char *time_format);
void zl_stamp_free(zl_stamp *stamp);
/* Python's formatTime: local time, and ",mmm" behind it without a format. */
void zl_stamp_put(zl_stamp *stamp, zl_buffer *out, int64_t time_ns);

/* Python's time.time() of this moment, and the milliseconds of its second. */
double zl_time_seconds(int64_t time_ns);
double zl_time_msecs(double seconds);

struct zl_format {
    int style;
    unsigned needs;
    char *given; /* the style as it was given; owned */
    char *text;  /* all literals; owned */
    zl_piece *pieces;
    size_t count;
    zl_stamp *stamp; /* the only part that changes; safe by itself */
};

/* Fills pieces, text and needs. OK, EFORMAT, ENOMEM. */
zmqlog_status zl_format_parse(zl_format *format, zl_errors *errors, const char *text);

/* The value of an attribute: text is appended to out, numbers are returned. */
void zl_value_put_text(const zl_format *format, const zl_view *view,
                       zl_attribute attribute, zl_buffer *out);
typedef struct zl_integer {
    uint64_t magnitude;
    int negative;
} zl_integer;
zl_integer zl_value_integer(const zl_view *view, zl_attribute attribute);
double zl_value_float(const zl_view *view, zl_attribute attribute);

/* Appends a number as Python's % does, padding included. */
void zl_number_put(zl_buffer *out, const zl_piece *piece, const zl_view *view);
/* Puts `count` of `c` in before what stands at `at`. */
void zl_pad_insert(zl_buffer *out, size_t at, char c, size_t count);

/* Python's repr and ascii of a str. */
void zl_repr_put(zl_buffer *out, zl_span text, int ascii);
/* Whether Python's repr shows the character as it is. */
int zl_code_is_printable(uint32_t code);

void zl_percent_render(const zl_format *format, const zl_view *view, zl_buffer *out);
/* Bytes that a text which was not cut would have added to what was rendered. */
size_t zl_percent_missing(const zl_format *format, const zl_view *view);
int zl_json_render(const zl_view *view, size_t max, zl_buffer *out);
void zl_logfmt_render(const zl_view *view, zl_buffer *out);

#endif
