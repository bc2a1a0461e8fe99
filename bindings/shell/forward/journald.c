/* SPDX-License-Identifier: BSD-3-Clause */
/* Records as entries of systemd's journal, by its native protocol: one datagram an
 * entry, a sealed memory file for a long one. Owns the names of the fields, which
 * docs/engines.md lists. */
#include "forward/kinds.h"
#include "forward/local.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#define JOURNALD_SOCKET "/run/systemd/journal/socket"
#define NAME_BYTES 64 /* journald's limit */

/* A value with a newline is written with its length, so that it may hold any bytes. */
static void put_field(buffer *into, const char *name, bytes value) {
    buffer_put_text(into, name);
    if (value.len > 0 && memchr(value.data, '\n', value.len)) {
        buffer_put_char(into, '\n');
        for (int shift = 0; shift < 64; shift += 8)
            buffer_put_char(into, (char)((uint64_t)value.len >> shift & 0xFF));
    } else {
        buffer_put_char(into, '=');
    }
    buffer_put_bytes(into, value);
    buffer_put_char(into, '\n');
}

static void put_known(buffer *into, const char *name, bytes value) {
    if (value.len > 0)
        put_field(into, name, value);
}

static void put_number(buffer *into, const char *name, int64_t number) {
    buffer_printf(into, "%s=%" PRId64 "\n", name, number);
}

static int is_taken(const char *name) {
    static const char *const ours[] = {
        "MESSAGE",   "PRIORITY",  "SYSLOG_IDENTIFIER", "SYSLOG_PID",
        "CODE_FILE", "CODE_LINE", "CODE_FUNC",         "MESSAGE_ID",
        "ERRNO",     "TID",       "SYSLOG_FACILITY",   "SYSLOG_TIMESTAMP",
        NULL};

    for (int i = 0; ours[i]; i++)
        if (strcmp(name, ours[i]) == 0)
            return 1;
    return strncmp(name, "ZMQLOG_", 7) == 0 || strncmp(name, "OBJECT_PID", 10) == 0;
}

/* Upper case letters, digits and "_", not at the front: what journald takes. A name
 * that means something else there gets "_" behind it. */
static void name_field(char name[NAME_BYTES + 1], bytes key) {
    size_t len = 0;

    for (size_t i = 0; i < key.len && len < NAME_BYTES - 1; i++) {
        unsigned char byte = (unsigned char)key.data[i];
        char c = byte < 0x80 && isalnum(byte) ? (char)toupper(byte) : '_';
        if (len == 0 && !isupper((unsigned char)c))
            name[len++] = 'F';
        if (len < NAME_BYTES - 1)
            name[len++] = c;
    }
    name[len] = '\0';
    if (is_taken(name)) {
        name[len] = '_';
        name[len + 1] = '\0';
    }
}

static void put_one_field(const view *seen, int index, buffer *scratch, buffer *into) {
    char name[NAME_BYTES + 1];
    bytes key, json;

    key.data = zmqlog_record_field_key(seen->record, index, &key.len);
    json.data = zmqlog_record_field_json(seen->record, index, &json.len);
    name_field(name, key);
    if (!*name)
        return;
    buffer_clear(scratch);
    if (json.len >= 2 && json.data[0] == '"') {
        buffer_put_unescaped(scratch, bytes_make(json.data + 1, json.len - 2));
        json = bytes_make(scratch->data, scratch->len);
    }
    if (bytes_equal(key, bytes_of("pid")))
        put_field(into, "SYSLOG_PID", json);
    else
        put_field(into, name, json);
}

static void put_details(sink *to, const view *seen, buffer *into) {
    const zmqlog_record *record = seen->record;
    int count = zmqlog_record_field_count(record);

    put_known(into, "CODE_FILE", bytes_of(zmqlog_record_source_file(record)));
    if (zmqlog_record_source_line(record) > 0)
        put_number(into, "CODE_LINE", zmqlog_record_source_line(record));
    put_known(into, "CODE_FUNC", bytes_of(zmqlog_record_source_function(record)));
    put_known(into, "ZMQLOG_LOGGER", bytes_of(zmqlog_record_logger(record)));
    if (zmqlog_record_seq(record) > 0) {
        put_number(into, "ZMQLOG_SEQ", (int64_t)zmqlog_record_seq(record));
        put_field(into, "ZMQLOG_EPOCH", bytes_of(zmqlog_record_epoch(record)));
    }
    if (seen->time_ns != ZMQLOG_TIME_NONE)
        put_number(into, "ZMQLOG_TIME_NS", seen->time_ns);
    for (int i = 0; i < count; i++)
        put_one_field(seen, i, local_scratch(to), into);
}

static void pack(sink *to, const view *seen, bytes body, buffer *into) {
    (void)body;
    put_field(into, "MESSAGE", seen->text);
    put_number(into, "PRIORITY", severity_of(seen));
    put_field(into, "SYSLOG_IDENTIFIER",
              seen->root.len && seen->level ? seen->root : bytes_of("zmqlog"));
    put_field(into, "ZMQLOG_TOPIC", seen->topic);
    put_known(into, "ZMQLOG_LEVEL", seen->level_name);
    put_known(into, "ZMQLOG_SUBTOPIC", seen->subtopic);
    if (seen->lost > 0)
        put_number(into, "ZMQLOG_LOST", (int64_t)seen->lost);
    if (seen->is_parsed)
        put_details(to, seen, into);
}

static const char *check(sink *to, const char *address) {
    return local_make(to, *address ? address : JOURNALD_SOCKET, LOCAL_LONG_BY_FILE);
}

const sink_kind sink_journald = {
    .scheme = "journald:",
    .check = check,
    .pack = pack,
    .open = local_open,
    .put = local_put,
    .turn = local_turn,
    .shut = local_shut,
    .free = local_free,
};
