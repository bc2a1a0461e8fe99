/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading JSON that came from anybody: checking it, walking the members of an
 * object, unescaping. One pass, no recursion, no memory of its own; knows
 * nothing of records. */
#include "base/json.h"
#include "base/utf8.h"

typedef struct reader {
    const char *at;
    const char *end;
    int depth;
    uint64_t objects; /* one bit for each open container: 1 is an object */
} reader;

static reader reader_of(zl_span text, size_t offset) {
    const char *data = text.data ? text.data : "";
    reader in = {data + offset, data + text.len, 0, 0};
    return in;
}

static int peek(const reader *in) {
    return in->at < in->end ? (unsigned char)*in->at : -1;
}

static void skip_space(reader *in) {
    while (in->at < in->end &&
           (*in->at == ' ' || *in->at == '\n' || *in->at == '\r' || *in->at == '\t'))
        in->at++;
}

static int take(reader *in, char c) {
    if (peek(in) != c)
        return 0;
    in->at++;
    return 1;
}

static int take_word(reader *in, const char *word) {
    for (; *word; word++)
        if (!take(in, *word))
            return 0;
    return 1;
}

static int take_digits(reader *in) {
    const char *start = in->at;
    while (in->at < in->end && *in->at >= '0' && *in->at <= '9')
        in->at++;
    return in->at > start;
}

static int take_number(reader *in) {
    (void)take(in, '-');
    if (!take(in, '0') && !take_digits(in))
        return 0;
    if (take(in, '.') && !take_digits(in))
        return 0;
    if (take(in, 'e') || take(in, 'E')) {
        if (!take(in, '+'))
            (void)take(in, '-');
        return take_digits(in);
    }
    return 1;
}

