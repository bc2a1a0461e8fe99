/* SPDX-License-Identifier: BSD-3-Clause */
/* Python's repr() and ascii() of a str, for the conversions r and a. A byte that
 * is not UTF-8 looks as Python's surrogateescape has it. */
#include "format/format_internal.h"
#include "base/utf8.h"

static char quote_for(zl_span text) {
    int single = text.len && memchr(text.data, '\'', text.len);
    int twofold = text.len && memchr(text.data, '"', text.len);
    return single && !twofold ? '"' : '\'';
}

static void put_escaped(zl_buffer *out, uint32_t code) {
    if (code < 0x100)
        zl_buffer_printf(out, "\\x%02x", (unsigned)code);
    else if (code < 0x10000)
        zl_buffer_printf(out, "\\u%04x", (unsigned)code);
    else
        zl_buffer_printf(out, "\\U%08x", (unsigned)code);
}

static void put_ascii(zl_buffer *out, char c, char quote) {
    static const char from[] = "\t\n\r\\";
    static const char to[] = "tnr\\";
    const char *found = c ? strchr(from, c) : NULL;

    if (found || c == quote) {
        zl_buffer_put_char(out, '\\');
        zl_buffer_put_char(out, found ? to[found - from] : quote);
    } else if (c < 0x20 || c == 0x7F) {
        put_escaped(out, (unsigned char)c);
    } else {
        zl_buffer_put_char(out, c);
    }
}

/* One character that is not ASCII; returns its length. */
static size_t put_wide(zl_buffer *out, zl_span text, int ascii) {
    uint32_t code;
    size_t len = zl_utf8_decode(text, &code);

    if (len == 0) {
        put_escaped(out, 0xDC00 + (uint32_t)(unsigned char)text.data[0]);
        return 1;
    }
    if (ascii || !zl_code_is_printable(code))
        put_escaped(out, code);
    else
        zl_buffer_put(out, text.data, len);
    return len;
}

void zl_repr_put(zl_buffer *out, zl_span text, int ascii) {
    char quote = quote_for(text);
    size_t at = 0;

    zl_buffer_put_char(out, quote);
    while (at < text.len) {
        if ((unsigned char)text.data[at] < 0x80)
            put_ascii(out, text.data[at++], quote);
        else
            at += put_wide(out, zl_span_make(text.data + at, text.len - at), ascii);
    }
    zl_buffer_put_char(out, quote);
}
