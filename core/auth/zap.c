/* SPDX-License-Identifier: BSD-3-Clause */
/* What auth tells libzmq: the security options of a socket, and the answers to its
 * questions about peers (ZAP, ZeroMQ RFC 27). Decides by the lists as they are at
 * that moment; keeps nothing of a peer.
 *
 * A ZAP domain does two things in libzmq. It refuses peers that speak ZMTP 1 or 2;
 * those (a plain HTTP client, too) would otherwise receive everything unasked. And it
 * makes a connection ask the context's ZAP server, if there is one, with the NULL
 * mechanism on the connecting side as well. There it is dangerous: libzmq aborts when
 * it takes up a connection that has asked before and is told to close just then
 * (zap_client.cpp, 4.3.4 and 4.3.5). So every socket has a domain, but a context has a
 * server only where there are lists to ask, that is with an auth object. A connection
 * that asks all the same (zl_auth_asks) must not be taken up again by libzmq. */
#include "auth/auth.h"
#include "auth/auth_state.h"
#include "auth/curve.h"
#include "base/wipe.h"

#include <errno.h>
#include <string.h>
#include <zmq.h>

/* ZMQ_ZAP_ENFORCE_DOMAIN, which zmq.h only shows to draft builds: no ZAP server, no
 * connection, where libzmq would otherwise let everybody in. */
#define ENFORCE_DOMAIN 93

/* The lists are for peers that connect to us, not for those that we connect to. The
 * domain tells which of the two a question is about. */
#define OUTBOUND_DOMAIN ZL_ZAP_DOMAIN ".out"

#define REQUEST_FRAMES 7
#define FRAME_BYTES 256
#define REQUESTS_AT_ONCE 1000
#define EINTR_TRIES 100

static int set_keys(void *socket, const zl_curve_keys *keys, zl_endpoint_use use) {
    int off = 0, on = 1;

    if (use == ZL_BIND && keys->server)
        return zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->server_secret,
                              ZL_KEY_BYTES) ||
               zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on);
    if (use == ZL_CONNECT && keys->client)
        return zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, keys->server_public,
                              ZL_KEY_BYTES) ||
               zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->client_public,
                              ZL_KEY_BYTES) ||
               zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->client_secret,
                              ZL_KEY_BYTES);
    /* Back to the NULL mechanism, after an endpoint that had another. */
    if (!zl_curve_available())
        return 0;
    return zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &off, sizeof off);
}

int zl_auth_has_client(zmqlog_auth *auth) {
    int has_keys = 0;

    if (!auth)
        return 0;
    zl_auth_lock();
    has_keys = auth->keys.client;
    zl_auth_unlock();
    return has_keys;
}

int zl_auth_asks(zmqlog_auth *auth) {
    return auth && !zl_auth_has_client(auth);
}

typedef struct use_of_keys {
    zmqlog_auth *auth;
    void *socket;
    zl_endpoint_use use;
} use_of_keys;

static zmqlog_status apply_keys(void *argument) {
    const use_of_keys *u = argument;
    zl_curve_keys keys = {0};

    if (u->auth) {
        zl_auth_lock();
        keys = u->auth->keys;
        zl_auth_unlock();
    }
    return set_keys(u->socket, &keys, u->use) ? ZMQLOG_EIO : ZMQLOG_OK;
}

int zl_auth_apply(zmqlog_auth *auth, void *socket, zl_endpoint_use use) {
    const char *domain = use == ZL_BIND ? ZL_ZAP_DOMAIN : OUTBOUND_DOMAIN;
    use_of_keys keys = {auth, socket, use};
    int enforced = auth != NULL;

    if (zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, domain, strlen(domain)) != 0)
        return -1;
    /* A libzmq that does not know it still asks our server, which is there. */
    if (zmq_setsockopt(socket, ENFORCE_DOMAIN, &enforced, sizeof enforced) != 0 &&
        errno != EINVAL)
        return -1;
    return zl_wipe_after(apply_keys, &keys) == ZMQLOG_OK ? 0 : -1;
}

