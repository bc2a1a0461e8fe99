/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics: joining, splitting a text at its delimiter, reading a received topic,
 * and which subscription opens what. Pure. */
#ifndef ZL_TOPIC_H
#define ZL_TOPIC_H

#include "name/level.h"
#include "base/span.h"

#include <stdint.h>

/* How `log` calls are split. */
typedef struct zl_split_rule {
    char delimiter[17]; /* "" never splits */
    size_t delimiter_len;
    int allow_control; /* PyZMQ's rule: a subtopic may hold control characters */
} zl_split_rule;

typedef struct zl_split {
    zl_span subtopic; /* empty when not split or when nothing precedes it */
    zl_span message;
} zl_split;

/* Splits at the first delimiter. `room` is how many bytes of subtopic the topic
 * still takes; a longer one, or one with a control character, leaves the text
 * whole. */
zl_split zl_topic_split(const zl_split_rule *rule, zl_span text, size_t room);
/* Whether that is worth a call: most texts have no delimiter. */
static inline int zl_topic_may_split(const zl_split_rule *rule, zl_span text) {
    size_t most = ZMQLOG_TOPIC_MAX_BYTES + sizeof rule->delimiter;
    return rule->delimiter_len && text.len >= rule->delimiter_len &&
           memchr(text.data, rule->delimiter[0], text.len < most ? text.len : most);
}

/* Joins the non-empty parts with "." into out (at least ZMQLOG_TOPIC_MAX_BYTES
 * bytes); what is too long is cut at a UTF-8 boundary and *cut set to 1 (never
 * set to 0). Returns the length. */
size_t zl_topic_join(char *out, const zl_span *parts, size_t count, int *cut);

/* Whether a subscription to `prefix` may match a record of this root and level
 * name: prefix is a prefix of T or "T." is a prefix of prefix. */
int zl_topic_prefix_opens(zl_span prefix, zl_span root, zl_span level_name);

/* Whether a record with this topic reaches a subscription to prefix; `exact`:
 * only if the prefix ends at a segment boundary of the topic ("app.INFO" not
 * "app.INFORMATION", "" matches all; a prefix that ends with "." matches what
 * follows it). */
int zl_topic_matches(zl_span prefix, zl_span topic, int exact);

typedef struct zl_topic_parts {
    zl_span root;
    zl_span level_name; /* as it stands in the topic; empty when none */
    zl_span subtopic;
    int level; /* 0 when none was found: then root is the whole topic */
} zl_topic_parts;

/* Reads a topic. The longest known root whose next segment is a level wins
 * (root "" means that the first segment is the level); else the first segment
 * that is a level. */
zl_topic_parts zl_topic_parse(zl_span topic, const zl_level_names *names,
                              const zl_span *roots, size_t root_count);

#endif
