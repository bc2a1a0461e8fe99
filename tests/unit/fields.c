/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields: order, replacing in place, limits, and that a failure changes nothing. */
#include "support.h"

#include <math.h>

#include "format/fields.h"
#include "base/json.h"

typedef struct fixture {
    zl_fields fields;
    zl_errors errors;
} fixture;

static int set_up(void **state) {
    fixture *it = calloc(1, sizeof *it);
    zl_fields_init(&it->fields);
    zl_errors_init(&it->errors);
    *state = it;
    return 0;
}

static int tear_down(void **state) {
    fixture *it = *state;
    zl_fields_free(&it->fields);
    zl_errors_destroy(&it->errors);
    free(it);
    return 0;
}

/* All fields as `key=json;`. */
static void write_out(zl_span packed, zl_buffer *out) {
    size_t offset = 0;
    zl_field field;

    while (zl_fields_next(packed, &offset, &field)) {
        zl_buffer_put_span(out, field.key);
        zl_buffer_put_char(out, '=');
        zl_buffer_put_span(out, field.json);
        zl_buffer_put_char(out, ';');
    }
    assert_int_equal(offset, packed.len);
}

#define assert_packed(packed, literal)                                                 \
    do {                                                                               \
        zl_buffer out_ = ZL_BUFFER_INIT;                                               \
        write_out((packed), &out_);                                                    \
        assert_bytes(out_.data, out_.len, literal);                                    \
        zl_buffer_free(&out_);                                                         \
    } while (0)

#define assert_fields(it, literal)                                                     \
    assert_packed(zl_buffer_span(&(it)->fields.packed), literal)

TEST_WITH(fields__keep_the_order_in_which_they_were_set, set_up, tear_down) {
    fixture *it = *state;
    assert_ok(zl_fields_set_int(&it->fields, NULL, "z", -7));
    assert_ok(zl_fields_set_string(&it->fields, NULL, "a", "x\"y\xFF", 4));
    assert_ok(zl_fields_set_double(&it->fields, NULL, "m", 1));
    assert_ok(zl_fields_set_bool(&it->fields, NULL, "t", 2));
    assert_ok(zl_fields_set_bool(&it->fields, NULL, "f", 0));
    assert_ok(zl_fields_set_json(&it->fields, NULL, "j", "[1]", 3));
    assert_fields(it, "z=-7;a=\"x\\\"y\xEF\xBF\xBD\";m=1.0;t=true;f=false;j=[1];");
    assert_int_equal(it->fields.count, 6);
}

TEST_WITH(fields__replace_a_value_where_it_stands, set_up, tear_down) {
    fixture *it = *state;
    assert_ok(zl_fields_set_int(&it->fields, NULL, "a", 1));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "b", 2));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "c", 3));
    assert_ok(zl_fields_set_string(&it->fields, NULL, "a", "longer than before", 18));
    assert_fields(it, "a=\"longer than before\";b=2;c=3;");
    assert_ok(zl_fields_set_int(&it->fields, NULL, "a", 4));
    assert_ok(zl_fields_set_json(&it->fields, NULL, "c", "null", 4));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "b", 5));
    assert_fields(it, "a=4;b=5;c=null;");
    assert_int_equal(it->fields.count, 3);
}

/* Against a list that does it the slow way. */
TEST_WITH(fields__of_any_history_are_as_a_list_would_have_them, set_up, tear_down) {
    fixture *it = *state;
    char values[8][40] = {{0}}, key[2] = "a";
    int order[8], known = 0;
    uint32_t random = 5;

    for (int round = 0; round < 2000; round++) {
        zl_buffer wanted = ZL_BUFFER_INIT, got = ZL_BUFFER_INIT;
        int which, len, i;

        random = random * 1664525u + 1013904223u;
        which = (int)(random >> 8) % 8;
        len = (int)(random >> 16) % 38;
        if (values[which][0] == '\0')
            order[known++] = which;
        memset(values[which], '7', (size_t)len + 1);
        values[which][len + 1] = '\0';
        key[0] = (char)('a' + which);
        assert_ok(zl_fields_set_json(&it->fields, NULL, key, values[which],
                                     strlen(values[which])));
        for (i = 0; i < known; i++)
            zl_buffer_printf(&wanted, "%c=%s;", 'a' + order[i], values[order[i]]);
        write_out(zl_buffer_span(&it->fields.packed), &got);
        assert_true(zl_span_equal(zl_buffer_span(&got), zl_buffer_span(&wanted)));
        assert_int_equal(it->fields.count, known);
        zl_buffer_free(&wanted);
        zl_buffer_free(&got);
    }
}

