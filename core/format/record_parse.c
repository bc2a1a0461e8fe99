/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a body of style json into a record. Members of the style with the
 * type it gives them fill the record; every other one becomes a field, pid and
 * host included, so that nothing is lost of what others may send. */
#include "format/record_internal.h"
#include "base/json.h"
#include "base/timestamp.h"

/* Twice ZMQLOG_FIELDS_MAX_BYTES is less than 16000 fields, since few keys are short. */
#define MAX_MEMBERS 20000

/* A reader takes the value (1), leaves it to become a field because it is not
 * what the style writes (0), or finds no memory (-1). */
typedef int reader(zl_content *to, zl_span value);

static int read_text(zl_buffer *to, zl_span value) {
    zl_span raw;

    if (!zl_json_string_raw(value, &raw))
        return 0;
    zl_buffer_reset(to);
    if (zl_json_unescape(to, raw) != 0 && !to->failed) {
        zl_buffer_reset(to);
        return 0;
    }
    zl_buffer_text(to); /* the NUL behind it */
    return to->failed ? -1 : 1;
}

static int read_time(zl_content *to, zl_span value) {
    zl_span raw;
    int64_t ns;

    if (!zl_json_string_raw(value, &raw) || !zl_timestamp_parse(raw, &ns))
        return 0;
    to->time_ns = ns;
    to->has_time = 1;
    return 1;
}

/* Level and topic stand in the first frame. */
static int read_nothing(zl_content *to, zl_span value) {
    (void)to;
    return value.len > 0 && value.data[0] != '{' && value.data[0] != '[';
}

static int read_logger(zl_content *to, zl_span value) {
    int taken = read_text(&to->logger, value);
    to->has_logger |= taken > 0;
    return taken;
}

static int read_line(zl_content *to, zl_span value) {
    int64_t line;

    if (!zl_json_int(value, &line) || line < 0 || line > INT32_MAX)
        return 0;
    to->line = (int)line;
    return 1;
}

static int read_source(zl_content *to, zl_span value) {
    zl_json_members members;
    zl_span key, part;
    int next, taken = 1;

    zl_json_members_begin(&members, value);
    while (taken > 0 && (next = zl_json_members_next(&members, &key, &part)) > 0) {
        if (zl_span_equal(key, zl_span_of("file")))
            taken = read_text(&to->file, part);
        else if (zl_span_equal(key, zl_span_of("function")))
            taken = read_text(&to->function, part);
        else if (zl_span_equal(key, zl_span_of("line")))
            taken = read_line(to, part);
        else
            taken = 0;
    }
    if (taken > 0 && next == 0)
        return 1;
    zl_buffer_reset(&to->file);
    zl_buffer_reset(&to->function);
    to->line = 0;
    return taken < 0 ? -1 : 0;
}

/* Filled beforehand, when both are what they should be. */
static int read_sequence(zl_content *to, zl_span value) {
    (void)value;
    return to->seq > 0;
}

static const struct {
    const char *key;
    reader *read;
} known_members[] = {
    {"time", read_time},      {"level", read_nothing}, {"logger", read_logger},
    {"topic", read_nothing},  {"source", read_source}, {"seq", read_sequence},
    {"epoch", read_sequence},
};

static int read_known(zl_content *to, zl_span key, zl_span value) {
    size_t i;

    for (i = 0; i < sizeof known_members / sizeof *known_members; i++)
        if (zl_span_equal(key, zl_span_of(known_members[i].key)))
            return known_members[i].read(to, value);
    return 0;
}

static zmqlog_status no_memory(zmqlog_record *record) {
    return zl_fail(&record->errors, ZMQLOG_ENOMEM, "out of memory");
}

static zmqlog_status read_member(zmqlog_record *record, zl_span key, zl_span value,
                                 int *has_text) {
    zl_content *to = &record->scratch;
    int taken;

    if (zl_span_equal(key, zl_span_of("msg"))) {
        taken = read_text(&to->text, value);
        *has_text |= taken > 0;
    } else {
        taken = read_known(to, key, value);
    }
    if (taken < 0 || (taken == 0 && zl_members_put(&record->members, key, value) != 0))
        return no_memory(record);
    return ZMQLOG_OK;
}

