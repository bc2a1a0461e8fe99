/* SPDX-License-Identifier: BSD-3-Clause */
/* The ZAP server and the security options, with libzmq's real handshakes: who gets
 * in, who does not, and that strangers get no record. */
#include "support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <zmq.h>

#include "auth.h"
#include "clock.h"
#include "curve.h"

typedef struct keys {
    char public_key[ZL_KEY_SIZE], secret_key[ZL_KEY_SIZE];
} keys;

static keys make_keys(void) {
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
static void *watch(void *context, void *socket) {
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

static void site_open(site *s, zmqlog_auth *auth) {
    int handshake_ms = 1000; /* how long a stranger that says too little may stay */

    memset(s, 0, sizeof *s);
    s->context = zmq_ctx_new();
    assert_int_equal(zl_zap_open(&s->zap, s->context, auth), 0);
    s->xpub = zmq_socket(s->context, ZMQ_XPUB);
    zmq_setsockopt(s->xpub, ZMQ_HANDSHAKE_IVL, &handshake_ms, sizeof handshake_ms);
    s->monitor = watch(s->context, s->xpub);
}

static void site_bind(site *s, const char *endpoint) {
    size_t size = sizeof s->endpoint;

    assert_int_equal(zl_auth_apply(s->zap.auth, s->xpub, ZL_BIND), 0);
    assert_int_equal(zmq_bind(s->xpub, endpoint), 0);
    assert_int_equal(zmq_getsockopt(s->xpub, ZMQ_LAST_ENDPOINT, s->endpoint, &size), 0);
}

static void close_socket(void *socket) {
    int linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(socket);
}

static void site_close(site *s) {
    zmq_socket_monitor(s->xpub, NULL, 0);
    close_socket(s->monitor);
    close_socket(s->xpub);
    zl_zap_close(&s->zap);
    zmq_ctx_term(s->context);
}

typedef struct guest {
    void *context, *sub, *monitor;
} guest;

static void guest_open(guest *g, const keys *own, const char *server_key) {
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

static void guest_close(guest *g) {
    zmq_socket_monitor(g->sub, NULL, 0);
    close_socket(g->monitor);
    close_socket(g->sub);
    zmq_ctx_term(g->context);
}

/* ---- what becomes of them ---------------------------------------------- */

typedef enum outcome { WAITING, ADMITTED, REFUSED, PROTOCOL } outcome;

static outcome read_event(void *monitor) {
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

static outcome step(site *s) {
    zmq_pollitem_t items[] = {{s->zap.socket, 0, ZMQ_POLLIN, 0},
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

static outcome run(site *s) {
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    outcome result = WAITING;

    while (result == WAITING && zl_clock_left_ms(deadline) > 0)
        result = step(s);
    return result;
}

static outcome visit(site *s, const keys *own, const char *server_key) {
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

/* ---- no auth, addresses, users ----------------------------------------- */

static void null__anybody_gets_in_without_auth(void **state) {
    site s;

    (void)state;
    site_open(&s, NULL);
    site_bind(&s, "tcp://127.0.0.1:*");
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_int_equal(s.zap.accepted, 1);
    assert_int_equal(s.zap.refused, 0);
    site_close(&s);
}

static void null__curve_guest_does_not_get_in(void **state) {
    keys own = make_keys(), server = make_keys();
    site s;

    (void)state;
    site_open(&s, NULL);
    site_bind(&s, "tcp://127.0.0.1:*");
    assert_int_equal(visit(&s, &own, server.public_key), PROTOCOL);
    site_close(&s);
}

static void null__addresses_count_as_they_are_at_that_moment(void **state) {
    zmqlog_auth *auth = zmqlog_auth_new();
    site s;

    (void)state;
    site_open(&s, auth);
    site_bind(&s, "tcp://127.0.0.1:*");
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_ok(zmqlog_auth_allow_address(auth, "10.0.0.0/8"));
    assert_int_equal(visit(&s, NULL, NULL), REFUSED);
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.0/8"));
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_ok(zmqlog_auth_remove_address(auth, "127.0.0.0/8"));
    assert_ok(zmqlog_auth_remove_address(auth, "10.0.0.0/8"));
    assert_int_equal(visit(&s, NULL, NULL), REFUSED);
    site_close(&s);
    zmqlog_auth_free(auth);
}

static void null__users_are_those_of_the_ipc_peer(void **state) {
    zmqlog_auth *auth = zmqlog_auth_new();
    temp_dir dir = temp_dir_make();
    site s;

    (void)state;
    site_open(&s, auth);
    site_bind(&s, temp_dir_path(&dir, "ipc://", "log"));
    assert_ok(zmqlog_auth_allow_address(auth, "10.0.0.0/8")); /* not for ipc */
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_ok(zmqlog_auth_allow_uid(auth, (int64_t)geteuid() + 1));
    assert_int_equal(visit(&s, NULL, NULL), REFUSED);
    assert_ok(zmqlog_auth_allow_uid(auth, geteuid()));
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    site_close(&s);
    zmqlog_auth_free(auth);
    temp_dir_remove(&dir);
}

static void null__the_guest_is_told(void **state) {
    zmqlog_auth *auth = zmqlog_auth_new();
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    outcome told = WAITING;
    guest g;
    site s;

    (void)state;
    assert_ok(zmqlog_auth_allow_address(auth, "10.0.0.0/8"));
    site_open(&s, auth);
    site_bind(&s, "tcp://127.0.0.1:*");
    guest_open(&g, NULL, NULL);
    assert_int_equal(zmq_connect(g.sub, s.endpoint), 0);
    while (told == WAITING && zl_clock_left_ms(deadline) > 0) {
        step(&s);
        told = read_event(g.monitor);
    }
    assert_int_equal(told, REFUSED);
    /* It gets in by connecting again, not by itself. */
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.1"));
    assert_int_equal(zmq_disconnect(g.sub, s.endpoint), 0);
    assert_int_equal(zmq_connect(g.sub, s.endpoint), 0);
    while (run(&s) != ADMITTED && zl_clock_left_ms(deadline) > 0)
        continue;
    assert_int_equal(s.zap.accepted, 1);
    guest_close(&g);
    site_close(&s);
    zmqlog_auth_free(auth);
}

/* ---- CURVE ------------------------------------------------------------- */

typedef struct vault {
    keys server, alice, mallory;
    zmqlog_auth *auth;
    site s;
} vault;

static int vault_open(void **state) {
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

static int vault_close(void **state) {
    vault *v = *state;

    site_close(&v->s);
    zmqlog_auth_free(v->auth);
    free(v);
    return 0;
}

static void curve__an_allowed_key_gets_in(void **state) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), ADMITTED);
    assert_int_equal(v->s.zap.accepted, 1);
}

static void curve__another_key_does_not(void **state) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), REFUSED);
    assert_int_equal(v->s.zap.accepted, 0);
    assert_int_equal(v->s.zap.refused, 1);
}

static void curve__a_guest_without_keys_does_not(void **state) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, NULL, NULL), PROTOCOL);
    assert_int_equal(v->s.zap.accepted, 0);
}

