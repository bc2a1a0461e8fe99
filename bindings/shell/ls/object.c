/* SPDX-License-Identifier: BSD-3-Clause */
/* An object is made a body of style json, whose other members become fields. */
#include "object.h"

#include <errno.h>
#include <stdlib.h>

static int parse(zmqlog_record *record, const char *start, bytes rest,
                 const char *end) {
    size_t len = strlen(start) + rest.len + strlen(end);
    char *text = malloc(len + 1);
    int failed;

    if (!text)
        return -1;
    memcpy(text, start, strlen(start));
    memcpy(text + strlen(start), rest.data, rest.len);
    strcpy(text + strlen(start) + rest.len, end);
    failed = zmqlog_record_set_text(record, text, len) != ZMQLOG_OK ||
             zmqlog_record_parse(record) != ZMQLOG_OK;
    free(text);
    return failed ? -1 : 0;
}

int object_open(object *of, bytes text) {
    if (text.len < 2 || text.data[0] != '{')
        return -1;
    of->record = zmqlog_record_new();
    if (of->record && parse(of->record, "{\"msg\":\"\",", bytes_from(text, 1), "") == 0)
        return 0;
    zmqlog_record_free(of->record);
    return -1;
}

void object_close(object *of) {
    zmqlog_record_free(of->record);
}

int object_at(const object *of, int index, bytes *key, bytes *value) {
    key->data = zmqlog_record_field_key(of->record, index, &key->len);
    value->data = zmqlog_record_field_json(of->record, index, &value->len);
    return key->data && value->data;
}

bytes object_member(const object *of, const char *key) {
    bytes found, value, last = bytes_of("");

    for (int i = 0; object_at(of, i, &found, &value); i++)
        if (bytes_equal(found, bytes_of(key)))
            last = value;
    return last;
}

/* The JSON is valid, so only strings and nesting matter. */
static size_t element_end(bytes text) {
    int depth = 0, in_string = 0;
    size_t at;

    for (at = 0; at < text.len; at++) {
        char c = text.data[at];
        if (in_string) {
            at += c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = 1;
        } else if (c == '[' || c == '{') {
            depth++;
        } else if (depth == 0 && (c == ',' || c == ']' || c == '}')) {
            break;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return at < text.len ? at : text.len;
}

int object_element(bytes *rest, bytes *element) {
    size_t end;

    if (rest->len < 2 || (rest->data[0] != '[' && rest->data[0] != ','))
        return 0;
    *rest = bytes_from(*rest, 1);
    end = element_end(*rest);
    *element = bytes_make(rest->data, end);
    *rest = bytes_from(*rest, end);
    return end > 0;
}

int object_text(bytes value, char *to, size_t room) {
    zmqlog_record *record;
    const char *text;
    size_t len = 0;
    int got = -1;

    if (value.len < 2 || value.data[0] != '"')
        return -1;
    if (!memchr(value.data, '\\', value.len)) {
        len = value.len - 2;
        if (len >= room)
            return -1;
        memcpy(to, value.data + 1, len);
        to[len] = '\0';
        return 0;
    }
    record = zmqlog_record_new();
    if (record && parse(record, "{\"msg\":", value, "}") == 0) {
        text = zmqlog_record_text(record, &len);
        if (text && len < room && strlen(text) == len) {
            memcpy(to, text, len + 1);
            got = 0;
        }
    }
    zmqlog_record_free(record);
    return got;
}

long long object_number(bytes value) {
    char digits[20];
    size_t count = 0;

    while (count < value.len && value.data[count] >= '0' && value.data[count] <= '9')
        count++;
    if (count == 0 || count != value.len || count >= sizeof digits - 1)
        return -1;
    memcpy(digits, value.data, count);
    digits[count] = '\0';
    return strtoll(digits, NULL, 10);
}
