/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics in columns: root, level, subtopic. Owns the widths; they grow and never
 * shrink, so the eye finds the level where it was. */
#include "colors.h"
#include "escape.h"
#include "render.h"

#include "zmqlog.h"

#define LEVEL_START 8 /* CRITICAL: the usual levels do not make the column grow */
#define ROOT_LIMIT 32
#define LEVEL_LIMIT 12
#define SUBTOPIC_LIMIT 40
#define ALSO_ESCAPED "| " /* as in a topic that is not in columns */

/* How wide a column is once something is in it, and how wide it gets. */
typedef struct column {
    size_t start, limit;
} column;

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

static size_t grow(size_t width, size_t needed, size_t limit) {
    if (needed > limit)
        needed = limit;
    return needed > width ? needed : width;
}

void render_expect(render_widths *widths, bytes root, bytes level) {
    widths->expected_root =
        grow(widths->expected_root, escape_width(root, ALSO_ESCAPED), ROOT_LIMIT);
    widths->expected_level =
        grow(widths->expected_level, escape_width(level, ALSO_ESCAPED), LEVEL_LIMIT);
}

/* A column that has never held anything takes no room, not even its blank. */
static void put_column(output *out, bytes text, size_t *width, column how,
                       const char *color) {
    size_t shown, needed = text.len ? escape_width(text, ALSO_ESCAPED) : 0;

    *width =
        grow(*width, needed > 0 && needed < how.start ? how.start : needed, how.limit);
    if (*width == 0)
        return;
    if (color)
        output_put(out, color, strlen(color));
    shown = escape_put(out, text, ALSO_ESCAPED);
    if (color)
        output_put_literal(out, COLORS_RESET);
    if (shown < *width)
        output_fill(out, ' ', *width - shown);
}

static void put_gap(output *out, size_t before, size_t width, size_t needed) {
    if (before > 0 && (width > 0 || needed > 0))
        output_put_char(out, ' ');
}

void render_aligned(render_widths *widths, output *out, const view *seen, int colored) {
    const char *color =
        colored && seen->level_name.len ? colors_of_level(seen->level) : NULL;
    bytes root = seen->topic.len ? seen->root : bytes_of("-");

    column roots = {widths->expected_root, ROOT_LIMIT};
    column levels = {larger(LEVEL_START, widths->expected_level), LEVEL_LIMIT};
    column subtopics = {0, SUBTOPIC_LIMIT};

    put_column(out, root, &widths->root, roots, NULL);
    put_gap(out, widths->root, widths->level, seen->level_name.len);
    put_column(out, seen->level_name, &widths->level, levels, color);
    put_gap(out, widths->level, widths->subtopic, seen->subtopic.len);
    put_column(out, seen->subtopic, &widths->subtopic, subtopics, NULL);
}
