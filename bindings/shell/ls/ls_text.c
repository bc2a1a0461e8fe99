/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs for people: a line each where there is room, with the endpoints below when
 * they do not fit; a few short lines each on a narrow screen. */
#include "escape.h"
#include "ls.h"

#include <stdio.h>
#include <time.h>

enum { ROOT, PID, USER, UP, LEVELS, LISTENERS, SENT, DROPPED, FIELDS };
static const char *const titles[FIELDS] = {"PROGRAM", "PID",       "USER", "UP",
                                           "LEVELS",  "LISTENERS", "SENT", "DROPPED"};
#define CELL_BYTES 512
#define ENDPOINTS_BYTES 4096
#define INDENT 4
/* One strange name does not push everything off the screen. */
#define WIDEST 32

typedef struct row {
    const found *of;
    char cell[FIELDS][CELL_BYTES];
    char endpoints[ENDPOINTS_BYTES]; /* with blanks between them */
} row;

typedef struct table {
    int columns; /* 0: no limit */
    int widths[FIELDS];
    int gap;
} table;

static int is_right(int field) {
    return field == PID || field >= LISTENERS;
}

static void put_up(char *to, const found *program) {
    static const struct {
        long long seconds;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    long long started = ls_started(program), up = (long long)time(NULL) - started;
    int i = 0;

    if (program->state != FOUND_RUNNING || started == 0) {
        snprintf(to, CELL_BYTES, "%s",
                 program->state == FOUND_RUNNING ? "-" : ls_state(program));
        return;
    }
    up = up < 0 ? 0 : up;
    while (i < 3 && up < units[i].seconds)
        i++;
    snprintf(to, CELL_BYTES, "%lld%c", up / units[i].seconds, units[i].unit);
}

static int is_named(const page *of, int level) {
    char number[8];

    snprintf(number, sizeof number, "L%02d", level);
    return strcmp(of->names[level], number) != 0;
}

static void append(char *to, const char *text) {
    size_t len = strlen(to);

    snprintf(to + len, CELL_BYTES - len, "%s%s", len ? "," : "", text);
}

/* "WARN+" is that level and all above; otherwise the names. */
static void put_levels(char *to, const page *of) {
    int from = PAGE_LEVELS;

    to[0] = '\0';
    while (from > 1 && of->is_open[from - 1])
        from--;
    for (int level = 1; level < from; level++)
        if (of->is_open[level] && is_named(of, level))
            append(to, of->names[level]);
    if (from < PAGE_LEVELS) {
        append(to, of->names[from]);
        strncat(to, "+", CELL_BYTES - strlen(to) - 1);
    }
    for (int level = 1; level < from && !to[0]; level++)
        if (of->is_open[level])
            append(to, of->names[level]);
    if (!to[0])
        strcpy(to, "none");
}

/* The own socket is called what opened it. */
static void put_endpoints(char *to, const found *program) {
    bytes rest = program->page.endpoints, element;
    char endpoint[CELL_BYTES], own[sizeof program->stem + 16];
    size_t len = 0;

    snprintf(own, sizeof own, "ipc://%s.sock", program->stem);
    strcpy(to, program->has_page ? "" : "local:");
    while (program->has_page && object_element(&rest, &element)) {
        if (object_text(element, endpoint, sizeof endpoint) < 0 ||
            len + strlen(endpoint) + 2 > ENDPOINTS_BYTES)
            continue;
        len += (size_t)sprintf(to + len, "%s%s", len ? " " : "",
                               strcmp(own, endpoint) == 0 ? "local:" : endpoint);
    }
}

static void fill(row *to, const found *program) {
    const page *of = &program->page;

    to->of = program;
    snprintf(to->cell[ROOT], CELL_BYTES, "%s",
             *found_root(program) ? found_root(program) : "-");
    snprintf(to->cell[PID], CELL_BYTES, "%s", program->name.pid);
    snprintf(to->cell[USER], CELL_BYTES, "%s", ls_user(program->uid));
    put_up(to->cell[UP], program);
    put_endpoints(to->endpoints, program);
    if (program->has_page) {
        put_levels(to->cell[LEVELS], of);
        snprintf(to->cell[LISTENERS], CELL_BYTES, "%lld", of->listeners);
        snprintf(to->cell[SENT], CELL_BYTES, "%lld", of->sent);
        snprintf(to->cell[DROPPED], CELL_BYTES, "%lld", of->dropped);
    } else {
        for (int i = LEVELS; i < FIELDS; i++)
            strcpy(to->cell[i], "-");
    }
}

static size_t width_of(const char *text) {
    return escape_width(bytes_of(text), NULL);
}

static void put_cell(output *out, const char *text, int width, int to_right) {
    int left = width - (int)width_of(text);

    if (to_right && left > 0)
        output_fill(out, ' ', (size_t)left);
    escape_put(out, bytes_of(text), NULL);
    if (!to_right && left > 0)
        output_fill(out, ' ', (size_t)left);
}

static void measure(const found_list *list, row *scratch, table *to) {
    for (int i = 0; i < FIELDS; i++)
        to->widths[i] = (int)strlen(titles[i]);
    for (int at = 0; at < list->count; at++) {
        fill(scratch, list->items[at]);
        for (int i = 0; i < FIELDS; i++) {
            int width = (int)width_of(scratch->cell[i]);
            width = width < WIDEST ? width : WIDEST;
            to->widths[i] = width > to->widths[i] ? width : to->widths[i];
        }
    }
}

/* Of all columns but the last, with what follows them. */
static int table_width(const table *of) {
    int width = FIELDS * of->gap;

    for (int i = 0; i < FIELDS; i++)
        width += of->widths[i];
    return width;
}

static int fits(const table *in, const char *text) {
    return in->columns == 0 || table_width(in) + (int)width_of(text) <= in->columns;
}

static void put_cells(output *out, const table *in, const char *const cells[FIELDS]) {
    for (int i = 0; i < FIELDS; i++) {
        if (i > 0)
            output_fill(out, ' ', (size_t)in->gap);
        put_cell(out, cells[i], in->widths[i], is_right(i));
    }
}

/* Each on a line of its own. */
static void put_endpoints_below(output *out, const char *endpoints) {
    while (*endpoints) {
        size_t len = strcspn(endpoints, " ");
        output_fill(out, ' ', INDENT);
        escape_put(out, bytes_make(endpoints, len), NULL);
        output_put_char(out, '\n');
        endpoints += len + (endpoints[len] == ' ');
    }
}

static void put_row(output *out, const table *in, const row *of) {
    const char *cells[FIELDS];

    for (int i = 0; i < FIELDS; i++)
        cells[i] = of->cell[i];
    put_cells(out, in, cells);
    if (!fits(in, of->endpoints)) {
        output_put_char(out, '\n');
        put_endpoints_below(out, of->endpoints);
        return;
    }
    output_fill(out, ' ', of->endpoints[0] ? (size_t)in->gap : 0);
    escape_put(out, bytes_of(of->endpoints), NULL);
    output_put_char(out, '\n');
}

static void put_titles(output *out, const table *in) {
    put_cells(out, in, titles);
    if (fits(in, "ENDPOINTS")) {
        output_fill(out, ' ', (size_t)in->gap);
        output_put_literal(out, "ENDPOINTS");
    }
    output_put_char(out, '\n');
}

static void put_narrow(output *out, const row *of) {
    for (int i = ROOT; i <= UP; i++) {
        escape_put(out, bytes_of(of->cell[i]), NULL);
        output_put_char(out, i < UP ? ' ' : '\n');
    }
    output_fill(out, ' ', INDENT);
    escape_put(out, bytes_of(of->cell[LEVELS]), NULL);
    output_printf(out, ", %s listening\n", of->cell[LISTENERS]);
    output_fill(out, ' ', INDENT);
    output_printf(out, "%s sent, %s dropped\n", of->cell[SENT], of->cell[DROPPED]);
    put_endpoints_below(out, of->endpoints);
}

void ls_text(output *out, const found_list *list, int columns) {
    static row scratch;
    table in = {.columns = columns, .gap = 2};

    measure(list, &scratch, &in);
    in.gap = fits(&in, "local:") ? 2 : 1;
    int is_narrow = columns && table_width(&in) - in.gap > columns;
    if (!is_narrow)
        put_titles(out, &in);
    for (int i = 0; i < list->count; i++) {
        fill(&scratch, list->items[i]);
        if (is_narrow)
            put_narrow(out, &scratch);
        else
            put_row(out, &in, &scratch);
    }
}
