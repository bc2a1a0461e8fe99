/* SPDX-License-Identifier: BSD-3-Clause */
/* The statuses that the header promises, provoked. The tests call each function in
 * every way in which it can fail. The last test compares the answers with the list
 * behind @return: it fails for a status that no docstring names, and for a named one
 * that did not come. */
#include "child.h"
#include "statuses.h"

#include "peer.h"

#include <sys/stat.h>

TEST_LABELS(untidy);

#define LONG_TEXT_BYTES 70000

static const char *long_text(size_t len) {
    static char text[LONG_TEXT_BYTES + 1];
    memset(text, 'x', sizeof text);
    text[len] = '\0';
    return text;
}

/* ---- records and loggers ------------------------------------------------ */

TEST(record__all_statuses) {
    zmqlog_record *r = zmqlog_record_new();
    const char *big = long_text(LONG_TEXT_BYTES);
    SEE(record_clear, r);
    SEE(record_clear, NULL);
    SEE(record_parse, r); /* EFORMAT */
    SEE(record_set_text, r, "{\"msg\":\"m\"}", 11);
    SEE(record_set_text, r, NULL, 1);
    SEE(record_parse, r);
    SEE(record_parse, NULL);
    SEE(record_set_level, r, 1);
    SEE(record_set_level, r, 0);
    SEE(record_set_source, r, "f", 1, "g");
    SEE(record_set_source, r, "f", -1, "g");
    SEE(record_set_time_ns, r, 0);
    SEE(record_set_time_ns, NULL, 0);
    SEE(record_set_field_string, r, "k", "v", 1);
    SEE(record_set_field_string, r, "", "v", 1);
    SEE(record_set_field_string, r, "k", big, LONG_TEXT_BYTES);
    SEE(record_set_field_json, r, "k", "[1]", 3);
    SEE(record_set_field_json, r, "k", "[1", 2);
    SEE(record_set_field_json, r, "k", NULL, 1);
    zmqlog_record_clear(r);
    assert_ok(zmqlog_record_set_field_string(r, "most", big, 65000));
    for (int i = 0; i < 60; i++) {
        char key[8];
        snprintf(key, sizeof key, "k%d", i);
        SEE(record_set_field_json, r, key, "[1,2,3]", 7);
    }
    zmqlog_record_free(r);
}

TEST(logger__all_statuses) {
    zmqlog_handler *h = open_handler("app");
    zmqlog_logger *l = zmqlog_logger_new(h, "l");
    SEE(logger_set_level, l, 0);
    SEE(logger_set_level, l, 64);
    SEE(logger_set_topic, l, "a", 1);
    SEE(logger_set_topic, l, NULL, 1);
    SEE(logger_set_field_string, l, "k", "v", 1);
    SEE(logger_set_field_string, l, "", "v", 1);
    SEE(logger_set_field_string, l, "k", long_text(LONG_TEXT_BYTES), LONG_TEXT_BYTES);
    assert_ok(zmqlog_handler_set_level(h, 0));
    assert_ok(zmqlog_handler_close(h, PATIENCE_MS)); /* its gate is open now */
    assert_status(zmqlog_logger_log(l, 20, "x", 1), ZMQLOG_ECLOSED);
    SEE(logger_set_topic, l, "a", 1);
    SEE(logger_set_field_string, l, "k", "v", 1);
    zmqlog_logger_free(l);
    zmqlog_handler_free(h);
}

/* ---- options ------------------------------------------------------------ */

static void set_handler_options(zmqlog_handler *h, int is_good) {
    SEE(handler_set_level, h, is_good ? 0 : 64);
    SEE(handler_set_level_name, h, is_good ? 5 : 0, "FINE");
    SEE(handler_set_level_names, h, is_good ? "default" : "log4j");
    SEE(handler_set_delimiter, h, is_good ? "::" : "12345678901234567");
    SEE(handler_set_time_format, h, is_good ? "%H" : long_text(201));
    SEE(handler_set_hold_ms, h, is_good ? 60000 : -1);
    SEE(handler_set_heartbeat_ms, h, is_good ? 3600000 : -1);
    SEE(handler_set_linger_ms, h, is_good ? 0 : -1);
    SEE(handler_set_send_hwm, h, is_good ? 1 : 0);
    SEE(handler_set_queue_bytes, h, is_good ? 16384 : 1);
    SEE(handler_set_max_body_bytes, h, is_good ? 256 : 1);
    SEE(handler_set_overflow, h, is_good ? ZMQLOG_OVERFLOW_DROP_NEWEST : 3, 0);
    SEE(handler_set_slow_peer, h, 1, 1, is_good ? 1 : 101);
    SEE(handler_set_auth, is_good ? h : NULL, NULL);
    SEE(handler_set_root_topic, h, is_good ? "app" : NULL);
    SEE(handler_set_style, h, 0, is_good ? "plain" : "fancy");
}