/* The frames of a request, as NUL-terminated text where they are text. */
typedef enum field { VERSION, ID, DOMAIN, ADDRESS, IDENTITY, MECHANISM, KEY } field;

typedef struct request {
    size_t count; /* frames; more than fit count, too */
    size_t len[REQUEST_FRAMES];
    char frame[REQUEST_FRAMES][FRAME_BYTES + 1];
} request;

static int receive_frame(void *socket, zmq_msg_t *message) {
    int tries, rc = -1;

    for (tries = 0; tries < EINTR_TRIES && rc < 0; tries++) {
        rc = zmq_msg_recv(message, socket, ZMQ_DONTWAIT);
        if (rc < 0 && errno != EINTR)
            break;
    }
    return rc;
}

/* 1: a request was read; 0: there is none. */
static int receive_request(void *socket, request *out) {
    zmq_msg_t message;
    int more = 1;

    memset(out, 0, sizeof *out);
    zmq_msg_init(&message);
    while (more && receive_frame(socket, &message) >= 0) {
        size_t len = zmq_msg_size(&message);
        if (out->count < REQUEST_FRAMES && len <= FRAME_BYTES) {
            memcpy(out->frame[out->count], zmq_msg_data(&message), len);
            out->len[out->count] = len;
        }
        out->count++;
        more = zmq_msg_more(&message);
    }
    zmq_msg_close(&message);
    return out->count > 0;
}

static int is(const request *asked, field which, const char *text) {
    return asked->len[which] == strlen(text) &&
           memcmp(asked->frame[which], text, asked->len[which]) == 0;
}

/* NULL when the peer may come in, else why not. */
static const char *judge_inbound(zmqlog_auth *auth, const request *asked) {
    int curve = is(asked, MECHANISM, "CURVE");
    const char *refusal = NULL;

    zl_auth_lock();
    if (auth->keys.server != curve)
        refusal = "wrong mechanism";
    else if (!zl_allowlist_permits_peer(&auth->allowed, asked->frame[ADDRESS]))
        refusal = "address not allowed";
    else if (curve && (asked->count <= KEY || asked->len[KEY] != ZL_KEY_BYTES))
        refusal = "no key";
    else if (curve && !zl_allowlist_permits_key(&auth->allowed,
                                                (const uint8_t *)asked->frame[KEY]))
        refusal = "key not allowed";
    zl_auth_unlock();
    return refusal;
}

static const char *judge(zmqlog_auth *auth, const request *asked) {
    int null = is(asked, MECHANISM, "NULL");

    if (asked->count <= MECHANISM || !is(asked, VERSION, "1.0"))
        return "malformed request";
    if (!null && !is(asked, MECHANISM, "CURVE"))
        return "mechanism not supported";
    if (is(asked, DOMAIN, OUTBOUND_DOMAIN))
        return null ? NULL : "wrong mechanism";
    if (!is(asked, DOMAIN, ZL_ZAP_DOMAIN))
        return "unknown domain";
    return judge_inbound(auth, asked);
}

static void send_frame(void *socket, const void *data, size_t len, int flags) {
    int tries;

    for (tries = 0; tries < EINTR_TRIES; tries++)
        if (zmq_send(socket, data, len, flags | ZMQ_DONTWAIT) >= 0 || errno != EINTR)
            return;
}

static void send_text(void *socket, const char *text, int flags) {
    send_frame(socket, text, strlen(text), flags);
}

static void write_user(char user[ZL_KEY_CHARS + 1], const request *asked) {
    user[0] = '\0';
    if (is(asked, MECHANISM, "CURVE") && asked->count > KEY &&
        asked->len[KEY] == ZL_KEY_BYTES)
        zmq_z85_encode(user, (const uint8_t *)asked->frame[KEY], ZL_KEY_BYTES);
}

