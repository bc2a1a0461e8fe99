/* SPDX-License-Identifier: BSD-3-Clause */
/* Writing JSON values: strings that are valid whatever bytes they hold, and
 * numbers in a form that no locale can change. Knows nothing of records. */
#include "base/json.h"
#include "base/utf8.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLACEMENT "\xEF\xBF\xBD"

static int is_clean(unsigned char c) {
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (EACH_BYTE * 0x80)

/* Marks bytes that are zero, and maybe some behind the first of them. */
static uint64_t zeros(uint64_t word) {
    return (word - EACH_BYTE) & ~word;
}

static int is_clean_word(const char *bytes) {
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return ((word | (word - EACH_BYTE * 0x20) | zeros(word ^ EACH_BYTE * '"') |
             zeros(word ^ EACH_BYTE * '\\')) &
            HIGH_BITS) == 0;
}

static size_t clean_run(zl_span text, size_t at) {
    size_t start = at;
    while (text.len - at >= sizeof(uint64_t) && is_clean_word(text.data + at))
        at += sizeof(uint64_t);
    while (at < text.len && is_clean((unsigned char)text.data[at]))
        at++;
    return at - start;
}

/* The escape of one ASCII character that cannot stand as it is. */
static size_t escape(char out[6], unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char to[] = "\"\\bfnrt";
    const char *found = c ? strchr(from, c) : NULL;

    out[0] = '\\';
    if (found) {
        out[1] = to[found - from];
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = hex[c >> 4];
    out[5] = hex[c & 15];
    return 6;
}

/* Takes what is not clean at the start of text, one character; `out` gets what
 * stands for it in a JSON string. Returns the bytes taken. */
static size_t encode(zl_span text, char out[6], size_t *out_len) {
    uint32_t code;
    size_t len;

    if ((unsigned char)text.data[0] < 0x80) {
        *out_len = escape(out, (unsigned char)text.data[0]);
        return 1;
    }
    len = zl_utf8_decode(text, &code);
    *out_len = len ? len : 3;
    memcpy(out, len ? text.data : REPLACEMENT, *out_len);
    return len ? len : 1;
}

/* Most strings need no escape. */
static int put_clean(zl_buffer *out, zl_span text) {
    char *to = zl_buffer_reserve(out, text.len + 2);

    if (!to || clean_run(text, 0) < text.len)
        return 0;
    *to = '"';
    if (text.len > 0)
        memcpy(to + 1, text.data, text.len);
    to[text.len + 1] = '"';
    out->len += text.len + 2;
    return 1;
}

void zl_json_put_string(zl_buffer *out, zl_span text) {
    size_t at = 0;

    if (put_clean(out, text))
        return;
    zl_buffer_put_char(out, '"');
    while (at < text.len) {
        char code[6];
        size_t code_len, run = clean_run(text, at);

        zl_buffer_put(out, text.data + at, run);
        at += run;
        if (at == text.len)
            break;
        at += encode(zl_span_make(text.data + at, text.len - at), code, &code_len);
        zl_buffer_put(out, code, code_len);
    }
    zl_buffer_put_char(out, '"');
}

size_t zl_json_fit(zl_span text, size_t room) {
    size_t at = 0;

    while (at < text.len) {
        char code[6];
        size_t code_len, taken, run = clean_run(text, at);

        if (run >= room)
            return at + room;
        at += run;
        room -= run;
        if (at == text.len)
            break;
        taken = encode(zl_span_make(text.data + at, text.len - at), code, &code_len);
        if (code_len > room)
            break;
        at += taken;
        room -= code_len;
    }
    return at;
}

void zl_json_put_code(zl_buffer *out, uint32_t code) {
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    char bytes[4];
    size_t len, i;

    if ((code >= 0xD800 && code < 0xE000) || code > 0x10FFFF)
        code = 0xFFFD;
    if (code < 0x80) {
        zl_buffer_put_char(out, (char)code);
        return;
    }
    len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (i = len - 1; i > 0; i--, code >>= 6)
        bytes[i] = (char)(0x80 | (code & 0x3F));
    bytes[0] = (char)(lead[len] | code);
    zl_buffer_put(out, bytes, len);
}

void zl_json_put_uint(zl_buffer *out, uint64_t value) {
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    zl_buffer_put(out, digits + at, sizeof digits - at);
}

void zl_json_put_int(zl_buffer *out, int64_t value) {
    if (value < 0)
        zl_buffer_put_char(out, '-');
    zl_json_put_uint(out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* A number as 0.d1d2d3... times ten to the power of `point`. */
typedef struct decimal {
    char digits[24];
    int count;
    int point;
} decimal;

static void trim_zeros(decimal *number) {
    while (number->count > 1 && number->digits[number->count - 1] == '0')
        number->count--;
}

/* Most doubles that people log have few digits after the point. At most 15
 * digits that give the same double are the only such ones, hence the shortest. */
static int find_few_digits(double value, decimal *number) {
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    int places;

    for (places = 0; places < (int)(sizeof power / sizeof power[0]); places++) {
        double scaled = value * power[places];
        uint64_t whole;

        if (scaled >= 1e15)
            return 0;
        whole = (uint64_t)scaled;
        if ((double)whole != scaled || (double)whole / power[places] != value)
            continue;
        number->count = snprintf(number->digits, sizeof number->digits, "%llu",
                                 (unsigned long long)whole);
        number->point = number->count - places;
        trim_zeros(number);
        return 1;
    }
    return 0;
}

/* Fills digits and point from what %e printed; its decimal point may be any
 * bytes, as the locale has it. */
static void read_scientific(const char *text, decimal *number) {
    number->count = 0;
    for (; *text && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9')
            number->digits[number->count++] = *text;
    number->point = *text ? atoi(text + 1) + 1 : 1;
    trim_zeros(number);
}

/* The next decimal of the same length: below a power of two doubles are denser
 * than above, so the nearest decimal may miss where its upper neighbour hits. */
static int bump(char *text) {
    char *end = strchr(text, 'e');

    if (!end || end == text || end[-1] < '0' || end[-1] >= '9')
        return 0;
    end[-1]++;
    return 1;
}

static void find_digits(double value, decimal *number) {
    char text[48];
    int digits;

    if (find_few_digits(value, number))
        return;
    /* What is subnormal has lost digits, so fewer can do. */
    for (digits = value < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
        if (strtod(text, NULL) == value)
            break;
        if (digits == 16 && bump(text) && strtod(text, NULL) == value)
            break;
    }
    read_scientific(text, number);
}

static void put_exponent(zl_buffer *out, const decimal *number) {
    int exponent = number->point - 1;

    zl_buffer_put_char(out, number->digits[0]);
    if (number->count > 1) {
        zl_buffer_put_char(out, '.');
        zl_buffer_put(out, number->digits + 1, (size_t)number->count - 1);
    }
    zl_buffer_printf(out, "e%c%02d", exponent < 0 ? '-' : '+', abs(exponent));
}

static void put_positional(zl_buffer *out, const decimal *number) {
    int whole = number->point > number->count ? number->count : number->point;

    if (number->point <= 0) {
        zl_buffer_put(out, "0.", 2);
        zl_buffer_fill(out, '0', (size_t)-number->point);
        zl_buffer_put(out, number->digits, (size_t)number->count);
        return;
    }
    zl_buffer_put(out, number->digits, (size_t)whole);
    zl_buffer_fill(out, '0', (size_t)(number->point - whole));
    zl_buffer_put_char(out, '.');
    if (whole < number->count)
        zl_buffer_put(out, number->digits + whole, (size_t)(number->count - whole));
    else
        zl_buffer_put_char(out, '0');
}

void zl_json_put_double(zl_buffer *out, double value) {
    decimal number;

    if (!isfinite(value)) {
        zl_buffer_put(out, "null", 4);
        return;
    }
    if (signbit(value))
        zl_buffer_put_char(out, '-');
    find_digits(signbit(value) ? -value : value, &number);
    if (number.point <= -4 || number.point > 16)
        put_exponent(out, &number);
    else
        put_positional(out, &number);
}
