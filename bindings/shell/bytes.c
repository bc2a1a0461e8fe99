/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 as RFC 3629 has it. Owns the one decoder of this program; knows nothing
 * of what the characters mean. */
#include "bytes.h"

static int is_continuation(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

static size_t sequence_length(unsigned char lead) {
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

size_t bytes_decode(bytes text, uint32_t *code) {
    const unsigned char *at = (const unsigned char *)text.data;
    static const uint32_t lowest[5] = {0, 0, 0x80, 0x800, 0x10000};
    static const unsigned char lead_mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    size_t len = text.len ? sequence_length(at[0]) : 0;
    uint32_t value;

    if (len == 0 || len > text.len)
        return 0;
    value = at[0] & lead_mask[len];
    for (size_t i = 1; i < len; i++) {
        if (!is_continuation(at[i]))
            return 0;
        value = value << 6 | (at[i] & 0x3F);
    }
    if (value < lowest[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *code = value;
    return len;
}

int bytes_are_utf8(bytes text) {
    size_t at = 0;

    while (at < text.len) {
        uint32_t code;
        size_t len = 1;
        if ((unsigned char)text.data[at] >= 0x80)
            len = bytes_decode(bytes_from(text, at), &code);
        if (len == 0)
            return 0;
        at += len;
    }
    return 1;
}
