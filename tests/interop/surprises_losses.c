/* SPDX-License-Identifier: BSD-3-Clause */
/* Surprises about what arrives where: losses, giants, keys. */
#include "support.h"

#include "peer.h"
#include "publisher.h"
#include "surprises.h"

#include <errno.h>

#define MANY 1000

static void *hwm_socket(void *context, int type, int hwm) {
    void *socket = zmq_socket(context, type);
    assert_non_null(socket);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    return socket;
}

/* ---- losses -------------------------------------------------------------- */

/* Sends one record without loss (NODROP). If that would block, sends one that libzmq
 * may drop, and returns 1. */
static int send_and_ask(void *pub) {
    int strict = 1, lossy = 0, told = 0;
    zmq_setsockopt(pub, ZMQ_XPUB_NODROP, &strict, sizeof strict);
    if (zmq_send(pub, "x", 1, ZMQ_DONTWAIT) < 0) {
        assert_int_equal(EAGAIN, zmq_errno());
        told = 1;
        zmq_setsockopt(pub, ZMQ_XPUB_NODROP, &lossy, sizeof lossy);
        assert_int_equal(1, zmq_send(pub, "x", 1, 0));
    }
    return told;
}

static int drain(void *sub) {
    char byte;
    int count = 0;
    while (zmq_recv(sub, &byte, 1, ZMQ_DONTWAIT) >= 0)
        count++;
    return count;
}

int libzmq_tells_of_one_loss_in_many(void) {
    void *context = zmq_ctx_new();
    void *pub = hwm_socket(context, ZMQ_XPUB, 10);
    void *stalled = hwm_socket(context, ZMQ_SUB, 10);
    void *healthy = hwm_socket(context, ZMQ_SUB, 0);
    int told = 0, lost;
    zmq_setsockopt(stalled, ZMQ_SUBSCRIBE, "", 0);
    zmq_setsockopt(healthy, ZMQ_SUBSCRIBE, "", 0);
    assert_int_equal(0, zmq_bind(pub, "inproc://here"));
    assert_int_equal(0, zmq_connect(stalled, "inproc://here"));
    assert_int_equal(0, zmq_connect(healthy, "inproc://here"));
    drain(pub);
    for (int i = 0; i < MANY; i++)
        told += send_and_ask(pub);
    assert_int_equal(MANY, drain(healthy));
    lost = MANY - drain(stalled);
    zmq_close(stalled);
    zmq_close(healthy);
    zmq_close(pub);
    zmq_ctx_term(context);
    return lost > 0 && told < lost;
}

void we_count_each_loss(void) {
    static const unsigned arrive[] = {1, 2, 5, 6, 100};
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "");
    zmqlog_record *record = zmqlog_record_new();
    char body[80];
    for (size_t i = 0; i < sizeof arrive / sizeof arrive[0]; i++) {
        snprintf(body, sizeof body,
                 "{\"msg\":\"m\",\"seq\":%u,\"epoch\":\"00000000000000aa\"}",
                 arrive[i]);
        publisher_send(&p, "app.INFO", body);
        receive(subscriber, record);
    }
    assert_int_equal(100 - 5, zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_LOST));
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

/* The other end reads after this process has ended: most records have gone with it. */
static int role_forget(const char *endpoint) {
    static char body[4096];
    publisher p = publisher_new();
    if (zmq_connect(p.socket, endpoint) != 0 || zmq_recv(p.socket, body, 1, 0) != 1)
        return 2;
    for (int i = 0; i < 20 * MANY; i++)
        if (zmq_send(p.socket, body, sizeof body, 0) != sizeof body)
            return 3;
    return 0;
}

