/* SPDX-License-Identifier: BSD-3-Clause */
/* Escapes for text output. Owns the list of what is dangerous to show; must not
 * know what the text is part of. */
#include "escape.h"

#include <stdio.h>

#define ESCAPE_BYTES 12

/* What ends lines, turns text around, or is not seen at all (Unicode's
 * Default_Ignorable_Code_Point and interlinear annotations): two texts that look alike
 * would not be alike. The variation selectors of emoji, U+FE00 to U+FE0F, stay. */
static const struct range {
    uint32_t first, last;
} dangerous[] = {
    {0x0080, 0x009F},   {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x061C, 0x061C},
    {0x115F, 0x1160},   {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x200B, 0x200F},
    {0x2028, 0x202E},   {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
};

static int is_dangerous_wide(uint32_t code) {
    for (size_t i = 0; i < sizeof dangerous / sizeof *dangerous; i++)
        if (code <= dangerous[i].last)
            return code >= dangerous[i].first;
    return 0;
}

int escape_is_needed(uint32_t code) {
    return code < 0x20 || code == 0x7F || (code > 0x7F && is_dangerous_wide(code));
}

static int write_escape(char *to, uint32_t code, int is_byte) {
    if (code == '\t' || code == '\n' || code == '\r')
        return snprintf(to, ESCAPE_BYTES, "\\%c", "tn  r"[code - '\t']);
    if (is_byte || code < 0x80)
        return snprintf(to, ESCAPE_BYTES, "\\x%02x", (unsigned)code);
    return snprintf(to, ESCAPE_BYTES, code > 0xFFFF ? "\\U%08x" : "\\u%04x",
                    (unsigned)code);
}

typedef struct walker {
    bytes text;
    size_t at;
    const char *also; /* may be NULL */
    int keep_tabs;
} walker;

static int is_plain(const walker *walk, size_t at) {
    unsigned char byte = (unsigned char)walk->text.data[at];

    if (byte < 0x20 || byte >= 0x7F)
        return byte == '\t' && walk->keep_tabs;
    if (byte == ' ' && at > 0)
        return 1;
    return !walk->also || !strchr(walk->also, byte);
}

/* Steps over one run of ASCII, or one character, or one stray byte. Returns its
 * length in bytes and sets *escape (length of the escape, 0: show as it is) and
 * *width in characters. */
static size_t step(walker *walk, char *escape, int *escape_len, size_t *width) {
    bytes rest = bytes_from(walk->text, walk->at);
    const unsigned char *at = (const unsigned char *)rest.data;
    uint32_t code;
    size_t len = 0;

    *escape_len = 0;
    while (len < rest.len && is_plain(walk, walk->at + len))
        len++;
    if (len > 0) {
        *width = len;
    } else if ((len = bytes_decode(rest, &code)) == 0) {
        len = 1;
        *escape_len = write_escape(escape, at[0], 1);
    } else if (len == 1 || is_dangerous_wide(code)) {
        *escape_len = write_escape(escape, code, 0);
    } else {
        *width = 1;
    }
    if (*escape_len)
        *width = (size_t)*escape_len;
    walk->at += len;
    return len;
}

/* `out` may be NULL to measure. */
static size_t put(output *out, walker walk) {
    size_t total = 0;

    while (walk.at < walk.text.len) {
        char escape[ESCAPE_BYTES];
        int escape_len;
        size_t width = 0, start = walk.at;
        size_t len = step(&walk, escape, &escape_len, &width);
        total += width;
        if (out && escape_len)
            output_put(out, escape, (size_t)escape_len);
        else if (out)
            output_put(out, walk.text.data + start, len);
    }
    return total;
}

size_t escape_put(output *out, bytes text, const char *also) {
    return put(out, (walker){text, 0, also, 0});
}

void escape_put_message(output *out, bytes line) {
    put(out, (walker){line, 0, NULL, 1});
}

size_t escape_width(bytes text, const char *also) {
    return put(NULL, (walker){text, 0, also, 0});
}
