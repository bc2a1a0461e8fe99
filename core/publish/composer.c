/* SPDX-License-Identifier: BSD-3-Clause */
/* Composing frames. */
#include "publish/composer.h"

#include "base/clock.h"
#include "format/fields.h"

#include <unistd.h>

int zl_composer_init(zl_composer *composer, const zl_level_names *names,
                     zl_counters *counters, size_t max_body_bytes, int64_t start_ns) {
    memset(composer, 0, sizeof *composer);
    composer->names = names;
    composer->counters = counters;
    composer->max_body_bytes = max_body_bytes;
    composer->start_ns = start_ns;
    composer->pid = getpid();
    if (gethostname(composer->hostname, sizeof composer->hostname - 1) != 0)
        composer->hostname[0] = '\0';
    composer->topics = zl_topics_new();
    return composer->topics ? 0 : -1;
}

void zl_composer_destroy(zl_composer *composer) {
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++)
        zl_format_free(composer->format[level]);
    zl_topics_free(composer->topics);
    zl_buffer_free(&composer->body);
    zl_buffer_free(&composer->fields);
}

void zl_composer_set_format(zl_composer *composer, int level, zl_format *format) {
    zl_format_free(composer->format[level]);
    composer->format[level] = format;
}

int zl_composer_make_topic(zl_composer *composer) {
    zl_view *view = &composer->view;
    zl_span parts[3];
    int cut = 0;
    composer->level_name = zl_span_of(composer->names->name[view->level]);
    parts[0] = composer->root;
    parts[1] = composer->level_name;
    parts[2] = view->subtopic;
    composer->topic_len = zl_topic_join(composer->topic_text, parts, 3, &cut);
    if (cut)
        zl_count(composer->counters, ZMQLOG_COUNT_TRUNCATED);
    composer->topic = zl_topics_get(
        composer->topics, zl_span_make(composer->topic_text, composer->topic_len));
    composer->topic_level = composer->topic && !cut ? view->level : 0;
    composer->topic_root = composer->root.data;
    composer->topic_subtopic_len = view->subtopic.len;
    return composer->topic ? 0 : -1;
}

int zl_composer_take_frames(zl_composer *composer) {
    zl_view *view = &composer->view;
    composer->topic = zl_topics_get(composer->topics, view->subtopic);
    composer->topic_level = 0;
    if (!composer->topic)
        return -1;
    /* The entry may go before the topic is needed no more. */
    view->topic = zl_span_make(composer->topic->text, composer->topic->len);
    return 0;
}

/* The sender tells of it once, since fields that vanish surprise everybody. */
void zl_composer_look_at_fields(zl_composer *composer) {
    const zl_view *view = &composer->view;
    const zl_format *format = composer->format[view->level];
    if (view->fields.len + view->bound.len == 0 ||
        (format && zl_format_shows_fields(format)))
        return;
    composer->hides_level = view->level;
    zl_count_notice(composer->counters);
}

static int merge_fields(zl_composer *composer) {
    zl_view *view = &composer->view;
    if (view->bound.len == 0)
        return 0;
    zl_buffer_reset(&composer->fields);
    zl_fields_merge(&composer->fields, view->bound, view->fields);
    view->fields = zl_buffer_span(&composer->fields);
    return composer->fields.failed ? -1 : 0;
}

int zl_composer_render(zl_composer *composer, zl_span *body) {
    zl_view *view = &composer->view;
    const zl_format *format = composer->format[view->level];
    if (merge_fields(composer) != 0)
        return -1;
    if (!composer->timed)
        view->time_ns = zl_clock_realtime_ns();
    view->hostname = zl_span_of(composer->hostname);
    view->pid = composer->pid;
    view->start_ns = composer->start_ns;
    view->seq = composer->topic->seq + 1;
    view->epoch = composer->topic->epoch;
    zl_buffer_reset(&composer->body);
    if (zl_format_render(format, view, composer->max_body_bytes, &composer->body))
        zl_count(composer->counters, ZMQLOG_COUNT_TRUNCATED);
    if (composer->body.failed)
        return -1;
    *body = zl_buffer_span(&composer->body);
    return 0;
}
