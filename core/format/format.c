/* SPDX-License-Identifier: BSD-3-Clause */
/* The styles: which names there are, PyZMQ's bodies, and cutting what is too
 * long. %-formats are format_percent.c, json is format_json.c. */
#include "format/format_internal.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* PyZMQ has bodies for its five levels only; others look like DEBUG. */
static const char *pyzmq_body(int level) {
    switch (level) {
    case ZMQLOG_LEVEL_INFO:
        return "%(message)s\n";
    case ZMQLOG_LEVEL_ERROR:
        return "%(levelname)s %(filename)s:%(lineno)d - %(message)s - %(exc_info)s\n";
    default:
        return "%(levelname)s %(filename)s:%(lineno)d - %(message)s\n";
    }
}

static zmqlog_status compile_percent(zl_format *format, zl_errors *errors,
                                     const char *text, const char *time_format) {
    format->style = ZL_STYLE_PERCENT;
    format->stamp = zl_stamp_new(time_format);
    if (!format->stamp)
        return zl_fail(errors, ZMQLOG_ENOMEM, "set_style: out of memory");
    return zl_format_parse(format, errors, text);
}

static zmqlog_status compile(zl_format *format, zl_errors *errors, int level,
                             const char *style, const char *time_format) {
    if (strchr(style, '%'))
        return compile_percent(format, errors, style, time_format);
    if (strcmp(style, "pyzmq") == 0)
        return compile_percent(format, errors, pyzmq_body(level), time_format);
    if (strcmp(style, "json") == 0) {
        format->style = ZL_STYLE_JSON;
        format->needs = ZL_NEEDS_TIME;
        return ZMQLOG_OK;
    }
    if (strcmp(style, "logfmt") == 0) {
        format->style = ZL_STYLE_LOGFMT;
        return ZMQLOG_OK;
    }
    if (strcmp(style, "plain") == 0) {
        format->style = ZL_STYLE_PLAIN;
        return ZMQLOG_OK;
    }
    return zl_fail(errors, ZMQLOG_EINVAL,
                   "set_style: '%.64s' is neither plain, logfmt, json, pyzmq nor a "
                   "format with a %%",
                   style);
}

zmqlog_status zl_format_compile(zl_format **out, zl_errors *errors, int level,
                                const char *style, const char *time_format) {
    zl_format *format;
    zmqlog_status status;

    *out = NULL;
    if (!style)
        return zl_fail(errors, ZMQLOG_EINVAL, "set_style: style is NULL");
    format = calloc(1, sizeof *format);
    if (!format)
        return zl_fail(errors, ZMQLOG_ENOMEM, "set_style: out of memory");
    format->given = strdup(style);
    status = format->given ? compile(format, errors, level, style, time_format)
                           : zl_fail(errors, ZMQLOG_ENOMEM, "set_style: out of memory");
    if (status == ZMQLOG_OK)
        *out = format;
    else
        zl_format_free(format);
    return status;
}

/* Both are as long: the text is the style that was given, in pieces. It is wiped, since
 * it may be a key that was passed by mistake. */
static void drop_texts(zl_format *format) {
    size_t size = format->given ? strlen(format->given) + 1 : 0;

    if (format->text)
        explicit_bzero(format->text, size);
    if (format->given)
        explicit_bzero(format->given, size);
    free(format->text);
    free(format->given);
}

void zl_format_free(zl_format *format) {
    if (!format)
        return;
    zl_stamp_free(format->stamp);
    free(format->pieces);
    drop_texts(format);
    free(format);
}

const char *zl_format_style(const zl_format *format) {
    return format->given;
}

unsigned zl_format_needs(const zl_format *format) {
    return format->needs;
}

int zl_format_shows_fields(const zl_format *format) {
    if (format->style == ZL_STYLE_PERCENT)
        for (size_t i = 0; i < format->count; i++)
            if (format->pieces[i].attribute == ZL_ATTRIBUTE_FIELDS)
                return 1;
    return format->style == ZL_STYLE_JSON || format->style == ZL_STYLE_LOGFMT;
}

int zl_format_is_plain(const zl_format *format) {
    return format->style == ZL_STYLE_PLAIN;
}

size_t zl_format_cut_mark(char *out, size_t dropped) {
    return (size_t)snprintf(out, ZL_CUT_MARK_BYTES, "... [%zu bytes cut]", dropped);
}

/* The mark grows with the number in it, which grows with the mark. `missing` bytes
 * would stand behind the body had its text not been cut before. */
static void cut(zl_buffer *out, size_t start, size_t max, size_t missing) {
    zl_span body = zl_span_make(out->data + start, out->len - start);
    char mark[ZL_CUT_MARK_BYTES];
    size_t mark_len = zl_format_cut_mark(mark, body.len - max + missing);
    size_t kept, room;

    do {
        room = mark_len;
        kept = zl_utf8_cut(body, max > room ? max - room : 0);
        mark_len = zl_format_cut_mark(mark, body.len - kept + missing);
    } while (mark_len > room);
    if (mark_len > max) {
        mark_len = 0;
        kept = zl_utf8_cut(body, max);
    }
    out->len = start + kept;
    zl_buffer_put(out, mark, mark_len);
}

int zl_format_render(const zl_format *format, const zl_view *view, size_t max,
                     zl_buffer *out) {
    size_t start = out->len, missing = view->cut;

    if (!zl_buffer_reserve(out, view->text.len + 1))
        return 0;
    if (format->style == ZL_STYLE_JSON)
        return zl_json_render(view, max, out);
    if (format->style == ZL_STYLE_PLAIN)
        zl_buffer_put_span(out, view->text);
    else if (format->style == ZL_STYLE_LOGFMT)
        zl_logfmt_render(view, out);
    else
        zl_percent_render(format, view, out);
    if (out->failed || out->len - start <= max)
        return 0;
    if (missing > 0 && format->style == ZL_STYLE_PERCENT)
        missing = zl_percent_missing(format, view);
    cut(out, start, max, missing);
    return 1;
}
