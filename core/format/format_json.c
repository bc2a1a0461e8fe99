/* SPDX-License-Identifier: BSD-3-Clause */
/* The style json: one object for each record, valid whatever the record holds,
 * and within its size even when parts have to go. */
#include "format/fields.h"
#include "format/format_internal.h"
#include "base/json.h"

#define PUT(out, text) put_bytes(out, text, sizeof(text) - 1)

#define OMIT_FIELDS 1u
#define OMIT_SOURCE 2u
#define OMIT_NAMES 4u /* logger and host */
#define OMIT_TOPIC 8u

/* zl_buffer_put for lengths known here: a few instructions where there is room. */
static inline void put_bytes(zl_buffer *out, const char *bytes, size_t len) {
    if (out->capacity - out->len < len) {
        zl_buffer_put(out, bytes, len);
        return;
    }
    memcpy(out->data + out->len, bytes, len);
    out->len += len;
}

/* One record's object in the making. */
typedef struct object {
    const zl_view *view;
    zl_span text;
    zl_span mark; /* stands behind text; plain ASCII */
    unsigned omit;
} object;

static void put_text(zl_buffer *out, const object *o) {
    PUT(out, "\"msg\":");
    zl_json_put_string(out, o->text);
    if (o->mark.len > 0 && !out->failed) {
        out->len--;
        zl_buffer_put_span(out, o->mark);
        PUT(out, "\"");
    }
}

static void put_source(zl_buffer *out, const zl_view *view) {
    const char *comma = "";

    if (view->file.len == 0 && view->line <= 0 && view->function.len == 0)
        return;
    PUT(out, ",\"source\":{");
    if (view->file.len > 0) {
        PUT(out, "\"file\":");
        zl_json_put_string(out, view->file);
        comma = ",";
    }
    if (view->line > 0) {
        zl_buffer_put_text(out, comma);
        PUT(out, "\"line\":");
        zl_json_put_int(out, view->line);
        comma = ",";
    }
    if (view->function.len > 0) {
        zl_buffer_put_text(out, comma);
        PUT(out, "\"function\":");
        zl_json_put_string(out, view->function);
    }
    PUT(out, "}");
}

static void put_epoch(zl_buffer *out, uint64_t epoch) {
    static const char hex[] = "0123456789abcdef";
    char digits[16];
    int i;

    for (i = 15; i >= 0; i--, epoch >>= 4)
        digits[i] = hex[epoch & 15];
    PUT(out, ",\"epoch\":\"");
    put_bytes(out, digits, sizeof digits);
    PUT(out, "\"");
}

/* Whether a key is one of ours, or one of ours that was renamed already: those
 * move on by one more "_", so different keys stay different. */
static int is_taken(zl_span key) {
    static const char *const ours[] = {"pid",   "seq",   "host",  "msg",    "time",
                                       "level", "topic", "epoch", "logger", "source"};
    size_t i;

    while (key.len > 0 && key.data[key.len - 1] == '_')
        key.len--;
    if (key.len < 3 || key.len > 6)
        return 0;
    for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (ours[i][0] == key.data[0] && zl_span_equal(key, zl_span_of(ours[i])))
            return 1;
    return 0;
}

static void put_fields(zl_buffer *out, zl_span packed) {
    size_t offset = 0;
    zl_field field;

    while (zl_fields_next(packed, &offset, &field)) {
        PUT(out, ",");
        zl_json_put_string(out, field.key);
        if (is_taken(field.key) && !out->failed) {
            out->len--;
            PUT(out, "_\"");
        }
        PUT(out, ":");
        zl_buffer_put_span(out, field.json);
    }
}

static void put_head(zl_buffer *out, const object *o) {
    const zl_view *view = o->view;

    PUT(out, "{");
    if (view->time_ns != ZMQLOG_TIME_NONE) {
        char time[ZL_RFC3339_BYTES];
        zl_time_rfc3339(time, view->time_ns);
        PUT(out, "\"time\":\"");
        put_bytes(out, time, sizeof time);
        PUT(out, "\",");
    }
    PUT(out, "\"level\":");
    zl_json_put_string(out, view->level_name);
    if (view->logger.len > 0 && !(o->omit & OMIT_NAMES)) {
        PUT(out, ",\"logger\":");
        zl_json_put_string(out, view->logger);
    }
    if (!(o->omit & OMIT_TOPIC)) {
        PUT(out, ",\"topic\":");
        zl_json_put_string(out, view->topic);
    }
    PUT(out, ",");
}

static void put_object(zl_buffer *out, const object *o) {
    const zl_view *view = o->view;

    put_head(out, o);
    put_text(out, o);
    if (!(o->omit & OMIT_SOURCE))
        put_source(out, view);
    PUT(out, ",\"seq\":");
    zl_json_put_uint(out, view->seq);
    put_epoch(out, view->epoch);
    PUT(out, ",\"pid\":");
    zl_json_put_int(out, view->pid);
    if (view->hostname.len > 0 && !(o->omit & OMIT_NAMES)) {
        PUT(out, ",\"host\":");
        zl_json_put_string(out, view->hostname);
    }
    if (!(o->omit & OMIT_FIELDS))
        put_fields(out, view->fields);
    PUT(out, "}");
}

/* Size of the object without any text. */
static size_t measure(zl_buffer *out, object o) {
    size_t len, start = out->len;

    o.text.len = o.mark.len = 0;
    put_object(out, &o);
    len = out->len - start;
    out->len = start;
    return len;
}

/* Tries to get the object into `max` bytes by cutting its text alone; `dropped`
 * bytes are gone already. */
static int put_cut(zl_buffer *out, object o, size_t max, size_t dropped) {
    char mark[ZL_CUT_MARK_BYTES];
    size_t len = measure(out, o);
    size_t whole = o.text.len;

    if (out->failed || len + ZL_CUT_MARK_BYTES > max)
        return 0;
    o.text.len = zl_json_fit(o.text, max - len - ZL_CUT_MARK_BYTES);
    dropped += whole - o.text.len + o.view->cut;
    o.mark = zl_span_make(mark, zl_format_cut_mark(mark, dropped));
    put_object(out, &o);
    return 1;
}

static void put_within(zl_buffer *out, const object *whole, size_t max) {
    static const unsigned steps[] = {0, OMIT_FIELDS, OMIT_FIELDS | OMIT_SOURCE,
                                     OMIT_FIELDS | OMIT_SOURCE | OMIT_NAMES,
                                     OMIT_FIELDS | OMIT_SOURCE | OMIT_NAMES |
                                         OMIT_TOPIC};
    size_t i, len = measure(out, *whole);

    for (i = 0; i < sizeof steps / sizeof steps[0] && !out->failed; i++) {
        object o = *whole;

        o.omit = steps[i];
        if (put_cut(out, o, max, len - measure(out, o)))
            return;
    }
    if (max >= 2)
        PUT(out, "{}");
}

int zl_json_render(const zl_view *view, size_t max, zl_buffer *out) {
    object o = {view, view->text, {NULL, 0}, 0};
    size_t start = out->len;

    put_object(out, &o);
    if (out->failed || out->len - start <= max)
        return 0;
    out->len = start;
    put_within(out, &o, max);
    return 1;
}
