/* SPDX-License-Identifier: BSD-3-Clause */
/* What a single JSON value is: a string, or an integer of a size we can hold. The
 * value is known to be JSON; anything else in it only makes the answer no. */
#include "base/json.h"

int zl_json_string_raw(zl_span value, zl_span *raw) {
    if (value.len < 2 || value.data[0] != '"' || value.data[value.len - 1] != '"')
        return 0;
    *raw = zl_span_make(value.data + 1, value.len - 2);
    return 1;
}

int zl_json_uint(zl_span value, uint64_t *out) {
    uint64_t sum = 0;
    size_t i;

    if (value.len == 0)
        return 0;
    for (i = 0; i < value.len; i++) {
        unsigned digit = (unsigned)(unsigned char)value.data[i] - '0';
        if (digit > 9 || sum > (UINT64_MAX - digit) / 10)
            return 0;
        sum = sum * 10 + digit;
    }
    *out = sum;
    return 1;
}

int zl_json_int(zl_span value, int64_t *out) {
    int negative = value.len > 0 && value.data[0] == '-';
    uint64_t magnitude;

    if (negative)
        value = zl_span_make(value.data + 1, value.len - 1);
    if (!zl_json_uint(value, &magnitude) ||
        magnitude > (uint64_t)INT64_MAX + (uint64_t)negative)
        return 0;
    *out = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return 1;
}
