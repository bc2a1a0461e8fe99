/* SPDX-License-Identifier: BSD-3-Clause */
/* Which programs there are. Everything here came from strangers: each part is checked,
 * and there is a limit to all of it. */
#include "receive/programs.h"

#include "base/json.h"
#include "base/utf8.h"
#include "name/control.h"

#include <stdlib.h>

static void drop(zl_program *program) {
    if (!program)
        return;
    free(program->names);
    zl_buffer_free(&program->asked);
    free(program);
}

void zl_programs_free(zl_programs *set) {
    for (size_t i = 0; i < set->count; i++)
        drop(set->items[i]);
    free(set->items);
    *set = (zl_programs){0};
}

static zl_span root_of(const zl_program *program) {
    return zl_span_make(program->root, program->root_len);
}

/* The first that does not sort before the root. */
static size_t place_of(const zl_programs *set, zl_span root) {
    size_t from = 0, to = set->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (zl_span_compare(root_of(set->items[middle]), root) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static zl_program *find(const zl_programs *set, zl_span root) {
    size_t place = place_of(set, root);
    if (place < set->count && zl_span_equal(root_of(set->items[place]), root))
        return set->items[place];
    return NULL;
}

static zl_program *add(zl_programs *set, zl_span root) {
    size_t place = place_of(set, root);
    size_t capacity = set->capacity ? set->capacity * 2 : 16;
    zl_program **items = set->items, *program;
    if (set->count == ZL_PROGRAMS_MAX)
        return NULL;
    if (set->count == set->capacity) {
        items = realloc(items, capacity * sizeof(zl_program *));
        if (!items)
            return NULL;
        set->items = items;
        set->capacity = capacity;
    }
    program = calloc(1, sizeof *program);
    if (!program)
        return NULL;
    memcpy(program->root, root.data ? root.data : "", root.len);
    program->root_len = root.len;
    memmove(items + place + 1, items + place,
            (set->count - place) * sizeof(zl_program *));
    items[place] = program;
    set->count++;
    return program;
}

static zl_program_name *find_name(const zl_program *program, zl_span name) {
    for (size_t i = 0; i < program->name_count; i++)
        if (zl_span_equal(zl_span_of(program->names[i].text), name))
            return &program->names[i];
    return NULL;
}

static zl_program_name *new_name(zl_program *program, zl_span name) {
    size_t bytes = (program->name_count + 1) * sizeof *program->names;
    zl_program_name *names;
    if (program->name_count == ZL_PROGRAM_NAMES_MAX)
        return NULL;
    names = realloc(program->names, bytes);
    if (!names)
        return NULL;
    program->names = names;
    names += program->name_count++;
    names->level = 0;
    memcpy(names->text, name.data, name.len);
    names->text[name.len] = '\0';
    return names;
}

/* 1 when it is new, or of another level than before. */
static int learn_name(zl_programs *set, zl_program *program, int level, zl_span name) {
    zl_program_name *known = find_name(program, name);
    if (!known)
        known = new_name(program, name);
    if (!known) {
        set->left_out = 1;
        return 0;
    }
    if (known->level == level)
        return 0;
    known->level = level;
    return 1;
}

/* ---- what a hello says ---- */

static int is_fine(zl_span text, size_t most) {
    return text.len <= most && zl_utf8_is_valid(text) &&
           (text.len == 0 || !memchr(text.data, '\0', text.len));
}

/* Only what a program can have as the name of a level. */
static int is_name(zl_span name) {
    return name.len > 0 && is_fine(name, ZMQLOG_NAME_MAX_BYTES) &&
           !memchr(name.data, '.', name.len);
}

static int level_of(zl_span key) {
    int64_t number;
    return zl_json_int(key, &number) && number >= ZMQLOG_LEVEL_MIN &&
                   number <= ZMQLOG_LEVEL_MAX
               ? (int)number
               : 0;
}

/* What stands in a JSON string; 0 when it is none. */
static int read_string(zl_buffer *out, zl_span value) {
    zl_span raw;
    zl_buffer_reset(out);
    return zl_json_string_raw(value, &raw) && zl_json_unescape(out, raw) == 0 &&
           !out->failed;
}

static int read_levels(zl_programs *set, zl_program *program, zl_span levels,
                       zl_buffer *text) {
    zl_json_members members;
    zl_span key, value;
    int news = 0;
    zl_json_members_begin(&members, levels);
    while (zl_json_members_next(&members, &key, &value) == 1)
        if (level_of(key) && read_string(text, value) && is_name(zl_buffer_span(text)))
            news |= learn_name(set, program, level_of(key), zl_buffer_span(text));
    return news;
}

/* The members that matter; 0 when the body is no object. */
static int read_members(zl_span body, zl_span *root, zl_span *levels) {
    zl_json_members members;
    zl_span key, value;
    int got;
    *root = *levels = zl_span_make(NULL, 0);
    zl_json_members_begin(&members, body);
    while ((got = zl_json_members_next(&members, &key, &value)) == 1) {
        if (zl_span_equal(key, zl_span_of("root")))
            *root = value;
        if (zl_span_equal(key, zl_span_of("levels")))
            *levels = value;
    }
    return got == 0;
}

static zl_hello hear(zl_programs *set, zl_span root, zl_span levels, zl_buffer *text,
                     zl_program **program) {
    int is_new;
    if (!read_string(text, root) ||
        !is_fine(zl_buffer_span(text), ZMQLOG_ROOT_MAX_BYTES) ||
        zl_control_is_reserved(zl_buffer_span(text)))
        return ZL_HELLO_BAD;
    *program = find(set, zl_buffer_span(text));
    is_new = !*program;
    if (is_new)
        *program = add(set, zl_buffer_span(text));
    if (!*program) {
        set->left_out = 1;
        return ZL_HELLO_BAD;
    }
    return read_levels(set, *program, levels, text) || is_new ? ZL_HELLO_NEW
                                                              : ZL_HELLO_KNOWN;
}

zl_hello zl_programs_hear(zl_programs *set, zl_span body, zl_program **program) {
    zl_buffer text = ZL_BUFFER_INIT;
    zl_span root, levels;
    zl_hello heard;
    *program = NULL;
    if (!read_members(body, &root, &levels))
        return ZL_HELLO_BAD;
    if (!root.data)
        return ZL_HELLO_KNOWN;
    heard = hear(set, root, levels, &text, program);
    zl_buffer_free(&text);
    return heard;
}

/* ---- reading topics ---- */

static int level_of_number(zl_span name) {
    int level;
    if (name.len != 3 || name.data[0] != 'L' || name.data[1] < '0' ||
        name.data[1] > '9' || name.data[2] < '0' || name.data[2] > '9')
        return 0;
    level = (name.data[1] - '0') * 10 + name.data[2] - '0';
    return zl_level_is_valid(level) ? level : 0;
}

/* Whether what follows the root, from `at`, begins with a level of this program. */
static int parse_at(const zl_program *program, zl_span topic, size_t at,
                    zl_topic_parts *parts) {
    const char *from = topic.data + at;
    const char *dot = memchr(from, '.', topic.len - at);
    zl_span name = zl_span_make(from, dot ? (size_t)(dot - from) : topic.len - at);
    const zl_program_name *known = find_name(program, name);
    size_t rest = at + name.len + 1;
    int level = known ? known->level : level_of_number(name);
    if (level == 0)
        return 0;
    parts->root = zl_span_make(topic.data, program->root_len);
    parts->level_name = name;
    parts->level = level;
    parts->subtopic = rest < topic.len
                          ? zl_span_make(topic.data + rest, topic.len - rest)
                          : zl_span_make(NULL, 0);
    return 1;
}

int zl_programs_parse(const zl_programs *set, zl_span topic, zl_topic_parts *parts) {
    const zl_program *program = find(set, zl_span_make(NULL, 0));
    int found = program && topic.len && parse_at(program, topic, 0, parts);
    for (size_t at = 0; at < topic.len && at <= ZMQLOG_ROOT_MAX_BYTES; at++) {
        if (topic.data[at] != '.' || at + 1 == topic.len)
            continue;
        program = find(set, zl_span_make(topic.data, at));
        if (program)
            found |= parse_at(program, topic, at + 1, parts);
    }
    return found;
}
