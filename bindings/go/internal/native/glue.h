/* SPDX-License-Identifier: BSD-3-Clause */
/* What would cost too many crossings one setter or getter at a time: a record that
 * is filled and logged in one call, and one that is received in one call. Knows how
 * glue.go packs; decides nothing. */
#ifndef ZMQLOG_GO_GLUE_H
#define ZMQLOG_GO_GLUE_H

#include <stdint.h>
#include <string.h>
#include <zmqlog.h>

/* Packed: one item after the other, each a tag, its length in four bytes of the
 * machine's order, its bytes, and a NUL that is not counted. */
enum {
    GO_SUBTOPIC = 1,
    GO_TEXT,
    GO_LOGGER,
    GO_THREAD,
    GO_FILE,
    GO_FUNCTION,
    GO_KEY, /* of the field that follows */
    GO_STRING,
    GO_INT,
    GO_DOUBLE,
    GO_BOOL,
    GO_JSON
};

/* Flags of a call. */
enum { GO_HAS_TIME = 1, GO_SCAN = 2 };

/* What is no item. The handles are addresses, as SWIG's objects hold them. */
typedef struct go_call {
    uintptr_t handler; /* this one */
    uintptr_t logger;  /* or, if not 0, this one */
    uintptr_t record;
    int64_t time_ns;
    int level, line, flags;
} go_call;

typedef struct go_fill {
    const char *file, *function, *key, *text;
    size_t text_len;
} go_fill;

static zmqlog_status go_set_field(zmqlog_record *record, const char *key, int tag,
                                  const char *bytes, size_t len) {
    int64_t number = 0;
    double real = 0;

    switch (tag) {
    case GO_STRING:
        return zmqlog_record_set_field_string(record, key, bytes, len);
    case GO_INT:
        memcpy(&number, bytes, sizeof number);
        return zmqlog_record_set_field_int(record, key, number);
    case GO_DOUBLE:
        memcpy(&real, bytes, sizeof real);
        return zmqlog_record_set_field_double(record, key, real);
    case GO_BOOL:
        return zmqlog_record_set_field_bool(record, key, *bytes);
    default:
        return zmqlog_record_set_field_json(record, key, bytes, len);
    }
}

/* A field that is refused leaves word of that in its place; one whose key cannot be
 * used leaves it under "!BADKEY". */
static void go_put_field(zmqlog_record *record, const char *key, int tag,
                         const char *bytes, size_t len) {
    const char *why;

    if (go_set_field(record, key, tag, bytes, len) == ZMQLOG_OK)
        return;
    why = zmqlog_record_errmsg(record);
    if (zmqlog_record_set_field_string(record, key, why, strlen(why)) != ZMQLOG_OK)
        zmqlog_record_set_field_string(record, "!BADKEY", why, strlen(why));
}

static void go_put_item(go_fill *fill, zmqlog_record *record, int tag,
                        const char *bytes, size_t len) {
    switch (tag) {
    case GO_SUBTOPIC:
        zmqlog_record_set_subtopic(record, bytes, len);
        break;
    case GO_TEXT:
        fill->text = bytes;
        fill->text_len = len;
        break;
    case GO_LOGGER:
        zmqlog_record_set_logger(record, bytes);
        break;
    case GO_THREAD:
        zmqlog_record_set_thread_name(record, bytes);
        break;
    case GO_FILE:
        fill->file = bytes;
        break;
    case GO_FUNCTION:
        fill->function = bytes;
        break;
    case GO_KEY:
        fill->key = bytes;
        break;
    default:
        go_put_field(record, fill->key, tag, bytes, len);
    }
}

/* The text, or what is behind its delimiter, which then gives the subtopic. */
static void go_put_text(const go_call *call, const go_fill *fill) {
    zmqlog_record *record = (zmqlog_record *)call->record;
    size_t subtopic_len = 0, start = 0;

    if (call->flags & GO_SCAN && call->logger)
        subtopic_len = zmqlog_logger_split((zmqlog_logger *)call->logger, call->level,
                                           fill->text, fill->text_len, &start);
    else if (call->flags & GO_SCAN)
        subtopic_len =
            zmqlog_handler_split((zmqlog_handler *)call->handler, call->level,
                                 fill->text, fill->text_len, &start);
    if (subtopic_len)
        zmqlog_record_set_subtopic(record, fill->text, subtopic_len);
    zmqlog_record_set_text(record, fill->text + start, fill->text_len - start);
}

static void go_put_items(go_fill *fill, zmqlog_record *record, const char *items,
                         size_t len) {
    size_t at = 0;

    while (at < len) {
        int tag = (unsigned char)items[at];
        uint32_t size;

        memcpy(&size, items + at + 1, sizeof size);
        at += 1 + sizeof size;
        go_put_item(fill, record, tag, items + at, size);
        at += (size_t)size + 1;
    }
}

static zmqlog_status go_fill_and_log(go_call call, const char *items, size_t len) {
    zmqlog_record *record = (zmqlog_record *)call.record;
    go_fill fill = {.key = "", .text = ""};

    zmqlog_record_clear(record);
    zmqlog_record_set_level(record, call.level);
    if (call.flags & GO_HAS_TIME)
        zmqlog_record_set_time_ns(record, call.time_ns);
    go_put_items(&fill, record, items, len);
    if (fill.file)
        zmqlog_record_set_source(record, fill.file, call.line, fill.function);
    go_put_text(&call, &fill);
    if (call.logger)
        return zmqlog_logger_log_record((zmqlog_logger *)call.logger, record);
    return zmqlog_handler_log_record((zmqlog_handler *)call.handler, record);
}

/* What a received record holds; good until the record is filled again. */
typedef struct go_frames {
    const char *topic, *text, *name, *epoch;
    size_t topic_len, text_len, root_len, subtopic_len, name_len;
    int64_t received_ns;
    uint64_t seq, lost;
    int level;
} go_frames;

static zmqlog_status go_receive(uintptr_t subscriber, uintptr_t into, int timeout_ms,
                                go_frames *frames) {
    zmqlog_record *record = (zmqlog_record *)into;
    zmqlog_status status =
        zmqlog_subscriber_recv((zmqlog_subscriber *)subscriber, record, timeout_ms);

    if (status != ZMQLOG_OK)
        return status;
    frames->topic = zmqlog_record_topic(record, &frames->topic_len);
    frames->text = zmqlog_record_text(record, &frames->text_len);
    frames->epoch = zmqlog_record_epoch(record);
    zmqlog_record_root(record, &frames->root_len);
    zmqlog_record_subtopic(record, &frames->subtopic_len);
    frames->name = zmqlog_record_level_name(record);
    frames->name_len = strlen(frames->name);
    frames->received_ns = zmqlog_record_received_ns(record);
    frames->seq = zmqlog_record_seq(record);
    frames->lost = zmqlog_record_lost(record);
    frames->level = zmqlog_record_level(record);
    return ZMQLOG_OK;
}

#endif
