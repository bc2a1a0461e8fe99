/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading lines of recordings. Owns which members hold the frames: topic_base64 before
 * topic; body_base64 before body before msg. Others are passed over. */
#include "kept.h"
#include "when.h"

#include <stdlib.h>

typedef struct members {
    bytes received, topic, topic_base64, body, body_base64, msg;
    uint64_t lost;
} members;

static void skip_blanks(bytes *at) {
    while (at->len > 0 && (*at->data == ' ' || *at->data == '\t'))
        *at = bytes_from(*at, 1);
}

static int take_char(bytes *at, char c) {
    skip_blanks(at);
    if (at->len == 0 || *at->data != c)
        return 0;
    *at = bytes_from(*at, 1);
    return 1;
}

/* What stands between the quotes, escapes as they are. */
static int take_string(bytes *at, bytes *raw) {
    size_t len = 0;

    if (!take_char(at, '"'))
        return -1;
    while (len < at->len && at->data[len] != '"')
        len += at->data[len] == '\\' ? 2 : 1;
    if (len >= at->len)
        return -1;
    *raw = bytes_make(at->data, len);
    *at = bytes_from(*at, len + 1);
    return 0;
}

/* Passes over a value of any kind, up to the comma or brace behind it. */
static int skip_value(bytes *at) {
    int depth = 0;
    bytes unused;

    for (skip_blanks(at); at->len > 0;) {
        char c = *at->data;
        if (c == '"') {
            if (take_string(at, &unused) < 0)
                return -1;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}'))
            return 0;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        *at = bytes_from(*at, 1);
    }
    return -1;
}

static bytes *member_of(members *all, bytes key) {
    if (bytes_equal(key, bytes_of("topic")))
        return &all->topic;
    if (bytes_equal(key, bytes_of("msg")))
        return &all->msg;
    if (bytes_equal(key, bytes_of("received")))
        return &all->received;
    if (bytes_equal(key, bytes_of("body")))
        return &all->body;
    if (bytes_equal(key, bytes_of("body_base64")))
        return &all->body_base64;
    return bytes_equal(key, bytes_of("topic_base64")) ? &all->topic_base64 : NULL;
}

static uint64_t number_of(bytes value) {
    uint64_t number = 0;

    for (size_t i = 0; i < value.len && value.data[i] >= '0' && value.data[i] <= '9';
         i++)
        number = number * 10 + (uint64_t)(value.data[i] - '0');
    return number;
}

static int take_member(members *all, bytes *at) {
    bytes key, *wanted;

    if (take_string(at, &key) < 0 || !take_char(at, ':'))
        return -1;
    wanted = member_of(all, key);
    skip_blanks(at);
    if (wanted && at->len > 0 && *at->data == '"')
        return take_string(at, wanted);
    if (bytes_equal(key, bytes_of("lost")))
        all->lost = number_of(*at);
    return skip_value(at);
}

static int read_members(members *all, bytes line) {
    if (!take_char(&line, '{'))
        return -1;
    do {
        if (take_member(all, &line) < 0)
            return -1;
    } while (take_char(&line, ','));
    return take_char(&line, '}') ? 0 : -1;
}

/* ---- values ------------------------------------------------------------ */

/* Four hexadecimal digits; -1 when they are not there. */
static int32_t hex4(bytes text, size_t at) {
    int32_t code = 0;

    if (at + 4 > text.len)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = text.data[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        code = code << 4 | digit;
    }
    return code;
}

static size_t put_utf8(char *to, uint32_t code) {
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xE0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3F));
        to[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3F));
    to[2] = (char)(0x80 | (code >> 6 & 0x3F));
    to[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* "\uXXXX" at this place, both halves of a pair. Returns how much was read; 0: bad. */
static size_t take_unicode(bytes raw, size_t at, uint32_t *code) {
    int32_t high = hex4(raw, at + 2), low;

    if (high < 0)
        return 0;
    *code = (uint32_t)high;
    if (high < 0xD800 || high > 0xDBFF)
        return 6;
    low = at + 7 < raw.len && raw.data[at + 6] == '\\' && raw.data[at + 7] == 'u'
              ? hex4(raw, at + 8)
              : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return 0;
    *code = 0x10000 + (((uint32_t)high & 0x3FF) << 10) + ((uint32_t)low & 0x3FF);
    return 12;
}

/* Never longer than what it is read from. -1 when an escape is none. */
static int64_t unescape(char *to, bytes raw) {
    static const char named[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    size_t len = 0, at = 0;

    while (at < raw.len) {
        const char *next = memchr(raw.data + at, '\\', raw.len - at);
        size_t run = next ? (size_t)(next - raw.data) - at : raw.len - at, took = 2;
        memcpy(to + len, raw.data + at, run);
        len += run;
        at += run;
        if (!next)
            break;
        const char *name = at + 1 < raw.len ? strchr(named, raw.data[at + 1]) : NULL;
        uint32_t code;
        if (name && *name)
            to[len++] = meant[name - named];
        else if (at + 1 < raw.len && raw.data[at + 1] == 'u' &&
                 (took = take_unicode(raw, at, &code)) > 0)
            len += put_utf8(to + len, code);
        else
            return -1;
        at += took;
    }
    return (int64_t)len;
}

static int digit64(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static int64_t unbase64(char *to, bytes raw) {
    size_t len = 0;
    uint32_t word = 0;
    int bits = 0;

    while (raw.len > 0 && raw.data[raw.len - 1] == '=')
        raw.len--;
    for (size_t i = 0; i < raw.len; i++) {
        int digit = digit64(raw.data[i]);
        if (digit < 0)
            return -1;
        word = word << 6 | (uint32_t)digit;
        bits += 6;
        if (bits >= 8)
            to[len++] = (char)(word >> (bits -= 8) & 0xFF);
    }
    return (int64_t)len;
}

/* The bytes of one frame. -1 when it is not there or wrong. */
static int64_t read_frame(char *to, bytes base64, bytes text) {
    if (base64.data)
        return unbase64(to, base64);
    return text.data ? unescape(to, text) : -1;
}

static int reserve(kept *record, size_t len) {
    char *grown;

    if (len <= record->room)
        return 0;
    grown = realloc(record->data, len * 2);
    if (!grown)
        return -1;
    record->data = grown;
    record->room = len * 2;
    return 0;
}

int kept_read(kept *record, bytes line) {
    members all = {0};
    int64_t topic_len, body_len, received_ns;

    if (read_members(&all, line) < 0 || when_read(all.received, &received_ns) < 0)
        return -1;
    if (reserve(record, line.len + 1) < 0)
        return -2;
    topic_len = read_frame(record->data, all.topic_base64, all.topic);
    if (topic_len < 0)
        return -1;
    body_len = read_frame(record->data + topic_len, all.body_base64,
                          all.body.data ? all.body : all.msg);
    if (body_len < 0)
        return -1;
    record->received_ns = received_ns;
    record->lost = all.lost;
    record->topic = bytes_make(record->data, (size_t)topic_len);
    record->body = bytes_make(record->data + topic_len, (size_t)body_len);
    return 0;
}

void kept_free(kept *record) {
    free(record->data);
}