static void curve__a_guest_of_another_server_does_not(void **state) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, &v->alice, v->mallory.public_key), PROTOCOL);
    assert_int_equal(v->s.zap.accepted, 0);
}

static void curve__any_key_gets_in_where_that_is_said(void **state) {
    vault *v = *state;

    assert_ok(zmqlog_auth_allow_key(v->auth, "*"));
    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), ADMITTED);
    assert_ok(zmqlog_auth_remove_key(v->auth, "*"));
    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), REFUSED);
}

static void curve__the_list_counts_as_it_is_at_that_moment(void **state) {
    vault *v = *state;

    assert_ok(zmqlog_auth_remove_key(v->auth, v->alice.public_key));
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
    assert_ok(zmqlog_auth_allow_key(v->auth, v->mallory.public_key));
    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), ADMITTED);
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
}

static void curve__addresses_count_as_well(void **state) {
    vault *v = *state;

    assert_ok(zmqlog_auth_allow_address(v->auth, "10.0.0.0/8"));
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
    assert_ok(zmqlog_auth_allow_address(v->auth, "127.0.0.1"));
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), ADMITTED);
}

static void curve__without_a_server_of_zap_nobody_gets_in(void **state) {
    vault *v = *state;
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    char frame[256];
    guest g;

    close_socket(v->s.zap.socket);
    guest_open(&g, &v->alice, v->server.public_key);
    assert_int_equal(zmq_connect(g.sub, v->s.endpoint), 0);
    /* How libzmq says so differs; it ends the handshake in any case. */
    for (;;) {
        zmq_pollitem_t items[] = {{v->s.xpub, 0, ZMQ_POLLIN, 0},
                                  {v->s.monitor, 0, ZMQ_POLLIN, 0}};
        assert_int_not_equal(zl_clock_left_ms(deadline), 0);
        zmq_poll(items, 2, 10);
        assert_int_equal(zmq_recv(v->s.xpub, frame, sizeof frame, ZMQ_DONTWAIT), -1);
        if (items[1].revents)
            break;
    }
    guest_close(&g);
    v->s.zap.socket = zmq_socket(v->s.context, ZMQ_REP); /* for the teardown */
}

