/* SPDX-License-Identifier: BSD-3-Clause */
/* Surprises between sockets: subscriptions, cancels, strangers, and losses. Raw peers
 * send what no library would. */
#include "support.h"

#include "peer.h"
#include "publisher.h"
#include "surprises.h"

#include <errno.h>
#include <pthread.h>

#define MANY 1000

/* A socket of plain libzmq with another one's context, and a patience for receiving. */
static void *open_socket(void *context, int type, int hwm) {
    int timeout = PATIENCE_MS, off = 0;
    void *socket = zmq_socket(context, type);
    assert_non_null(socket);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    zmq_setsockopt(socket, ZMQ_LINGER, &off, sizeof off);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    return socket;
}

/* Whether there is an event in that time; longer than 0 only where it decides. */
static int event_within(publisher *p, int timeout_ms) {
    zmq_pollitem_t item = {p->socket, 0, ZMQ_POLLIN, 0};
    return zmq_poll(&item, 1, timeout_ms) > 0;
}

/* Cancels "app", which it never had, and then shows that this has been read. */
static int cancel_for_others(const char *endpoint) {
    int fd = raw_sub(endpoint);
    raw_frame(fd, 0, "\0app", 4);
    raw_frame(fd, 0, "\1mark", 5);
    return fd;
}

static peer sub_of(publisher *p, const char *prefix) {
    peer sub = peer_new();
    peer_subscribe(&sub, prefix);
    assert_int_equal(0, zmq_connect(sub.socket, p->endpoint));
    return sub;
}

static zmqlog_handler *open_app(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

/* ---- cancels ------------------------------------------------------------- */

int libzmq_cancels_for_others(void) {
    publisher p = publisher_open(NULL);
    peer sub = sub_of(&p, "app");
    char prefix[256];
    int fd, on;
    publisher_expect(&p, 1, "app");
    fd = cancel_for_others(p.endpoint);
    on = publisher_event(&p, prefix);
    if (!on)
        publisher_expect(&p, 1, "mark");
    close(fd);
    peer_close(&sub);
    publisher_close(&p);
    return !on && strcmp(prefix, "app") == 0;
}

void we_ask_before_we_believe_a_cancel(void) {
    zmqlog_handler *handler = open_app();
    peer sub = peer_listening(handler, "app");
    int fd = cancel_for_others(zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "mark", PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_INFO, "still here");
    peer_expect(&sub, "app.INFO", "still here");
    close(fd);
    peer_close(&sub);
    zmqlog_handler_free(handler);
}

typedef struct relay {
    void *context, *front, *back, *ends, *end;
    pthread_t thread;
    char endpoint[256];
} relay;

static void *run_relay(void *data) {
    relay *r = data;
    zmq_proxy_steerable(r->front, r->back, NULL, r->ends);
    return NULL;
}

/* libzmq's own: it listens to `endpoint` and is listened to at its own. */
static void relay_open(relay *r, const char *endpoint) {
    size_t size = sizeof r->endpoint;
    r->context = zmq_ctx_new();
    r->front = open_socket(r->context, ZMQ_XSUB, 0);
    r->back = open_socket(r->context, ZMQ_XPUB, 0);
    r->ends = open_socket(r->context, ZMQ_PAIR, 0);
    r->end = open_socket(r->context, ZMQ_PAIR, 0);
    assert_int_equal(0, zmq_bind(r->ends, "inproc://end"));
    assert_int_equal(0, zmq_connect(r->end, "inproc://end"));
    assert_int_equal(0, zmq_connect(r->front, endpoint));
    assert_int_equal(0, zmq_bind(r->back, "tcp://127.0.0.1:*"));
    zmq_getsockopt(r->back, ZMQ_LAST_ENDPOINT, r->endpoint, &size);
    assert_int_equal(0, pthread_create(&r->thread, NULL, run_relay, r));
}

static void relay_close(relay *r) {
    assert_int_equal(9, zmq_send(r->end, "TERMINATE", 9, 0));
    pthread_join(r->thread, NULL);
    zmq_close(r->front);
    zmq_close(r->back);
    zmq_close(r->ends);
    zmq_close(r->end);
    zmq_ctx_term(r->context);
}

int libzmq_relays_cancels_for_others(void) {
    publisher p = publisher_open(NULL);
    relay r;
    peer sub = peer_new();
    char prefix[256];
    int fd, on;
    relay_open(&r, p.endpoint);
    peer_subscribe(&sub, "app");
    assert_int_equal(0, zmq_connect(sub.socket, r.endpoint));
    publisher_expect(&p, 1, "app");
    fd = cancel_for_others(r.endpoint);
    on = publisher_event(&p, prefix);
    close(fd);
    peer_close(&sub);
    relay_close(&r);
    publisher_close(&p);
    return !on && strcmp(prefix, "app") == 0;
}

void we_serve_listeners_beside_a_relay(void) {
    zmqlog_handler *handler = open_app();
    peer direct = peer_listening(handler, "app");
    relay r;
    int fd;
    relay_open(&r, zmqlog_handler_endpoint(handler, 0));
    fd = cancel_for_others(r.endpoint);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "mark", PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_INFO, "still here");
    peer_expect(&direct, "app.INFO", "still here");
    close(fd);
    peer_close(&direct);
    relay_close(&r);
    zmqlog_handler_free(handler);
}