static int hex_digit(int c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static int take_hex4(reader *in, uint32_t *code) {
    int i;

    *code = 0;
    for (i = 0; i < 4; i++) {
        int digit = hex_digit(peek(in));
        if (digit < 0)
            return 0;
        *code = *code << 4 | (uint32_t)digit;
        in->at++;
    }
    return 1;
}

/* What follows a backslash. *code is the character, maybe one surrogate. */
static int take_escape(reader *in, uint32_t *code) {
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    int c = peek(in);
    const char *found = c > 0 ? strchr(from, c) : NULL;

    if (c == 'u') {
        in->at++;
        return take_hex4(in, code);
    }
    if (!found)
        return 0;
    in->at++;
    *code = (unsigned char)to[found - from];
    return 1;
}

static int take_string(reader *in) {
    uint32_t code;

    if (!take(in, '"'))
        return 0;
    for (;;) {
        int c = peek(in);
        size_t len = 1;

        if (c < 0x20)
            return 0;
        if (c >= 0x80)
            len =
                zl_utf8_decode(zl_span_make(in->at, (size_t)(in->end - in->at)), &code);
        if (len == 0)
            return 0;
        in->at += len;
        if (c == '"')
            return 1;
        if (c == '\\' && !take_escape(in, &code))
            return 0;
    }
}

static int take_key(reader *in) {
    skip_space(in);
    if (!take_string(in))
        return 0;
    skip_space(in);
    return take(in, ':');
}

/* Opens a container: 1 when a first value follows, 0 when it was empty, -1 when
 * malformed. */
static int enter(reader *in, int object) {
    if (in->depth == ZL_JSON_MAX_DEPTH)
        return -1;
    in->at++;
    skip_space(in);
    if (take(in, object ? '}' : ']'))
        return 0;
    in->depth++;
    in->objects = in->objects << 1 | (uint64_t)object;
    return !object || take_key(in) ? 1 : -1;
}

/* Takes a scalar or opens a container; answers like enter. */
static int begin_value(reader *in) {
    int c;

    skip_space(in);
    c = peek(in);
    switch (c) {
    case '{':
    case '[':
        return enter(in, c == '{');
    case '"':
        return take_string(in) ? 0 : -1;
    case 't':
        return take_word(in, "true") ? 0 : -1;
    case 'f':
        return take_word(in, "false") ? 0 : -1;
    case 'n':
        return take_word(in, "null") ? 0 : -1;
    default:
        return take_number(in) ? 0 : -1;
    }
}

/* After a value: closes what ends here. 1 when another value follows, 0 when all
 * is closed, -1 when malformed. */
static int end_value(reader *in) {
    while (in->depth > 0) {
        int object = (int)(in->objects & 1);

        skip_space(in);
        if (take(in, ','))
            return !object || take_key(in) ? 1 : -1;
        if (!take(in, object ? '}' : ']'))
            return -1;
        in->depth--;
        in->objects >>= 1;
    }
    return 0;
}

static int take_value(reader *in) {
    int more;

    do {
        more = begin_value(in);
        if (more == 0)
            more = end_value(in);
    } while (more > 0);
    return more == 0;
}

int zl_json_is_value(zl_span text, size_t *offset) {
    reader in = reader_of(text, 0);
    int valid = take_value(&in);

    if (valid) {
        skip_space(&in);
        valid = in.at == in.end;
    }
    if (offset)
        *offset = text.len - (size_t)(in.end - in.at);
    return valid;
}

enum { BEFORE, INSIDE, DONE, BROKEN };

void zl_json_members_begin(zl_json_members *it, zl_span text) {
    it->text = text;
    it->offset = 0;
    it->state = BEFORE;
}

/* Up to where a member starts: 1, or 0 at the end of the object, or -1. */
static int find_member(reader *in, int first) {
    skip_space(in);
    if (first) {
        if (!take(in, '{'))
            return -1;
        skip_space(in);
    }
    if (take(in, '}')) {
        skip_space(in);
        return in->at == in->end ? 0 : -1;
    }
    return first || take(in, ',') ? 1 : -1;
}

static int take_member(reader *in, zl_span *key_raw, zl_span *value) {
    const char *start;

    skip_space(in);
    start = in->at;
    if (!take_string(in))
        return 0;
    *key_raw = zl_span_make(start + 1, (size_t)(in->at - start) - 2);
    skip_space(in);
    if (!take(in, ':'))
        return 0;
    skip_space(in);
    start = in->at;
    if (!take_value(in))
        return 0;
    *value = zl_span_make(start, (size_t)(in->at - start));
    return 1;
}

int zl_json_members_next(zl_json_members *it, zl_span *key_raw, zl_span *value) {
    reader in = reader_of(it->text, it->offset);
    int found;

    if (it->state == DONE)
        return 0;
    if (it->state == BROKEN)
        return -1;
    found = find_member(&in, it->state == BEFORE);
    if (found == 1 && !take_member(&in, key_raw, value))
        found = -1;
    it->offset = it->text.len - (size_t)(in.end - in.at);
    it->state = found == 1 ? INSIDE : found == 0 ? DONE : BROKEN;
    return found;
}

/* The second half of a surrogate pair, if it is there. */
static uint32_t join_surrogates(reader *in, uint32_t high) {
    reader ahead = *in;
    uint32_t low;

    if (high < 0xD800 || high >= 0xDC00 || !take_word(&ahead, "\\u") ||
        !take_hex4(&ahead, &low) || low < 0xDC00 || low >= 0xE000)
        return high;
    *in = ahead;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static int unescape_one(zl_buffer *out, reader *in) {
    uint32_t code;
    size_t len;

    if (take(in, '\\')) {
        if (!take_escape(in, &code))
            return 0;
        zl_json_put_code(out, join_surrogates(in, code));
        return 1;
    }
    len = zl_utf8_decode(zl_span_make(in->at, (size_t)(in->end - in->at)), &code);
    if (len == 0 || code < 0x20 || code == '"')
        return 0;
    zl_buffer_put(out, in->at, len);
    in->at += len;
    return 1;
}

int zl_json_unescape(zl_buffer *out, zl_span raw) {
    reader in = reader_of(raw, 0);
    size_t start = out->len;

    while (in.at < in.end) {
        const char *run = in.at;

        while (in.at < in.end && *in.at >= 0x20 && *in.at < 0x7F && *in.at != '"' &&
               *in.at != '\\')
            in.at++;
        zl_buffer_put(out, run, (size_t)(in.at - run));
        if (in.at < in.end && !unescape_one(out, &in)) {
            out->len = start;
            return -1;
        }
    }
    return 0;
}