TEST(handler__options_all_statuses) {
    zmqlog_handler *h = zmqlog_handler_new();
    char root[8];
    set_handler_options(h, 1);
    set_handler_options(h, 0);
    SEE(handler_set_style, h, 0, "%(nothing)s");
    for (int i = 0; i <= 256; i++) {
        snprintf(root, sizeof root, "r%d", i);
        SEE(handler_set_root_topic, h, root); /* ELIMIT at last */
    }
    assert_ok(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"));
    set_handler_options(h, 1); /* ESTATE */
    assert_ok(zmqlog_handler_close(h, PATIENCE_MS));
    SEE(handler_set_root_topic, h, "app");
    SEE(handler_set_style, h, 0, "plain");
    zmqlog_handler_free(h);
}

static int set_as_an_heir(void *subscriber) {
    SEE(subscriber_set_receive_hwm, subscriber, 1);
    SEE(subscriber_set_queue_bytes, subscriber, 16384);
    SEE(subscriber_set_overflow, subscriber, 0, 0);
    return 0;
}

TEST(subscriber__options_all_statuses) {
    zmqlog_subscriber *s = zmqlog_subscriber_new();
    const size_t sizes[] = {16384, 1, 16384, 16384};
    const int hwms[] = {0, -1, 1, 1}, policies[] = {0, 3, 1, 1};
    for (int i = 0; i < 4; i++) { /* good, bad, opened, closed */
        SEE(subscriber_set_receive_hwm, s, hwms[i]);
        SEE(subscriber_set_queue_bytes, s, sizes[i]);
        SEE(subscriber_set_overflow, s, policies[i], 0);
        if (i == 1)
            assert_ok(zmqlog_subscriber_bind(s, "tcp://127.0.0.1:*"));
        if (i == 2)
            assert_ok(zmqlog_subscriber_close(s));
    }
    assert_int_equal(0, in_child(set_as_an_heir, s));
    zmqlog_subscriber_free(s);
}

/* ---- opening and closing ------------------------------------------------ */

static int use_as_an_heir(void *handler) {
    SEE(handler_bind, handler, "tcp://127.0.0.1:*");
    SEE(handler_connect, handler, "tcp://127.0.0.1:1");
    SEE(handler_unbind, handler, "tcp://127.0.0.1:1");
    SEE(handler_disconnect, handler, "tcp://127.0.0.1:1");
    SEE(handler_flush, handler, 0);
    SEE(handler_close, handler, 0);
    SEE(handler_log, handler, 20, "x", 1);
    SEE(handler_wait_subscriber, handler, "", 0);
    SEE(handler_wait_room, handler, 1, 0);
    return 0;
}

static void use_once_more(zmqlog_handler *h, const char *bound) {
    SEE(handler_bind, h, "tcp://127.0.0.1:*");
    SEE(handler_connect, h, "tcp://127.0.0.1:1");
    SEE(handler_unbind, h, bound);
    SEE(handler_disconnect, h, "tcp://127.0.0.1:1");
    SEE(handler_flush, h, 0);
    SEE(handler_wait_subscriber, h, "", 0);
    SEE(handler_wait_room, h, 1, 0);
}

/* A user who may not write into the directory. */
static int bind_without_right(void *path) {
    zmqlog_handler *h = zmqlog_handler_new();
    if (geteuid() == 0 && setuid(65534) != 0)
        return 1;
    SEE(handler_bind, h, path);
    return 0;
}

static void open_in_vain(const char *taken) {
    zmqlog_handler *h = zmqlog_handler_new();
    SEE(handler_bind, h, "nonsense");
    SEE(handler_bind, h, taken);
    SEE(handler_bind, h, "ipc:///nonexistent/directory/socket");
    SEE(handler_bind, h, "tcp://192.0.2.1:5556");
    SEE(handler_bind, h, "udp://127.0.0.1:5556");
    SEE(handler_connect, h, "nonsense");
    SEE(handler_connect, h, "tcp://[fe80::1%nowhere]:5556");
    SEE(handler_connect, h, "tcp://192.0.2.1:5556");
    SEE(handler_connect, h, "udp://127.0.0.1:5556");
    for (int i = 0; i < 65; i++) {
        char endpoint[32];
        snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", i + 1);
        SEE(handler_connect, h, endpoint);
    }
    SEE(handler_bind, h, "tcp://127.0.0.1:*");
    zmqlog_handler_free(h);
}

TEST(handler__opening_all_statuses) {
    zmqlog_handler *h = zmqlog_handler_new();
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "ipc://", "socket");
    assert_ok(zmqlog_handler_set_hold_ms(h, 0));
    SEE(handler_bind, h, "tcp://127.0.0.1:*");
    assert_int_equal(0, in_child(use_as_an_heir, h));
    SEE(handler_connect, h, "tcp://127.0.0.1:1");
    open_in_vain(zmqlog_handler_endpoint(h, 0));
    SEE(handler_unbind, h, "tcp://127.0.0.1:2");
    SEE(handler_disconnect, h, "tcp://127.0.0.1:2");
    SEE(handler_disconnect, h, "tcp://127.0.0.1:1");
    SEE(handler_unbind, h, zmqlog_handler_endpoint(h, 0));
    SEE(handler_close, h, PATIENCE_MS);
    SEE(handler_close, NULL, 0);
    use_once_more(h, "tcp://127.0.0.1:1"); /* ECLOSED */
    SEE(handler_log, h, 20, "x", 1);
    assert_int_equal(0, chmod(dir.path, 0500));
    assert_int_equal(0, in_child(bind_without_right, (void *)path));
    temp_dir_remove(&dir);
    zmqlog_handler_free(h);
}

