/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that auth sets, and the ZAP server's answers to every kind of request. */
#include "site.h"

#include <errno.h>

/* ---- the options, and requests as such ----------------------------------- */

static void check_domain(void *socket, const char *expected, int enforced) {
    char domain[64] = "";
    size_t size = sizeof domain;
    int value = -1;

    assert_int_equal(zmq_getsockopt(socket, ZMQ_ZAP_DOMAIN, domain, &size), 0);
    assert_string_equal(domain, expected);
    size = sizeof value;
    assert_int_equal(zmq_getsockopt(socket, 93, &value, &size), 0);
    assert_int_equal(value, enforced);
}

TEST(apply__without_auth_there_is_a_domain_and_nobody_to_ask) {
    site s;

    site_open(&s, NULL);
    assert_int_equal(zl_auth_apply(NULL, s.xpub, ZL_BIND), 0);
    check_domain(s.xpub, "zmqlog", 0);
    assert_int_equal(zl_auth_apply(NULL, s.xpub, ZL_CONNECT), 0);
    check_domain(s.xpub, "zmqlog.out", 0);
    assert_null(s.zap.socket);
    assert_int_equal(zl_zap_serve(&s.zap), 1);
    assert_int_equal(zl_auth_asks(NULL), 0);
    site_close(&s);
}

TEST_WITH(apply__with_auth_there_must_be_somebody_to_ask, vault_open, vault_close) {
    vault *v = *state;

    assert_int_equal(zl_auth_apply(v->auth, v->s.xpub, ZL_BIND), 0);
    check_domain(v->s.xpub, "zmqlog", 1);
    assert_int_equal(zl_auth_apply(v->auth, v->s.xpub, ZL_CONNECT), 0);
    check_domain(v->s.xpub, "zmqlog.out", 1);
    assert_int_equal(zl_auth_asks(v->auth), 1);
    assert_ok(zmqlog_auth_set_curve_client(v->auth, v->server.public_key,
                                           v->alice.public_key, v->alice.secret_key));
    assert_int_equal(zl_auth_asks(v->auth), 0);
}

TEST_WITH(apply__changes_the_mechanism_with_the_use, vault_open, vault_close) {
    vault *v = *state;
    size_t size = sizeof(int);
    int mechanism = -1;

    assert_int_equal(zl_auth_apply(v->auth, v->s.xpub, ZL_BIND), 0);
    assert_int_equal(zmq_getsockopt(v->s.xpub, ZMQ_MECHANISM, &mechanism, &size), 0);
    assert_int_equal(mechanism, ZMQ_CURVE);
    assert_int_equal(zl_auth_apply(v->auth, v->s.xpub, ZL_CONNECT), 0);
    assert_int_equal(zmq_getsockopt(v->s.xpub, ZMQ_MECHANISM, &mechanism, &size), 0);
    assert_int_equal(mechanism, ZMQ_NULL);
}

