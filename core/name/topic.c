/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics are parts joined by dots: root, level, subtopic. This room takes texts
 * and topics apart, puts topics together, and says what a subscription matches.
 * Knows names of levels, no handles. */
#include "name/topic.h"
#include "base/utf8.h"

/* Nobody's root is longer; this bounds the work on what strangers send. */
#define ROOT_SEARCH_BYTES 4096

static zl_span after(zl_span text, size_t bytes) {
    return zl_span_make(text.data + bytes, text.len - bytes);
}

/* Where the delimiter stands in the text, or the text's length. Lone colons are
 * common, so its last byte is compared before all of it. */
static size_t find_delimiter(const zl_split_rule *rule, zl_span text) {
    const char *at = text.data, *end = text.data + text.len;
    size_t last = rule->delimiter_len - 1;
    while ((size_t)(end - at) >= rule->delimiter_len) {
        size_t starts = (size_t)(end - at) - rule->delimiter_len + 1;
        at = memchr(at, rule->delimiter[0], starts);
        if (!at)
            break;
        if (at[last] == rule->delimiter[last] && memcmp(at, rule->delimiter, last) == 0)
            return (size_t)(at - text.data);
        at++;
    }
    return text.len;
}

zl_split zl_topic_split(const zl_split_rule *rule, zl_span text, size_t room) {
    zl_split whole = {{NULL, 0}, text}, split;
    zl_span window = text;
    size_t at;
    if (rule->delimiter_len == 0 || text.len < rule->delimiter_len)
        return whole;
    if (text.len - rule->delimiter_len > room)
        window.len = room + rule->delimiter_len;
    at = find_delimiter(rule, window);
    if (at == window.len)
        return whole;
    split.subtopic = zl_span_make(text.data, at);
    if (!rule->allow_control && zl_utf8_has_control(split.subtopic))
        return whole;
    split.message = after(text, at + rule->delimiter_len);
    return split;
}

size_t zl_topic_join(char *out, const zl_span *parts, size_t count, int *cut) {
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        size_t dot = len > 0, taken = 0;
        if (parts[i].len == 0)
            continue;
        if (len + dot < ZMQLOG_TOPIC_MAX_BYTES)
            taken = zl_utf8_cut(parts[i], ZMQLOG_TOPIC_MAX_BYTES - len - dot);
        if (taken > 0) {
            if (dot)
                out[len++] = '.';
            memcpy(out + len, parts[i].data, taken);
            len += taken;
        }
        if (taken < parts[i].len) {
            *cut = 1;
            break;
        }
    }
    return len;
}

/* Takes `part` off the front of what is left of a prefix, as far as that goes; 0
 * when they differ. */
static int take(zl_span *left, zl_span part) {
    size_t len = left->len < part.len ? left->len : part.len;
    if (len == 0)
        return 1;
    if (memcmp(left->data, part.data, len) != 0)
        return 0;
    *left = after(*left, len);
    return 1;
}

int zl_topic_prefix_opens(zl_span prefix, zl_span root, zl_span level_name) {
    const zl_span dot = {".", 1};
    if (!take(&prefix, root))
        return 0;
    if (root.len > 0 && level_name.len > 0 && !take(&prefix, dot))
        return 0;
    return take(&prefix, level_name) && take(&prefix, dot);
}

int zl_topic_matches(zl_span prefix, zl_span topic, int exact) {
    if (!zl_span_is_prefix(prefix, topic))
        return 0;
    return !exact || prefix.len == 0 || prefix.len == topic.len ||
           topic.data[prefix.len] == '.' || prefix.data[prefix.len - 1] == '.';
}

/* The segment that begins at `start`, without its dot. */
static zl_span segment_at(zl_span topic, size_t start) {
    zl_span rest = after(topic, start);
    const char *dot = rest.len ? memchr(rest.data, '.', rest.len) : NULL;
    if (dot)
        rest.len = (size_t)(dot - rest.data);
    return rest;
}

/* Reads the topic with its level at `start`; 0 when there is no level. */
static int read_level_at(zl_topic_parts *parts, zl_span topic, size_t start,
                         const zl_level_names *names) {
    zl_span name = segment_at(topic, start);
    int level = zl_level_of_segment(names, name);
    size_t end = start + name.len;
    if (level == 0)
        return 0;
    parts->level = level;
    parts->level_name = name;
    parts->root = zl_span_make(topic.data, start > 0 ? start - 1 : 0);
    parts->subtopic = after(topic, end < topic.len ? end + 1 : end);
    return 1;
}

/* Where the level begins if `root` is the topic's root; 0 for the empty root, and
 * for one that is not. */
static size_t level_start(zl_span root, zl_span topic) {
    if (root.len == 0 || root.len >= topic.len || topic.data[root.len] != '.')
        return 0;
    return zl_span_is_prefix(root, topic) ? root.len + 1 : 0;
}

static int read_known_root(zl_topic_parts *parts, zl_span topic,
                           const zl_level_names *names, const zl_span *roots,
                           size_t root_count) {
    size_t best = 0;
    int found = 0;
    for (size_t i = 0; i < root_count; i++) {
        size_t start = level_start(roots[i], topic);
        if (start == 0 && roots[i].len > 0)
            continue;
        if ((!found || start > best) && read_level_at(parts, topic, start, names)) {
            best = start;
            found = 1;
        }
    }
    return found;
}

zl_topic_parts zl_topic_parse(zl_span topic, const zl_level_names *names,
                              const zl_span *roots, size_t root_count) {
    zl_topic_parts parts = {topic, {NULL, 0}, {NULL, 0}, 0};
    size_t start = 0;
    if (topic.len == 0 || read_known_root(&parts, topic, names, roots, root_count))
        return parts;
    while (start < topic.len && start <= ROOT_SEARCH_BYTES) {
        if (read_level_at(&parts, topic, start, names))
            break;
        start += segment_at(topic, start).len + 1;
    }
    return parts;
}
