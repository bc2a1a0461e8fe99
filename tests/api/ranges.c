/* SPDX-License-Identifier: BSD-3-Clause */
/* Every option that has a range, tried at both ends. All refuse a value beyond them in
 * the same words. */
#include "statuses.h"

#include <ctype.h>
#include <inttypes.h>

#define KIB INT64_C(1024)
#define GIB (KIB * KIB * KIB)

static void assert_refused_with(const char *told, const char *call, const char *name,
                                int64_t value, int64_t min, int64_t max) {
    char wanted[160];
    snprintf(wanted, sizeof wanted,
             "%s: %s is %" PRId64 ", it must be %" PRId64 " to %" PRId64, call, name,
             value, min, max);
    assert_string_equal(told, wanted);
}

/* `expression` is the call with the value v. */
#define RANGE(told, call, name, min, max, expression)                                  \
    do {                                                                               \
        const int64_t ends[] = {(min), (max)}, beyond[] = {(min)-1, (max) + 1};        \
        for (int end = 0; end < 2; end++) {                                            \
            int64_t v = ends[end];                                                     \
            assert_int_equal((expression), ZMQLOG_OK);                                 \
            v = beyond[end];                                                           \
            assert_int_equal((expression), ZMQLOG_EINVAL);                             \
            assert_refused_with((told), (call), (name), v, (min), (max));              \
        }                                                                              \
    } while (0)

/* Sizes: 0 is refused, too. */
#define SIZE(told, call, name, min, max, expression)                                   \
    do {                                                                               \
        {                                                                              \
            int64_t v = 0;                                                             \
            assert_int_equal((expression), ZMQLOG_EINVAL);                             \
            assert_refused_with((told), (call), (name), v, (min), (max));              \
        }                                                                              \
        RANGE(told, call, name, min, max, expression);                                 \
    } while (0)

#define HANDLER(call, name, min, max, expression)                                      \
    RANGE(zmqlog_handler_errmsg(h), call, name, min, max, expression)

TEST(handler__values_beyond_either_end_are_refused) {
    zmqlog_handler *h = zmqlog_handler_new();
    HANDLER("set_level", "level", 0, 63, zmqlog_handler_set_level(h, (int)v));
    HANDLER("set_level_name", "level", 1, 63,
            zmqlog_handler_set_level_name(h, (int)v, v == 1 ? "LOW" : "HIGH"));
    HANDLER("set_style", "level", 0, 63, zmqlog_handler_set_style(h, (int)v, "json"));
    HANDLER("set_overflow", "policy", 0, 2, zmqlog_handler_set_overflow(h, (int)v, 0));
    HANDLER("set_slow_peer", "stall_ms", 1, 3600000,
            zmqlog_handler_set_slow_peer(h, (int)v, 300, 5));
    HANDLER("set_slow_peer", "budget_ms", 0, 60000,
            zmqlog_handler_set_slow_peer(h, 1000, (int)v, 5));
    HANDLER("set_slow_peer", "share_percent", 0, 100,
            zmqlog_handler_set_slow_peer(h, 1000, 300, (int)v));
    HANDLER("set_send_hwm", "hwm", 1, 10000000, zmqlog_handler_set_send_hwm(h, (int)v));
    HANDLER("set_linger_ms", "linger_ms", 0, 3600000,
            zmqlog_handler_set_linger_ms(h, (int)v));
    HANDLER("set_hold_ms", "hold_ms", 0, 60000, zmqlog_handler_set_hold_ms(h, (int)v));
    HANDLER("set_heartbeat_ms", "heartbeat_ms", 0, 3600000,
            zmqlog_handler_set_heartbeat_ms(h, (int)v));
    HANDLER("set_backlog", "level", 1, 63, zmqlog_handler_set_backlog(h, (int)v, 0));
    HANDLER("set_backlog", "bytes", 4 * KIB, GIB,
            zmqlog_handler_set_backlog(h, 30, (size_t)v));
    HANDLER("set_drop_notice", "on", 0, 1, zmqlog_handler_set_drop_notice(h, (int)v));
    HANDLER("set_announce", "on", 0, 1, zmqlog_handler_set_announce(h, (int)v));
    SIZE(zmqlog_handler_errmsg(h), "set_queue_bytes", "queue_bytes", 16 * KIB, GIB,
         zmqlog_handler_set_queue_bytes(h, (size_t)v));
    SIZE(zmqlog_handler_errmsg(h), "set_max_body_bytes", "max_body_bytes", 256,
         256 * KIB * KIB, zmqlog_handler_set_max_body_bytes(h, (size_t)v));
    zmqlog_handler_free(h);
}

