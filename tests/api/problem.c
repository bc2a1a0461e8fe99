/* SPDX-License-Identifier: BSD-3-Clause */
/* Why nothing arrives: the tests make each cause, and `problem` must name it. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>

TEST_LABELS(threads);

static void expect_text(const char *got, const char *wanted) {
    if (!got || !strstr(got, wanted))
        print_error("\"%s\" does not say \"%s\"\n", got ? got : "(null)", wanted);
    assert_true(got && strstr(got, wanted));
}

static void await_problem(zmqlog_subscriber *subscriber, const char *wanted) {
    const char *got = "";
    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        got = zmqlog_subscriber_problem(subscriber, 0);
        if (got && got[0])
            break;
        poll(NULL, 0, 10);
    }
    expect_text(got, wanted);
}

static zmqlog_subscriber *connect_to(const char *endpoint, zmqlog_auth *auth) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_set_auth(subscriber, auth));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok_or(zmqlog_subscriber_connect(subscriber, endpoint),
                 zmqlog_subscriber_errmsg(subscriber));
    return subscriber;
}

static void expect_problem(const char *endpoint, zmqlog_auth *auth,
                           const char *wanted) {
    zmqlog_subscriber *subscriber = connect_to(endpoint, auth);
    await_problem(subscriber, wanted);
    zmqlog_subscriber_free(subscriber);
}

/* ---- what is no publisher -------------------------------------------------- */

typedef struct server {
    int listening;
    const char *answer;
    size_t len;
    char endpoint[40];
    pthread_t thread;
} server;

static void listen_for(server *s, int backlog) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    s->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(s->listening, (struct sockaddr *)&address, size));
    assert_int_equal(0, listen(s->listening, backlog));
    getsockname(s->listening, (struct sockaddr *)&address, &size);
    snprintf(s->endpoint, sizeof s->endpoint, "tcp://127.0.0.1:%d",
             ntohs(address.sin_port));
}

/* Answers the first bytes of each connection, and ends it when the peer does. */
static void *answer_all(void *argument) {
    server *s = argument;
    int fd;
    while ((fd = accept(s->listening, NULL, NULL)) >= 0) {
        char some[256];
        if (recv(fd, some, sizeof some, 0) > 0) {
            (void)!send(fd, s->answer, s->len, MSG_NOSIGNAL);
            shutdown(fd, SHUT_WR);
            while (recv(fd, some, sizeof some, 0) > 0)
                ;
        }
        close(fd);
    }
    return NULL;
}

static void expect_of_answer(const char *answer, size_t len, const char *wanted) {
    server s = {.answer = answer, .len = len};
    listen_for(&s, 10);
    assert_int_equal(0, pthread_create(&s.thread, NULL, answer_all, &s));
    expect_problem(s.endpoint, NULL, wanted);
    shutdown(s.listening, SHUT_RDWR);
    pthread_join(s.thread, NULL);
    close(s.listening);
}

TEST(problem__name_without_an_address) {
    expect_problem("tcp://no-such-name.invalid:5556", NULL,
                   "the name no-such-name.invalid has no address");
}

TEST(problem__nothing_listens) {
    server s;
    listen_for(&s, 1);
    close(s.listening);
    expect_problem(s.endpoint, NULL, "connection refused: nothing listens there");
}

TEST(problem__no_socket_file) {
    temp_dir dir = temp_dir_make();
    expect_problem(temp_dir_path(&dir, "ipc://", "nobody"), NULL,
                   "there is no such socket file");
    temp_dir_remove(&dir);
}

/* A full accept queue drops requests for a connection, as a firewall does. */
TEST(problem__unreachable) {
    server s;
    int fds[8], count = 0, is_full = 0;
    listen_for(&s, 0);
    while (!is_full) {
        struct pollfd one = {0, POLLOUT, 0};
        struct sockaddr_in address = {.sin_family = AF_INET};
        assert_in_range(count, 0, 7);
        one.fd = fds[count++] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        address.sin_port = htons((uint16_t)atoi(strrchr(s.endpoint, ':') + 1));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        (void)!connect(one.fd, (struct sockaddr *)&address, sizeof address);
        is_full = poll(&one, 1, 100) == 0;
    }
    expect_problem(s.endpoint, NULL, "unreachable");
    while (count > 0)
        close(fds[--count]);
    close(s.listening);
}

