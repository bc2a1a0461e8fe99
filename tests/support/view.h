/* SPDX-License-Identifier: BSD-3-Clause */
/* A record with every part set, to be formatted, and what a style makes of it. For unit
 * tests of formats. */
#ifndef SUPPORT_VIEW_H
#define SUPPORT_VIEW_H

#include "support.h"

#include "format/fields.h"
#include "format/format.h"

#define NO_LIMIT ((size_t)1 << 28)

static inline zl_view full_view(void) {
    zl_view view;

    memset(&view, 0, sizeof view);
    view.level = 20;
    view.level_name = zl_span_of("INFO");
    view.root = zl_span_of("app");
    view.subtopic = zl_span_of("net.tcp");
    view.topic = zl_span_of("app.INFO.net.tcp");
    view.logger = zl_span_of("svc.db");
    view.text = zl_span_of("hello there");
    view.time_ns = INT64_C(1795326491123456789);
    view.thread = 140737353;
    view.thread_name = zl_span_of("worker-1");
    view.file = zl_span_of("/srv/app/main.tar.c");
    view.line = 42;
    view.function = zl_span_of("serve");
    view.hostname = zl_span_of("web1");
    view.pid = 4711;
    view.start_ns = INT64_C(1795326490123456789);
    view.seq = 7;
    view.epoch = UINT64_C(0x0123456789abcdef);
    return view;
}

/* A record of which only level and text are known. */
static inline zl_view bare_view(const char *text) {
    zl_view view;

    memset(&view, 0, sizeof view);
    view.level = 20;
    view.level_name = zl_span_of("INFO");
    view.text = zl_span_of(text);
    view.time_ns = ZMQLOG_TIME_NONE;
    return view;
}

/* Appends what the style makes of the view; whether it was cut. */
static inline int render_style(const char *style, const char *time_format,
                               const zl_view *view, size_t max, zl_buffer *out) {
    zl_format *format;
    int cut;

    assert_ok(zl_format_compile(&format, NULL, view->level, style, time_format));
    cut = zl_format_render(format, view, max, out);
    assert_false(out->failed);
    zl_format_free(format);
    return cut;
}

#define assert_rendered(style, view, literal)                                          \
    do {                                                                               \
        zl_buffer out_ = ZL_BUFFER_INIT;                                               \
        assert_int_equal(render_style((style), NULL, (view), NO_LIMIT, &out_), 0);     \
        assert_bytes(out_.data, out_.len, literal);                                    \
        zl_buffer_free(&out_);                                                         \
    } while (0)

#endif
