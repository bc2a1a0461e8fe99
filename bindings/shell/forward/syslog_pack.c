/* SPDX-License-Identifier: BSD-3-Clause */
/* Records as messages of syslog. Owns RFC 5424's header and structured data, and
 * the older form of /dev/log; must not know how messages travel. */
#include "forward/kinds.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define FACILITY_USER (1 << 3)
#define APP_NAME_BYTES 48
#define MSGID_BYTES 32
#define PARAM_NAME_BYTES 32
/* The number that RFC 5612 keeps for documentation: we have none. */
#define ENTERPRISE "32473"

static void put_priority(const view *seen, buffer *into) {
    buffer_printf(into, "<%d>", FACILITY_USER | severity_of(seen));
}

static int is_printable(char c) {
    return c > 0x20 && c < 0x7F;
}

/* A word of the header: printable ASCII, or "-" for none. */
static void put_word(buffer *into, bytes text, size_t most) {
    if (text.len == 0)
        buffer_put_char(into, '-');
    for (size_t i = 0; i < text.len && i < most; i++)
        buffer_put_char(into, is_printable(text.data[i]) ? text.data[i] : '_');
    buffer_put_char(into, ' ');
}

static void put_time(buffer *into, int64_t time_ns) {
    int64_t rest = (time_ns % 1000000000 + 1000000000) % 1000000000;
    time_t second = (time_t)((time_ns - rest) / 1000000000);
    char text[40];
    struct tm parts;

    gmtime_r(&second, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    buffer_printf(into, "%s.%06dZ ", text, (int)(rest / 1000));
}

/* A field that is a string without escapes, or a number. */
static bytes find_field(const view *seen, const char *name) {
    int count = seen->is_parsed ? zmqlog_record_field_count(seen->record) : 0;

    for (int i = 0; i < count; i++) {
        bytes key, json;
        key.data = zmqlog_record_field_key(seen->record, i, &key.len);
        if (!bytes_equal(key, bytes_of(name)))
            continue;
        json.data = zmqlog_record_field_json(seen->record, i, &json.len);
        if (json.len >= 2 && json.data[0] == '"')
            return bytes_make(json.data + 1, json.len - 2);
        return json;
    }
    return bytes_make(NULL, 0);
}

static bytes own_host(void) {
    static char name[256];

    if (!*name && gethostname(name, sizeof name - 1) < 0)
        return bytes_make(NULL, 0);
    return bytes_of(name);
}

/* Of a program without a root topic: this one's. */
static bytes program_of(const view *seen) {
    return seen->root.len > 0 && seen->level > 0 ? seen->root : bytes_of("zmqlog");
}

/* The value of a parameter: what RFC 5424 sets apart has a "\" in front; control
 * characters and bytes that are not UTF-8 are shown as "?". */
static void put_value(buffer *into, bytes text) {
    while (text.len > 0) {
        uint32_t code = 0;
        size_t len = bytes_decode(text, &code);
        if (len == 0 || code < 0x20 || code == 0x7F)
            buffer_put_char(into, '?');
        else if (code == '"' || code == '\\' || code == ']')
            buffer_printf(into, "\\%c", (char)code);
        else
            buffer_put(into, text.data, len);
        text = bytes_from(text, len ? len : 1);
    }
}

static void put_param(buffer *into, const char *name, bytes value) {
    if (value.len == 0)
        return;
    buffer_printf(into, " %s=\"", name);
    put_value(into, value);
    buffer_put_char(into, '"');
}

static void put_origin(const view *seen, buffer *into) {
    char number[24];

    buffer_put_text(into, "[zmqlog@" ENTERPRISE);
    put_param(into, "topic", seen->topic);
    put_param(into, "level", seen->level_name);
    if (seen->lost > 0) {
        snprintf(number, sizeof number, "%" PRIu64, seen->lost);
        put_param(into, "lost", bytes_of(number));
    }
    if (seen->is_parsed) {
        put_param(into, "logger", bytes_of(zmqlog_record_logger(seen->record)));
        snprintf(number, sizeof number, "%" PRIu64, zmqlog_record_seq(seen->record));
        put_param(into, "seq", bytes_of(number));
        put_param(into, "epoch", bytes_of(zmqlog_record_epoch(seen->record)));
    }
    buffer_put_char(into, ']');
}

static void put_param_name(buffer *into, bytes key) {
    if (key.len == 0)
        buffer_put_char(into, '_');
    for (size_t i = 0; i < key.len && i < PARAM_NAME_BYTES; i++) {
        char c = key.data[i];
        int fits = is_printable(c) && c != '=' && c != ']' && c != '"';
        buffer_put_char(into, fits ? c : '_');
    }
}

static void put_fields(const view *seen, buffer *into) {
    int count = seen->is_parsed ? zmqlog_record_field_count(seen->record) : 0;
    buffer value = {0};

    if (count > 0)
        buffer_put_text(into, "[fields@" ENTERPRISE);
    for (int i = 0; i < count; i++) {
        bytes key, json;
        key.data = zmqlog_record_field_key(seen->record, i, &key.len);
        json.data = zmqlog_record_field_json(seen->record, i, &json.len);
        buffer_clear(&value);
        if (json.len >= 2 && json.data[0] == '"')
            buffer_put_unescaped(&value, bytes_make(json.data + 1, json.len - 2));
        else
            buffer_put_bytes(&value, json);
        buffer_put_char(into, ' ');
        put_param_name(into, key);
        buffer_put_text(into, "=\"");
        put_value(into, bytes_make(value.data, value.len));
        buffer_put_char(into, '"');
    }
    if (count > 0)
        buffer_put_char(into, ']');
    buffer_free(&value);
}

static int is_number(bytes text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
    return text.len > 0 && text.len < 20;
}

static void put_text(buffer *into, bytes text) {
    while (text.len > 0) {
        const char *nul = memchr(text.data, '\0', text.len);
        size_t len = nul ? (size_t)(nul - text.data) : text.len;
        buffer_put(into, text.data, len);
        text = bytes_from(text, len);
        if (text.len > 0) {
            buffer_put_text(into, "#000");
            text = bytes_from(text, 1);
        }
    }
}

void syslog_pack_modern(sink *to, const view *seen, bytes body, buffer *into) {
    bytes host = find_field(seen, "host");

    (void)to;
    (void)body;
    put_priority(seen, into);
    buffer_put_text(into, "1 ");
    put_time(into, view_time(seen));
    put_word(into, host.len ? host : own_host(), 255);
    put_word(into, program_of(seen), APP_NAME_BYTES);
    put_word(into, find_field(seen, "pid"), 128);
    put_word(into, seen->subtopic, MSGID_BYTES);
    put_origin(seen, into);
    put_fields(seen, into);
    buffer_put_char(into, ' ');
    put_text(into, seen->text);
}

void syslog_pack_local(sink *to, const view *seen, bytes body, buffer *into) {
    time_t second = (time_t)(view_time(seen) / 1000000000);
    bytes program = program_of(seen), pid = find_field(seen, "pid");
    char text[40];
    struct tm parts;

    (void)to;
    (void)body;
    put_priority(seen, into);
    localtime_r(&second, &parts);
    strftime(text, sizeof text, "%b %e %H:%M:%S ", &parts);
    buffer_put_text(into, text);
    for (size_t i = 0; i < program.len && i < APP_NAME_BYTES; i++) {
        char c = program.data[i];
        int fits = is_printable(c) && c != ':' && c != '[';
        buffer_put_char(into, fits ? c : '_');
    }
    if (is_number(pid)) /* the record's own word: it must not look like a tag */
        buffer_printf(into, "[%.*s]", (int)pid.len, pid.data);
    buffer_put_text(into, ": ");
    if (seen->subtopic.len > 0) {
        put_value(into, seen->subtopic);
        buffer_put_text(into, ": ");
    }
    put_text(into, seen->text);
}