/* ---- endpoints of both kinds on one socket ------------------------------ */

/* A subscriber that listens, and to which the site connects. */
static void *host_open(void *context, const keys *server, char endpoint[256]) {
    void *sub = zmq_socket(context, ZMQ_SUB);
    size_t size = 256;
    int on = 1;

    if (server) {
        zmq_setsockopt(sub, ZMQ_CURVE_SECRETKEY, server->secret_key, ZL_KEY_SIZE);
        zmq_setsockopt(sub, ZMQ_CURVE_SERVER, &on, sizeof on);
    }
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "host", 4);
    assert_int_equal(zmq_bind(sub, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(sub, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    return sub;
}

static void connect_to_host(vault *v, const keys *server) {
    void *context = zmq_ctx_new();
    char endpoint[256];
    void *sub = host_open(context, server, endpoint);

    assert_int_equal(zl_auth_apply(v->auth, v->s.xpub, ZL_CONNECT), 0);
    assert_int_equal(zmq_connect(v->s.xpub, endpoint), 0);
    v->s.other = sub;
    assert_int_equal(run(&v->s), ADMITTED);
    v->s.other = NULL;
    close_socket(sub);
    zmq_ctx_term(context);
}

static void mixed__a_connection_without_keys_beside_a_curve_endpoint(void **state) {
    vault *v = *state;

    connect_to_host(v, NULL);
    assert_int_equal(visit(&v->s, NULL, NULL), PROTOCOL);
}

static void mixed__the_lists_are_about_guests_not_hosts(void **state) {
    vault *v = *state;

    assert_ok(zmqlog_auth_allow_address(v->auth, "10.0.0.0/8"));
    connect_to_host(v, NULL);
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
}

static void mixed__a_connection_with_keys_beside_a_curve_endpoint(void **state) {
    vault *v = *state;
    keys relay = make_keys();

    assert_ok(zmqlog_auth_set_curve_client(v->auth, relay.public_key,
                                           v->alice.public_key, v->alice.secret_key));
    connect_to_host(v, &relay);
    site_bind(&v->s, "tcp://127.0.0.1:*"); /* a second one, after the connection */
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), ADMITTED);
    assert_int_equal(visit(&v->s, NULL, NULL), PROTOCOL);
}

/* ---- strangers ---------------------------------------------------------- */

