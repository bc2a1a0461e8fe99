/* SPDX-License-Identifier: BSD-3-Clause */
/* Records from anybody. The input is topic and body, separated by the first NUL. It is
 * read as a received message is read, and the body also as a time. Traps when a record
 * is not what the frames say. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "format/record.h"
#include "base/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int truth) {
    if (!truth)
        abort();
}

static void check_bytes(const char *got, size_t len, zl_span wanted) {
    demand(got != NULL && got[len] == '\0');
    demand(zl_span_equal(zl_span_make(got, len), wanted));
}

static void check_frames(const zmqlog_record *record, zl_span topic, zl_span body) {
    size_t len;
    const char *got = zmqlog_record_topic(record, &len);

    check_bytes(got, len, topic);
    got = zmqlog_record_text(record, &len);
    check_bytes(got, len, body);
}

static void check_fields(const zmqlog_record *record) {
    int count = zmqlog_record_field_count(record), i;
    size_t len;

    for (i = 0; i < count; i++) {
        const char *json = zmqlog_record_field_json(record, i, &len);

        demand(json != NULL && zl_json_is_value(zl_span_make(json, len), NULL));
        demand(zmqlog_record_field_key(record, i, &len) != NULL && len > 0);
    }
    demand(zmqlog_record_field_key(record, count, NULL) == NULL);
}

static void check_parsed(zmqlog_record *record, zl_span topic, zl_span body) {
    uint64_t seq = 0, epoch = 0;
    int has_sequence = zl_record_peek_sequence(body, &seq, &epoch);
    zmqlog_status status = zmqlog_record_parse(record);
    size_t len;

    if (status != ZMQLOG_OK) {
        demand(status == ZMQLOG_EFORMAT && zmqlog_record_errmsg(record)[0] != '\0');
        check_frames(record, topic, body);
        demand(zmqlog_record_field_count(record) == 0);
        return;
    }
    demand(zl_json_is_value(body, NULL));
    demand(zmqlog_record_seq(record) == (has_sequence ? seq : 0));
    demand(strlen(zmqlog_record_epoch(record)) == (has_sequence ? 16u : 0u));
    demand(zmqlog_record_text(record, &len)[len] == '\0');
    check_fields(record);
    demand(zmqlog_record_parse(record) == ZMQLOG_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static zmqlog_record *record;
    zl_span input = zl_span_make((const char *)data, size);
    const char *end = size > 0 ? memchr(input.data, '\0', size) : NULL;
    size_t topic_len = end ? (size_t)(end - input.data) : 0;
    zl_span topic = zl_span_make(input.data, topic_len);
    zl_span body = end ? zl_span_make(end + 1, size - topic_len - 1) : input;
    zl_topic_parts parts = zl_topic_parse(topic, NULL, NULL, 0);
    int64_t ns;

    if (!record)
        record = zmqlog_record_new();
    if (!record)
        return 0;
    demand(zl_record_fill(record, topic, &parts, body, 1) == ZMQLOG_OK);
    check_frames(record, topic, body);
    demand(zmqlog_record_level(record) == parts.level);
    check_parsed(record, topic, body);
    demand(!zl_timestamp_parse(body, &ns) || ns != ZMQLOG_TIME_NONE);
    return 0;
}