TEST(attached__all_statuses) {
    zmqlog_handler *h = zmqlog_handler_new(), *other = zmqlog_handler_new();
    void *context = zmq_ctx_new(), *pub = zmq_socket(context, ZMQ_PUB);
    SEE(handler_attach, h, NULL);
    SEE(handler_attach, h, pub);
    SEE(handler_attach, h, pub); /* ESTATE */
    use_once_more(h, "tcp://127.0.0.1:1");
    zmq_ctx_shutdown(context);
    SEE(handler_log, h, 20, "x", 1); /* EIO */
    zmqlog_handler_free(h);
    zmqlog_handler_free(other);
    zmq_close(pub);
    zmq_ctx_term(context);
}

/* ---- logging and waiting ------------------------------------------------ */

/* Nobody subscribes, so that records stay in the queue. */
static zmqlog_handler *hold_records(int policy, int block_ms) {
    zmqlog_handler *h = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(h, 60000));
    assert_ok(zmqlog_handler_set_linger_ms(h, 0));
    assert_ok(zmqlog_handler_set_max_body_bytes(h, 256));
    assert_ok(zmqlog_handler_set_queue_bytes(h, 16384));
    assert_ok(zmqlog_handler_set_overflow(h, policy, block_ms));
    assert_ok(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"));
    return h;
}

static void fill(zmqlog_handler *h) {
    while (SEE(handler_log, h, 20, long_text(200), 200) == ZMQLOG_OK)
        continue;
}

TEST(handler__log_all_statuses) {
    zmqlog_handler *h = zmqlog_handler_new();
    SEE(handler_log, h, 20, "x", 1); /* ESTATE */
    SEE(handler_log, h, 64, "x", 1);
    zmqlog_handler_free(h);
    for (int block_ms = -1; block_ms <= 1; block_ms++) {
        h = hold_records(ZMQLOG_OVERFLOW_BLOCK, block_ms);
        assert_ok(zmqlog_handler_wakeup(h)); /* EINTERRUPTED of the first that waits */
        fill(h);
        if (block_ms > 0)
            fill(h); /* ETIMEDOUT */
        zmqlog_handler_free(h);
    }
    h = hold_records(ZMQLOG_OVERFLOW_DROP_NEWEST, 0);
    fill(h); /* ELIMIT */
    zmqlog_handler_free(h);
}