TEST(problem__accepts_but_says_nothing) {
    server s;
    listen_for(&s, 10);
    expect_problem(s.endpoint, NULL, "accepts the connection but says nothing");
    close(s.listening);
}

TEST(problem__speaks_http) {
    static const char answer[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
    expect_of_answer(answer, sizeof answer - 1, "it speaks HTTP, not ZMTP");
}

TEST(problem__speaks_an_old_protocol) {
    static const char two[] = "\xff\0\0\0\0\0\0\0\1\x7f\1\2\0\0";
    expect_of_answer(two, sizeof two - 1, "it speaks ZMTP 1 or 2");
    expect_of_answer("\1\0", 2, "it speaks ZMTP 1 or 2");
}

TEST(problem__speaks_something_else) {
    static const char answer[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
    expect_of_answer(answer, sizeof answer - 1, "it does not speak ZMTP");
}

TEST(problem__socket_of_another_type) {
    void *context = zmq_ctx_new(), *rep = zmq_socket(context, ZMQ_REP);
    zmqlog_handler *handler = zmqlog_handler_new();
    char endpoint[64];
    size_t size = sizeof endpoint;
    const char *got = "";
    assert_int_equal(0, zmq_bind(rep, "tcp://127.0.0.1:*"));
    zmq_getsockopt(rep, ZMQ_LAST_ENDPOINT, endpoint, &size);
    expect_problem(endpoint, NULL, "it is a REP socket, not that of a publisher");
    assert_ok(zmqlog_handler_connect(handler, endpoint));
    for (int i = 0; i < PATIENCE_MS / 10 && !got[0]; i++) {
        got = zmqlog_handler_problem(handler, 0);
        poll(NULL, 0, 10);
    }
    expect_text(got, "it is a REP socket, not that of a subscriber");
    zmqlog_handler_free(handler);
    zmq_close(rep);
    zmq_ctx_term(context);
}

/* ---- keys ---------------------------------------------------------------------- */

typedef struct locked {
    char server[41], server_secret[41], client[41], client_secret[41];
    zmqlog_auth *host, *guest;
    zmqlog_handler *handler;
} locked;

static void open_locked(locked *l, int allows) {
    assert_int_equal(0, zmq_curve_keypair(l->server, l->server_secret));
    assert_int_equal(0, zmq_curve_keypair(l->client, l->client_secret));
    l->host = zmqlog_auth_new();
    l->guest = zmqlog_auth_new();
    assert_ok(zmqlog_auth_set_curve_server(l->host, l->server_secret));
    assert_ok(zmqlog_auth_allow_key(l->host, allows ? l->client : l->server));
    l->handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_auth(l->handler, l->host));
    assert_ok(zmqlog_handler_bind(l->handler, "tcp://127.0.0.1:*"));
}

static void close_locked(locked *l) {
    zmqlog_handler_free(l->handler);
    zmqlog_auth_free(l->host);
    zmqlog_auth_free(l->guest);
}

TEST(problem__keys_are_asked_for) {
    locked l;
    open_locked(&l, 1);
    expect_problem(zmqlog_handler_endpoint(l.handler, 0), NULL,
                   "it asks for keys, and none are set here");
    close_locked(&l);
}

TEST(problem__keys_are_set_where_none_are_used) {
    locked l;
    zmqlog_handler *open = open_handler("app");
    open_locked(&l, 1);
    assert_ok(
        zmqlog_auth_set_curve_client(l.guest, l.server, l.client, l.client_secret));
    expect_problem(zmqlog_handler_endpoint(open, 0), l.guest,
                   "keys are set here, but it uses none");
    zmqlog_handler_free(open);
    close_locked(&l);
}

TEST(problem__server_key_is_wrong) {
    locked l;
    open_locked(&l, 1);
    assert_ok(
        zmqlog_auth_set_curve_client(l.guest, l.client, l.client, l.client_secret));
    expect_problem(zmqlog_handler_endpoint(l.handler, 0), l.guest,
                   "the server key that is set here is not the key of the server");
    close_locked(&l);
}

/* The server names the peer that it refused. */
TEST(problem__key_is_refused) {
    locked l;
    char text[256];
    open_locked(&l, 0);
    assert_ok(
        zmqlog_auth_set_curve_client(l.guest, l.server, l.client, l.client_secret));
    assert_string_equal("", zmqlog_handler_problem(l.handler, 0));
    expect_problem(zmqlog_handler_endpoint(l.handler, 0), l.guest,
                   "it refuses this key or address");
    wait_count(l.handler, ZMQLOG_COUNT_REFUSED_PEERS, 1);
    snprintf(text, sizeof text,
             "1 refused, the last from 127.0.0.1 with key %s: key not allowed",
             l.client);
    assert_string_equal(text, zmqlog_handler_problem(l.handler, 0));
    close_locked(&l);
}

/* ---- connected ------------------------------------------------------------------- */

TEST(problem__connected_but_nothing_matches) {
    zmqlog_handler *handler = open_handler("other");
    zmqlog_subscriber *subscriber =
        connect_to(zmqlog_handler_endpoint(handler, 0), NULL);
    zmqlog_subscriber *deaf = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_connect(deaf, zmqlog_handler_endpoint(handler, 0)));
    await_problem(subscriber, "connected, but no record has come that matches");
    await_problem(deaf, "connected, but nothing is subscribed to");
    zmqlog_subscriber_free(deaf);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

TEST(problem__what_is_subscribed_matches_no_topic_of_the_handler) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_handler *handler = zmqlog_handler_new();
    const char *got = "";
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "other"));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(
        zmqlog_handler_connect(handler, zmqlog_subscriber_endpoint(subscriber, 0)));
    for (int i = 0; i < PATIENCE_MS / 10 && !got[0]; i++) {
        got = zmqlog_handler_problem(handler, 0);
        poll(NULL, 0, 10);
    }
    assert_string_equal("connected, but nothing that is subscribed to there matches "
                        "this program's topics (root topic \"app\")",
                        got);
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_string_equal("", zmqlog_handler_problem(handler, 0));
    zmqlog_handler_free(handler);
    zmqlog_subscriber_free(subscriber);
}

