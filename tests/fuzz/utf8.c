/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes of any kind walked as UTF-8. The first byte is a length to cut at, the
 * rest the text. Traps when the walks disagree. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int truth) {
    if (!truth)
        abort();
}

/* Character by character: where each begins must be what offset says and where a
 * cut may be. */
static void check_walk(zl_span text) {
    size_t at = 0, count = 0;
    int valid = 1, control = 0;
    while (at < text.len) {
        uint32_t code = 0;
        zl_span rest = {text.data + at, text.len - at};
        size_t len = zl_utf8_decode(rest, &code);
        demand(zl_utf8_offset(text, count) == at && zl_utf8_cut(text, at) == at);
        demand(len <= 4 && len <= rest.len && code <= 0x10FFFF);
        demand(len > 0 || code == 0xFFFD);
        for (size_t inside = 1; inside < len; inside++)
            demand(zl_utf8_cut(text, at + inside) == at);
        valid &= len > 0;
        control |= len == 1 && (code < 0x20 || code == 0x7F);
        at += len ? len : 1;
        count++;
    }
    demand(zl_utf8_count(text) == count && zl_utf8_offset(text, count) == text.len);
    demand(zl_utf8_is_valid(text) == valid && zl_utf8_has_control(text) == control);
}

static void check_cut(zl_span text, size_t max) {
    size_t len = zl_utf8_cut(text, max);
    demand(len <= max && len <= text.len);
    demand(len == text.len || len + 3 >= max);
    if (zl_utf8_is_valid(text))
        demand(zl_utf8_is_valid(zl_span_make(text.data, len)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zl_span text;
    if (size == 0 || size > 4096) /* the walk is quadratic */
        return 0;
    text = zl_span_make((const char *)data + 1, size - 1);
    check_walk(text);
    check_cut(text, data[0]);
    return 0;
}
