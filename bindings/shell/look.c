/* SPDX-License-Identifier: BSD-3-Clause */
/* How records look. Owns the options' values and the choice among the renderers;
 * must not know where records come from. */
#include "look.h"
#include "complain.h"
#include "levels.h"

static int index_of(const char *word, const char *const *words) {
    for (int i = 0; words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

/* -1 when it is no known format, which has been complained about. */
static int read_format(look_options *options, const char *value) {
    static const char *const formats[] = {"text", "json", "raw", NULL};
    int index = index_of(value, formats);

    if (index < 0) {
        complain_usage("--format takes text, json or raw, not \"%s\"", value);
        return -1;
    }
    options->format = (look_format)index;
    return 0;
}

static int read_color(look_options *options, const char *value) {
    static const char *const choices[] = {"auto", "always", "never", NULL};
    int index = index_of(value, choices);

    if (index < 0) {
        complain_usage("--color takes auto, always or never, not \"%s\"", value);
        return -1;
    }
    options->color = (color_choice)index;
    return 0;
}

int look_has(int id) {
    return id >= LOOK_FORMAT && id <= LOOK_SEPARATOR;
}

int look_option(look_options *options, int id, const char *value) {
    switch (id) {
    case LOOK_FORMAT:
        return read_format(options, value);
    case LOOK_COLOR:
        return read_color(options, value);
    case LOOK_ALIGN:
        options->align = 1;
        return 0;
    case LOOK_TIMESTAMP:
        options->time_format = value ? value : TIMESTAMP_DEFAULT;
        return 0;
    default:
        options->separator = value;
        return 0;
    }
}

static void widen(look *how, const source_options *from) {
    for (int i = 0; i < from->roots.count; i++)
        render_expect(&how->text.widths, bytes_of(from->roots.items[i]), bytes_of(""));
    for (int i = 0; i < from->level_names.count; i++) {
        const char *name;
        levels_split(from->level_names.items[i], &name);
        render_expect(&how->text.widths, bytes_of(""), bytes_of(name));
    }
}

int look_prepare(look *how, const look_options *options, const source_options *from,
                 int is_terminal) {
    how->format = options->format;
    how->parses = options->format != LOOK_RAW;
    render_json_init(&how->json);
    if (options->time_format) {
        if (timestamp_compile(&how->stamp, options->time_format, 0) < 0)
            return complain_usage("--timestamp: the format is too long");
        how->text.stamp = &how->stamp;
    }
    how->text.align = options->align;
    widen(how, from);
    how->text.colored = colors_wanted(options->color, is_terminal);
    how->text.separator = options->separator;
    if (!options->separator)
        how->text.separator = options->format == LOOK_RAW ? "\t" : " | ";
    return EXIT_OK;
}

void look_show(look *how, output *out, const view *seen) {
    if (how->format == LOOK_TEXT)
        render_text(&how->text, out, seen);
    else if (how->format == LOOK_JSON)
        render_json(&how->json, out, seen);
    else
        render_raw(how->text.separator, out, seen->topic, seen->text);
}
