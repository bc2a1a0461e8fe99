/* SPDX-License-Identifier: BSD-3-Clause */
/* Which messages a stream has acknowledged, from answers in any order. */
#include "forward/nats_acks.h"
#include "support.h"

#include <inttypes.h>
#include <poll.h>

static nats_acks acks;

static int begin(void **state) {
    (void)state;
    memset(&acks, 0, sizeof acks);
    if (nats_acks_init(&acks) < 0 || nats_Open(-1) != NATS_OK)
        return -1;
    nats_acks_begin(&acks, 7, 0);
    return 0;
}

static int end(void **state) {
    (void)state;
    nats_acks_free(&acks);
    nats_CloseAndWait(2000);
    return 0;
}

static void answer(uint64_t number, const char *text) {
    char subject[100];
    natsMsg *message = NULL;
    snprintf(subject, sizeof subject, "%s.%" PRIu64, acks.inbox, number);
    assert_int_equal(natsMsg_Create(&message, subject, NULL, text, (int)strlen(text)),
                     NATS_OK);
    nats_acks_on_answer(NULL, NULL, message, &acks);
}

static void stored(uint64_t number) {
    answer(number, "{\"stream\":\"LOGS\", \"seq\":70}");
}

static void too_large(uint64_t number) {
    answer(number, "{\"error\":{\"code\":400,\"err_code\":10054,"
                   "\"description\":\"message size exceeds maximum allowed\"}}");
}

static void expect(uint64_t from, uint64_t to) {
    for (uint64_t number = from; number <= to; number++)
        assert_true(nats_acks_expect(&acks, number));
}

/* What a look tells: up to which number all is settled, and which one is refused. */
static void assert_look(uint64_t settled, uint64_t refused) {
    char problem[256];
    uint64_t got;
    assert_true(nats_acks_look(&acks, &got, problem));
    assert_int_equal(acks.settled, settled);
    assert_int_equal(got, refused);
}

TEST_WITH(acks__settle_without_gaps, begin, end) {
    expect(1, 4);
    stored(4);
    stored(2);
    assert_look(0, 0);
    stored(1);
    assert_look(2, 0);
    assert_int_equal(acks.stored_at, 70);
    stored(3);
    assert_look(4, 0);
}

TEST_WITH(acks__tell_each_one_that_is_refused, begin, end) {
    expect(1, 5);
    stored(1);
    too_large(2);
    too_large(3);
    stored(4);
    too_large(5);
    assert_look(2, 2);
    assert_look(3, 3);
    assert_look(5, 5);
    assert_look(5, 0);
}

TEST_WITH(acks__wait_for_none_that_was_left_out, begin, end) {
    expect(10, 11);
    assert_true(nats_acks_expect(&acks, 15)); /* 12 to 14: refused before, or stored */
    stored(10);
    stored(11);
    stored(15);
    assert_look(15, 0);
    assert_int_equal(acks.settled, acks.put);
}

TEST_WITH(acks__bound_what_is_on_its_way, begin, end) {
    const uint64_t half = NATS_WINDOW / 2;
    expect(1, NATS_WINDOW);
    assert_false(nats_acks_expect(&acks, NATS_WINDOW + 1));
    for (uint64_t number = 1; number <= half; number++)
        stored(number);
    assert_look(half, 0);
    assert_false(nats_acks_expect(&acks, NATS_WINDOW + 1));
    stored(half + 1);
    assert_look(half + 1, 0);
    expect(NATS_WINDOW + 1, NATS_WINDOW + half + 1);
    assert_false(nats_acks_expect(&acks, NATS_WINDOW + half + 2));
}

static int is_signalled(void) {
    struct pollfd polled = {.fd = acks.event, .events = POLLIN};
    return poll(&polled, 1, 0) == 1;
}

TEST_WITH(acks__wake_nobody_for_a_single_answer_of_many, begin, end) {
    expect(1, 3);
    stored(1);
    stored(3);
    assert_false(is_signalled());
    stored(2);
    assert_true(is_signalled()); /* there is nothing more to wait for */
    assert_look(3, 0);
    assert_false(is_signalled());
    expect(4, NATS_WINDOW + 3);
    assert_false(nats_acks_expect(&acks, NATS_WINDOW + 4));
    for (uint64_t number = 4; number < 4 + NATS_WINDOW / 2 - 1; number++)
        stored(number);
    assert_false(is_signalled());
    stored(4 + NATS_WINDOW / 2 - 1);
    assert_true(is_signalled());
}

TEST_WITH(acks__of_an_earlier_connection_do_not_count, begin, end) {
    char subject[100];
    natsMsg *message = NULL;
    expect(1, 2);
    snprintf(subject, sizeof subject, "%s.1", acks.inbox);
    nats_acks_end(&acks);
    nats_acks_begin(&acks, 7, 70);
    expect(1, 2);
    assert_int_equal(natsMsg_Create(&message, subject, NULL, "{\"seq\":71}", 10), 0);
    nats_acks_on_answer(NULL, NULL, message, &acks);
    assert_look(0, 0);
    stored(1);
    assert_look(1, 0);
}

TEST_WITH(acks__an_error_ends_the_connection, begin, end) {
    char problem[256];
    uint64_t refused;
    expect(1, 1);
    answer(1, "{\"error\":{\"code\":503,\"err_code\":10077,\"description\":\"full\"}}");
    assert_false(nats_acks_look(&acks, &refused, problem));
    assert_non_null(strstr(problem, "full"));
}

TEST_WITH(acks__a_record_whose_predecessor_is_missing_ends_the_connection, begin, end) {
    char problem[256];
    uint64_t refused;
    expect(1, 2);
    stored(1);
    answer(2, "{\"error\":{\"code\":400,\"err_code\":10070,"
              "\"description\":\"wrong last msg ID: 1-0\"}}");
    assert_false(nats_acks_look(&acks, &refused, problem));
    assert_string_equal(problem, "the stream's last record is not the one before");
    assert_int_equal(acks.settled, 1);
}
