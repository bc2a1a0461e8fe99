/* SPDX-License-Identifier: BSD-3-Clause */
/* The style logfmt: the message as it is, then " key=value" for each field. What could
 * be read otherwise is quoted as JSON quotes strings, so that a reader gets back what
 * the field was. Knows nothing of how fields came to be. */
#include "format/fields.h"
#include "format/format_internal.h"
#include "base/json.h"

/* Bytes that end nothing and open nothing: a key or a value of these stands bare. */
static int is_bare(zl_span text) {
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F)
            return 0;
    }
    return text.len > 0;
}

/* Whether a bare text would be read as a number, a list or another value of JSON. */
static int reads_as_json(zl_span text) {
    return strchr("-+.0123456789{[", text.data[0]) ||
           zl_span_equal(text, zl_span_of("true")) ||
           zl_span_equal(text, zl_span_of("false")) ||
           zl_span_equal(text, zl_span_of("null"));
}

static void put_key(zl_buffer *out, zl_span key) {
    if (is_bare(key))
        zl_buffer_put_span(out, key);
    else
        zl_json_put_string(out, key);
}

static void put_value(zl_buffer *out, zl_span json) {
    zl_span inner = json;

    if (json.len > 1 && json.data[0] == '"') {
        inner = zl_span_make(json.data + 1, json.len - 2);
        if (is_bare(inner) && !reads_as_json(inner))
            zl_buffer_put_span(out, inner);
        else
            zl_buffer_put_span(out, json);
    } else if (is_bare(json)) {
        zl_buffer_put_span(out, json);
    } else {
        zl_json_put_string(out, json); /* an object or a list, in one piece */
    }
}

void zl_logfmt_render(const zl_view *view, zl_buffer *out) {
    size_t offset = 0;
    zl_field field;

    zl_buffer_put_span(out, view->text);
    while (zl_fields_next(view->fields, &offset, &field)) {
        if (out->len > 0)
            zl_buffer_put_text(out, " ");
        put_key(out, field.key);
        zl_buffer_put_text(out, "=");
        put_value(out, field.json);
    }
}
