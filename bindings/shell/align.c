/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics in columns: root, level, subtopic. Owns the widths; they grow and never
 * shrink, so the eye finds the level where it was. */
#include "colors.h"
#include "escape.h"
#include "render.h"

#include "zmqlog.h"

#define ROOT_LIMIT 32
#define LEVEL_LIMIT 12
#define LEVEL_BEGIN 8 /* CRITICAL: the usual levels do not make the column grow */
#define SUBTOPIC_LIMIT 40
#define ALSO_ESCAPED "| " /* as in a topic that is not in columns */

static size_t grow(size_t width, size_t needed, size_t limit) {
    if (needed > limit)
        needed = limit;
    return needed > width ? needed : width;
}

/* A column that has never held anything takes no room, not even its blank. */
static void put_column(output *out, bytes text, size_t *width, size_t limit,
                       const char *color) {
    size_t shown;

    *width = grow(*width, text.len ? escape_width(text, ALSO_ESCAPED) : 0, limit);
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

    put_column(out, root, &widths->root, ROOT_LIMIT, NULL);
    put_gap(out, widths->root, widths->level, seen->level_name.len);
    if (seen->level_name.len > 0)
        widths->level = grow(widths->level, LEVEL_BEGIN, LEVEL_LIMIT);
    put_column(out, seen->level_name, &widths->level, LEVEL_LIMIT, color);
    put_gap(out, widths->level, widths->subtopic, seen->subtopic.len);
    put_column(out, seen->subtopic, &widths->subtopic, SUBTOPIC_LIMIT, NULL);
}
