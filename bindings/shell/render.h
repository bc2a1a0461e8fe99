/* SPDX-License-Identifier: BSD-3-Clause */
/* How a record looks on stdout. */
#ifndef SHELL_RENDER_H
#define SHELL_RENDER_H

#include "output.h"
#include "timestamp.h"
#include "view.h"

/* Begins every line of a message but its first. No record begins like this. */
#define RENDER_GUTTER "    | "

/* Widths of the aligned columns so far. They only grow, up to a limit that keeps
 * one strange topic from pushing everything off the screen. */
typedef struct render_widths {
    size_t root, level, subtopic;
    size_t expected_root, expected_level; /* before anything has come */
} render_widths;

typedef struct text_look {
    timestamp *stamp; /* NULL: no time */
    const char *separator;
    int align;
    int colored;
    render_widths widths;
} text_look;

void render_text(text_look *look, output *out, const view *seen);

/* Columns have room for these from the start. */
void render_expect(render_widths *widths, bytes root, bytes level);

/* The topic's columns, padded. */
void render_aligned(render_widths *widths, output *out, const view *seen, int colored);

/* Fields of a parsed body: those on the message's first line, and those below. */
void render_short_fields(output *out, const view *seen, int colored);
void render_long_fields(output *out, const view *seen, int colored);

typedef struct json_look {
    timestamp time;
    timestamp received;
} json_look;

void render_json_init(json_look *look);
void render_json(json_look *look, output *out, const view *seen);

/* As render_json, and with it whatever the frames cannot be told from otherwise, so
 * that they can be read back byte for byte. `body` is the second frame as it came. */
void render_recorded(json_look *look, output *out, const view *seen, bytes body);

/* Topic, separator, body, newline: no byte is changed. */
void render_raw(const char *separator, output *out, bytes topic, bytes body);

#endif