static peer bound_sub(int hwm, char endpoint[256]) {
    size_t size = 256;
    peer sub = peer_new();
    zmq_setsockopt(sub.socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    peer_subscribe(&sub, "");
    assert_int_equal(0, zmq_bind(sub.socket, "tcp://127.0.0.1:*"));
    zmq_getsockopt(sub.socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
    return sub;
}

int libzmq_loses_what_exit_finds(void) {
    static char body[4096];
    char endpoint[256];
    peer sub = bound_sub(1, endpoint);
    int second = 1000, count = 0;
    assert_int_equal(0, surprises_child("forget", endpoint, sub.socket));
    zmq_setsockopt(sub.socket, ZMQ_RCVTIMEO, &second, sizeof second);
    while (zmq_recv(sub.socket, body, sizeof body, 0) >= 0)
        count++;
    peer_close(&sub);
    return count < 20 * MANY;
}

static int role_deliver(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char text[16];
    zmqlog_handler_set_linger_ms(handler, PATIENCE_MS);
    zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1);
    if (zmqlog_handler_connect(handler, endpoint) != ZMQLOG_OK ||
        zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS) != ZMQLOG_OK)
        return 2;
    for (int i = 0; i < MANY; i++) {
        int len = snprintf(text, sizeof text, "%d", i);
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, (size_t)len);
    }
    return 0;
}

void we_deliver_at_exit(void) {
    char endpoint[256], wanted[16];
    peer sub = bound_sub(0, endpoint);
    peer_frames frames;
    assert_int_equal(0, surprises_child("deliver", endpoint, sub.socket));
    for (int i = 0; i < MANY; i++) {
        snprintf(wanted, sizeof wanted, "%d", i);
        peer_receive(&sub, &frames);
        assert_string_equal("INFO", frames.topic);
        assert_string_equal(wanted, frames.body);
    }
    peer_close(&sub);
}

/* ---- keys and refusals --------------------------------------------------- */

/* Whether there is an event in that time. */
static int event_within(publisher *p, int timeout_ms) {
    zmq_pollitem_t item = {p->socket, 0, ZMQ_POLLIN, 0};
    return zmq_poll(&item, 1, timeout_ms) > 0;
}

int libzmq_gives_up_after_a_giant(void) {
    static char giant[1000];
    publisher p = publisher_open(NULL);
    peer sub = peer_new();
    int64_t most = 100;
    int again;
    zmq_setsockopt(sub.socket, ZMQ_MAXMSGSIZE, &most, sizeof most);
    peer_subscribe(&sub, "app");
    assert_int_equal(0, zmq_connect(sub.socket, p.endpoint));
    publisher_expect(&p, 1, "app");
    publisher_frame(&p, "app.INFO", 8, 1);
    publisher_frame(&p, giant, sizeof giant, 0);
    publisher_expect(&p, 0, "app");
    again = event_within(&p, 1000);
    peer_close(&sub);
    publisher_close(&p);
    return !again;
}

int libzmq_lets_all_keys_in(void) {
    char public[41], secret[41], own_public[41], own_secret[41];
    publisher p = publisher_new();
    peer sub = peer_new();
    size_t size = sizeof p.endpoint;
    int on = 1, in;
    assert_int_equal(0, zmq_curve_keypair(public, secret));
    assert_int_equal(0, zmq_curve_keypair(own_public, own_secret));
    zmq_setsockopt(p.socket, ZMQ_CURVE_SERVER, &on, sizeof on);
    zmq_setsockopt(p.socket, ZMQ_CURVE_SECRETKEY, secret, 41);
    assert_int_equal(0, zmq_bind(p.socket, "tcp://127.0.0.1:*"));
    zmq_getsockopt(p.socket, ZMQ_LAST_ENDPOINT, p.endpoint, &size);
    zmq_setsockopt(sub.socket, ZMQ_CURVE_SERVERKEY, public, 41);
    zmq_setsockopt(sub.socket, ZMQ_CURVE_PUBLICKEY, own_public, 41);
    zmq_setsockopt(sub.socket, ZMQ_CURVE_SECRETKEY, own_secret, 41);
    peer_subscribe(&sub, "app");
    assert_int_equal(0, zmq_connect(sub.socket, p.endpoint));
    in = event_within(&p, PATIENCE_MS);
    peer_close(&sub);
    publisher_close(&p);
    return in;
}