/* A text of that many bytes. */
static const char *text_of(int64_t len) {
    static char text[300];
    memset(text, 'x', sizeof text);
    text[len] = '\0';
    return text;
}

TEST(handler__texts_are_refused_by_their_length) {
    zmqlog_handler *h = zmqlog_handler_new();
    const struct {
        zmqlog_status (*set)(zmqlog_handler *, const char *);
        const char *call;
        int64_t max;
    } options[] = {{zmqlog_handler_set_root_topic, "set_root_topic", 100},
                   {zmqlog_handler_set_delimiter, "set_delimiter", 16},
                   {zmqlog_handler_set_time_format, "set_time_format", 200}};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        int64_t max = options[i].max;
        assert_ok(options[i].set(h, text_of(0)));
        assert_ok(options[i].set(h, text_of(max)));
        assert_status(options[i].set(h, text_of(max + 1)), ZMQLOG_EINVAL);
        assert_refused_with(zmqlog_handler_errmsg(h), options[i].call, "its length",
                            max + 1, 0, max);
    }
    assert_string_equal(zmqlog_handler_root_topic(h), text_of(100));
    zmqlog_handler_free(h);
}

TEST(logger__values_beyond_either_end_are_refused) {
    zmqlog_handler *h = zmqlog_handler_new();
    zmqlog_logger *logger = zmqlog_logger_new(h, "");
    HANDLER("set_level", "level", 0, 63, zmqlog_logger_set_level(logger, (int)v));
    zmqlog_logger_free(logger);
    zmqlog_handler_free(h);
}

TEST(subscriber__values_beyond_either_end_are_refused) {
    zmqlog_subscriber *s = zmqlog_subscriber_new();
#define SUBSCRIBER(call, name, min, max, expression)                                   \
    RANGE(zmqlog_subscriber_errmsg(s), call, name, min, max, expression)
    SUBSCRIBER("set_level_name", "level", 1, 63,
               zmqlog_subscriber_set_level_name(s, (int)v, v == 1 ? "LOW" : "HIGH"));
    SUBSCRIBER("set_receive_hwm", "hwm", 0, 10000000,
               zmqlog_subscriber_set_receive_hwm(s, (int)v));
    SUBSCRIBER("set_overflow", "policy", 0, 2,
               zmqlog_subscriber_set_overflow(s, (int)v, 0));
    SUBSCRIBER("set_exact", "on", 0, 1, zmqlog_subscriber_set_exact(s, (int)v));
    SUBSCRIBER("subscribe_level", "min_level", 1, 63,
               zmqlog_subscriber_subscribe_level(s, "app", (int)v));
    SIZE(zmqlog_subscriber_errmsg(s), "set_queue_bytes", "queue_bytes", 16 * KIB, GIB,
         zmqlog_subscriber_set_queue_bytes(s, (size_t)v));
    assert_ok(zmqlog_subscriber_subscribe(s, text_of(245)));
    assert_status(zmqlog_subscriber_subscribe(s, text_of(246)), ZMQLOG_EINVAL);
    assert_refused_with(zmqlog_subscriber_errmsg(s), "subscribe", "its length", 246, 0,
                        245);
    assert_ok(zmqlog_subscriber_add_root(s, text_of(245)));
    assert_status(zmqlog_subscriber_add_root(s, text_of(246)), ZMQLOG_EINVAL);
    assert_refused_with(zmqlog_subscriber_errmsg(s), "add_root", "its length", 246, 0,
                        245);
    zmqlog_subscriber_free(s);
}

TEST(record__values_beyond_either_end_are_refused) {
    zmqlog_record *r = zmqlog_record_new();
    RANGE(zmqlog_record_errmsg(r), "set_level", "level", 1, 63,
          zmqlog_record_set_level(r, (int)v));
    assert_ok(zmqlog_record_set_source(r, "f", 0, "g"));
    assert_ok(zmqlog_record_set_source(r, "f", INT32_MAX, "g"));
    assert_status(zmqlog_record_set_source(r, "f", -1, "g"), ZMQLOG_EINVAL);
    assert_refused_with(zmqlog_record_errmsg(r), "set_source", "line", -1, 0,
                        INT32_MAX);
    assert_int_equal(zmqlog_record_source_line(r), INT32_MAX);
    zmqlog_record_free(r);
}

