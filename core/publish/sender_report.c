/* SPDX-License-Identifier: BSD-3-Clause */
/* What a handler says of itself, as JSON: hello, which program this is and how its
 * records look; stats, how it does. Reads what the I/O thread may read and changes
 * nothing. */
#include "publish/sender.h"

#include "base/clock.h"
#include "base/json.h"

#include <stdio.h>

static void put_key(zl_buffer *out, const char *key) {
    if (out->len && out->data[out->len - 1] != '{')
        zl_buffer_put_char(out, ',');
    zl_buffer_printf(out, "\"%s\":", key);
}

static void put_text(zl_buffer *out, const char *key, zl_span text) {
    put_key(out, key);
    zl_json_put_string(out, text);
}

static void put_number(zl_buffer *out, const char *key, int64_t number) {
    put_key(out, key);
    zl_json_put_int(out, number);
}

static void put_time(zl_buffer *out, const char *key, int64_t time_ns) {
    char time[ZL_RFC3339_BYTES];
    zl_time_rfc3339(time, time_ns);
    put_text(out, key, zl_span_make(time, sizeof time));
}

/* A level without a name of its own is called by its number, which everybody knows. */
static int is_named(const zl_level_names *names, int level) {
    char number[8];
    snprintf(number, sizeof number, "L%02d", level);
    return strcmp(names->name[level], number) != 0;
}

static void put_levels(zl_buffer *out, const zl_level_names *names) {
    char number[8];
    put_key(out, "levels");
    zl_buffer_put_char(out, '{');
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        if (!is_named(names, level))
            continue;
        snprintf(number, sizeof number, "%d", level);
        put_text(out, number, zl_span_of(names->name[level]));
    }
    zl_buffer_put_char(out, '}');
}

static void put_endpoints(zl_buffer *out, const zl_openings *openings) {
    const char *name;
    put_key(out, "endpoints");
    zl_buffer_put_char(out, '[');
    for (int i = 0; openings && (name = zl_openings_name(openings, i)); i++) {
        if (i)
            zl_buffer_put_char(out, ',');
        zl_json_put_string(out, zl_span_of(name));
    }
    zl_buffer_put_char(out, ']');
}

static void put_who(zl_buffer *out, const zl_sender *sender) {
    const zl_composer *composer = &sender->composer;
    zl_buffer_put_char(out, '{');
    put_text(out, "root", composer->root);
    put_text(out, "host", zl_span_of(composer->hostname));
    put_number(out, "pid", composer->pid);
    put_time(out, "start", composer->start_ns);
}

void zl_sender_report_who(const zl_sender *sender, zl_buffer *out) {
    put_who(out, sender);
    zl_buffer_put_char(out, '}');
}

void zl_sender_report_hello(zl_sender *sender, zl_buffer *out) {
    const zl_format *format = sender->composer.format[ZMQLOG_LEVEL_INFO];
    put_who(out, sender);
    put_text(out, "version", zl_span_of(zmqlog_version_string()));
    put_key(out, "epoch");
    zl_buffer_printf(out, "\"%016llx\"", (unsigned long long)sender->epoch);
    put_text(out, "style", zl_span_of(format ? zl_format_style(format) : "plain"));
    put_number(out, "floor", atomic_load(&sender->floor));
    put_levels(out, sender->names);
    put_endpoints(out, sender->options.openings);
    zl_buffer_put_char(out, '}');
}

#define PUT_COUNTER(name, lower, text)                                                 \
    put_number(out, lower, zl_sender_count(sender, ZMQLOG_COUNT_##name));

static void put_counters(zl_buffer *out, const zl_sender *sender) {
    put_key(out, "counters");
    zl_buffer_put_char(out, '{');
    ZL_COUNTERS_OF_HANDLER(PUT_COUNTER)
    zl_buffer_put_char(out, '}');
}

static void put_gate(zl_buffer *out, const zl_sender *sender) {
    int count = 0;
    put_key(out, "gate");
    zl_buffer_put_char(out, '[');
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        if (!zl_gate_is_open(sender->gate, level))
            continue;
        if (count++)
            zl_buffer_put_char(out, ',');
        zl_json_put_string(out, zl_span_of(sender->names->name[level]));
    }
    zl_buffer_put_char(out, ']');
}

static void put_queue(zl_buffer *out, const zl_sender *sender) {
    const zl_ring *ring = &sender->queue->ring;
    put_key(out, "queue");
    zl_buffer_put_char(out, '{');
    put_number(out, "used", (int64_t)zl_ring_used(ring));
    put_number(out, "bytes", (int64_t)ring->capacity);
    zl_buffer_put_char(out, '}');
}

void zl_sender_report_stats(zl_sender *sender, zl_buffer *out) {
    put_who(out, sender);
    put_time(out, "time", zl_clock_realtime_ns());
    put_number(out, "listeners", (int64_t)sender->listeners.peers);
    put_number(out, "prefixes", (int64_t)sender->listeners.prefixes.distinct);
    put_queue(out, sender);
    put_gate(out, sender);
    put_counters(out, sender);
    zl_buffer_put_char(out, '}');
}
