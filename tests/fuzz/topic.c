/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics and texts from anybody. The first byte chooses the rule and the room, the
 * rest is NUL-separated: text, root, another root, level name, prefix. Traps when
 * parts do not add up to the whole. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/prefixes.h"
#include "name/topic.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int truth) {
    if (!truth)
        abort();
}

static zl_span next_part(zl_span *input) {
    const char *end = input->len ? memchr(input->data, '\0', input->len) : NULL;
    zl_span part = *input;
    if (end) {
        part.len = (size_t)(end - input->data);
        *input = zl_span_make(end + 1, input->len - part.len - 1);
    } else {
        input->len = 0;
    }
    return part;
}

static void check_split(zl_span text, unsigned char choice) {
    static const char *const delimiters[] = {"::", "", ":", "a:a"};
    zl_split_rule rule = {"", 0, choice >> 2 & 1};
    size_t room = choice >> 3;
    zl_split split;
    strcpy(rule.delimiter, delimiters[choice & 3]);
    rule.delimiter_len = strlen(rule.delimiter);
    split = zl_topic_split(&rule, text, room);
    if (split.message.data == text.data) {
        demand(split.subtopic.len == 0 && split.message.len == text.len);
        return;
    }
    demand(split.subtopic.len <= room);
    demand(split.subtopic.len + rule.delimiter_len + split.message.len == text.len);
    demand(memcmp(text.data + split.subtopic.len, rule.delimiter, rule.delimiter_len) ==
           0);
    demand(rule.allow_control || !zl_utf8_has_control(split.subtopic));
}

static void check_join(const zl_span *parts) {
    char out[ZMQLOG_TOPIC_MAX_BYTES];
    size_t whole = 0;
    int cut = 0;
    size_t len = zl_topic_join(out, parts, 3, &cut);
    for (int i = 0; i < 3; i++)
        whole += parts[i].len + (whole > 0 && parts[i].len > 0);
    demand(len <= sizeof out && cut == (whole > sizeof out));
    demand(cut || len == whole);
}

static void check_parse(zl_span topic, const zl_level_names *names,
                        const zl_span *roots) {
    zl_topic_parts parts = zl_topic_parse(topic, names, roots, 2);
    size_t dot = parts.root.data + parts.root.len != parts.level_name.data;
    if (parts.level == 0) {
        demand(parts.root.len == topic.len && parts.level_name.len == 0);
        return;
    }
    demand(zl_level_is_valid(parts.level));
    demand(zl_level_of_segment(names, parts.level_name) == parts.level);
    demand(parts.root.len + dot + parts.level_name.len + parts.subtopic.len +
               (parts.subtopic.len > 0) <=
           topic.len);
    demand(!memchr(parts.level_name.data, '.', parts.level_name.len));
}

/* A record that a subscription matches must have had an open level. */
static void check_prefix(zl_span prefix, const zl_span *parts) {
    char out[ZMQLOG_TOPIC_MAX_BYTES];
    int cut = 0, matches;
    zl_span topic = {out, zl_topic_join(out, parts, 3, &cut)};
    zl_prefix_holder holder = {0};
    zl_prefixes set;
    matches = zl_topic_matches(prefix, topic, 0);
    demand(matches || !zl_topic_matches(prefix, topic, 1));
    if (matches && !cut)
        demand(zl_topic_prefix_opens(prefix, parts[0], parts[1]));
    if (prefix.len > ZMQLOG_PREFIX_MAX_BYTES)
        return;
    zl_prefixes_init(&set);
    zl_prefixes_add(&set, &holder, prefix);
    zl_prefixes_add(&set, &holder, zl_span_make(prefix.data, prefix.len / 2));
    if (prefix.len > 0) {
        zl_prefixes_remove(
            &set,
            zl_prefixes_find(&set, &holder, zl_span_make(prefix.data, prefix.len / 2)));
        demand(zl_prefixes_match(&set, topic) == matches);
        demand(zl_prefix_holder_matches(&holder, topic) == matches);
    }
    zl_prefixes_drop(&set, &holder);
}

static void name_a_level(zl_level_names *names, zl_span name) {
    char text[64];
    const char *why = NULL;
    size_t len = name.len < sizeof text ? name.len : sizeof text - 1;
    zl_level_names_preset(names, "default");
    if (len > 0)
        memcpy(text, name.data, len);
    text[len] = '\0';
    if (zl_level_names_set(names, 35, text, &why) == ZMQLOG_OK)
        demand(zl_level_of_segment(names, zl_span_make(text, len)) == 35);
    else
        demand(why != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zl_span input, text, roots[2], name, prefix;
    zl_level_names names;
    if (size == 0)
        return 0;
    input = zl_span_make((const char *)data + 1, size - 1);
    text = next_part(&input);
    roots[0] = next_part(&input);
    roots[1] = next_part(&input);
    name = next_part(&input);
    prefix = next_part(&input);
    name_a_level(&names, name);
    check_split(text, data[0]);
    check_parse(text, &names, roots);
    if (name.len > 0) {
        const zl_span parts[] = {roots[0], name, text};
        check_join(parts);
        check_prefix(prefix, parts);
    }
    return 0;
}
