/* SPDX-License-Identifier: BSD-3-Clause */
/* What the setters and openers of a handler refuse, with the reasons they give. */
#include "support.h"

TEST_LABELS(threads);

static void assert_told(zmqlog_handler *handler, const char *part) {
    const char *told = zmqlog_handler_errmsg(handler);
    if (told && strstr(told, part))
        return;
    print_error("\"%s\" does not mention \"%s\"\n", told ? told : "nothing", part);
    fail();
}

#define refused(handler, call, status, part)                                           \
    do {                                                                               \
        assert_status((call), (status));                                               \
        assert_told((handler), (part));                                                \
    } while (0)

TEST(setters__refuse_names_that_are_none) {
    zmqlog_handler *h = zmqlog_handler_new();
    refused(h, zmqlog_handler_set_root_topic(h, NULL), ZMQLOG_EINVAL,
            "set_root_topic: root_topic is NULL");
    refused(h, zmqlog_handler_set_root_topic(h, "\xff"), ZMQLOG_EINVAL, "UTF-8");
    refused(h, zmqlog_handler_set_level_names(h, "log4j"), ZMQLOG_EINVAL, "pyzmq");
    refused(h, zmqlog_handler_set_level_names(h, NULL), ZMQLOG_EINVAL, "null");
    refused(h, zmqlog_handler_set_level_name(h, 25, "A.B"), ZMQLOG_EINVAL, "A.B");
    refused(h, zmqlog_handler_set_level_name(h, 25, "info"), ZMQLOG_EINVAL, "info");
    refused(h, zmqlog_handler_set_level_name(h, 25, ""), ZMQLOG_EINVAL, "empty");
    refused(h, zmqlog_handler_set_level_name(h, 25, NULL), ZMQLOG_EINVAL, "null");
    assert_string_equal("", zmqlog_handler_root_topic(h));
    assert_string_equal("L25", zmqlog_handler_level_name(h, 25));
    zmqlog_handler_free(h);
}

TEST(styles__are_checked_when_they_are_set) {
    zmqlog_handler *h = zmqlog_handler_new();
    refused(h, zmqlog_handler_set_style(h, 0, "fancy"), ZMQLOG_EINVAL, "fancy");
    refused(h, zmqlog_handler_set_style(h, 0, "ab %(nope)s"), ZMQLOG_EFORMAT,
            "offset 5");
    refused(h, zmqlog_handler_set_style(h, 64, "plain"), ZMQLOG_EINVAL, "63");
    refused(h, zmqlog_handler_set_style(h, 20, NULL), ZMQLOG_EINVAL, "NULL");
    assert_ok(zmqlog_handler_set_style(h, 0, "json"));
    assert_ok(zmqlog_handler_set_style(h, 20, "%(message)s"));
    assert_ok(zmqlog_handler_set_time_format(h, "%H:%M"));
    zmqlog_handler_free(h);
}

