/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs as metrics. What is written is valid both as OpenMetrics and as Prometheus's
 * own text, which node_exporter reads. The two call counters differently, so all that
 * is here are gauges. */
#include "escape.h"
#include "ls.h"

#include <stdio.h>
#include <stdlib.h>

static void put_label(output *out, const char *name, bytes value, int is_first) {
    output_printf(out, "%s%s=\"", is_first ? "" : ",", name);
    for (size_t at = 0; at < value.len;) {
        uint32_t code;
        size_t len = bytes_decode(bytes_from(value, at), &code);
        if (len == 0) {
            output_put_literal(out, "\xEF\xBF\xBD");
            len = 1;
        } else if (code == '\n') {
            output_put_literal(out, "\\n");
        } else if (code == '"' || code == '\\') {
            output_printf(out, "\\%c", (char)code);
        } else if (escape_is_needed(code)) {
            output_printf(out, "\\\\u%04x", (unsigned)code);
        } else {
            output_put(out, value.data + at, len);
        }
        at += len;
    }
    output_put_char(out, '"');
}

static void begin(output *out, const char *name, const char *help) {
    output_printf(out, "# HELP zmqlog_program_%s %s\n# TYPE zmqlog_program_%s gauge\n",
                  name, help, name);
}

/* All but the last label and the value. */
static void put_who(output *out, const char *name, const found *program) {
    output_printf(out, "zmqlog_program_%s{", name);
    put_label(out, "program", bytes_of(found_root(program)), 1);
    put_label(out, "pid", bytes_of(program->name.pid), 0);
    put_label(out, "files", bytes_of(program->stem), 0);
}

static void put_value(output *out, const char *name, const found *program,
                      long long value) {
    put_who(out, name, program);
    output_printf(out, "} %lld\n", value);
}

static long long count_levels(const page *of) {
    long long count = 0;

    for (int level = 1; level < PAGE_LEVELS; level++)
        count += of->is_open[level];
    return count;
}

enum { STARTED, LISTENERS, PREFIXES, LEVELS, QUEUE_USED, QUEUE_BYTES, NUMBERS };

static long long number_of(const found *program, int which) {
    const page *of = &program->page;
    const long long numbers[NUMBERS] = {ls_started(program), of->listeners,
                                        of->prefixes,        count_levels(of),
                                        of->queue_used,      of->queue_bytes};

    return numbers[which];
}

static void put_numbers(output *out, const found_list *list) {
    static const char *const texts[NUMBERS][2] = {
        {"start_time_seconds", "When the program opened its log, since 1970."},
        {"listeners", "Connections that listen."},
        {"prefixes", "Distinct prefixes that are subscribed to."},
        {"open_levels", "Levels that are switched on."},
        {"queue_used_bytes", "Bytes of the queue that records take."},
        {"queue_size_bytes", "Bytes of the queue."},
    };

    for (int which = 0; which < NUMBERS; which++) {
        begin(out, texts[which][0], texts[which][1]);
        for (int i = 0; i < list->count; i++)
            if (list->items[i]->has_page)
                put_value(out, texts[which][0], list->items[i],
                          number_of(list->items[i], which));
    }
}

static void put_counters(output *out, const found *program) {
    object counters;
    bytes key, value;

    if (!program->has_page || object_open(&counters, program->page.counters) < 0)
        return;
    for (int i = 0; object_at(&counters, i, &key, &value); i++) {
        if (object_number(value) < 0)
            continue;
        put_who(out, "events", program);
        put_label(out, "event", key, 0);
        output_printf(out, "} %lld\n", object_number(value));
    }
    object_close(&counters);
}

static void put_info(output *out, const found *program) {
    put_who(out, "info", program);
    put_label(out, "user", bytes_of(ls_user(program->uid)), 0);
    put_label(out, "version", bytes_of(program->has_page ? program->page.version : ""),
              0);
    output_put_literal(out, "} 1\n");
}

void ls_metrics(output *out, const found_list *list) {
    begin(out, "up", "1 if the program runs, 0 if it has died.");
    for (int i = 0; i < list->count; i++)
        if (list->items[i]->state != FOUND_UNKNOWN)
            put_value(out, "up", list->items[i],
                      list->items[i]->state == FOUND_RUNNING);
    begin(out, "info", "Who runs the program, and the version of its library.");
    for (int i = 0; i < list->count; i++)
        put_info(out, list->items[i]);
    put_numbers(out, list);
    begin(out, "events", "The counters of the handler, by name.");
    for (int i = 0; i < list->count; i++)
        put_counters(out, list->items[i]);
    output_put_literal(out, "# EOF\n");
    output_end_record(out);
}
