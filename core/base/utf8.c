/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8, strictly after RFC 3629. Log texts are mostly ASCII, so whatever walks a
 * text takes eight bytes at a stride until it meets something else. */
#include "base/utf8.h"

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (EACH_BYTE * 0x80)
#define STRIDE sizeof(uint64_t)

static uint64_t stride_at(const char *from) {
    uint64_t word;
    memcpy(&word, from, sizeof word);
    return word;
}

/* How many of the text's first bytes, in whole strides, are ASCII. */
static size_t skip_ascii(zl_span text) {
    size_t at = 0;
    while (text.len - at >= STRIDE && (stride_at(text.data + at) & HIGH_BITS) == 0)
        at += STRIDE;
    return at;
}

static zl_span after(zl_span text, size_t count) {
    return zl_span_make(text.data + count, text.len - count);
}

static int is_continuation(char byte) {
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* Length that a lead byte announces, and the bits of the code it carries; 0 for
 * what cannot lead. C0 and C1 could only lead overlong forms. */
static size_t read_lead(unsigned char lead, uint32_t *bits) {
    if (lead >= 0xC2 && lead <= 0xDF) {
        *bits = lead & 0x1F;
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *bits = lead & 0x0F;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *bits = lead & 0x07;
        return 4;
    }
    return 0;
}

static int is_allowed(uint32_t code, size_t len) {
    if (len == 3)
        return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
    if (len == 4)
        return code >= 0x10000 && code <= 0x10FFFF;
    return 1;
}

size_t zl_utf8_decode(zl_span text, uint32_t *code) {
    uint32_t bits = 0;
    size_t len;
    *code = 0xFFFD;
    if (text.len == 0)
        return 0;
    if ((unsigned char)text.data[0] < 0x80) {
        *code = (unsigned char)text.data[0];
        return 1;
    }
    len = read_lead((unsigned char)text.data[0], &bits);
    if (len == 0 || len > text.len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if (!is_continuation(text.data[i]))
            return 0;
        bits = bits << 6 | ((unsigned char)text.data[i] & 0x3F);
    }
    if (!is_allowed(bits, len))
        return 0;
    *code = bits;
    return len;
}

int zl_utf8_is_valid(zl_span text) {
    uint32_t code;
    size_t at = 0;
    while (at < text.len) {
        size_t len;
        at += skip_ascii(after(text, at));
        if (at == text.len)
            break;
        len = zl_utf8_decode(after(text, at), &code);
        if (len == 0)
            return 0;
        at += len;
    }
    return 1;
}

/* Only a character that begins in the last three bytes can reach over the cut, and
 * no byte inside a character looks like a first one. */
size_t zl_utf8_cut(zl_span text, size_t max) {
    uint32_t code;
    size_t start = max;
    if (text.len <= max)
        return text.len;
    while (start > 0 && max - start < 3 && is_continuation(text.data[start]))
        start--;
    return zl_utf8_decode(after(text, start), &code) > max - start ? start : max;
}

static size_t step(zl_span text) {
    uint32_t code;
    size_t len = zl_utf8_decode(text, &code);
    return len ? len : 1;
}

size_t zl_utf8_count(zl_span text) {
    size_t at = 0, count = 0;
    while (at < text.len) {
        size_t ascii = skip_ascii(after(text, at));
        at += ascii;
        count += ascii;
        if (at == text.len)
            break;
        at += step(after(text, at));
        count++;
    }
    return count;
}

size_t zl_utf8_offset(zl_span text, size_t characters) {
    size_t at = 0;
    while (characters > 0 && at < text.len) {
        zl_span rest = after(text, at);
        size_t ascii;
        if (rest.len > characters)
            rest.len = characters; /* as many bytes as that, if all were ASCII */
        ascii = skip_ascii(rest);
        at += ascii;
        characters -= ascii;
        if (characters == 0 || at == text.len)
            break;
        at += step(after(text, at));
        characters--;
    }
    return at;
}

/* Bytes below 0x20 borrow from their high bit, and so does DEL once it is turned
 * into zero; bytes from 0x80 on are masked out. */
static int word_has_control(uint64_t word) {
    uint64_t without_del = word ^ (EACH_BYTE * 0x7F);
    uint64_t below = (word - EACH_BYTE * 0x20) & ~word;
    uint64_t zero = (without_del - EACH_BYTE) & ~without_del;
    return ((below | zero) & HIGH_BITS) != 0;
}

int zl_utf8_has_control(zl_span text) {
    size_t at = 0;
    for (; text.len - at >= STRIDE; at += STRIDE) {
        if (word_has_control(stride_at(text.data + at)))
            return 1;
    }
    for (; at < text.len; at++) {
        if ((unsigned char)text.data[at] < 0x20 || text.data[at] == 0x7F)
            return 1;
    }
    return 0;
}
