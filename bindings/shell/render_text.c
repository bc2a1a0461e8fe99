/* SPDX-License-Identifier: BSD-3-Clause */
/* Records for people: "[time ]topic | message", further lines of a message
 * behind a gutter, fields of a JSON body as key=value. Owns that layout; nothing
 * a publisher sends can begin a line of its own. */
#include "colors.h"
#include "escape.h"
#include "render.h"

/* What stands between topic and message by default must not be in a topic, and a
 * line must not begin with a topic's blank. */
#define ALSO_IN_TOPIC "| "

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

static void put_topic(text_look *look, output *out, const view *seen) {
    if (look->align)
        render_aligned(&look->widths, out, seen, look->colored);
    else
        put_plain_topic(look, out, seen);
}

/* The newline, or CR and newline, that closes the message says nothing. */
static bytes without_final_newline(bytes text) {
    if (text.len == 0 || text.data[text.len - 1] != '\n')
        return text;
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
        render_short_fields(out, seen, look->colored);
    output_put_char(out, '\n');
    while (rest.data) {
        output_put_literal(out, RENDER_GUTTER);
        escape_put_message(out, take_line(&rest));
        output_put_char(out, '\n');
    }
    if (seen->is_parsed)
        render_long_fields(out, seen, look->colored);
}

void render_raw(const char *separator, output *out, bytes topic, bytes body) {
    output_put_bytes(out, topic);
    output_put(out, separator, strlen(separator));
    output_put_bytes(out, body);
    output_put_char(out, '\n');
}