TEST(handler__waiting_all_statuses) {
    zmqlog_handler *h = hold_records(ZMQLOG_OVERFLOW_BLOCK, 0);
    zmqlog_subscriber *s = zmqlog_subscriber_new();
    SEE(handler_wait_room, h, 100, 0);
    SEE(handler_wait_room, h, 1 << 20, 0);
    SEE(handler_wait_room, NULL, 1, 0);
    fill(h);
    SEE(handler_wait_room, h, 1000, 0);
    SEE(handler_wakeup, h);
    SEE(handler_wait_room, h, 1000, PATIENCE_MS);
    SEE(handler_flush, h, 0);
    SEE(handler_wakeup, h);
    SEE(handler_flush, h, PATIENCE_MS);
    SEE(handler_flush, NULL, 0);
    SEE(handler_wakeup, NULL);
    SEE(handler_wakeup, h);
    SEE(handler_unbind, h, zmqlog_handler_endpoint(h, 0)); /* EINTERRUPTED */
    SEE(handler_wakeup, h);
    SEE(handler_disconnect, h, zmqlog_handler_endpoint(h, 0));
    SEE(handler_wait_subscriber, h, "", 0);
    SEE(handler_wakeup, h);
    SEE(handler_wait_subscriber, h, "", PATIENCE_MS);
    SEE(handler_wait_subscriber, NULL, "", 0);
    marry(h, s);
    SEE(handler_wait_subscriber, h, "", 0);
    SEE(handler_flush, h, PATIENCE_MS);
    zmqlog_subscriber_free(s);
    zmqlog_handler_free(h);
    h = zmqlog_handler_new();
    SEE(handler_wait_room, h, 1, 0); /* ESTATE */
    SEE(handler_wait_subscriber, h, "", 0);
    zmqlog_handler_free(h);
}

/* A subscriber that never reads. */
static peer idle_peer(void) {
    peer p = peer_new();
    int few = 1, small = 4096;
    zmq_setsockopt(p.socket, ZMQ_RCVHWM, &few, sizeof few);
    zmq_setsockopt(p.socket, ZMQ_RCVBUF, &small, sizeof small);
    peer_subscribe(&p, "");
    return p;
}

/* More records than anything between takes. */
static void overfill(zmqlog_handler *h) {
    static const char body[100000];
    assert_ok(zmqlog_handler_wait_subscriber(h, "", PATIENCE_MS));
    while (SEE(handler_log, h, 20, body, sizeof body) == ZMQLOG_OK)
        continue;
}

static peer stall(zmqlog_handler *h) {
    peer p = idle_peer();
    peer_connect(&p, h);
    overfill(h);
    return p;
}

TEST(stalled__subscribers_let_closing_time_out) {
    for (int i = 0; i < 2; i++) {
        zmqlog_handler *h = zmqlog_handler_new();
        peer p;
        assert_ok(zmqlog_handler_set_linger_ms(h, 50));
        assert_ok(zmqlog_handler_set_send_hwm(h, 10));
        assert_ok(zmqlog_handler_bind(h, "tcp://127.0.0.1:*"));
        p = stall(h);
        if (i == 0)
            SEE(handler_unbind, h, zmqlog_handler_endpoint(h, 0));
        SEE(handler_close, h, 0);
        peer_close(&p);
        zmqlog_handler_free(h);
    }
}

TEST(stalled__subscribers_let_disconnecting_time_out) {
    zmqlog_handler *h = zmqlog_handler_new();
    peer p = idle_peer();
    char endpoint[64];
    size_t size = sizeof endpoint;
    assert_ok(zmqlog_handler_set_linger_ms(h, 50));
    assert_ok(zmqlog_handler_set_send_hwm(h, 10));
    assert_int_equal(0, zmq_bind(p.socket, "tcp://127.0.0.1:*"));
    zmq_getsockopt(p.socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
    assert_ok(zmqlog_handler_connect(h, endpoint));
    /* A SUB that binds subscribes when it is asked for something. */
    for (int i = 0, events; i < PATIENCE_MS; i++) {
        size = sizeof events;
        zmq_getsockopt(p.socket, ZMQ_EVENTS, &events, &size);
        if (zmqlog_handler_wait_subscriber(h, "", 1) == ZMQLOG_OK)
            break;
    }
    overfill(h);
    SEE(handler_disconnect, h, endpoint);
    SEE(handler_close, h, 0);
    peer_close(&p);
    zmqlog_handler_free(h);
}

TEST(docstrings__list_what_came) {
    static const elsewhere list[] = {
        {NULL, ZMQLOG_ENOMEM, "tests/fault/memory.c"},
        {"handler_bind", ZMQLOG_EIO, "tests/fault/descriptors.c"},
        {"handler_connect", ZMQLOG_EIO, "tests/fault/descriptors.c"},
        {"handler_connect", ZMQLOG_EACCESS, "tests/fault/sandbox.c"},
        {"handler_log", ZMQLOG_EACCESS, "tests/fault/sandbox.c"},
        {NULL, ZMQLOG_OK, NULL},
    };
    assert_in_range(count_compared(list), 35, SEEN_MAX);
}
