/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of PyZMQ's PUBHandler and the frames that it sent for them: the topic and
 * the message that we make of the same calls are the same to the byte. */
#include "support.h"

#include "base/json.h"
#include "format/format.h"
#include "name/topic.h"
#include "base/utf8.h"

#define CALLS 200
#define CALLS_WITH_CONTROL 28 /* with a control character in the subtopic */

typedef struct call {
    int64_t level, line;
    zl_buffer root, message, format, name, file, function, topic, body;
} call;

static int hex_digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void put_hex(zl_buffer *out, zl_span hex) {
    for (size_t i = 0; i + 1 < hex.len; i += 2)
        zl_buffer_put_char(
            out, (char)(hex_digit(hex.data[i]) << 4 | hex_digit(hex.data[i + 1])));
}

static zl_buffer *text_of(call *read, zl_span key) {
    const struct {
        const char *key;
        zl_buffer *text;
    } texts[] = {{"root", &read->root},     {"message", &read->message},
                 {"format", &read->format}, {"name", &read->name},
                 {"file", &read->file},     {"function", &read->function}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (zl_span_equal(key, zl_span_of(texts[i].key)))
            return texts[i].text;
    return NULL;
}

/* A format that is null stays empty: PyZMQ's own is meant. */
static void read_member(call *read, zl_span key, zl_span value) {
    zl_span raw = {"", 0};
    int is_text = zl_json_string_raw(value, &raw);
    if (zl_span_equal(key, zl_span_of("level")))
        assert_true(zl_json_int(value, &read->level));
    else if (zl_span_equal(key, zl_span_of("line")))
        assert_true(zl_json_int(value, &read->line));
    else if (zl_span_equal(key, zl_span_of("topic_hex")))
        put_hex(&read->topic, raw);
    else if (zl_span_equal(key, zl_span_of("body_hex")))
        put_hex(&read->body, raw);
    else if (is_text)
        assert_int_equal(zl_json_unescape(text_of(read, key), raw), 0);
}

static void read_call(call *read, const char *line) {
    zl_json_members members;
    zl_span key, value;
    int more;
    memset(read, 0, sizeof *read);
    zl_json_members_begin(&members, zl_span_of(line));
    while ((more = zl_json_members_next(&members, &key, &value)) == 1)
        read_member(read, key, value);
    assert_int_equal(more, 0);
}

static void free_call(call *read) {
    zl_buffer_free(&read->root);
    zl_buffer_free(&read->message);
    zl_buffer_free(&read->format);
    zl_buffer_free(&read->name);
    zl_buffer_free(&read->file);
    zl_buffer_free(&read->function);
    zl_buffer_free(&read->topic);
    zl_buffer_free(&read->body);
}

static void for_each_call(void (*check)(const call *read, void *context),
                          void *context) {
    FILE *file = fopen(ZMQLOG_SOURCE_DIR "/tests/golden/pyzmq.jsonl", "r");
    char *line = NULL;
    size_t capacity = 0;
    int calls = 0;
    assert_non_null(file);
    for (; getline(&line, &capacity, file) > 0; calls++) {
        call read;
        read_call(&read, line);
        check(&read, context);
        free_call(&read);
    }
    free(line);
    fclose(file);
    assert_int_equal(calls, CALLS);
}

static zl_split split(const call *read, int allow_control) {
    const zl_split_rule rule = {ZMQLOG_TOPIC_DELIM, 2, allow_control};
    return zl_topic_split(&rule, zl_buffer_span(&read->message),
                          ZMQLOG_TOPIC_MAX_BYTES);
}

static void check_topic(const call *read, void *context) {
    const zl_level_names *names = context;
    char out[ZMQLOG_TOPIC_MAX_BYTES];
    const zl_span parts[] = {zl_buffer_span(&read->root),
                             zl_span_of(names->name[read->level]),
                             split(read, 1).subtopic};
    int cut = 0;
    size_t len = zl_topic_join(out, parts, 3, &cut);
    assert_int_equal(cut, 0);
    assert_true(zl_span_equal(zl_span_make(out, len), zl_buffer_span(&read->topic)));
}

TEST(topic_pyzmq__all_topics_are_the_same) {
    zl_level_names names;
    assert_int_equal(zl_level_names_preset(&names, "pyzmq"), 0);
    for_each_call(check_topic, &names);
}

static zl_view view_of(const call *read, const zl_level_names *names) {
    zl_view view = {0};
    view.level = (int)read->level;
    view.level_name = zl_span_of(names->name[read->level]);
    view.logger = zl_buffer_span(&read->name);
    view.text = split(read, 1).message;
    view.file = zl_buffer_span(&read->file);
    view.line = (int)read->line;
    view.function = zl_buffer_span(&read->function);
    return view;
}

static void check_message(const call *read, void *context) {
    zl_view view = view_of(read, context);
    zl_buffer made = {0}, style = {0};
    zl_format *format;
    zl_buffer_put_span(&style, zl_buffer_span(&read->format));
    zl_buffer_put_char(&style, '\0');
    assert_int_equal(zl_format_compile(&format, NULL, view.level,
                                       *style.data ? style.data : "pyzmq", NULL),
                     ZMQLOG_OK);
    assert_int_equal(zl_format_render(format, &view, SIZE_MAX, &made), 0);
    assert_true(zl_span_equal(zl_buffer_span(&made), zl_buffer_span(&read->body)));
    zl_format_free(format);
    zl_buffer_free(&style);
    zl_buffer_free(&made);
}

TEST(topic_pyzmq__all_messages_are_the_same) {
    zl_level_names names;
    assert_int_equal(zl_level_names_preset(&names, "pyzmq"), 0);
    for_each_call(check_message, &names);
}

static void check_control(const call *read, void *context) {
    zl_span subtopic = split(read, 1).subtopic;
    zl_split strict = split(read, 0);
    int *count = context;
    if (zl_utf8_has_control(subtopic)) {
        assert_true(zl_span_equal(strict.message, zl_buffer_span(&read->message)));
        assert_int_equal(strict.subtopic.len, 0);
        ++*count;
    } else {
        assert_true(zl_span_equal(strict.subtopic, subtopic));
    }
}

TEST(topic_pyzmq__our_own_rule_differs_by_control_characters_only) {
    int count = 0;
    for_each_call(check_control, &count);
    assert_int_equal(count, CALLS_WITH_CONTROL);
}

static void check_parse(const call *read, void *context) {
    zl_span root = zl_buffer_span(&read->root);
    zl_topic_parts parts =
        zl_topic_parse(zl_buffer_span(&read->topic), context, &root, 1);
    assert_int_equal(parts.level, read->level);
    assert_true(zl_span_equal(parts.root, root));
    assert_true(zl_span_equal(parts.subtopic, split(read, 1).subtopic));
}

TEST(topic_pyzmq__topics_are_read_back) {
    zl_level_names names;
    assert_int_equal(zl_level_names_preset(&names, "default"), 0);
    for_each_call(check_parse, &names);
}
