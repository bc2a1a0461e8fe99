/* SPDX-License-Identifier: BSD-3-Clause */
/* Programs as JSON, one object a line. Owns the keys, which zmqlog(1) documents. */
#include "json_out.h"
#include "ls.h"

static void put_key(output *out, const char *key) {
    output_printf(out, ",\"%s\":", key);
}

static void put_text(output *out, const char *key, const char *text) {
    put_key(out, key);
    json_put_text(out, bytes_of(text));
}

static void put_number(output *out, const char *key, long long number) {
    put_key(out, key);
    output_printf(out, "%lld", number);
}

static void put_json(output *out, const char *key, bytes json) {
    put_key(out, key);
    json_put_value(out, json);
}

static void put_levels(output *out, const page *of) {
    int count = 0;

    put_key(out, "levels");
    output_put_char(out, '[');
    for (int level = 1; level < PAGE_LEVELS; level++) {
        if (!of->is_open[level])
            continue;
        if (count++)
            output_put_char(out, ',');
        json_put_text(out, bytes_of(of->names[level]));
    }
    output_put_char(out, ']');
}

static void put_page(output *out, const page *of) {
    put_text(out, "start", of->start);
    put_text(out, "version", of->version);
    if (of->style.len > 0)
        put_json(out, "style", of->style);
    put_number(out, "floor", of->floor);
    put_levels(out, of);
    put_number(out, "listeners", of->listeners);
    put_number(out, "prefixes", of->prefixes);
    put_number(out, "sent", of->sent);
    put_number(out, "dropped", of->dropped);
    put_number(out, "queue_used", of->queue_used);
    put_number(out, "queue_bytes", of->queue_bytes);
    put_json(out, "counters", of->counters);
    put_json(out, "endpoints", of->endpoints);
    put_json(out, "listening", of->listening);
}

void ls_json(output *out, const found_list *list) {
    for (int i = 0; i < list->count; i++) {
        const found *program = list->items[i];
        output_put_literal(out, "{\"program\":");
        json_put_text(out, bytes_of(found_root(program)));
        put_number(out, "pid", object_number(bytes_of(program->name.pid)));
        put_text(out, "user", ls_user(program->uid));
        put_number(out, "uid", (long long)program->uid);
        put_text(out, "state", ls_state(program));
        put_text(out, "files", program->stem);
        if (program->has_page)
            put_page(out, &program->page);
        output_put_literal(out, "}\n");
        output_end_record(out);
    }
}
