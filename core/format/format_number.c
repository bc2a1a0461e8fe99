/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers the way Python's % shows them: sign, prefix, digits, and where the
 * padding goes. The locale has no say. */
#include "format/format_internal.h"
#include "base/json.h"

#include <stdio.h>

void zl_pad_insert(zl_buffer *out, size_t at, char c, size_t count) {
    size_t behind = out->len - at;

    zl_buffer_fill(out, c, count);
    if (out->failed)
        return;
    memmove(out->data + at + count, out->data + at, behind);
    memset(out->data + at, c, count);
}

static unsigned base_of(char conversion) {
    return conversion == 'o' ? 8 : conversion == 'x' || conversion == 'X' ? 16 : 10;
}

static void put_digits(zl_buffer *out, const zl_piece *piece, uint64_t value) {
    const char *symbols =
        piece->conversion == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = base_of(piece->conversion);
    char digits[24];
    size_t count = 0;

    do {
        digits[sizeof digits - ++count] = symbols[value % base];
        value /= base;
    } while (value);
    if (piece->precision > (int)count)
        zl_buffer_fill(out, '0', (size_t)piece->precision - count);
    zl_buffer_put(out, digits + sizeof digits - count, count);
}

/* printf's text of a double has the locale's decimal point, some bytes that
 * appear nowhere else in it. */
static void settle_point(zl_buffer *out, size_t start) {
    size_t from, to = start;
    int in_point = 0;

    for (from = start; from < out->len; from++) {
        char c = out->data[from];
        int other = !strchr("0123456789+-eE", c);

        if (other && in_point)
            continue;
        in_point = other;
        out->data[to++] = other ? '.' : c;
    }
    out->len = to;
}

static void put_float(zl_buffer *out, const zl_piece *piece, double value) {
    int precision = piece->precision < 0 ? 6 : piece->precision;
    char format[] = "%#.*e";
    size_t start = out->len;

    format[4] = piece->conversion;
    if (piece->flags & ZL_FLAG_ALT) {
        zl_buffer_printf(out, format, precision, value);
    } else {
        memmove(format + 1, format + 2, sizeof format - 2);
        zl_buffer_printf(out, format, precision, value);
    }
    if (!out->failed)
        settle_point(out, start);
}

static void put_sign(zl_buffer *out, const zl_piece *piece, int negative) {
    if (negative)
        zl_buffer_put_char(out, '-');
    else if (piece->flags & ZL_FLAG_SIGN)
        zl_buffer_put_char(out, '+');
    else if (piece->flags & ZL_FLAG_BLANK)
        zl_buffer_put_char(out, ' ');
}

static void put_prefix(zl_buffer *out, const zl_piece *piece) {
    char prefix[2] = {'0', piece->conversion};

    if ((piece->flags & ZL_FLAG_ALT) && base_of(piece->conversion) != 10)
        zl_buffer_put(out, prefix, sizeof prefix);
}

static void pad(zl_buffer *out, const zl_piece *piece, size_t start, size_t body) {
    size_t len = out->len - start;
    size_t missing;

    if (out->failed || piece->width < 0 || (size_t)piece->width <= len)
        return;
    missing = (size_t)piece->width - len;
    if (piece->flags & ZL_FLAG_LEFT)
        zl_buffer_fill(out, ' ', missing);
    else if (piece->flags & ZL_FLAG_ZERO)
        zl_pad_insert(out, body, '0', missing);
    else
        zl_pad_insert(out, start, ' ', missing);
}

static int shows_integer(const zl_piece *piece) {
    return strchr("diuoxX", piece->conversion) != NULL;
}

void zl_number_put(zl_buffer *out, const zl_piece *piece, const zl_view *view) {
    size_t start = out->len, body;

    if (shows_integer(piece)) {
        zl_integer value = zl_value_integer(view, piece->attribute);
        put_sign(out, piece, value.negative);
        put_prefix(out, piece);
        body = out->len;
        put_digits(out, piece, value.magnitude);
    } else {
        double value = zl_value_float(view, piece->attribute);
        put_sign(out, piece, value < 0);
        body = out->len;
        put_float(out, piece, value < 0 ? -value : value);
    }
    pad(out, piece, start, body);
}