/* Fields cannot have every key that JSON has: those others are left out. */
static zmqlog_status keep_fields(zmqlog_record *record) {
    zmqlog_status status = ZMQLOG_OK;

    for (size_t i = 0; i < record->members.count && status == ZMQLOG_OK; i++) {
        zl_field field = zl_members_at(&record->members, i);
        if (field.key.len > 0 && field.key.len <= ZL_FIELD_KEY_READ_MAX_BYTES)
            status = zl_fields_add_raw(&record->scratch.fields, &record->errors,
                                       field.key, field.json);
    }
    /* More than this library would ever have sent. */
    return status == ZMQLOG_OK || status == ZMQLOG_ENOMEM ? status : ZMQLOG_EFORMAT;
}

static zmqlog_status read_object(zmqlog_record *record) {
    zl_span text = zl_buffer_span(&record->content.text);
    zl_json_members members;
    zl_span key, value;
    int next, count = 0, has_text = 0;

    zl_record_peek_sequence(text, &record->scratch.seq, &record->scratch.epoch);
    zl_members_begin(&record->members, text.len);
    zl_json_members_begin(&members, text);
    while ((next = zl_json_members_next(&members, &key, &value)) > 0) {
        zmqlog_status status;

        if (++count > MAX_MEMBERS)
            return zl_fail(&record->errors, ZMQLOG_EFORMAT,
                           "the object has more than %d members", MAX_MEMBERS);
        status = read_member(record, key, value, &has_text);
        if (status != ZMQLOG_OK)
            return status;
    }
    if (next < 0)
        return zl_fail(&record->errors, ZMQLOG_EFORMAT,
                       "the text is not a JSON object: see byte %zu", members.offset);
    if (!has_text)
        return zl_fail(&record->errors, ZMQLOG_EFORMAT,
                       "the object has no \"msg\" that is a string");
    return keep_fields(record);
}

zmqlog_status zmqlog_record_parse(zmqlog_record *record) {
    zl_content before;
    zmqlog_status status;

    if (!record)
        return ZMQLOG_EINVAL;
    if (record->parsed)
        return ZMQLOG_OK;
    zl_content_clear(&record->scratch);
    status = read_object(record);
    if (status != ZMQLOG_OK)
        return status;
    before = record->content;
    record->content = record->scratch;
    record->scratch = before;
    zl_record_set_sequence(record, record->content.seq, record->content.epoch,
                           record->lost);
    record->parsed = 1;
    record->is_indexed = 0;
    return ZMQLOG_OK;
}

/* ---- seq and epoch ----------------------------------------------------- */

static int read_epoch(zl_span value, uint64_t *epoch) {
    uint64_t result = 0;
    zl_span raw;
    size_t i;

    if (!zl_json_string_raw(value, &raw) || raw.len != ZL_EPOCH_DIGITS)
        return 0;
    for (i = 0; i < raw.len; i++) {
        char c = raw.data[i];
        unsigned digit;

        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10;
        else
            return 0;
        result = result << 4 | digit;
    }
    *epoch = result;
    return 1;
}

int zl_record_peek_sequence(zl_span text, uint64_t *seq, uint64_t *epoch) {
    static const char needle[] = "\"epoch\"";
    zl_json_members members;
    zl_span key, value;
    uint64_t found_seq = 0, found_epoch = 0;
    int has_epoch = 0;

    /* Most bodies end here: walking through an object costs far more. */
    if (text.len == 0 || text.data[0] != '{' ||
        !memmem(text.data, text.len, needle, sizeof needle - 1))
        return 0;
    zl_json_members_begin(&members, text);
    while (zl_json_members_next(&members, &key, &value) > 0) {
        if (zl_span_equal(key, zl_span_of("seq")))
            found_seq = zl_json_uint(value, &found_seq) ? found_seq : 0;
        else if (zl_span_equal(key, zl_span_of("epoch")))
            has_epoch = read_epoch(value, &found_epoch);
        if (found_seq > 0 && has_epoch) {
            *seq = found_seq;
            *epoch = found_epoch;
            return 1;
        }
    }
    return 0;
}
