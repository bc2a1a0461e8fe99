/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes as JSON to be read, and as text to be written and read back. */
#include <stdint.h>
#include <stdlib.h>

#include "format/fields.h"
#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int promise) {
    if (!promise)
        abort();
}

static void read_as_object(zl_span text, int valid) {
    zl_json_members it;
    zl_span key, value;
    int more;

    zl_json_members_begin(&it, text);
    while ((more = zl_json_members_next(&it, &key, &value)) == 1) {
        zl_buffer plain = ZL_BUFFER_INIT;
        int64_t number;

        check(zl_json_is_value(value, NULL));
        check(zl_json_unescape(&plain, key) == 0);
        check(zl_utf8_is_valid(zl_buffer_span(&plain)));
        (void)zl_json_int(value, &number);
        zl_buffer_free(&plain);
    }
    /* An object may hold values one level deeper than a value may be. */
    if (valid && text.len > 0 && more == -1)
        check(*text.data != '{');
}

static void read_as_value(zl_span text) {
    size_t offset = 0;
    int valid = zl_json_is_value(text, &offset);
    zl_fields fields;
    zl_field field;

    check(offset <= text.len && (!valid || offset == text.len));
    read_as_object(text, valid);
    zl_fields_init(&fields);
    if (zl_fields_set_json(&fields, NULL, "k", text.data, text.len) == ZMQLOG_OK) {
        check(valid);
        check(zl_fields_find(zl_buffer_span(&fields.packed), zl_span_of("k"), &field));
        check(zl_json_is_value(field.json, NULL));
    }
    zl_fields_free(&fields);
}

static void write_and_read_back(zl_span text) {
    zl_buffer json = ZL_BUFFER_INIT, back = ZL_BUFFER_INIT;
    zl_span raw;

    zl_json_put_string(&json, text);
    check(zl_json_is_value(zl_buffer_span(&json), NULL));
    check(zl_json_string_raw(zl_buffer_span(&json), &raw));
    check(zl_json_unescape(&back, raw) == 0);
    if (zl_utf8_is_valid(text))
        check(zl_span_equal(zl_buffer_span(&back), text));
    check(zl_utf8_count(zl_buffer_span(&back)) == zl_utf8_count(text));
    check(zl_json_fit(text, raw.len) == text.len);
    check(zl_json_fit(text, raw.len / 2) <= raw.len / 2);
    zl_buffer_free(&json);
    zl_buffer_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zl_span text = zl_span_make((const char *)data, size);
    zl_buffer plain = ZL_BUFFER_INIT;
    double number = 0;

    read_as_value(text);
    write_and_read_back(text);
    if (zl_json_unescape(&plain, text) == 0)
        check(zl_utf8_is_valid(zl_buffer_span(&plain)));
    zl_buffer_reset(&plain);
    if (size >= sizeof number)
        memcpy(&number, data, sizeof number);
    zl_json_put_double(&plain, number);
    check(zl_json_is_value(zl_buffer_span(&plain), NULL));
    if (*plain.data != 'n')
        check(strtod(zl_buffer_text(&plain), NULL) == number);
    zl_buffer_free(&plain);
    return 0;
}
