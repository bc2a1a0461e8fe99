/* SPDX-License-Identifier: BSD-3-Clause */
/* JSON values as they are handed out: on one line, for readers that go line by line,
 * and without lone surrogates, on which many JSON readers give up. The value is known
 * to be JSON. */
#include "base/json.h"

#define ESCAPE_BYTES 6 /* \\uXXXX */

static int is_surrogate(zl_span json, char first, char last) {
    char second;

    if (json.len < ESCAPE_BYTES || json.data[0] != '\\' || json.data[1] != 'u' ||
        (json.data[2] | 0x20) != 'd')
        return 0;
    second = (char)(json.data[3] | (json.data[3] > '9' ? 0x20 : 0));
    return second >= first && second <= last;
}

/* The escape at the front of the value: its length; *lone tells whether it is half of
 * a pair. */
static size_t measure_escape(zl_span json, int *lone) {
    int high = is_surrogate(json, '8', 'b');

    *lone = 0;
    if (json.len < 2 || json.data[1] != 'u')
        return 2;
    if (high &&
        is_surrogate(zl_span_make(json.data + ESCAPE_BYTES, json.len - ESCAPE_BYTES),
                     'c', 'f'))
        return (size_t)2 * ESCAPE_BYTES;
    *lone = high || is_surrogate(json, 'c', 'f');
    return ESCAPE_BYTES;
}

static int is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

void zl_json_put_compact(zl_buffer *out, zl_span json) {
    size_t at = 0, start = 0;
    int quoted = 0;

    while (at < json.len) {
        size_t len = 1;
        int lone = 0, space = !quoted && is_space(json.data[at]);

        if (quoted && json.data[at] == '\\')
            len = measure_escape(zl_span_make(json.data + at, json.len - at), &lone);
        else if (json.data[at] == '"')
            quoted = !quoted;
        if (lone || space) {
            zl_buffer_put(out, json.data + start, at - start);
            zl_buffer_put(out, "\\ufffd", lone ? ESCAPE_BYTES : 0);
            start = at + len;
        }
        at += len;
    }
    zl_buffer_put(out, json.data + start, json.len - start);
}