static void note_refusal(zl_zap *zap, const request *asked, const char *user,
                         const char *refusal) {
    zap->refused++;
    memcpy(zap->last_address, asked->frame[ADDRESS], sizeof zap->last_address - 1);
    memcpy(zap->last_key, user, ZL_KEY_CHARS + 1);
    zap->last_reason = refusal;
}

/* A refusal is 400, not 300 ("try again"). With 400 the peer is told at once and
 * can tell its user, and its connection is gone; but libzmq does not reconnect by
 * itself after it. Handles of this library do, so they get in when a list changes;
 * other programs have to connect again. With 300 libzmq keeps both sides waiting
 * until their handshake times out, over and over, and neither ever learns why. The
 * user is the key: what arrives over the connection carries it. */
static void reply(void *socket, const request *asked, const char *user,
                  const char *refusal) {
    send_text(socket, "1.0", ZMQ_SNDMORE);
    send_frame(socket, asked->frame[ID], asked->len[ID], ZMQ_SNDMORE);
    send_text(socket, refusal ? "400" : "200", ZMQ_SNDMORE);
    send_text(socket, refusal ? refusal : "OK", ZMQ_SNDMORE);
    send_text(socket, user, ZMQ_SNDMORE);
    send_text(socket, "", 0);
}

int zl_zap_open(zl_zap *zap, void *context, zmqlog_auth *auth) {
    int linger = 0;

    memset(zap, 0, sizeof *zap);
    if (!auth)
        return 0;
    zap->socket = zmq_socket(context, ZMQ_REP);
    if (!zap->socket)
        return -1;
    if (zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_bind(zap->socket, "inproc://zeromq.zap.01") != 0) {
        int error = errno;
        zmq_close(zap->socket);
        zap->socket = NULL;
        errno = error;
        return -1;
    }
    zap->auth = zl_auth_hold(auth);
    return 0;
}

static zl_zap *watching; /* guarded by the lock of auth */

void zl_zap_forked(void) {
    watching = NULL;
}

void zl_zap_watch(zl_zap *zap, zl_event *wake) {
    if (!zap->auth)
        return;
    zl_auth_lock();
    zap->wake = wake;
    zap->revocations = atomic_load(&zap->auth->revocations);
    zap->next = watching;
    watching = zap;
    zl_auth_unlock();
}

static void stop_watching(zl_zap *zap) {
    zl_auth_lock();
    for (zl_zap **at = &watching; *at; at = &(*at)->next)
        if (*at == zap) {
            *at = zap->next;
            break;
        }
    zl_auth_unlock();
}

void zl_zap_wake_all(const zmqlog_auth *auth) {
    for (zl_zap *at = watching; at; at = at->next)
        if (at->auth == auth)
            zl_event_signal(at->wake);
}

int zl_zap_has_revoked(zl_zap *zap) {
    uint64_t now = zap->auth ? atomic_load(&zap->auth->revocations) : 0;
    int has = now != zap->revocations;

    zap->revocations = now;
    return has;
}

int zl_zap_serve(zl_zap *zap) {
    request asked;
    char user[ZL_KEY_CHARS + 1];
    int i;

    if (!zap->socket)
        return 1;
    for (i = 0; i < REQUESTS_AT_ONCE && receive_request(zap->socket, &asked); i++) {
        const char *refusal = judge(zap->auth, &asked);
        write_user(user, &asked);
        reply(zap->socket, &asked, user, refusal);
        if (refusal)
            note_refusal(zap, &asked, user, refusal);
        else
            zap->accepted++;
    }
    return i < REQUESTS_AT_ONCE;
}

void zl_zap_close(zl_zap *zap) {
    if (zap->wake)
        stop_watching(zap);
    zap->wake = NULL;
    if (zap->socket)
        zmq_close(zap->socket);
    zl_auth_release(zap->auth);
    zap->socket = NULL;
    zap->auth = NULL;
}