TEST_WITH(server__a_context_has_one, vault_open, vault_close) {
    vault *v = *state;
    zl_zap second;

    assert_int_equal(zl_zap_open(&second, v->s.context, v->auth), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_null(second.socket);
    zl_zap_close(&second);
}

typedef struct asked {
    const char *code;
    int count;
    const char *frames[9];
} asked;

static const char long_frame[300] = {[0 ... 298] = 'x'};
#define KEY32 "0123456789abcdef0123456789abcdef"

static const asked without_keys[] = {
    {"200", 6, {"1.0", "7", "zmqlog", "127.0.0.1", "", "NULL"}},
    {"200", 6, {"1.0", "7", "zmqlog", "localhost:0:0:1", "", "NULL"}},
    {"200", 6, {"1.0", "7", "zmqlog.out", "127.0.0.1", "", "NULL"}},
    {"400", 6, {"1.1", "7", "zmqlog", "127.0.0.1", "", "NULL"}},
    {"400", 6, {"1.0", "7", "", "127.0.0.1", "", "NULL"}},
    {"400", 6, {"1.0", "7", "zmqlo", "127.0.0.1", "", "NULL"}},
    {"400", 6, {"1.0", "7", "zmqlogs", "127.0.0.1", "", "NULL"}},
    {"400", 6, {"1.0", "7", long_frame, "127.0.0.1", "", "NULL"}},
    {"400", 8, {"1.0", "7", "zmqlog", "127.0.0.1", "", "PLAIN", "user", "pw"}},
    {"400", 6, {"1.0", "7", "zmqlog", "127.0.0.1", "", "GSSAPI"}},
    {"400", 6, {"1.0", "7", "zmqlog", "127.0.0.1", "", ""}},
    {"400", 7, {"1.0", "7", "zmqlog", "127.0.0.1", "", "CURVE", KEY32}},
    {"400", 7, {"1.0", "7", "zmqlog.out", "127.0.0.1", "", "CURVE", KEY32}},
    {"400", 5, {"1.0", "7", "zmqlog", "127.0.0.1", ""}},
    {"400", 1, {"1.0"}},
    {"400", 1, {""}},
    {"200", 9, {"1.0", "7", "zmqlog", "127.0.0.1", "", "NULL", "x", "y", "z"}},
};

static const asked with_curve[] = {
    {"400", 6, {"1.0", "7", "zmqlog", "127.0.0.1", "", "NULL"}},
    {"200", 6, {"1.0", "7", "zmqlog.out", "127.0.0.1", "", "NULL"}},
    {"200", 7, {"1.0", "7", "zmqlog", "127.0.0.1", "", "CURVE", KEY32}},
    {"400", 7, {"1.0", "7", "zmqlog", "127.0.0.1", "", "CURVE", KEY32 "x"}},
    {"400", 7, {"1.0", "7", "zmqlog", "127.0.0.1", "", "CURVE", ""}},
    {"400", 6, {"1.0", "7", "zmqlog", "127.0.0.1", "", "CURVE"}},
    {"400", 7, {"1.0", "7", "zmqlog", "127.0.0.1", "", "CURVE", long_frame}},
};

static void ask(site *s, void *req, const asked *row) {
    char frame[64];
    int i, len, more = 1;
    size_t size = sizeof more;

    for (i = 0; i < row->count; i++)
        assert_true(zmq_send(req, row->frames[i], strlen(row->frames[i]),
                             i + 1 < row->count ? ZMQ_SNDMORE : 0) >= 0);
    zmq_poll(&(zmq_pollitem_t){s->zap.socket, 0, ZMQ_POLLIN, 0}, 1, PATIENCE_MS);
    zl_zap_serve(&s->zap);
    for (i = 0; more; i++) {
        len = zmq_recv(req, frame, sizeof frame - 1, 0);
        assert_in_range(len, 0, sizeof frame - 1);
        frame[len] = '\0';
        if (i == 1)
            assert_string_equal(frame, row->count > 1 ? "7" : "");
        if (i == 2)
            assert_string_equal(frame, row->code);
        zmq_getsockopt(req, ZMQ_RCVMORE, &more, &size);
    }
    assert_int_equal(i, 6);
}

static void ask_all(zmqlog_auth *auth, const asked *rows, size_t count) {
    void *req;
    size_t i;
    site s;

    site_open(&s, auth);
    req = zmq_socket(s.context, ZMQ_REQ);
    assert_int_equal(zmq_connect(req, "inproc://zeromq.zap.01"), 0);
    for (i = 0; i < count; i++)
        ask(&s, req, &rows[i]);
    assert_int_equal(s.zap.accepted + s.zap.refused, count);
    close_socket(req);
    site_close(&s);
}

TEST(server__answers_whatever_is_asked) {
    zmqlog_auth *auth = zmqlog_auth_new();
    keys server = make_keys();

    ask_all(auth, without_keys, sizeof without_keys / sizeof without_keys[0]);
    assert_ok(zmqlog_auth_set_curve_server(auth, server.secret_key));
    assert_ok(zmqlog_auth_allow_key(auth, "*"));
    ask_all(auth, with_curve, sizeof with_curve / sizeof with_curve[0]);
    zmqlog_auth_free(auth);
}