TEST(endpoints__that_libzmq_would_swallow_are_refused) {
    static const char *const bad[] = {"",
                                      "tcp://",
                                      "tcp://127.0.0.1",
                                      "tcp://127.0.0.1:99999",
                                      "tcp://127.0.0.1:80x",
                                      "tcp://256.1.1.1:1",
                                      "127.0.0.1:5556",
                                      "ipc://",
                                      "tcp://127.0.0.1:-1"};
    zmqlog_handler *h = zmqlog_handler_new();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_status(zmqlog_handler_bind(h, bad[i]), ZMQLOG_EINVAL);
        assert_string_not_equal("", zmqlog_handler_errmsg(h));
    }
    assert_status(zmqlog_handler_bind(h, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_bind(h, "ws://127.0.0.1:5556"), ZMQLOG_ENOTSUP);
    assert_status(zmqlog_handler_bind(h, "udp://127.0.0.1:5556"), ZMQLOG_ENOTSUP);
    assert_status(zmqlog_handler_connect(h, "tcp://127.0.0.1:0"), ZMQLOG_EINVAL);
    refused(h, zmqlog_handler_bind(h, "tcp://0.0.0.0:5556"), ZMQLOG_EREFUSED,
            "127.0.0.1");
    assert_told(h, "insecure");
    assert_status(zmqlog_handler_connect(h, "tcp://192.0.2.1:5556"), ZMQLOG_EREFUSED);
    assert_null(zmqlog_handler_endpoint(h, 0));
    /* Nothing has changed: the handler still takes options and opens. */
    assert_ok(zmqlog_handler_set_hold_ms(h, 0));
    assert_ok(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"));
    zmqlog_handler_close(h, PATIENCE_MS);
    zmqlog_handler_free(h);
}

TEST(bind__of_a_taken_port_changes_nothing) {
    zmqlog_handler *first = open_handler("first"), *second = zmqlog_handler_new();
    const char *taken = zmqlog_handler_endpoint(first, 0);
    for (int i = 0; i < 3; i++) {
        refused(second, zmqlog_handler_bind(second, taken), ZMQLOG_EADDRINUSE, taken);
        assert_ok(zmqlog_handler_set_send_hwm(second, 100 + i));
        assert_status(zmqlog_handler_log(second, 20, "x", 1), ZMQLOG_ESTATE);
    }
    assert_ok(zmqlog_handler_bind(second, "tcp://127.0.0.1:*"));
    /* Open already: a failed further bind leaves the first endpoint alone. */
    assert_status(zmqlog_handler_bind(second, taken), ZMQLOG_EADDRINUSE);
    assert_non_null(zmqlog_handler_endpoint(second, 0));
    assert_null(zmqlog_handler_endpoint(second, 1));
    log_text(second, 20, "x");
    zmqlog_handler_free(first);
    zmqlog_handler_free(second);
}

TEST(setters__after_opening_answer_estate) {
    zmqlog_handler *h = open_handler("app");
    refused(h, zmqlog_handler_set_queue_bytes(h, 1 << 20), ZMQLOG_ESTATE, "before");
    assert_status(zmqlog_handler_set_overflow(h, 0, 0), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_slow_peer(h, 1, 1, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_send_hwm(h, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_linger_ms(h, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_hold_ms(h, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_max_body_bytes(h, 1000), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_drop_notice(h, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_auth(h, NULL), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_level_names(h, "pyzmq"), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_level_name(h, 5, "TRACE"), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_delimiter(h, ""), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_set_time_format(h, ""), ZMQLOG_ESTATE);
    assert_ok(zmqlog_handler_set_level(h, 10));
    assert_ok(zmqlog_handler_set_root_topic(h, "live"));
    assert_ok(zmqlog_handler_set_style(h, 0, "json"));
    zmqlog_handler_free(h);
}

TEST(queue__too_small_for_the_bodies_is_refused_at_opening) {
    zmqlog_handler *h = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_queue_bytes(h, 65536));
    refused(h, zmqlog_handler_bind(h, "tcp://127.0.0.1:*"), ZMQLOG_EINVAL,
            "max_body_bytes");
    assert_ok(zmqlog_handler_set_max_body_bytes(h, 16384));
    assert_ok(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"));
    zmqlog_handler_free(h);
}

TEST(log__before_opening_is_estate_and_counted) {
    zmqlog_handler *h = zmqlog_handler_new();
    zmqlog_logger *l = zmqlog_logger_new(h, "x");
    assert_status(zmqlog_handler_log(h, 20, "x", 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_logger_log(l, 20, "x", 1), ZMQLOG_ESTATE);
    assert_int_equal(2, zmqlog_handler_count(h, ZMQLOG_COUNT_REFUSED));
    assert_int_equal(0, zmqlog_handler_count(h, ZMQLOG_COUNT_ACCEPTED));
    assert_int_equal(0, zmqlog_handler_enabled(h, 20));
    assert_status(zmqlog_handler_wait_subscriber(h, "", 0), ZMQLOG_ESTATE);
    assert_status(zmqlog_handler_wait_room(h, 1, 0), ZMQLOG_ESTATE);
    assert_ok(zmqlog_handler_flush(h, 0));
    assert_ok(zmqlog_handler_close(h, 0));
    zmqlog_handler_free(h);
    zmqlog_logger_free(l);
}

TEST(log__bad_arguments_are_counted_and_harmless) {
    zmqlog_handler *h = open_handler("app");
    assert_status(zmqlog_handler_log(h, 0, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log(h, 64, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log(h, -5, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log(h, 20, NULL, 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log_topic(h, 20, NULL, 1, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log_record(h, NULL), ZMQLOG_EINVAL);
    assert_int_equal(6, zmqlog_handler_count(h, ZMQLOG_COUNT_REFUSED));
    assert_ok(zmqlog_handler_log(h, 20, NULL, 0));
    zmqlog_handler_free(h);
}

TEST(null__handles_are_einval_everywhere) {
    zmqlog_handler_free(NULL);
    zmqlog_logger_free(NULL);
    assert_null(zmqlog_logger_new(NULL, "x"));
    assert_null(zmqlog_logger_clone(NULL));
    assert_status(zmqlog_handler_bind(NULL, "tcp://127.0.0.1:*"), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_connect(NULL, "tcp://127.0.0.1:1"), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_attach(NULL, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_close(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_flush(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_wakeup(NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log(NULL, 20, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log_topic(NULL, 20, "", 0, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_log_record(NULL, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_set_level(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_set_style(NULL, 0, "json"), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_set_root_topic(NULL, ""), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_set_hold_ms(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_wait_subscriber(NULL, "", 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_wait_room(NULL, 1, 0), ZMQLOG_EINVAL);
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_handler_count(NULL, ZMQLOG_COUNT_SENT));
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_handler_level(NULL));
    assert_int_equal(0, zmqlog_handler_enabled(NULL, 20));
    assert_int_equal(0, zmqlog_logger_enabled(NULL, 20));
    assert_int_equal(0, zmqlog_handler_forked(NULL));
    assert_null(zmqlog_handler_gate(NULL));
    assert_null(zmqlog_handler_root_topic(NULL));
    assert_null(zmqlog_handler_endpoint(NULL, 0));
    assert_non_null(zmqlog_handler_errmsg(NULL));
    assert_status(zmqlog_logger_log(NULL, 20, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_logger_log_record(NULL, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_logger_set_topic(NULL, "x", 1), ZMQLOG_EINVAL);
    assert_status(zmqlog_logger_set_field_int(NULL, "x", 1), ZMQLOG_EINVAL);
}

TEST(count__unknown_numbers_are_einval) {
    zmqlog_handler *h = zmqlog_handler_new();
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_handler_count(h, 0));
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_handler_count(h, ZMQLOG_COUNT_RECEIVED));
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_handler_count(h, -1));
    for (int which = ZMQLOG_COUNT_ACCEPTED; which <= ZMQLOG_COUNT_MALFORMED; which++)
        assert_int_equal(0, zmqlog_handler_count(h, which));
    zmqlog_handler_free(h);
}

TEST(root_topics__are_limited_to_256_distinct_ones) {
    zmqlog_handler *h = zmqlog_handler_new();
    char name[16];
    for (int i = 0; i < 256; i++) {
        snprintf(name, sizeof name, "r%d", i);
        assert_ok(zmqlog_handler_set_root_topic(h, name));
    }
    refused(h, zmqlog_handler_set_root_topic(h, "one more"), ZMQLOG_ELIMIT, "256");
    assert_string_equal("r255", zmqlog_handler_root_topic(h));
    assert_ok(zmqlog_handler_set_root_topic(h, "r0"));
    zmqlog_handler_free(h);
}

TEST(errmsg__sixteen_later_is_still_readable) {
    zmqlog_handler *h = zmqlog_handler_new();
    const char *first;
    char copy[320];
    assert_status(zmqlog_handler_set_level(h, 99), ZMQLOG_EINVAL);
    first = zmqlog_handler_errmsg(h);
    snprintf(copy, sizeof copy, "%s", first);
    for (int i = 0; i < 15; i++)
        assert_status(zmqlog_handler_set_level(h, 100 + i), ZMQLOG_EINVAL);
    assert_string_equal(copy, "set_level: level is 99, it must be 0 to 63");
    assert_string_equal(copy, first);
    zmqlog_handler_free(h);
}