TEST(auth__values_beyond_either_end_are_refused) {
    zmqlog_auth *a = zmqlog_auth_new();
    const int64_t last = INT64_C(4294967294);
    RANGE(zmqlog_auth_errmsg(a), "set_insecure", "on", 0, 1,
          zmqlog_auth_set_insecure(a, (int)v));
    RANGE(zmqlog_auth_errmsg(a), "allow_uid", "uid", 0, last,
          zmqlog_auth_allow_uid(a, v));
    RANGE(zmqlog_auth_errmsg(a), "remove_uid", "uid", 0, last,
          zmqlog_auth_remove_uid(a, v));
    assert_ok(zmqlog_auth_set_ipc_mode(a, 0600));
    assert_ok(zmqlog_auth_set_ipc_mode(a, 0777));
    for (int i = 0; i < 3; i++) {
        const int modes[] = {0577, 01000, 0400};
        assert_status(zmqlog_auth_set_ipc_mode(a, modes[i]), ZMQLOG_EINVAL);
        assert_memory_equal(zmqlog_auth_errmsg(a), "set_ipc_mode: mode is ", 22);
    }
    zmqlog_auth_free(a);
}

TEST(relay__values_beyond_either_end_are_refused) {
    zmqlog_relay *relay = zmqlog_relay_new();
    RANGE(zmqlog_relay_errmsg(relay), "set_auth", "side", ZMQLOG_RELAY_PUBLISHERS,
          ZMQLOG_RELAY_SUBSCRIBERS, zmqlog_relay_set_auth(relay, (int)v, NULL));
    zmqlog_relay_free(relay);
}

TEST(handler__defaults_are_told_by_name) {
    const struct {
        const char *option;
        int64_t value;
    } defaults[] = {
        {"level", 0},
        {"queue_bytes", 4 * KIB * KIB},
        {"max_body_bytes", KIB * KIB},
        {"overflow", ZMQLOG_OVERFLOW_DROP_NEWEST},
        {"stall_ms", 60000},
        {"budget_ms", 300},
        {"share_percent", 5},
        {"send_hwm", 10000},
        {"hold_ms", 500},
        {"heartbeat_ms", 0},
        {"linger_ms", 1000},
        {"drop_notice", 1},
        {"announce", 1},
        {"backlog_level", ZMQLOG_LEVEL_WARN},
        {"backlog_bytes", 0},
        {"style", INT64_MIN},
        {"", INT64_MIN},
    };
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        assert_int_equal(zmqlog_handler_default(defaults[i].option), defaults[i].value);
    assert_int_equal(zmqlog_handler_default(NULL), INT64_MIN);
}

/* ---- none is forgotten ---------------------------------------------------- */

static int is_mentioned(const char *text, const char *name, size_t len) {
    char call[96];
    snprintf(call, sizeof call, "%.*s(", (int)len, name);
    return strstr(text, call) != NULL;
}

/* A declaration of a setter that takes a number with a range: not a byte string's
 * length, and not the value of a field. */
static int needs_range(const char *name, size_t len) {
    const char *end = strchr(name, ';');
    char declared[512];
    if (!memmem(name, len, "_set_", 5) || memmem(name, len, "_set_field_", 11) ||
        memmem(name, len, "_set_time_ns", 12))
        return 0;
    snprintf(declared, sizeof declared, "%.*s", (int)(end - name), name);
    return strstr(declared, " int ") || strstr(declared, "(int ") ||
           strstr(declared, "int64_t ") || strstr(declared, "_bytes");
}

TEST(setters__of_the_header_are_all_tried) {
    static char own[1 << 16];
    const char *at = read_header();
    FILE *file = fopen(__FILE__, "r");
    int count = 0, missing = 0;
    if (!file)
        file = fopen(ZMQLOG_SOURCE_DIR "/tests/api/ranges.c", "r");
    assert_non_null(file);
    own[fread(own, 1, sizeof own - 1, file)] = '\0';
    fclose(file);
    while ((at = strstr(at, "\nZMQLOG_API "))) {
        const char *end, *name = strstr(at, " zmqlog_") ? strchr(at, '(') : NULL;
        assert_non_null(name);
        for (end = name; isalnum((unsigned char)name[-1]) || name[-1] == '_'; name--)
            continue;
        at++;
        if (!needs_range(name, (size_t)(end - name)))
            continue;
        count++;
        if (!is_mentioned(own, name, (size_t)(end - name))) {
            print_error("%.*s is not tried at its ends\n", (int)(end - name), name);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
    assert_in_range(count, 20, 100);
}
