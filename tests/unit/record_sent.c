/* SPDX-License-Identifier: BSD-3-Clause */
/* Whatever the style json writes can be read again, even the largest body. */
#include "view.h"

#include "format/record.h"

/* What a logger has, what a record has, and both as they are sent. */
typedef struct letter {
    zl_fields bound, own;
    zl_buffer merged, body;
    zmqlog_record *record;
} letter;

static int set_up(void **state) {
    letter *it = calloc(1, sizeof *it);
    zl_fields_init(&it->bound);
    zl_fields_init(&it->own);
    it->record = zmqlog_record_new();
    *state = it;
    return it->record ? 0 : -1;
}

static int tear_down(void **state) {
    letter *it = *state;
    zl_fields_free(&it->bound);
    zl_fields_free(&it->own);
    zl_buffer_free(&it->merged);
    zl_buffer_free(&it->body);
    zmqlog_record_free(it->record);
    free(it);
    return 0;
}

/* Renders what the letter holds and takes it as received. */
static void deliver(letter *it) {
    zl_view view = full_view();

    zl_buffer_reset(&it->merged);
    zl_buffer_reset(&it->body);
    zl_fields_merge(&it->merged, zl_buffer_span(&it->bound.packed),
                    zl_buffer_span(&it->own.packed));
    view.fields = zl_buffer_span(&it->merged);
    assert_int_equal(render_style("json", NULL, &view, NO_LIMIT, &it->body), 0);
    assert_ok(zmqlog_record_set_text(it->record, it->body.data, it->body.len));
}

static void assert_read(const letter *it) {
    assert_ok_or(zmqlog_record_parse(it->record), zmqlog_record_errmsg(it->record));
    assert_record(it->record, text, "hello there");
    assert_int_equal(zmqlog_record_field_count(it->record),
                     it->bound.count + it->own.count + 2);
}

TEST_WITH(sent__longest_fields_of_logger_and_record_are_read, set_up, tear_down) {
    letter *it = *state;
    size_t len = 0, room = ZMQLOG_FIELDS_MAX_BYTES - 6 - 1 - 2;
    char *value = malloc(room);

    assert_non_null(value);
    memset(value, 'x', room);
    assert_ok(zl_fields_set_string(&it->bound, NULL, "a", value, room));
    assert_ok(zl_fields_set_string(&it->own, NULL, "b", value, room));
    deliver(it);
    assert_read(it);
    assert_non_null(zmqlog_record_field_json(it->record, 2, &len));
    assert_int_equal(len, room + 2);
    assert_non_null(zmqlog_record_field_json(it->record, 3, &len));
    assert_int_equal(len, room + 2);
    free(value);
}

/* Fields of different two-byte keys, as many as there is room for. Returns where
 * the next ones go on. */
static int fill(zl_fields *fields, int number) {
    static const char digit[] = "7";
    zmqlog_status status = ZMQLOG_OK;

    for (; status == ZMQLOG_OK; number++) {
        char key[3] = {(char)(1 + number % 126), (char)(1 + number / 126), '\0'};
        status = zl_fields_set_json(fields, NULL, key, digit, 1);
    }
    assert_status(status, ZMQLOG_ELIMIT);
    return number;
}

TEST_WITH(sent__most_fields_of_logger_and_record_are_read, set_up, tear_down) {
    letter *it = *state;

    fill(&it->own, fill(&it->bound, 0));
    assert_in_range(it->bound.count + it->own.count, 14000, 16000);
    deliver(it);
    assert_read(it);
}

TEST_WITH(sent__longest_key_is_read_although_it_was_renamed, set_up, tear_down) {
    letter *it = *state;
    char key[ZL_FIELD_KEY_MAX_BYTES + 1];
    size_t len = 0;

    memset(key, '_', sizeof key);
    memcpy(key, "pid", 3);
    key[sizeof key - 1] = '\0';
    assert_ok(zl_fields_set_int(&it->own, NULL, key, 1));
    deliver(it);
    assert_read(it);
    assert_memory_equal(zmqlog_record_field_key(it->record, 2, &len), key,
                        sizeof key - 1);
    assert_int_equal(len, sizeof key);
}

TEST_WITH(sent__more_than_a_record_may_be_given_can_be_passed_on, set_up, tear_down) {
    letter *it = *state;
    zl_view view;

    sent__longest_fields_of_logger_and_record_are_read(state);
    assert_status(zmqlog_record_set_field_int(it->record, "more", 1), ZMQLOG_ELIMIT);
    zl_record_view(it->record, &view);
    zl_fields_clear(&it->own);
    zl_buffer_put_span(&it->own.packed, view.fields);
    it->own.count = zmqlog_record_field_count(it->record) - it->bound.count;
    deliver(it);
    assert_read(it);
}

/* Searching among many fields takes another way than among few. */
TEST_WITH(parse__a_key_that_comes_again_replaces_its_value, set_up, tear_down) {
    static const int again[] = {0, 50, 99, 100, 101, 499};
    letter *it = *state;
    char text[16384];
    int len = snprintf(text, sizeof text, "{\"msg\":\"m\"");
    size_t size;

    for (int i = 0; i < 500; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, ",\"k%d\":%d", i, i);
    for (size_t i = 0; i < sizeof again / sizeof *again; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, ",\"k%d\":-1", again[i]);
    len += snprintf(text + len, sizeof text - (size_t)len, "}");
    assert_ok(zmqlog_record_set_text(it->record, text, (size_t)len));
    assert_ok_or(zmqlog_record_parse(it->record), zmqlog_record_errmsg(it->record));
    assert_int_equal(500, zmqlog_record_field_count(it->record));
    for (size_t i = 0; i < sizeof again / sizeof *again; i++)
        assert_string_equal("-1",
                            zmqlog_record_field_json(it->record, again[i], &size));
    assert_string_equal("498", zmqlog_record_field_json(it->record, 498, &size));
}
