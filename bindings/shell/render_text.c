/* SPDX-License-Identifier: BSD-3-Clause */
/* Records for people: "[time ]topic | message", further lines of a message
 * behind a gutter, fields of a JSON body as key=value. Owns that layout; nothing
 * a publisher sends can begin a line of its own. */
#include "colors.h"
#include "escape.h"
#include "render.h"

/* What stands between topic and message by default must not be in a topic. */
#define ALSO_IN_TOPIC "|"
/* A field's key or value with one of these is put in quotes. */
#define QUOTED_FOR " =\"\\"

static void put_color(output *out, const char *color) {
    if (color)
        output_put(out, color, strlen(color));
}

static void put_plain_topic(const text_look *look, output *out, const view *seen) {
    size_t offset = view_level_offset(seen);
    const char *color = NULL;

    if (seen->topic.len == 0) {
        output_put_char(out, '-');
        return;
    }
    if (look->colored && offset < seen->topic.len)
        color = colors_of_level(seen->level);
    if (!color) {
        escape_put(out, seen->topic, ALSO_IN_TOPIC);
        return;
    }
    escape_put(out, bytes_make(seen->topic.data, offset), ALSO_IN_TOPIC);
    put_color(out, color);
    escape_put(out, seen->level_name, ALSO_IN_TOPIC);
    output_put_literal(out, COLORS_RESET);
    escape_put(out, bytes_from(seen->topic, offset + seen->level_name.len),
               ALSO_IN_TOPIC);
}

/* A topic may begin with blanks; a line may not. */
static void put_topic(text_look *look, output *out, const view *seen) {
    if (seen->topic.len > 0 && seen->topic.data[0] == ' ')
        output_put_char(out, '\\');
    if (look->align)
        render_aligned(&look->widths, out, seen, look->colored);
    else
        put_plain_topic(look, out, seen);
}

static int is_bare(bytes text) {
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x21 || byte == 0x7F || strchr(QUOTED_FOR, byte))
            return 0;
    }
    return text.len > 0;
}

/* A JSON string that needs no quotes loses them; all else is shown as JSON. */
static void put_value(output *out, bytes json) {
    bytes inside = bytes_make(json.data + 1, json.len - 2);

    if (json.len >= 2 && json.data[0] == '"' && is_bare(inside))
        json = inside;
    escape_put(out, json, NULL);
}

static void put_key(output *out, bytes key) {
    if (is_bare(key)) {
        escape_put(out, key, NULL);
        return;
    }
    output_put_char(out, '"');
    escape_put(out, key, "\"");
    output_put_char(out, '"');
}

/* Every record of the style carries these; --format json shows them. */
static int is_usual(bytes key) {
    return bytes_equal(key, bytes_of("pid")) || bytes_equal(key, bytes_of("host"));
}

static void put_fields(const text_look *look, output *out, const view *seen) {
    int count = zmqlog_record_field_count(seen->record), shown = 0;

    for (int i = 0; i < count; i++) {
        bytes key, value;
        key.data = zmqlog_record_field_key(seen->record, i, &key.len);
        if (is_usual(key))
            continue;
        value.data = zmqlog_record_field_json(seen->record, i, &value.len);
        output_put(out, "  ", shown++ ? 1 : 2);
        put_color(out, look->colored ? COLORS_FAINT : NULL);
        put_key(out, key);
        output_put_char(out, '=');
        put_color(out, look->colored ? COLORS_RESET : NULL);
        put_value(out, value);
    }
}

/* Line ends that close the message say nothing. */
static bytes without_final_newline(bytes text) {
    if (text.len > 0 && text.data[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && text.data[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* Takes one line off the front of the text. */
static bytes take_line(bytes *text) {
    const char *end = text->len ? memchr(text->data, '\n', text->len) : NULL;
    bytes line = *text;

    if (!end) {
        *text = bytes_make(NULL, 0);
        return line;
    }
    line.len = (size_t)(end - text->data);
    *text = bytes_from(*text, line.len + 1);
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    return line;
}

void render_text(text_look *look, output *out, const view *seen) {
    bytes rest = without_final_newline(seen->text);

    if (look->stamp && view_time(seen) != ZMQLOG_TIME_NONE) {
        timestamp_put(look->stamp, out, view_time(seen));
        output_put_char(out, ' ');
    }
    put_topic(look, out, seen);
    output_put(out, look->separator, strlen(look->separator));
    escape_put_message(out, take_line(&rest));
    if (seen->is_parsed)
        put_fields(look, out, seen);
    output_put_char(out, '\n');
    while (rest.data) {
        output_put_literal(out, RENDER_GUTTER);
        escape_put_message(out, take_line(&rest));
        output_put_char(out, '\n');
    }
}

void render_raw(const char *separator, output *out, bytes topic, bytes body) {
    output_put_bytes(out, topic);
    output_put(out, separator, strlen(separator));
    output_put_bytes(out, body);
    output_put_char(out, '\n');
}
