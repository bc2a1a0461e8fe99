/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields of a JSON body for people: key=value on the first line of the message,
 * texts of several lines, such as stack traces, below it. Owns how a field
 * looks; the values are JSON that the library has checked. */
#include "colors.h"
#include "escape.h"
#include "render.h"

/* A key or value with one of these is put in quotes. */
#define QUOTED_FOR " =\"\\"

static int is_bare(bytes text) {
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x21 || byte == 0x7F || strchr(QUOTED_FOR, byte))
            return 0;
    }
    return text.len > 0;
}

static int is_string(bytes json) {
    return json.len >= 2 && json.data[0] == '"';
}

static bytes inside(bytes json) {
    return bytes_make(json.data + 1, json.len - 2);
}

/* Whether a string has a line end in it, but for one at its end. */
static int has_lines(bytes json) {
    bytes text = is_string(json) ? inside(json) : bytes_make(NULL, 0);

    for (size_t i = 0; i + 2 < text.len; i++) {
        if (text.data[i] != '\\')
            continue;
        if (text.data[++i] == 'n' && i + 1 < text.len)
            return 1;
    }
    return 0;
}

/* A JSON string that needs no quotes loses them; all else is shown as JSON. */
static void put_value(output *out, bytes json) {
    if (is_string(json) && is_bare(inside(json)))
        json = inside(json);
    escape_put(out, json, NULL);
}

static void put_key(output *out, bytes key, int colored, char end) {
    if (colored)
        output_put_literal(out, COLORS_FAINT);
    if (is_bare(key)) {
        escape_put(out, key, NULL);
    } else {
        output_put_char(out, '"');
        escape_put(out, key, "\"");
        output_put_char(out, '"');
    }
    output_put_char(out, end);
    if (colored)
        output_put_literal(out, COLORS_RESET);
}

/* Shows what an escape of JSON stands for, unless that is dangerous or beyond
 * ASCII: then it stays as it is. Returns its length. */
static size_t put_json_escape(output *out, bytes text) {
    static const char escapes[] = "\"\\/t", meanings[] = "\"\\/\t";
    char kind = text.len > 1 ? text.data[1] : '\0';
    const char *found = kind ? strchr(escapes, kind) : NULL;

    if (kind == 'n' && text.len > 2) {
        output_put_char(out, '\n');
        output_put_literal(out, RENDER_GUTTER);
    } else if (found) {
        output_put_char(out, meanings[found - escapes]);
    } else if (kind != 'n' &&
               (kind != 'r' || text.len < 4 || memcmp(text.data, "\\r\\n", 4) != 0)) {
        output_put(out, text.data, text.len < 2 ? text.len : 2);
    }
    return text.len < 2 ? text.len : 2;
}

/* The inside of a JSON string, its line ends followed by the gutter. */
static void put_lines(output *out, bytes text) {
    while (text.len > 0) {
        const char *escape = memchr(text.data, '\\', text.len);
        size_t len = escape ? (size_t)(escape - text.data) : text.len;
        escape_put_message(out, bytes_make(text.data, len));
        text = bytes_from(text, len);
        if (text.len > 0)
            text = bytes_from(text, put_json_escape(out, text));
    }
}

/* Every record of the style carries these; --format json shows them. */
static int is_usual(bytes key) {
    return bytes_equal(key, bytes_of("pid")) || bytes_equal(key, bytes_of("host"));
}

static bytes get_field(const view *seen, int index, bytes *key) {
    bytes value;

    key->data = zmqlog_record_field_key(seen->record, index, &key->len);
    value.data = zmqlog_record_field_json(seen->record, index, &value.len);
    return value;
}

void render_short_fields(output *out, const view *seen, int colored) {
    int count = zmqlog_record_field_count(seen->record), shown = 0;

    for (int i = 0; i < count; i++) {
        bytes key, value = get_field(seen, i, &key);
        if (is_usual(key) || has_lines(value))
            continue;
        output_put(out, "  ", shown++ ? 1 : 2);
        put_key(out, key, colored, '=');
        put_value(out, value);
    }
}

void render_long_fields(output *out, const view *seen, int colored) {
    int count = zmqlog_record_field_count(seen->record);

    for (int i = 0; i < count; i++) {
        bytes key, value = get_field(seen, i, &key);
        if (is_usual(key) || !has_lines(value))
            continue;
        output_put_literal(out, RENDER_GUTTER);
        put_key(out, key, colored, ':');
        output_put_char(out, ' ');
        put_lines(out, inside(value));
        output_put_char(out, '\n');
    }
}