TEST_WITH(field__key_is_1_to_200_bytes_of_utf8, set_up, tear_down) {
    fixture *it = *state;
    char key[ZL_FIELD_KEY_MAX_BYTES + 2];

    memset(key, 'k', sizeof key);
    key[sizeof key - 1] = '\0';
    assert_status(zl_fields_set_int(&it->fields, &it->errors, key, 1), ZMQLOG_EINVAL);
    key[ZL_FIELD_KEY_MAX_BYTES] = '\0';
    assert_ok(zl_fields_set_int(&it->fields, &it->errors, key, 1));
    zl_fields_clear(&it->fields);
    assert_status(zl_fields_set_int(&it->fields, &it->errors, "", 1), ZMQLOG_EINVAL);
    assert_status(zl_fields_set_int(&it->fields, &it->errors, NULL, 1), ZMQLOG_EINVAL);
    assert_status(zl_fields_set_bool(&it->fields, &it->errors, "\xC3", 1),
                  ZMQLOG_EINVAL);
    assert_string_equal(zl_errors_last(&it->errors), "field key: not UTF-8");
    assert_ok(zl_fields_set_int(&it->fields, &it->errors, "\xC3\xA9 x\n", 1));
    assert_fields(it, "\xC3\xA9 x\n=1;");
}

TEST_WITH(field__that_is_not_json_is_refused_with_its_offset, set_up, tear_down) {
    fixture *it = *state;
    assert_ok(zl_fields_set_json(&it->fields, NULL, "k", "1", 1));
    assert_status(zl_fields_set_json(&it->fields, &it->errors, "k", "{\"a\":}", 6),
                  ZMQLOG_EFORMAT);
    assert_string_equal(zl_errors_last(&it->errors), "field 'k': not JSON at offset 5");
    assert_status(zl_fields_set_json(&it->fields, &it->errors, "k", NULL, 0),
                  ZMQLOG_EFORMAT);
    assert_status(zl_fields_set_json(&it->fields, &it->errors, "k", "1\0", 2),
                  ZMQLOG_EFORMAT);
    assert_fields(it, "k=1;");
}

TEST_WITH(field__json_is_kept_on_one_line, set_up, tear_down) {
    fixture *it = *state;
    static const char json[] =
        " {\n  \"a b\" : [ 1,\t2 ],\r\n \"q\\\" \" : \" \\\\\" }\n";
    assert_ok(zl_fields_set_json(&it->fields, NULL, "k", json, sizeof json - 1));
    assert_fields(it, "k={\"a b\":[1,2],\"q\\\" \":\" \\\\\"};");
}

TEST_WITH(field__number_json_cannot_say_is_null, set_up, tear_down) {
    fixture *it = *state;
    assert_ok(zl_fields_set_double(&it->fields, NULL, "nan", (double)NAN));
    assert_ok(zl_fields_set_double(&it->fields, NULL, "inf", -(double)INFINITY));
    assert_fields(it, "nan=null;inf=null;");
}

TEST_WITH(field__null_string_of_length_0_is_empty, set_up, tear_down) {
    fixture *it = *state;
    assert_ok(zl_fields_set_string(&it->fields, NULL, "s", NULL, 0));
    assert_fields(it, "s=\"\";");
}

TEST_WITH(field__null_with_a_length_is_refused, set_up, tear_down) {
    fixture *it = *state;
    assert_ok(zl_fields_set_int(&it->fields, NULL, "k", 1));
    assert_status(zl_fields_set_string(&it->fields, &it->errors, "k", NULL, 5),
                  ZMQLOG_EINVAL);
    assert_string_equal(zl_errors_last(&it->errors),
                        "field value: NULL but has a length");
    assert_status(zl_fields_set_string(&it->fields, NULL, "k", NULL, SIZE_MAX),
                  ZMQLOG_EINVAL);
    assert_status(zl_fields_set_json(&it->fields, NULL, "k", NULL, 5), ZMQLOG_EINVAL);
    assert_fields(it, "k=1;");
}

