/* SPDX-License-Identifier: BSD-3-Clause */
/* A publisher's side with its ZAP server, and guests of plain libzmq that want in, for
 * tests of security. For unit tests. */
#ifndef SITE_H
#define SITE_H

#include "support.h"

#include <zmq.h>

#include "auth/auth.h"
#include "base/clock.h"
#include "auth/curve.h"

typedef struct keys {
    char public_key[ZL_KEY_SIZE], secret_key[ZL_KEY_SIZE];
} keys;

static inline keys make_keys(void) {
    keys made;

    assert_int_equal(zl_curve_generate(made.public_key, made.secret_key), 0);
    return made;
}

/* ---- a publisher's side and its guests --------------------------------- */

typedef struct site {
    void *context, *xpub, *monitor;
    void *other; /* a guest's monitor or a host's socket: which side sees a protocol
                    fail first is chance, and a SUB works only while it is asked */
    zl_zap zap;
    char endpoint[256];
} site;

/* Watches how handshakes of a socket fail. */
static inline void *watch(void *context, void *socket) {
    static unsigned number;
    char name[64];
    void *monitor = zmq_socket(context, ZMQ_PAIR);

    snprintf(name, sizeof name, "inproc://watch.%u", number++);
    assert_int_equal(zmq_socket_monitor(socket, name,
                                        ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                                            ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                                            ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL),
                     0);
    assert_int_equal(zmq_connect(monitor, name), 0);
    return monitor;
}

static inline void site_open(site *s, zmqlog_auth *auth) {
    int handshake_ms = 1000; /* how long a stranger that says too little may stay */

    memset(s, 0, sizeof *s);
    s->context = zmq_ctx_new();
    assert_int_equal(zl_zap_open(&s->zap, s->context, auth), 0);
    s->xpub = zmq_socket(s->context, ZMQ_XPUB);
    zmq_setsockopt(s->xpub, ZMQ_HANDSHAKE_IVL, &handshake_ms, sizeof handshake_ms);
    s->monitor = watch(s->context, s->xpub);
}

static inline void site_bind(site *s, const char *endpoint) {
    size_t size = sizeof s->endpoint;

    assert_int_equal(zl_auth_apply(s->zap.auth, s->xpub, ZL_BIND), 0);
    assert_int_equal(zmq_bind(s->xpub, endpoint), 0);
    assert_int_equal(zmq_getsockopt(s->xpub, ZMQ_LAST_ENDPOINT, s->endpoint, &size), 0);
}

static inline void close_socket(void *socket) {
    int linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(socket);
}

static inline void site_close(site *s) {
    zmq_socket_monitor(s->xpub, NULL, 0);
    close_socket(s->monitor);
    close_socket(s->xpub);
    zl_zap_close(&s->zap);
    zmq_ctx_term(s->context);
}

typedef struct guest {
    void *context, *sub, *monitor;
} guest;

static inline void guest_open(guest *g, const keys *own, const char *server_key) {
    g->context = zmq_ctx_new();
    g->sub = zmq_socket(g->context, ZMQ_SUB);
    if (own) {
        zmq_setsockopt(g->sub, ZMQ_CURVE_SERVERKEY, server_key, ZL_KEY_SIZE);
        zmq_setsockopt(g->sub, ZMQ_CURVE_PUBLICKEY, own->public_key, ZL_KEY_SIZE);
        zmq_setsockopt(g->sub, ZMQ_CURVE_SECRETKEY, own->secret_key, ZL_KEY_SIZE);
    }
    zmq_setsockopt(g->sub, ZMQ_SUBSCRIBE, "", 0);
    g->monitor = watch(g->context, g->sub);
}

static inline void guest_close(guest *g) {
    zmq_socket_monitor(g->sub, NULL, 0);
    close_socket(g->monitor);
    close_socket(g->sub);
    zmq_ctx_term(g->context);
}

/* ---- what becomes of them ---------------------------------------------- */

typedef enum outcome { WAITING, ADMITTED, REFUSED, PROTOCOL } outcome;

static inline outcome read_event(void *monitor) {
    uint8_t event[6];
    uint16_t number;
    char address[256];

    if (zmq_recv(monitor, event, sizeof event, ZMQ_DONTWAIT) != 6)
        return WAITING;
    zmq_recv(monitor, address, sizeof address, 0);
    memcpy(&number, event, sizeof number);
    if (number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
        uint32_t code;
        memcpy(&code, event + 2, sizeof code);
        assert_int_equal(code, 400);
        return REFUSED;
    }
    return number == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL ? PROTOCOL : WAITING;
}

static inline outcome step(site *s) {
    zmq_pollitem_t items[] = {{s->zap.socket, -1, ZMQ_POLLIN, 0},
                              {s->xpub, 0, ZMQ_POLLIN, 0},
                              {s->monitor, 0, ZMQ_POLLIN, 0},
                              {s->other, 0, ZMQ_POLLIN, 0}};
    outcome result = WAITING;
    char frame[256];

    zmq_poll(items, s->other ? 4 : 3, 10);
    zl_zap_serve(&s->zap);
    if (zmq_recv(s->xpub, frame, sizeof frame, ZMQ_DONTWAIT) > 0)
        return frame[0] == 1 ? ADMITTED : WAITING;
    if (s->other)
        result = read_event(s->other);
    return result == WAITING ? read_event(s->monitor) : result;
}

static inline outcome run(site *s) {
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    outcome result = WAITING;

    while (result == WAITING && zl_clock_left_ms(deadline) > 0)
        result = step(s);
    return result;
}

static inline outcome visit(site *s, const keys *own, const char *server_key) {
    outcome result;
    guest g;

    guest_open(&g, own, server_key);
    s->other = g.monitor;
    assert_int_equal(zmq_connect(g.sub, s->endpoint), 0);
    result = run(s);
    s->other = NULL;
    guest_close(&g);
    while (read_event(s->monitor) != WAITING)
        continue;
    return result;
}

/* ---- a site with CURVE, for setup and teardown --------------------------- */

typedef struct vault {
    keys server, alice, mallory;
    zmqlog_auth *auth;
    site s;
} vault;

static inline int vault_open(void **state) {
    vault *v = calloc(1, sizeof *v);

    v->server = make_keys();
    v->alice = make_keys();
    v->mallory = make_keys();
    v->auth = zmqlog_auth_new();
    assert_ok(zmqlog_auth_set_curve_server(v->auth, v->server.secret_key));
    assert_ok(zmqlog_auth_allow_key(v->auth, v->alice.public_key));
    site_open(&v->s, v->auth);
    site_bind(&v->s, "tcp://127.0.0.1:*");
    *state = v;
    return 0;
}

static inline int vault_close(void **state) {
    vault *v = *state;

    site_close(&v->s);
    zmqlog_auth_free(v->auth);
    free(v);
    return 0;
}

#endif
