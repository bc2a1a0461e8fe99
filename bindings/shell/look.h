/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that say how records look, and the records made to look so. Shared by
 * all commands that show records. */
#ifndef SHELL_LOOK_H
#define SHELL_LOOK_H

#include "colors.h"
#include "options.h"
#include "output.h"
#include "render.h"
#include "source.h"

typedef enum look_format { LOOK_TEXT, LOOK_JSON, LOOK_RAW } look_format;

typedef struct look_options {
    look_format format;
    int align;
    const char *time_format; /* NULL: no time */
    color_choice color;
    const char *separator; /* NULL: the format's own */
} look_options;

#define LOOK_FORMAT 1200
#define LOOK_ALIGN 1201
#define LOOK_TIMESTAMP 1202
#define LOOK_COLOR 1203
#define LOOK_SEPARATOR 1204

#define LOOK_OPTIONS                                                                   \
    {LOOK_FORMAT, "format", 0, OPTION_NEEDS}, {LOOK_ALIGN, "align", 0, OPTION_ALONE},  \
        {LOOK_TIMESTAMP, "timestamp", 0, OPTION_MAY},                                  \
        {LOOK_COLOR, "color", 0, OPTION_NEEDS}, {                                      \
        LOOK_SEPARATOR, "separator", 0, OPTION_NEEDS                                   \
    }

/* Whether the option is one of these. */
int look_has(int id);
/* Takes it. -1: it has been complained about. */
int look_option(look_options *options, int id, const char *value);

typedef struct look {
    look_format format;
    int parses; /* whether JSON bodies are to be read */
    timestamp stamp;
    text_look text;
    json_look json;
} look;

/* `from` may name roots and levels, for which columns have room from the start.
 * Returns an exit code. */
int look_prepare(look *how, const look_options *options, const source_options *from,
                 int is_terminal);
void look_show(look *how, output *out, const view *seen);

#endif
