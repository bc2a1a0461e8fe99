/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics as subjects and headers of NATS. Owns the escapes; pure. */
#include "forward/nats_subject.h"

#define SUBJECT_BYTES 1000

static void put_escape(buffer *into, char byte) {
    buffer_printf(into, "%%%02X", (unsigned)(unsigned char)byte);
}

static int fits_subject(char c) {
    return c > 0x20 && c < 0x7F && !strchr("*>%\\", c);
}

void nats_put_subject(buffer *into, bytes topic) {
    size_t start = into->len;
    int is_empty = 1;

    buffer_put_text(into, "zmqlog.");
    for (size_t i = 0; i < topic.len; i++) {
        if (into->len - start > SUBJECT_BYTES) {
            buffer_put_text(into, is_empty ? "%cut" : ".%cut");
            return;
        }
        char c = topic.data[i];
        if (c == '.' && is_empty)
            buffer_put_char(into, '%');
        if (c == '.' || fits_subject(c))
            buffer_put_char(into, c);
        else
            put_escape(into, c);
        is_empty = c == '.';
    }
    if (is_empty)
        buffer_put_char(into, '%');
}

void nats_put_header(buffer *into, bytes topic) {
    for (size_t i = 0; i < topic.len; i++) {
        char c = topic.data[i];
        int is_end = i == 0 || i + 1 == topic.len;
        if ((unsigned char)c < 0x20 || c == 0x7F || c == '%' || (c == ' ' && is_end))
            put_escape(into, c);
        else
            buffer_put_char(into, c);
    }
}

static int digit_of(char c) {
    const char *digits = "0123456789ABCDEFabcdef";
    const char *found = c ? strchr(digits, c) : NULL;

    if (!found)
        return -1;
    return found - digits < 16 ? (int)(found - digits) : (int)(found - digits) - 6;
}

void nats_put_unescaped(buffer *into, bytes text) {
    for (size_t i = 0; i < text.len; i++) {
        int high = -1, low = -1;
        if (text.data[i] == '%' && i + 2 < text.len) {
            high = digit_of(text.data[i + 1]);
            low = digit_of(text.data[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            buffer_put_char(into, (char)(high << 4 | low));
            i += 2;
        } else {
            buffer_put_char(into, text.data[i]);
        }
    }
}