TEST_WITH(fields__over_the_limit_are_refused_and_nothing_changes, set_up, tear_down) {
    fixture *it = *state;
    size_t room = ZMQLOG_FIELDS_MAX_BYTES - 6 - 1 - 2;
    char *text = calloc(1, ZMQLOG_FIELDS_MAX_BYTES + 1);

    memset(text, 'x', ZMQLOG_FIELDS_MAX_BYTES + 1);
    assert_status(zl_fields_set_string(&it->fields, &it->errors, "k", text, room + 1),
                  ZMQLOG_ELIMIT);
    assert_status(zl_fields_set_string(&it->fields, &it->errors, "k", text,
                                       ZMQLOG_FIELDS_MAX_BYTES + 1),
                  ZMQLOG_ELIMIT);
    assert_fields(it, "");
    assert_ok(zl_fields_set_string(&it->fields, &it->errors, "k", text, room));
    assert_int_equal(it->fields.packed.len, ZMQLOG_FIELDS_MAX_BYTES);
    assert_status(zl_fields_set_int(&it->fields, &it->errors, "l", 1), ZMQLOG_ELIMIT);
    assert_int_equal(it->fields.count, 1);
    /* What is replaced makes room for what replaces it. */
    assert_ok(zl_fields_set_string(&it->fields, &it->errors, "k", text + 1, room));
    assert_ok(zl_fields_set_int(&it->fields, &it->errors, "k", 1));
    assert_fields(it, "k=1;");
    free(text);
}

TEST_WITH(copy__is_equal_and_independent, set_up, tear_down) {
    fixture *it = *state;
    zl_fields copy;

    zl_fields_init(&copy);
    assert_ok(zl_fields_set_int(&copy, NULL, "old", 0));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "a", 1));
    assert_ok(zl_fields_copy(&copy, &it->fields));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "a", 2));
    assert_packed(zl_buffer_span(&copy.packed), "a=1;");
    assert_int_equal(copy.count, 1);
    zl_fields_clear(&it->fields);
    assert_ok(zl_fields_copy(&copy, &it->fields));
    assert_int_equal(copy.count, 0);
    zl_fields_free(&copy);
}

TEST_WITH(find__takes_whole_keys_only, set_up, tear_down) {
    fixture *it = *state;
    zl_span packed;
    zl_field field;

    assert_ok(zl_fields_set_int(&it->fields, NULL, "ab", 1));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "a", 2));
    packed = zl_buffer_span(&it->fields.packed);
    assert_true(zl_fields_find(packed, zl_span_of("a"), &field));
    assert_bytes(field.json.data, field.json.len, "2");
    assert_false(zl_fields_find(packed, zl_span_of("abc"), &field));
    assert_false(zl_fields_find(zl_span_make(NULL, 0), zl_span_of("a"), &field));
}

TEST_WITH(merge__keeps_places_of_under_and_values_of_over, set_up, tear_down) {
    fixture *it = *state;
    zl_buffer out = ZL_BUFFER_INIT;
    zl_fields over;

    zl_fields_init(&over);
    assert_ok(zl_fields_set_int(&it->fields, NULL, "a", 1));
    assert_ok(zl_fields_set_int(&it->fields, NULL, "b", 2));
    assert_ok(zl_fields_set_int(&over, NULL, "c", 30));
    assert_ok(zl_fields_set_int(&over, NULL, "a", 10));
    zl_fields_merge(&out, zl_buffer_span(&it->fields.packed),
                    zl_buffer_span(&over.packed));
    assert_packed(zl_buffer_span(&out), "a=10;b=2;c=30;");
    zl_buffer_reset(&out);
    zl_fields_merge(&out, zl_span_make(NULL, 0), zl_buffer_span(&over.packed));
    zl_fields_merge(&out, zl_buffer_span(&it->fields.packed), zl_span_make(NULL, 0));
    assert_packed(zl_buffer_span(&out), "c=30;a=10;a=1;b=2;");
    zl_buffer_free(&out);
    zl_fields_free(&over);
}

TEST_WITH(next__stops_at_bytes_that_are_no_field, set_up, tear_down) {
    fixture *it = *state;
    zl_span packed;

    assert_ok(zl_fields_set_int(&it->fields, NULL, "key", 12345));
    packed = zl_buffer_span(&it->fields.packed);
    for (size_t len = 0; len < packed.len; len++) {
        char *part = malloc(len ? len : 1);
        size_t offset = 0;
        zl_field field;

        memcpy(part, packed.data, len);
        assert_int_equal(zl_fields_next(zl_span_make(part, len), &offset, &field), 0);
        free(part);
    }
}
