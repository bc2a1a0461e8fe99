/* SPDX-License-Identifier: BSD-3-Clause */
/* Compiles %-formats, taking what Python's logging takes and refusing, with the
 * offset, what it would refuse at the first record. Never sees a record. */
#include "format/format_internal.h"
#include "base/secret.h"
#include "base/utf8.h"

#include <limits.h>
#include <stdlib.h>

/* Python has no limit; ours keeps a slip of the pen from asking for gigabytes. */
#define WIDTH_MAX 65535

typedef struct parser {
    zl_format *format;
    zl_errors *errors;
    const char *start;
    const char *at;
    char *text; /* where the next literal goes */
} parser;

static zmqlog_status fail(const parser *in, const char *at, const char *why) {
    return zl_fail(in->errors, ZMQLOG_EFORMAT, "set_style: %s at offset %zu", why,
                   (size_t)(at - in->start));
}

static void add_literal(parser *in, const char *bytes, size_t len) {
    zl_format *format = in->format;
    zl_piece *last = format->count ? &format->pieces[format->count - 1] : NULL;

    if (len == 0)
        return;
    if (!last || last->attribute != ZL_ATTRIBUTE_LITERAL) {
        last = &format->pieces[format->count++];
        last->attribute = ZL_ATTRIBUTE_LITERAL;
        last->literal = zl_span_make(in->text, 0);
    }
    memcpy(in->text, bytes, len);
    in->text += len;
    last->literal.len += len;
}