/* The text goes when the cause does. */
TEST(problem__is_over_when_records_arrive) {
    temp_dir dir = temp_dir_make();
    const char *endpoint = temp_dir_path(&dir, "ipc://", "late");
    zmqlog_subscriber *subscriber = connect_to(endpoint, NULL);
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_record *record = zmqlog_record_new();
    await_problem(subscriber, "there is no such socket file");
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, endpoint));
    log_text(handler, ZMQLOG_LEVEL_INFO, "here"); /* held */
    receive(subscriber, record);
    poll(NULL, 0, 2100); /* longer than a healthy publisher stays silent */
    assert_string_equal("", zmqlog_subscriber_problem(subscriber, 0));
    zmqlog_record_free(record);
    zmqlog_handler_free(handler);
    zmqlog_subscriber_free(subscriber);
    temp_dir_remove(&dir);
}

TEST(problem__is_null_where_there_is_no_endpoint) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_handler *handler = open_handler("app");
    assert_null(zmqlog_subscriber_problem(NULL, 0));
    assert_null(zmqlog_subscriber_problem(subscriber, 0));
    assert_null(zmqlog_handler_problem(NULL, 0));
    assert_null(zmqlog_handler_problem(handler, 1));
    assert_null(zmqlog_handler_problem(handler, -1));
    assert_string_equal("", zmqlog_handler_problem(handler, 0));
    zmqlog_handler_close(handler, 0);
    assert_null(zmqlog_handler_problem(handler, 0));
    zmqlog_handler_free(handler);
    zmqlog_subscriber_free(subscriber);
}
