/* SPDX-License-Identifier: BSD-3-Clause */
/* UTF-8 as RFC 3629 has it: no overlong forms, surrogates or values over
 * U+10FFFF. Pure. */
#ifndef ZL_UTF8_H
#define ZL_UTF8_H

#include "base/span.h"

#include <stdint.h>

/* Longest character. */
#define ZL_UTF8_MAX_BYTES 4

/* Decodes one character. Returns its length in bytes (1 to 4), or 0 when the
 * bytes are not UTF-8 (then *code is U+FFFD and the caller skips one byte). An
 * empty span returns 0. */
size_t zl_utf8_decode(zl_span text, uint32_t *code);

int zl_utf8_is_valid(zl_span text);

/* Longest prefix of at most `max` bytes that does not cut a character in two.
 * Bytes that are not UTF-8 count as characters of one byte. */
size_t zl_utf8_cut(zl_span text, size_t max);

/* Number of characters; invalid bytes count one each. */
size_t zl_utf8_count(zl_span text);

/* Bytes taken by the first `characters` characters (the whole length if there
 * are fewer). */
size_t zl_utf8_offset(zl_span text, size_t characters);

/* Whether the span holds a C0 control character or DEL. */
int zl_utf8_has_control(zl_span text);

#endif
