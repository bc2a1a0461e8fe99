/* SPDX-License-Identifier: BSD-3-Clause */
/* Renders a compiled %-format for one record. Widths and precisions of texts
 * count characters. */
#include "format/format_internal.h"
#include "base/json.h"
#include "base/utf8.h"

static zl_span behind(const zl_buffer *out, size_t start) {
    return zl_span_make(out->data + start, out->len - start);
}

static void shape_text(zl_buffer *out, const zl_piece *piece, size_t start) {
    size_t characters;

    if (out->failed || (piece->width < 0 && piece->precision < 0))
        return;
    if (piece->precision >= 0 && piece->conversion != 'c')
        out->len = start + zl_utf8_offset(behind(out, start), (size_t)piece->precision);
    characters = zl_utf8_count(behind(out, start));
    if (piece->width < 0 || (size_t)piece->width <= characters)
        return;
    if (piece->flags & ZL_FLAG_LEFT)
        zl_buffer_fill(out, ' ', (size_t)piece->width - characters);
    else
        zl_pad_insert(out, start, ' ', (size_t)piece->width - characters);
}

/* str(), repr() and ascii() of a number are the same. */
static void put_number_text(zl_buffer *out, const zl_piece *piece,
                            const zl_view *view) {
    zl_integer integer;

    if (piece->kind == ZL_IS_FLOAT) {
        zl_json_put_double(out, zl_value_float(view, piece->attribute));
        return;
    }
    integer = zl_value_integer(view, piece->attribute);
    if (integer.negative)
        zl_buffer_put_char(out, '-');
    zl_json_put_uint(out, integer.magnitude);
}

static void put_repr(const zl_format *format, const zl_piece *piece,
                     const zl_view *view, zl_buffer *out) {
    zl_buffer text = ZL_BUFFER_INIT;

    zl_value_put_text(format, view, piece->attribute, &text);
    out->failed |= text.failed;
    zl_repr_put(out, zl_buffer_span(&text), piece->conversion == 'a');
    zl_buffer_free(&text);
}

static void put_character(zl_buffer *out, const zl_piece *piece, const zl_view *view) {
    zl_integer code = zl_value_integer(view, piece->attribute);
    int outside = code.negative || code.magnitude > 0x10FFFF;

    zl_json_put_code(out, outside ? 0xFFFD : (uint32_t)code.magnitude);
}

static void put_text(const zl_format *format, const zl_piece *piece,
                     const zl_view *view, zl_buffer *out) {
    if (piece->conversion == 'c')
        put_character(out, piece, view);
    else if (piece->kind == ZL_IS_INT || piece->kind == ZL_IS_FLOAT)
        put_number_text(out, piece, view);
    else if (piece->conversion == 's' || piece->kind == ZL_IS_NONE)
        zl_value_put_text(format, view, piece->attribute, out);
    else
        put_repr(format, piece, view, out);
}

void zl_percent_render(const zl_format *format, const zl_view *view, zl_buffer *out) {
    size_t i;

    for (i = 0; i < format->count; i++) {
        const zl_piece *piece = &format->pieces[i];
        size_t start = out->len;

        if (piece->attribute == ZL_ATTRIBUTE_LITERAL) {
            zl_buffer_put_span(out, piece->literal);
        } else if (strchr("srac", piece->conversion)) {
            put_text(format, piece, view, out);
            shape_text(out, piece, start);
        } else {
            zl_number_put(out, piece, view);
        }
    }
}

/* How many characters of a text that has `count` the piece shows. */
static size_t shown(const zl_piece *piece, size_t count) {
    if (piece->precision >= 0 && (size_t)piece->precision < count)
        count = (size_t)piece->precision;
    if (piece->width >= 0 && (size_t)piece->width > count)
        count = (size_t)piece->width;
    return count;
}

/* What is gone cannot be looked at: each byte is taken for a character of its own,
 * which matters only where a width or a precision counts characters. */
size_t zl_percent_missing(const zl_format *format, const zl_view *view) {
    size_t i, missing = 0, kept = zl_utf8_count(view->text);

    for (i = 0; i < format->count; i++) {
        const zl_piece *piece = &format->pieces[i];

        if (piece->attribute == ZL_ATTRIBUTE_MESSAGE)
            missing += shown(piece, kept + view->cut) - shown(piece, kept);
    }
    return missing;
}