/* ---- strangers ----------------------------------------------------------- */

/* Long enough that the first byte, as ZMTP 1.0's length of an identity, is right. */
static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1:5556\r\n"
                              "User-Agent: browser/1.0\r\nAccept: */*\r\n\r\n";

/* Reads until `text` has come (1) or the other end is silent for good (0). */
static int arrives(int fd, const char *text) {
    char got[4096];
    size_t have = 0;
    ssize_t len;
    while (have < sizeof got &&
           (len = recv(fd, got + have, sizeof got - have, 0)) > 0) {
        have += (size_t)len;
        if (memmem(got, have, text, strlen(text)))
            return 1;
    }
    return 0;
}

int libzmq_tells_everything_to_a_web_client(void) {
    publisher p = publisher_open(NULL);
    int fd = raw_connect(p.endpoint), told = 0;
    raw_write(fd, request, sizeof request - 1);
    if (event_within(&p, PATIENCE_MS)) {
        publisher_expect(&p, 1, "");
        publisher_send(&p, "app.DEBUG", "a secret");
        told = arrives(fd, "a secret");
    }
    close(fd);
    publisher_close(&p);
    return told;
}

void we_tell_web_clients_nothing(void) {
    zmqlog_handler *handler = open_app();
    int fd = raw_connect(zmqlog_handler_endpoint(handler, 0));
    peer sub;
    raw_write(fd, request, sizeof request - 1);
    sub = peer_listening(handler, "app");
    log_text(handler, ZMQLOG_LEVEL_INFO, "a secret");
    peer_expect(&sub, "app.INFO", "a secret");
    shutdown(fd, SHUT_WR);
    assert_false(arrives(fd, "a secret"));
    close(fd);
    peer_close(&sub);
    zmqlog_handler_free(handler);
}

/* ---- subscriptions ------------------------------------------------------- */