static int dial(const char *endpoint) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_port = htons((uint16_t)atoi(strrchr(endpoint, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* What a stranger gets to read until the site hangs up, while it keeps publishing.
 * Ends the test where nobody hangs up. */
static size_t listen_in(site *s, int fd, char *heard, size_t size) {
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    size_t len = 0;

    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    while (zl_clock_left_ms(deadline) > 0) {
        ssize_t got;
        assert_int_not_equal(step(s), ADMITTED);
        zmq_send(s->xpub, "app.INFO", 8, ZMQ_SNDMORE | ZMQ_DONTWAIT);
        zmq_send(s->xpub, "confidential", 12, ZMQ_DONTWAIT);
        got = read(fd, heard + len, size - len);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return len;
        if (got > 0)
            len += (size_t)got;
        assert_true(len < size);
    }
    fail_msg("the stranger is still connected");
    return 0;
}

static void stranger(site *s, const char *says, size_t len) {
    char heard[65536];
    int fd = dial(s->endpoint);
    size_t got;

    assert_int_equal(write(fd, says, len), len);
    got = listen_in(s, fd, heard, sizeof heard);
    assert_null(memmem(heard, got, "confidential", 12));
    assert_null(memmem(heard, got, "app.INFO", 8));
    close(fd);
}

#define BYTES(literal) literal, sizeof(literal) - 1

static void strangers(site *s) {
    stranger(s, BYTES("\x01\x00")); /* ZMTP 1.0, no identity */
    stranger(s, BYTES("\x05\x00"    /* and with one */
                      "abcd"));
    stranger(s, BYTES("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    stranger(s, BYTES("\xff\0\0\0\0\0\0\0\x01\x7f\x00" /* ZMTP 2.0, a SUB */
                      "\x02\0\0"));
    stranger(s, BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello tls 1.2"));
    stranger(s, BYTES("\xff\0\0\0\0\0\0\0\x01\x7f\x03\0PLAIN\0\0\0\0\0\0\0\0\0\0\0\0\0"
                      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                      "\0\0"));
}

static void stranger__gets_nothing_without_auth(void **state) {
    site s;

    (void)state;
    site_open(&s, NULL);
    site_bind(&s, "tcp://127.0.0.1:*");
    strangers(&s);
    assert_int_equal(s.zap.accepted, 0);
    site_close(&s);
}

static void stranger__gets_nothing_with_curve(void **state) {
    vault *v = *state;

    strangers(&v->s);
    assert_int_equal(v->s.zap.accepted, 0);
}

/* ---- the options, and requests as such ----------------------------------- */

static void apply__sets_domain_and_enforcement(void **state) {
    char domain[64] = "";
    size_t size = sizeof domain;
    int value = 0;
    site s;

    (void)state;
    site_open(&s, NULL);
    assert_int_equal(zl_auth_apply(NULL, s.xpub, ZL_BIND), 0);
    assert_int_equal(zmq_getsockopt(s.xpub, ZMQ_ZAP_DOMAIN, domain, &size), 0);
    assert_string_equal(domain, ZL_ZAP_DOMAIN);
    size = sizeof value;
    assert_int_equal(zmq_getsockopt(s.xpub, 93, &value, &size), 0);
    assert_int_equal(value, 1);
    site_close(&s);
}

static void apply__changes_the_mechanism_with_the_use(void **state) {
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

static void server__a_context_has_one(void **state) {
    zl_zap second;
    site s;

    (void)state;
    site_open(&s, NULL);
    assert_int_equal(zl_zap_open(&second, s.context, NULL), -1);
    assert_int_equal(errno, EADDRINUSE);
    assert_null(second.socket);
    zl_zap_close(&second);
    site_close(&s);
}

typedef struct asked {
    const char *code;
    int count;
    const char *frames[9];
} asked;

static const char long_frame[300] = {[0 ... 298] = 'x'};
#define KEY32 "0123456789abcdef0123456789abcdef"

static const asked without_auth[] = {
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

static void server__answers_whatever_is_asked(void **state) {
    zmqlog_auth *auth = zmqlog_auth_new();
    keys server = make_keys();

    (void)state;
    ask_all(NULL, without_auth, sizeof without_auth / sizeof without_auth[0]);
    ask_all(auth, without_auth, sizeof without_auth / sizeof without_auth[0]);
    assert_ok(zmqlog_auth_set_curve_server(auth, server.secret_key));
    assert_ok(zmqlog_auth_allow_key(auth, "*"));
    ask_all(auth, with_curve, sizeof with_curve / sizeof with_curve[0]);
    zmqlog_auth_free(auth);
}

#define CURVE(test) cmocka_unit_test_setup_teardown(test, vault_open, vault_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null__anybody_gets_in_without_auth),
        cmocka_unit_test(null__curve_guest_does_not_get_in),
        cmocka_unit_test(null__addresses_count_as_they_are_at_that_moment),
        cmocka_unit_test(null__users_are_those_of_the_ipc_peer),
        cmocka_unit_test(null__the_guest_is_told),
        CURVE(curve__an_allowed_key_gets_in),
        CURVE(curve__another_key_does_not),
        CURVE(curve__a_guest_without_keys_does_not),
        CURVE(curve__a_guest_of_another_server_does_not),
        CURVE(curve__any_key_gets_in_where_that_is_said),
        CURVE(curve__the_list_counts_as_it_is_at_that_moment),
        CURVE(curve__addresses_count_as_well),
        CURVE(curve__without_a_server_of_zap_nobody_gets_in),
        CURVE(mixed__a_connection_without_keys_beside_a_curve_endpoint),
        CURVE(mixed__the_lists_are_about_guests_not_hosts),
        CURVE(mixed__a_connection_with_keys_beside_a_curve_endpoint),
        cmocka_unit_test(stranger__gets_nothing_without_auth),
        CURVE(stranger__gets_nothing_with_curve),
        cmocka_unit_test(apply__sets_domain_and_enforcement),
        CURVE(apply__changes_the_mechanism_with_the_use),
        cmocka_unit_test(server__a_context_has_one),
        cmocka_unit_test(server__answers_whatever_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
