/* SPDX-License-Identifier: BSD-3-Clause */
/* What `zmqlog watch` makes of two frames of any bytes: text stays UTF-8 in which
 * nothing hides and no line looks like another record's; json is one object a line. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "escape.h"
#include "format/record.h"
#include "render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int right) {
    if (!right)
        abort();
}

static void check_line(bytes line, int is_first) {
    zl_span rest = zl_span_make(line.data, line.len);
    if (!is_first)
        check(line.len >= strlen(RENDER_GUTTER) &&
              memcmp(line.data, RENDER_GUTTER, strlen(RENDER_GUTTER)) == 0);
    else
        check(line.len < strlen(RENDER_GUTTER) ||
              memcmp(line.data, RENDER_GUTTER, strlen(RENDER_GUTTER)) != 0);
    while (rest.len > 0) {
        uint32_t code;
        size_t len = zl_utf8_decode(rest, &code);
        check(len > 0 && (code == '\t' || !escape_is_needed(code)));
        rest = zl_span_make(rest.data + len, rest.len - len);
    }
}

static void check_text(const output *out) {
    const char *at = out->data, *end = out->data + out->len;
    check(out->len > 0 && end[-1] == '\n');
    for (int is_first = 1; at < end; is_first = 0) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        check_line(bytes_make(at, (size_t)(newline - at)), is_first);
        at = newline + 1;
    }
}

static void check_json(const output *out) {
    check(out->len > 0 && out->data[out->len - 1] == '\n');
    check(memchr(out->data, '\n', out->len) == out->data + out->len - 1);
    check(zl_json_is_value(zl_span_make(out->data, out->len - 1), NULL));
}

static void show(const view *seen, int align) {
    static output out;
    json_look json;
    text_look look = {.separator = " | ", .align = align};
    output_close(&out); /* of the call before */
    memset(&out, 0, sizeof out);
    out.fd = -1;
    render_text(&look, &out, seen);
    check_text(&out);
    out.len = 0;
    render_json_init(&json);
    render_json(&json, &out, seen);
    check_json(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zmqlog_record *record = zmqlog_record_new();
    size_t topic_len = size > 0 ? data[0] % 64 : 0;
    zl_span topic, body;
    zl_topic_parts parts;
    view seen;
    /* What it makes fits into the buffer: nothing is written anywhere. */
    if (!record || size < topic_len + 1 || size > OUTPUT_BYTES / 16) {
        zmqlog_record_free(record);
        return 0;
    }
    topic = zl_span_make((const char *)data + 1, topic_len);
    body = zl_span_make((const char *)data + 1 + topic_len, size - topic_len - 1);
    parts = zl_topic_parse(topic, NULL, NULL, 0);
    for (int parse = 0; parse < 2; parse++) {
        check(zl_record_fill(record, topic, &parts, body, 0) == ZMQLOG_OK);
        view_take(&seen, record, parse);
        show(&seen, 0);
        show(&seen, 1);
    }
    zmqlog_record_free(record);
    return 0;
}
