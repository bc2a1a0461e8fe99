/* SPDX-License-Identifier: BSD-3-Clause */
/* The growing buffer: its content, and that no size overflows it. */
#include "support.h"

#include "base/buffer.h"

TEST(buffer__is_empty_and_owns_nothing_at_first) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    assert_string_equal(zl_buffer_text(&buffer), "");
    zl_buffer_put(&buffer, NULL, 0);
    zl_buffer_put_span(&buffer, zl_span_make(NULL, 0));
    zl_buffer_put_text(&buffer, "");
    zl_buffer_fill(&buffer, 'x', 0);
    assert_null(buffer.data);
    assert_int_equal(buffer.failed, 0);
    zl_buffer_free(&buffer);
}

TEST(buffer__writers_append_in_order) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    zl_buffer_put(&buffer, "a\0b", 3);
    zl_buffer_put_text(&buffer, "text");
    zl_buffer_put_char(&buffer, '|');
    zl_buffer_put_span(&buffer, zl_span_of("span"));
    zl_buffer_fill(&buffer, '-', 3);
    zl_buffer_printf(&buffer, "%d%%", 42);
    assert_bytes(buffer.data, buffer.len, "a\0btext|span---42%");
    zl_buffer_free(&buffer);
}

TEST(buffer__text_ends_with_an_uncounted_nul) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    zl_buffer_fill(&buffer, 'x', 64); /* the first capacity, full to the brim */
    assert_int_equal(strlen(zl_buffer_text(&buffer)), 64);
    assert_int_equal(buffer.len, 64);
    zl_buffer_put_char(&buffer, 'y');
    assert_string_equal(zl_buffer_text(&buffer) + 63, "xy");
    zl_buffer_free(&buffer);
}

TEST(buffer__grows_a_byte_at_a_time) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    for (int i = 0; i < 10000; i++)
        zl_buffer_put_char(&buffer, (char)(i % 251));
    assert_int_equal(buffer.len, 10000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(buffer.data[i], (char)(i % 251));
    zl_buffer_free(&buffer);
}

TEST(buffer__printf_takes_any_length) {
    char text[300];
    for (size_t len = 0; len < sizeof text; len++) {
        zl_buffer buffer = ZL_BUFFER_INIT;
        memset(text, 'p', len);
        text[len] = '\0';
        zl_buffer_put_char(&buffer, '<');
        zl_buffer_printf(&buffer, "%s", text);
        zl_buffer_put_char(&buffer, '>');
        assert_int_equal(buffer.len, len + 2);
        assert_memory_equal(buffer.data + 1, text, len);
        assert_int_equal(buffer.data[len + 1], '>');
        zl_buffer_free(&buffer);
    }
}

TEST(buffer__printf_that_cannot_convert_fails) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    zl_buffer_put_text(&buffer, "abc");
    zl_buffer_printf(&buffer, "%ls", L"\x65e5"); /* no such character in locale C */
    assert_int_equal(buffer.failed, 1);
    assert_int_equal(buffer.len, 3);
    zl_buffer_free(&buffer);
}

TEST(buffer__reset_empties_and_keeps_the_memory) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    char *data;
    zl_buffer_put_text(&buffer, "something");
    data = buffer.data;
    zl_buffer_reset(&buffer);
    assert_string_equal(zl_buffer_text(&buffer), "");
    zl_buffer_put_text(&buffer, "else");
    assert_ptr_equal(buffer.data, data);
    assert_string_equal(zl_buffer_text(&buffer), "else");
    zl_buffer_free(&buffer);
}

TEST(buffer__reserve_gives_room_without_counting_it) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    char *room;
    zl_buffer_put_char(&buffer, 'a');
    room = zl_buffer_reserve(&buffer, 1000);
    assert_non_null(room);
    memset(room, 'b', 1000);
    assert_int_equal(buffer.len, 1);
    assert_ptr_equal(room, buffer.data + 1);
    assert_non_null(zl_buffer_reserve(&buffer, 0));
    zl_buffer_free(&buffer);
}

TEST(buffer__reserve_of_nothing_is_no_failure) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    assert_non_null(zl_buffer_reserve(&buffer, 0));
    assert_int_equal(buffer.failed, 0);
    zl_buffer_free(&buffer);
}

TEST(buffer__sizes_that_overflow_fail) {
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 2, (size_t)PTRDIFF_MAX,
                                   (size_t)PTRDIFF_MAX + 1};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        zl_buffer buffer = ZL_BUFFER_INIT;
        zl_buffer_put_text(&buffer, "abc");
        assert_null(zl_buffer_reserve(&buffer, sizes[i]));
        assert_int_equal(buffer.failed, 1);
        assert_bytes(buffer.data, buffer.len, "abc");
        zl_buffer_free(&buffer);
    }
}

TEST(buffer__failure_sticks_until_reset) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    zl_buffer_put_text(&buffer, "abc");
    zl_buffer_fill(&buffer, 'x', SIZE_MAX);
    zl_buffer_put_text(&buffer, "def");
    zl_buffer_put_char(&buffer, 'g');
    zl_buffer_printf(&buffer, "%d", 5);
    assert_int_equal(buffer.failed, 1);
    assert_int_equal(buffer.len, 3);
    assert_string_equal(zl_buffer_text(&buffer), "");
    zl_buffer_reset(&buffer);
    zl_buffer_put_text(&buffer, "again");
    assert_int_equal(buffer.failed, 0);
    assert_string_equal(zl_buffer_text(&buffer), "again");
    zl_buffer_free(&buffer);
}

TEST(buffer__free_leaves_one_that_may_be_used) {
    zl_buffer buffer = ZL_BUFFER_INIT;
    zl_buffer_put_text(&buffer, "abc");
    zl_buffer_free(&buffer);
    zl_buffer_put_text(&buffer, "d");
    assert_string_equal(zl_buffer_text(&buffer), "d");
    assert_int_equal(zl_buffer_span(&buffer).len, 1);
    zl_buffer_free(&buffer);
    zl_buffer_free(&buffer);
}
