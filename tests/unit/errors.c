/* SPDX-License-Identifier: BSD-3-Clause */
/* The last texts of a handle: what is newest, how long one stays, and threads. */
#include "support.h"

#include <pthread.h>

#include "base/errors.h"
#include "base/utf8.h"

TEST_LABELS(threads);

static int setup(void **state) {
    zl_errors *errors = malloc(sizeof *errors);
    if (!errors)
        return -1;
    zl_errors_init(errors);
    *state = errors;
    return 0;
}

static int teardown(void **state) {
    zl_errors_destroy(*state);
    free(*state);
    return 0;
}

TEST_WITH(errors__last_is_empty_before_the_first_failure, setup, teardown) {
    assert_string_equal(zl_errors_last(*state), "");
}

TEST_WITH(errors__null_takes_a_failure_and_has_no_text, setup, teardown) {
    assert_int_equal(zl_fail(NULL, ZMQLOG_EIO, "lost %d", 1), ZMQLOG_EIO);
    assert_string_equal(zl_errors_last(NULL), "");
}

TEST_WITH(errors__fail_returns_the_status_and_keeps_the_text, setup, teardown) {
    assert_int_equal(zl_fail(*state, ZMQLOG_EINVAL, "port %d of %s", 7, "x"),
                     ZMQLOG_EINVAL);
    assert_string_equal(zl_errors_last(*state), "port 7 of x");
}

TEST_WITH(errors__last_is_the_newest_after_any_number, setup, teardown) {
    for (int i = 0; i < 100; i++) {
        char wanted[16];
        snprintf(wanted, sizeof wanted, "no. %d", i);
        zl_fail(*state, ZMQLOG_EIO, "no. %d", i);
        assert_string_equal(zl_errors_last(*state), wanted);
    }
}

TEST_WITH(errors__text_stays_until_sixteen_more, setup, teardown) {
    const char *text;
    zl_fail(*state, ZMQLOG_EIO, "the first");
    text = zl_errors_last(*state);
    for (int i = 1; i < ZL_ERRORS_KEPT; i++) {
        zl_fail(*state, ZMQLOG_EIO, "no. %d", i);
        assert_string_equal(text, "the first");
    }
    zl_fail(*state, ZMQLOG_EIO, "one too many");
    assert_string_equal(text, "one too many");
}

TEST_WITH(errors__text_may_quote_the_one_it_replaces, setup, teardown) {
    const char *oldest;
    zl_fail(*state, ZMQLOG_EIO, "root");
    oldest = zl_errors_last(*state);
    for (int i = 1; i < ZL_ERRORS_KEPT; i++)
        zl_fail(*state, ZMQLOG_EIO, "no. %d", i);
    zl_fail(*state, ZMQLOG_EIO, "caused by %s", oldest);
    assert_string_equal(zl_errors_last(*state), "caused by root");
}

TEST_WITH(errors__long_text_is_cut_between_characters, setup, teardown) {
    char text[3 * ZL_ERROR_BYTES + 4];
    for (size_t shift = 0; shift < 3; shift++) {
        size_t len;
        memset(text, 'x', shift);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xE6\x97\xA5", 4);
        zl_fail(*state, ZMQLOG_EIO, "%s", text);
        len = strlen(zl_errors_last(*state));
        assert_in_range(len, ZL_ERROR_BYTES - 3, ZL_ERROR_BYTES - 1);
        assert_int_equal((len - shift) % 3, 0);
        assert_memory_equal(zl_errors_last(*state), text, len);
    }
}

TEST_WITH(errors__text_that_just_fits_is_whole, setup, teardown) {
    char text[ZL_ERROR_BYTES];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    zl_fail(*state, ZMQLOG_EIO, "%s", text);
    assert_string_equal(zl_errors_last(*state), text);
}

TEST_WITH(errors__detail_that_cannot_be_made_is_empty, setup, teardown) {
    assert_int_equal(zl_fail(*state, ZMQLOG_EIO, "%ls", L"\x65e5"), ZMQLOG_EIO);
    assert_string_equal(zl_errors_last(*state), "");
}

#define WRITERS 3
#define PER_WRITER 5 /* 15 in all: no slot that a reader may hold is written */

static void *fail_some(void *errors) {
    for (int i = 0; i < PER_WRITER; i++)
        zl_fail(errors, ZMQLOG_EIO, "failed: %d", i);
    return NULL;
}

TEST_WITH(errors__threads_fail_and_read_at_once, setup, teardown) {
    pthread_t threads[WRITERS];
    zl_fail(*state, ZMQLOG_EIO, "failed: before");
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fail_some, *state), 0);
    for (int i = 0; i < 200; i++)
        assert_memory_equal(zl_errors_last(*state), "failed: ", 8);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(((zl_errors *)*state)->newest, ZL_ERRORS_KEPT);
}
