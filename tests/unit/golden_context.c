/* SPDX-License-Identifier: BSD-3-Clause */
/* The golden cases of context, errors, logfmt and trace ids (tests/golden), as C does
 * them: a context is a logger that was cloned. */
#include "support.h"
#include "base/json.h"

#include <stdio.h>

#define LINE_BYTES 4096

static zl_span member(zl_span object, const char *key) {
    static const zl_span none;
    zl_json_members it;
    zl_span key_raw, value;

    zl_json_members_begin(&it, object);
    while (zl_json_members_next(&it, &key_raw, &value) == 1)
        if (zl_span_equal(key_raw, zl_span_of(key)))
            return value;
    return none;
}

/* What a JSON string says. */
static zl_span text_of(zl_span json, zl_buffer *out) {
    zl_span raw = zl_span_make("", 0);

    zl_buffer_reset(out);
    if (json.len)
        assert_true(zl_json_string_raw(json, &raw));
    assert_int_equal(0, zl_json_unescape(out, raw));
    return zl_span_make(zl_buffer_text(out), out->len);
}

static void bind_fields(zmqlog_logger *logger, zl_span fields) {
    zl_json_members it;
    zl_span key_raw, value;
    zl_buffer key = ZL_BUFFER_INIT;

    zl_json_members_begin(&it, fields);
    while (fields.len && zl_json_members_next(&it, &key_raw, &value) == 1) {
        zl_buffer_reset(&key);
        zl_json_unescape(&key, key_raw);
        assert_ok(zmqlog_logger_set_field_json(logger, zl_buffer_text(&key), value.data,
                                               value.len));
    }
    zl_buffer_free(&key);
}

/* The logger of a context within another; *topic grows by the context's own. */
static zmqlog_logger *enter(zmqlog_logger *outer, zl_span context, zl_buffer *topic) {
    zmqlog_logger *inner = zmqlog_logger_clone(outer);
    zl_buffer own = ZL_BUFFER_INIT;
    zl_span text = text_of(member(context, "topic"), &own);

    if (text.len && topic->len)
        zl_buffer_put_char(topic, '.');
    zl_buffer_put_span(topic, text);
    assert_ok(zmqlog_logger_set_topic(inner, topic->data, topic->len));
    bind_fields(inner, member(context, "fields"));
    zl_buffer_free(&own);
    zmqlog_logger_free(outer);
    return inner;
}

static zmqlog_logger *logger_of(zmqlog_handler *handler, zl_span golden) {
    zmqlog_logger *logger = zmqlog_logger_new(handler, "");
    zl_buffer topic = ZL_BUFFER_INIT;
    zl_json_members it;
    zl_span name, context, contexts = member(golden, "context");

    zl_json_members_begin(&it, contexts);
    while (contexts.len && zl_json_members_next(&it, &name, &context) == 1)
        logger = enter(logger, context, &topic);
    zl_buffer_free(&topic);
    return logger;
}

static void log_case(zmqlog_logger *logger, zl_span golden) {
    zmqlog_logger *call = zmqlog_logger_clone(logger);
    zl_buffer text = ZL_BUFFER_INIT, data = ZL_BUFFER_INIT;
    zl_span error = member(golden, "error");
    int64_t level = 0;

    bind_fields(call, member(golden, "fields"));
    if (error.len) {
        zl_buffer_put_text(&data, "{\"class\":\"error\",\"message\":");
        zl_buffer_put_span(&data, error);
        zl_buffer_put_char(&data, '}');
    }
    assert_true(zl_json_int(member(golden, "level"), &level));
    text_of(member(golden, "text"), &text);
    if (error.len)
        ZMQLOG_LOG_F(call, (int)level, "%s", zl_buffer_text(&text),
                     ZF_JSON("exception", zl_buffer_text(&data)));
    else
        assert_ok(zmqlog_logger_log(call, (int)level, text.data, text.len));
    zl_buffer_free(&text);
    zl_buffer_free(&data);
    zmqlog_logger_free(call);
}

/* Every member that is wanted is there, objects in objects. */
static void assert_contains(zl_span got, zl_span wanted) {
    zl_json_members it;
    zl_span key_raw, value;

    zl_json_members_begin(&it, wanted);
    while (zl_json_members_next(&it, &key_raw, &value) == 1) {
        char key[64];
        snprintf(key, sizeof key, "%.*s", (int)key_raw.len, key_raw.data);
        zl_span found = member(got, key);
        zl_buffer compact = ZL_BUFFER_INIT;
        zl_json_put_compact(&compact, value);
        if (value.data[0] == '{')
            assert_contains(found, value);
        else if (!zl_span_equal(found, zl_buffer_span(&compact)))
            fail_msg("%s is %.*s, not %.*s", key, (int)found.len, found.data,
                     (int)compact.len, compact.data);
        zl_buffer_free(&compact);
    }
}

/* "frame" is [topic, body]: the topic is a string, so the body begins behind its end.
 */
static zl_span body_of(zl_span frame, zl_span *topic) {
    const char *end = memchr(frame.data + 2, '"', frame.len - 2);
    const char *body = end + strlen("\", ");

    *topic = zl_span_make(frame.data + 2, (size_t)(end - frame.data - 2));
    return zl_span_make(body, (size_t)(frame.data + frame.len - 1 - body));
}

static void compare(const zmqlog_record *record, zl_span frame) {
    zl_span topic, wanted = body_of(frame, &topic);
    zl_buffer text = ZL_BUFFER_INIT;
    zl_span body;

    body.data = zmqlog_record_text(record, &body.len);
    assert_memory_equal(topic.data, zmqlog_record_topic(record, NULL), topic.len);
    if (wanted.data[0] == '{') {
        assert_contains(body, member(wanted, "json"));
    } else {
        text_of(wanted, &text);
        assert_string_equal(zl_buffer_text(&text), body.data);
    }
    zl_buffer_free(&text);
}

static void run_case(zl_span golden) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    zl_buffer style = ZL_BUFFER_INIT;
    zmqlog_logger *logger;

    text_of(member(golden, "style"), &style);
    assert_ok(zmqlog_handler_set_style(handler, 0, zl_buffer_text(&style)));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    logger = logger_of(handler, golden);
    log_case(logger, golden);
    assert_ok(zmqlog_subscriber_recv(subscriber, record, PATIENCE_MS));
    compare(record, member(golden, "frame"));
    zmqlog_logger_free(logger);
    zl_buffer_free(&style);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

TEST(golden__context_errors_logfmt_and_trace_ids) {
    FILE *file = fopen(ZMQLOG_SOURCE_DIR "/tests/golden/context.jsonl", "r");
    char line[LINE_BYTES];
    int cases = 0;

    assert_non_null(file);
    for (; fgets(line, sizeof line, file); cases++) {
        print_message("%s", line);
        run_case(zl_span_of(line));
    }
    fclose(file);
    assert_true(cases > 15);
}
