/* SPDX-License-Identifier: BSD-3-Clause */
/* Any text as a %-format for a record made of the same bytes; and that record as
 * json, whole and cut. Input: five lengths, then the bytes they divide. */
#include <stdint.h>
#include <stdlib.h>

#include "format/fields.h"
#include "format/format.h"
#include "base/json.h"

#define PARTS 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int promise) {
    if (!promise)
        abort();
}

/* Takes up to `want` bytes off the front. */
static zl_span take(zl_span *left, size_t want) {
    zl_span part = zl_span_make(left->data, want < left->len ? want : left->len);

    *left = zl_span_make(left->data + part.len, left->len - part.len);
    return part;
}

static zl_view view_of(const zl_span *parts) {
    zl_view view;

    memset(&view, 0, sizeof view);
    view.level = 20;
    view.level_name = zl_span_of("INFO");
    view.text = parts[1];
    view.file = view.logger = parts[2];
    view.topic = view.function = view.hostname = parts[3];
    view.line = (int)parts[1].len;
    view.thread = UINT64_MAX - parts[2].len;
    if (parts[3].len >= sizeof view.time_ns)
        memcpy(&view.time_ns, parts[3].data, sizeof view.time_ns);
    view.seq = (uint64_t)view.time_ns;
    return view;
}

static void render_percent(zl_span style, const zl_view *view, size_t max) {
    char *text = calloc(1, style.len + 1);
    zl_buffer out = ZL_BUFFER_INIT;
    zl_format *format;

    if (!text)
        return;
    if (style.len > 0)
        memcpy(text, style.data, style.len);
    if (zl_format_compile(&format, NULL, 20, text, NULL) == ZMQLOG_OK) {
        int cut = zl_format_render(format, view, max, &out);

        check(!out.failed && out.len <= max);
        check(cut == 0 || cut == 1);
        zl_format_free(format);
    }
    zl_buffer_free(&out);
    free(text);
}

/* Members are walked rather than the whole checked: a field may be as deep as a
 * value may be, which makes the object deeper by one. */
static void check_object(zl_span object) {
    zl_json_members it;
    zl_span key, value;
    int more;

    zl_json_members_begin(&it, object);
    while ((more = zl_json_members_next(&it, &key, &value)) == 1)
        ;
    check(more == 0);
}

static void render_json(const zl_view *view, size_t max) {
    zl_buffer out = ZL_BUFFER_INIT;
    zl_format *format;

    if (zl_format_compile(&format, NULL, 20, "json", NULL) != ZMQLOG_OK)
        return;
    check(zl_format_render(format, view, SIZE_MAX, &out) == 0);
    check_object(zl_buffer_span(&out));
    zl_buffer_reset(&out);
    zl_format_render(format, view, max, &out);
    check(out.len <= max);
    if (max >= 2)
        check_object(zl_buffer_span(&out));
    zl_buffer_free(&out);
    zl_format_free(format);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zl_span parts[PARTS], left = zl_span_make((const char *)data, size);
    zl_span lengths = take(&left, PARTS);
    zl_fields fields;
    zl_view view;
    size_t i;

    if (lengths.len < PARTS)
        return 0;
    for (i = 0; i < PARTS; i++)
        parts[i] = take(&left, (unsigned char)lengths.data[i]);
    zl_fields_init(&fields);
    zl_fields_add_raw(&fields, NULL, parts[3], zl_span_of("\"raw\""));
    zl_fields_set_json(&fields, NULL, "json", parts[4].data, parts[4].len);
    view = view_of(parts);
    view.fields = zl_buffer_span(&fields.packed);
    render_percent(parts[0], &view, left.len);
    render_json(&view, left.len);
    zl_fields_free(&fields);
    return 0;
}
