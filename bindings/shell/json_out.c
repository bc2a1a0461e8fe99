/* SPDX-License-Identifier: BSD-3-Clause */
/* Texts and values from strangers as JSON on one line, harmless on a terminal. */
#include "json_out.h"
#include "escape.h"

static int needs_escape(uint32_t code) {
    return code == '"' || code == '\\' || escape_is_needed(code);
}

static void put_escape(output *out, uint32_t code) {
    if (code == '"' || code == '\\')
        output_printf(out, "\\%c", (char)code);
    else if (code == '\n')
        output_put_literal(out, "\\n");
    else if (code == '\t')
        output_put_literal(out, "\\t");
    else if (code == '\r')
        output_put_literal(out, "\\r");
    else if (code > 0xFFFF)
        output_printf(out, "\\u%04x\\u%04x", 0xD7C0 + (unsigned)(code >> 10),
                      0xDC00 + (unsigned)(code & 0x3FF));
    else
        output_printf(out, "\\u%04x", (unsigned)code);
}

static size_t plain_run(bytes text) {
    size_t len = 0;

    while (len < text.len) {
        unsigned char byte = (unsigned char)text.data[len];
        if (byte < 0x20 || byte > 0x7E || byte == '"' || byte == '\\')
            break;
        len++;
    }
    return len;
}

void json_put_text(output *out, bytes text) {
    size_t at = 0;

    output_put_char(out, '"');
    while (at < text.len) {
        bytes rest = bytes_from(text, at);
        uint32_t code;
        size_t len = plain_run(rest);
        if (len > 0) {
            output_put(out, rest.data, len);
        } else if ((len = bytes_decode(rest, &code)) == 0) {
            output_put_literal(out, "\xEF\xBF\xBD");
            len = 1;
        } else if (needs_escape(code)) {
            put_escape(out, code);
        } else {
            output_put(out, rest.data, len);
        }
        at += len;
    }
    output_put_char(out, '"');
}

/* Only what stands in strings can need an escape, and white space between values can be
 * a blank. */
void json_put_value(output *out, bytes json) {
    size_t at = 0;

    while (at < json.len) {
        bytes rest = bytes_from(json, at);
        uint32_t code;
        size_t len = bytes_decode(rest, &code);
        if (len == 0) {
            output_put_literal(out, "\xEF\xBF\xBD");
            len = 1;
        } else if (code == '\n' || code == '\r' || code == '\t') {
            output_put_char(out, ' ');
        } else if (escape_is_needed(code)) {
            put_escape(out, code);
        } else {
            output_put(out, rest.data, len);
        }
        at += len;
    }
}
