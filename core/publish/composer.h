/* SPDX-License-Identifier: BSD-3-Clause */
/* From a record to its two frames: topic, number, style. Its owner is the
 * sending side: the I/O thread, or an attached handler under its lock. Knows no
 * sockets. */
#ifndef ZL_COMPOSER_H
#define ZL_COMPOSER_H

#include "base/counters.h"
#include "publish/entry.h"
#include "format/format.h"
#include "name/level.h"
#include "name/topic.h"
#include "publish/topics.h"

typedef struct zl_composer {
    const zl_level_names *names;
    zl_counters *counters;
    size_t max_body_bytes;
    zl_format *format[ZMQLOG_GATE_BYTES]; /* owned; NULL: plain */
    zl_span root;                         /* interned by the handler */
    zl_topics *topics;
    zl_buffer body, fields;
    char topic_text[ZMQLOG_TOPIC_MAX_BYTES];
    char hostname[256];
    int64_t pid, start_ns;
    /* the record in hand */
    zl_view view;
    int timed; /* view.time_ns holds; else it is taken if a style shows it */
    zl_topic *topic;
    size_t topic_len;
    zl_span level_name;
    /* what the topic in hand was made of; level 0: nothing to compare with */
    int topic_level;
    const char *topic_root;
    size_t topic_subtopic_len;
    int hides_level; /* of the first record whose style drops its fields; 0: none */
} zl_composer;

/* 0, or -1 without memory. */
int zl_composer_init(zl_composer *composer, const zl_level_names *names,
                     zl_counters *counters, size_t max_body_bytes, int64_t start_ns);
void zl_composer_destroy(zl_composer *composer);

/* Takes the format of one level and frees the one before. */
void zl_composer_set_format(zl_composer *composer, int level, zl_format *format);

/* Takes composer->view in hand (level, subtopic, text and so on are filled):
 * finds its topic. 0, or -1 without memory. */
static inline int zl_composer_take(zl_composer *composer);
/* The frames of the record in hand; body may point into the view's text. 0, or
 * -1 without memory. */
static inline int zl_composer_frames(zl_composer *composer, zl_span *topic,
                                     zl_span *body);
/* Takes a record in hand whose frames are there already (level 0): its topic is what
 * the view has as subtopic, its body the text, and it has no number. 0, or -1 without
 * memory. */
int zl_composer_take_frames(zl_composer *composer);
/* The record in hand was handed over: its number is used. */
static inline void zl_composer_sent(zl_composer *composer) {
    composer->topic->seq++;
}

/* ---- how it works, for the sender's hot path ---- */

int zl_composer_make_topic(zl_composer *composer);
int zl_composer_render(zl_composer *composer, zl_span *body);
void zl_composer_look_at_fields(zl_composer *composer);

/* Most records have the topic of the one before. */
static inline int zl_composer_has_topic_in_hand(const zl_composer *composer) {
    const zl_view *view = &composer->view;
    size_t len = view->subtopic.len;
    return composer->topic_level == view->level &&
           composer->topic_root == composer->root.data &&
           composer->topic_subtopic_len == len &&
           (len == 0 || memcmp(composer->topic_text + composer->topic_len - len,
                               view->subtopic.data, len) == 0);
}

static inline int zl_composer_take(zl_composer *composer) {
    zl_view *view = &composer->view;
    if (!zl_composer_has_topic_in_hand(composer) &&
        zl_composer_make_topic(composer) != 0)
        return -1;
    view->level_name = composer->level_name;
    view->root = composer->root;
    view->topic = zl_span_make(composer->topic_text, composer->topic_len);
    return 0;
}

/* And most are sent as they are. */
static inline int zl_composer_fits_as_it_is(const zl_composer *composer) {
    const zl_format *format = composer->format[composer->view.level];
    return !format || (zl_format_is_plain(format) &&
                       composer->view.text.len <= composer->max_body_bytes);
}

static inline int zl_composer_frames(zl_composer *composer, zl_span *topic,
                                     zl_span *body) {
    if (!composer->view.is_bare && !composer->hides_level)
        zl_composer_look_at_fields(composer);
    *topic = composer->view.topic;
    *body = composer->view.text;
    return zl_composer_fits_as_it_is(composer) ? 0 : zl_composer_render(composer, body);
}

#endif