typedef struct lock {
    zmqlog_keypair *server, *own, *other;
    zmqlog_auth *allows, *asks; /* the server's, which allows `other` only; our own */
    zmqlog_handler *handler;
} lock;

static zmqlog_keypair *new_keys(void) {
    zmqlog_keypair *keys = zmqlog_keypair_new();
    assert_ok(zmqlog_keypair_generate(keys));
    return keys;
}

static lock lock_open(void) {
    lock l = {new_keys(),        new_keys(),        new_keys(),
              zmqlog_auth_new(), zmqlog_auth_new(), zmqlog_handler_new()};
    assert_ok(
        zmqlog_auth_set_curve_server(l.allows, zmqlog_keypair_secret_key(l.server)));
    assert_ok(zmqlog_auth_allow_key(l.allows, zmqlog_keypair_public_key(l.other)));
    assert_ok(zmqlog_auth_set_curve_client(l.asks, zmqlog_keypair_public_key(l.server),
                                           zmqlog_keypair_public_key(l.own),
                                           zmqlog_keypair_secret_key(l.own)));
    assert_ok(zmqlog_handler_set_auth(l.handler, l.allows));
    assert_ok(zmqlog_handler_bind(l.handler, "tcp://127.0.0.1:*"));
    return l;
}

static void lock_free(lock *l) {
    zmqlog_handler_free(l->handler);
    zmqlog_auth_free(l->allows);
    zmqlog_auth_free(l->asks);
    zmqlog_keypair_free(l->server);
    zmqlog_keypair_free(l->own);
    zmqlog_keypair_free(l->other);
}

/* Plain libzmq with a key that is not allowed is told so. */
void we_let_no_other_key_in(void) {
    lock l = lock_open();
    peer sub = peer_new();
    void *monitor = hwm_socket(sub.context, ZMQ_PAIR, 0);
    unsigned char event[6];
    int timeout = PATIENCE_MS, off = 0;
    zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    zmq_setsockopt(monitor, ZMQ_LINGER, &off, sizeof off);
    zmq_setsockopt(sub.socket, ZMQ_CURVE_SERVERKEY, zmqlog_keypair_public_key(l.server),
                   41);
    zmq_setsockopt(sub.socket, ZMQ_CURVE_PUBLICKEY, zmqlog_keypair_public_key(l.own),
                   41);
    zmq_setsockopt(sub.socket, ZMQ_CURVE_SECRETKEY, zmqlog_keypair_secret_key(l.own),
                   41);
    peer_subscribe(&sub, "");
    zmq_socket_monitor(sub.socket, "inproc://m", ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
    assert_int_equal(0, zmq_connect(monitor, "inproc://m"));
    peer_connect(&sub, l.handler);
    assert_int_equal(sizeof event, zmq_recv(monitor, event, sizeof event, 0));
    assert_int_equal(0, zmqlog_handler_count(l.handler, ZMQLOG_COUNT_SUBSCRIPTIONS));
    zmq_socket_monitor(sub.socket, NULL, 0);
    zmq_close(monitor);
    peer_close(&sub);
    lock_free(&l);
}

/* Refused, then allowed: libzmq does not try again by itself. */
void we_try_again_after_a_refusal(void) {
    lock l = lock_open();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_set_auth(subscriber, l.asks));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(l.handler, 0)));
    assert_status(zmqlog_handler_wait_subscriber(l.handler, "app", 300),
                  ZMQLOG_ETIMEDOUT);
    assert_ok(zmqlog_auth_allow_key(l.allows, zmqlog_keypair_public_key(l.own)));
    assert_ok(zmqlog_handler_wait_subscriber(l.handler, "app", PATIENCE_MS));
    zmqlog_subscriber_free(subscriber);
    lock_free(&l);
}

int surprises_loss_role(const char *role, const char *argument) {
    if (strcmp(role, "forget") == 0)
        return role_forget(argument);
    return strcmp(role, "deliver") == 0 ? role_deliver(argument) : -1;
}