static unsigned flag_of(char c) {
    switch (c) {
    case '-':
        return ZL_FLAG_LEFT;
    case '+':
        return ZL_FLAG_SIGN;
    case ' ':
        return ZL_FLAG_BLANK;
    case '#':
        return ZL_FLAG_ALT;
    case '0':
        return ZL_FLAG_ZERO;
    default:
        return 0;
    }
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A width or precision; -1 when it is too large. */
static int parse_number(parser *in) {
    int number = 0;

    for (; is_digit(*in->at); in->at++) {
        number = number * 10 + (*in->at - '0');
        if (number > WIDTH_MAX)
            return -1;
    }
    return number;
}

static zmqlog_status parse_size(parser *in, int *size) {
    const char *at = in->at;

    if (*at == '*')
        return fail(in, at, "width or precision * needs an argument");
    *size = parse_number(in);
    return *size < 0 ? fail(in, at, "number over 65535") : ZMQLOG_OK;
}

/* Everything between the name and the conversion. */
static zmqlog_status parse_layout(parser *in, zl_piece *piece) {
    zmqlog_status status = ZMQLOG_OK;

    for (; *in->at && flag_of(*in->at); in->at++)
        piece->flags |= flag_of(*in->at);
    if (*in->at == '*' || is_digit(*in->at))
        status = parse_size(in, &piece->width);
    if (status == ZMQLOG_OK && *in->at == '.') {
        in->at++;
        status = parse_size(in, &piece->precision);
    }
    /* C's length modifiers mean nothing to Python, but it takes one. */
    if (*in->at == 'h' || *in->at == 'l' || *in->at == 'L')
        in->at++;
    return status;
}

/* A name is a part of the style only, and might be a part of a key. */
static zmqlog_status fail_name(const parser *in, zl_span name) {
    size_t len;

    if (zl_secret_find(in->start, &len))
        return fail(in, name.data, "unknown attribute");
    return zl_fail(
        in->errors, ZMQLOG_EFORMAT, "set_style: unknown attribute '%.*s' at offset %zu",
        name.len > 64 ? 64 : (int)name.len, name.data, (size_t)(name.data - in->start));
}

static zmqlog_status parse_name(parser *in, const zl_attribute_info **info) {
    const char *end = strchr(in->at, ')');
    zl_span name;

    if (!end)
        return fail(in, in->at, "no ) for the (");
    name = zl_span_make(in->at + 1, (size_t)(end - in->at) - 1);
    *info = zl_attribute_find(name);
    if (!*info)
        return fail_name(in, name);
    in->at = end + 1;
    return ZMQLOG_OK;
}

static int takes(int kind, char conversion) {
    static const char *const conversions[] = {
        [ZL_IS_TEXT] = "sra",
        [ZL_IS_INT] = "sradiuoxXeEfFgGc",
        [ZL_IS_FLOAT] = "sradiueEfFgG",
        [ZL_IS_NONE] = "sra",
    };
    return strchr(conversions[kind], conversion) != NULL;
}

static zmqlog_status check_conversion(parser *in, const zl_attribute_info *info) {
    char conversion = *in->at;

    if (!conversion)
        return fail(in, in->at, "incomplete conversion");
    if (!strchr("sradiuoxXeEfFgGc", conversion))
        return fail(in, in->at, "unknown conversion");
    if (!info)
        return fail(in, in->at, "conversion without a (name)");
    if (!takes(info->kind, conversion))
        return zl_fail(in->errors, ZMQLOG_EFORMAT,
                       "set_style: %s does not take the conversion %c at offset %zu",
                       info->name, conversion, (size_t)(in->at - in->start));
    return ZMQLOG_OK;
}

static zmqlog_status parse_conversion(parser *in) {
    const zl_attribute_info *info = NULL;
    zl_piece piece = {ZL_ATTRIBUTE_LITERAL, 0, 0, 0, -1, -1, {NULL, 0}};
    zmqlog_status status = ZMQLOG_OK;

    if (*++in->at == '%') {
        add_literal(in, in->at++, 1);
        return ZMQLOG_OK;
    }
    if (*in->at == '(')
        status = parse_name(in, &info);
    if (status == ZMQLOG_OK)
        status = parse_layout(in, &piece);
    if (status == ZMQLOG_OK)
        status = check_conversion(in, info);
    if (status != ZMQLOG_OK)
        return status;
    piece.conversion = *in->at++;
    piece.attribute = info->attribute;
    piece.kind = info->kind;
    in->format->needs |= info->needs;
    in->format->pieces[in->format->count++] = piece;
    return ZMQLOG_OK;
}

static int is_word(unsigned char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
           c >= 0x80;
}

/* A number or "*"; NULL when neither is there. */
static const char *skip_size(const char *text) {
    size_t len = *text == '*' ? 1 : strspn(text, "0123456789");
    return len ? text + len : NULL;
}

/* Python's check of a new Formatter, with its quirks: somewhere there must be
 * %(word) with a conversion behind it, even after another %. */
static int is_conversion(const char *text) {
    size_t len;

    if (strncmp(text, "%(", 2) != 0)
        return 0;
    text += 2;
    for (len = 0; is_word((unsigned char)text[len]);)
        len++;
    if (len == 0 || text[len] != ')')
        return 0;
    text += len + 1;
    text += strspn(text, "#0+ -");
    if (skip_size(text))
        text = skip_size(text);
    if (*text == '.')
        text = skip_size(text + 1);
    return text && *text && strchr("diouxefgcrsaDIOUXEFGCRSA%", *text);
}

static int has_conversion(const char *text) {
    for (text = strchr(text, '%'); text; text = strchr(text + 1, '%'))
        if (is_conversion(text))
            return 1;
    return 0;
}

static zmqlog_status parse_all(parser *in) {
    zmqlog_status status = ZMQLOG_OK;

    while (status == ZMQLOG_OK && *in->at) {
        size_t literal = strcspn(in->at, "%");

        add_literal(in, in->at, literal);
        in->at += literal;
        if (*in->at)
            status = parse_conversion(in);
    }
    if (status == ZMQLOG_OK && !has_conversion(in->start))
        return fail(in, in->at, "no %(name) conversion up to the end");
    return status;
}

static zmqlog_status check_utf8(const parser *in) {
    zl_span left = zl_span_of(in->start);

    while (left.len > 0) {
        uint32_t code;
        size_t len = zl_utf8_decode(left, &code);

        if (len == 0)
            return fail(in, left.data, "not UTF-8");
        left = zl_span_make(left.data + len, left.len - len);
    }
    return ZMQLOG_OK;
}

static int allocate(zl_format *format, const char *text) {
    size_t percents = 0;
    const char *c;

    for (c = text; *c; c++)
        percents += *c == '%';
    format->pieces = calloc(2 * percents + 1, sizeof *format->pieces);
    format->text = malloc(strlen(text) + 1);
    return format->pieces && format->text;
}

zmqlog_status zl_format_parse(zl_format *format, zl_errors *errors, const char *text) {
    parser in = {format, errors, text, text, NULL};
    zmqlog_status status;

    if (!allocate(format, text))
        return zl_fail(errors, ZMQLOG_ENOMEM, "set_style: out of memory");
    in.text = format->text;
    status = check_utf8(&in);
    return status == ZMQLOG_OK ? parse_all(&in) : status;
}