/* A listening end without libzmq: reads what a SUB sends. */
static int listen_raw(char endpoint[64]) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(fd, (struct sockaddr *)&address, sizeof address));
    assert_int_equal(0, listen(fd, 1));
    getsockname(fd, (struct sockaddr *)&address, &size);
    snprintf(endpoint, 64, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

/* ZMTP 3.1's handshake from an XPUB's side. */
static void greet_as_publisher(int fd) {
    static const char greeting[64] = {(char)0xff, 0,    0, 0, 0,   0,   0,   0,
                                      1,          0x7f, 3, 1, 'N', 'U', 'L', 'L'};
    static const char ready[] = "\x04\x1a\x05READY\x0bSocket-Type\0\0\0\4XPUB";
    char theirs[64], head[2], command[255];
    raw_write(fd, greeting, sizeof greeting);
    raw_read(fd, theirs, sizeof theirs);
    raw_read(fd, head, 2);
    raw_read(fd, command, (unsigned char)head[1]);
    raw_write(fd, ready, sizeof ready - 1);
}

int libzmq_damages_long_prefixes(void) {
    char endpoint[64], prefix[247];
    unsigned char head[2];
    int listener = listen_raw(endpoint), fd;
    peer sub = peer_new();
    memset(prefix, 'p', 246);
    prefix[246] = '\0';
    peer_subscribe(&sub, prefix);
    assert_int_equal(0, zmq_connect(sub.socket, endpoint));
    fd = accept(listener, NULL, NULL);
    greet_as_publisher(fd);
    raw_read(fd, head, 2);
    close(fd);
    close(listener);
    peer_close(&sub);
    /* A command of 10 + 246 bytes, which one byte cannot count, needs the long form. */
    return !(head[0] & 2);
}

void we_refuse_long_prefixes(void) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    char prefix[247];
    memset(prefix, 'p', 246);
    prefix[246] = '\0';
    assert_status(zmqlog_subscriber_subscribe(subscriber, prefix), ZMQLOG_EINVAL);
    prefix[245] = '\0';
    subscribed(subscriber, &p, prefix);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "later"));
    publisher_expect(&p, 1, "later");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

int libzmq_forgets_subscriptions(void) {
    void *context = zmq_ctx_new();
    void *pub = open_socket(context, ZMQ_XPUB, 100);
    void *sub = open_socket(context, ZMQ_SUB, 100);
    int seen = 0;
    char prefix[16];
    assert_int_equal(0, zmq_bind(pub, "inproc://here"));
    assert_int_equal(0, zmq_connect(sub, "inproc://here"));
    for (int i = 0; i < MANY; i++) {
        int len = snprintf(prefix, sizeof prefix, "t%d", i);
        assert_int_equal(0, zmq_setsockopt(sub, ZMQ_SUBSCRIBE, prefix, (size_t)len));
    }
    while (zmq_recv(pub, prefix, sizeof prefix, ZMQ_DONTWAIT) > 0)
        seen++;
    zmq_close(sub);
    zmq_close(pub);
    zmq_ctx_term(context);
    return seen < MANY;
}

void we_keep_all_subscriptions(void) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    char prefix[256];
    for (int i = 0; i < 2 * MANY; i++) {
        snprintf(prefix, sizeof prefix, "t%d", i);
        assert_ok(zmqlog_subscriber_subscribe(subscriber, prefix));
    }
    assert_ok(zmqlog_subscriber_connect(subscriber, p.endpoint));
    for (int i = 0; i < 2 * MANY; i++)
        assert_int_equal(1, publisher_event(&p, prefix));
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

/* It is asked again after a second, when the connection has long been made. */
int libzmq_resubscribes_only_when_asked(void) {
    publisher p = publisher_open(NULL);
    peer sub = sub_of(&p, "app");
    char endpoint[256], byte;
    int idle;
    publisher_expect(&p, 1, "app");
    memcpy(endpoint, p.endpoint, sizeof endpoint);
    publisher_close(&p);
    p = publisher_open(endpoint);
    idle = !event_within(&p, 1000);
    for (int i = 0; i < PATIENCE_MS / 10 && !event_within(&p, 10); i++)
        assert_int_equal(-1, zmq_recv(sub.socket, &byte, 1, ZMQ_DONTWAIT));
    publisher_expect(&p, 1, "app");
    peer_close(&sub);
    publisher_close(&p);
    return idle;
}

void we_resubscribe_by_ourselves(void) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&p, "app");
    char endpoint[256];
    memcpy(endpoint, p.endpoint, sizeof endpoint);
    publisher_close(&p);
    p = publisher_open(endpoint);
    publisher_expect(&p, 1, "app");
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}
