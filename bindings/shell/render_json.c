/* SPDX-License-Identifier: BSD-3-Clause */
/* Records as JSON lines. Owns the keys, which zmqlog(1) documents; a line is
 * valid JSON in UTF-8 for any bytes, and harmless on a terminal. */
#include "json_out.h"
#include "render.h"

#include <inttypes.h>

static void put_key(output *out, const char *key) {
    output_put_char(out, '"');
    output_put(out, key, strlen(key));
    output_put_literal(out, "\":");
}

static void put_member(output *out, const char *key, bytes text) {
    output_put_char(out, ',');
    put_key(out, key);
    json_put_text(out, text);
}

static void put_time(output *out, timestamp *stamp, const char *key, int64_t time_ns) {
    put_key(out, key);
    if (time_ns == ZMQLOG_TIME_NONE) {
        output_put_literal(out, "null");
        return;
    }
    output_put_char(out, '"');
    timestamp_put(stamp, out, time_ns);
    output_put_char(out, '"');
}

static void put_level(output *out, const view *seen) {
    if (seen->level == 0) {
        output_put_literal(out, ",\"level\":null,\"levelno\":null");
        return;
    }
    put_member(out, "level", seen->level_name);
    output_printf(out, ",\"levelno\":%d", seen->level);
}

static void put_source(output *out, const zmqlog_record *record) {
    const char *file = zmqlog_record_source_file(record);
    const char *function = zmqlog_record_source_function(record);

    if (!*file && !*function)
        return;
    output_put_literal(out, ",\"source\":{\"file\":");
    json_put_text(out, bytes_of(file));
    output_printf(out, ",\"line\":%d", zmqlog_record_source_line(record));
    put_member(out, "function", bytes_of(function));
    output_put_char(out, '}');
}

static void put_fields(output *out, const zmqlog_record *record) {
    int count = zmqlog_record_field_count(record);

    if (count == 0)
        return;
    output_put_literal(out, ",\"fields\":{");
    for (int i = 0; i < count; i++) {
        bytes key, value;
        key.data = zmqlog_record_field_key(record, i, &key.len);
        value.data = zmqlog_record_field_json(record, i, &value.len);
        if (i > 0)
            output_put_char(out, ',');
        json_put_text(out, key);
        output_put_char(out, ':');
        json_put_value(out, value);
    }
    output_put_char(out, '}');
}

/* What only a parsed body tells. */
static void put_details(output *out, const zmqlog_record *record) {
    uint64_t seq = zmqlog_record_seq(record);

    if (*zmqlog_record_logger(record))
        put_member(out, "logger", bytes_of(zmqlog_record_logger(record)));
    put_source(out, record);
    if (seq > 0)
        output_printf(out, ",\"seq\":%" PRIu64 ",\"epoch\":\"%s\"", seq,
                      zmqlog_record_epoch(record));
    put_fields(out, record);
}

void render_json_init(json_look *look) {
    timestamp_compile(&look->time, TIMESTAMP_RFC3339, 1);
    timestamp_compile(&look->received, TIMESTAMP_RFC3339, 1);
}

static void put_members(json_look *look, output *out, const view *seen) {
    output_put_char(out, '{');
    put_time(out, &look->time, "time", seen->time_ns);
    output_put_char(out, ',');
    put_time(out, &look->received, "received", seen->received_ns);
    put_level(out, seen);
    put_member(out, "topic", seen->topic);
    put_member(out, "root", seen->root);
    put_member(out, "subtopic", seen->subtopic);
    put_member(out, "msg", seen->text);
    if (!bytes_are_utf8(seen->text) || !bytes_are_utf8(seen->topic))
        output_put_literal(out, ",\"invalid_utf8\":true");
    if (seen->lost > 0)
        output_printf(out, ",\"lost\":%" PRIu64, seen->lost);
    if (seen->is_parsed)
        put_details(out, seen->record);
}

void render_json(json_look *look, output *out, const view *seen) {
    put_members(look, out, seen);
    output_put_literal(out, "}\n");
}

static void put_base64(output *out, bytes data) {
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < data.len; i += 3) {
        const unsigned char *at = (const unsigned char *)data.data + i;
        size_t left = data.len - i;
        uint32_t word = (uint32_t)at[0] << 16 | (left > 1 ? (uint32_t)at[1] << 8 : 0) |
                        (left > 2 ? at[2] : 0);
        char four[4] = {digits[word >> 18], digits[word >> 12 & 63],
                        left > 1 ? digits[word >> 6 & 63] : '=',
                        left > 2 ? digits[word & 63] : '='};
        output_put(out, four, sizeof four);
    }
}

static void put_base64_member(output *out, const char *key, bytes data) {
    output_put_char(out, ',');
    put_key(out, key);
    output_put_char(out, '"');
    put_base64(out, data);
    output_put_char(out, '"');
}

void render_recorded(json_look *look, output *out, const view *seen, bytes body) {
    put_members(look, out, seen);
    if (!bytes_are_utf8(seen->topic))
        put_base64_member(out, "topic_base64", seen->topic);
    if (!bytes_are_utf8(body))
        put_base64_member(out, "body_base64", body);
    else if (seen->is_parsed)
        put_member(out, "body", body);
    output_put_literal(out, "}\n");
}
