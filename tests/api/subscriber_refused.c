/* SPDX-License-Identifier: BSD-3-Clause */
/* Publishers that refuse a subscriber and let it in later. libzmq does not try again by
 * itself. Also for a publisher that was connected by name. */
#include "support.h"

#include "publisher.h"

TEST_LABELS(threads);

/* Names of hosts that need no name service: 127.0.0.1 and 127.0.0.2. */
#define FIRST_NAME "0x7f000001"
#define SECOND_NAME "0x7f000002"
#define FLOOD 3000u /* far more than 16 KiB hold */

/* A publisher whose ZAP server is this test. */
typedef struct guard {
    void *context, *zap;
    publisher p;
} guard;

static guard guard_open(const char *endpoint) {
    guard g = {.p = publisher_new()};
    int patience = PATIENCE_MS;
    g.zap = zmq_socket(g.p.context, ZMQ_REP);
    zmq_setsockopt(g.zap, ZMQ_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(zmq_bind(g.zap, "inproc://zeromq.zap.01"), 0);
    zmq_setsockopt(g.p.socket, ZMQ_ZAP_DOMAIN, "test", 4);
    for (int i = 0; zmq_bind(g.p.socket, endpoint) != 0; i++) {
        assert_int_equal(zmq_errno(), EADDRINUSE);
        assert_true(i < 100000);
    }
    return g;
}

static void guard_close(guard *g) {
    zmq_close(g->zap);
    publisher_close(&g->p);
}

/* Answers the next request so. */
static void guard_answer(guard *g, const char *code) {
    const char *const tail[] = {code, "", "", ""};
    char frame[256], id[256];
    int id_len, more = 1;
    size_t size = sizeof more;
    assert_int_equal(zmq_recv(g->zap, frame, sizeof frame, 0), 3);
    id_len = zmq_recv(g->zap, id, sizeof id, 0);
    while (more) {
        assert_true(zmq_recv(g->zap, frame, sizeof frame, 0) >= 0);
        zmq_getsockopt(g->zap, ZMQ_RCVMORE, &more, &size);
    }
    zmq_send(g->zap, "1.0", 3, ZMQ_SNDMORE);
    zmq_send(g->zap, id, (size_t)id_len, ZMQ_SNDMORE);
    for (int i = 0; i < 4; i++)
        zmq_send(g->zap, tail[i], strlen(tail[i]), i < 3 ? ZMQ_SNDMORE : 0);
}

static void connect_to(zmqlog_subscriber *subscriber, const char *host,
                       const char *port) {
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "tcp://%s%s", host, port);
    assert_ok_or(zmqlog_subscriber_connect(subscriber, endpoint),
                 zmqlog_subscriber_errmsg(subscriber));
}

static void expect_from(publisher *p, zmqlog_subscriber *subscriber) {
    zmqlog_record *record = zmqlog_record_new();
    publisher_send(p, "a.INFO", "welcome");
    expect_record(subscriber, record, "a.INFO", "welcome");
    zmqlog_record_free(record);
}

TEST(refused__by_a_name_beside_others_is_tried_again) {
    publisher p = publisher_open(NULL), other = publisher_open(NULL);
    zmqlog_subscriber *subscriber = subscriber_of(&other, "a");
    guard g;
    connect_to(subscriber, FIRST_NAME, strrchr(p.endpoint, ':'));
    publisher_expect(&p, 1, "a");
    await_count(subscriber, ZMQLOG_COUNT_PEERS, 2);
    publisher_close(&p);
    g = guard_open(p.endpoint);
    guard_answer(&g, "400");
    guard_answer(&g, "400");
    guard_answer(&g, "200");
    publisher_expect(&g.p, 1, "a");
    expect_from(&g.p, subscriber);
    await_count(subscriber, ZMQLOG_COUNT_PEERS, 2);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_PEERS), 2);
    expect_from(&other, subscriber);
    zmqlog_subscriber_free(subscriber);
    guard_close(&g);
    publisher_close(&other);
}

TEST(refused__keeps_what_had_arrived_before) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    zmq_pollitem_t asked = {.events = ZMQ_POLLIN};
    guard g;
    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, 16384));
    assert_ok(zmqlog_subscriber_set_receive_hwm(subscriber, 0));
    subscribed(subscriber, &p, "a");
    for (unsigned i = 0; i < FLOOD; i++)
        publisher_send_number(&p, "a.INFO.flood", i);
    publisher_close(&p);
    g = guard_open(p.endpoint);
    guard_answer(&g, "400");
    /* Most likely the subscriber learns of that before it reads on, but it need not. */
    asked.socket = g.zap;
    zmq_poll(&asked, 1, 300);
    for (unsigned i = 0; i < FLOOD; i++) {
        receive(subscriber, record);
        assert_int_equal(atoi(zmqlog_record_text(record, NULL)), i);
    }
    guard_answer(&g, "200");
    publisher_expect(&g.p, 1, "a");
    expect_from(&g.p, subscriber);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    guard_close(&g);
}

/* A publisher at the same port of another address; 0 when the port is taken. */
static int open_beside(publisher *second, const publisher *first) {
    *second = publisher_new();
    snprintf(second->endpoint, sizeof second->endpoint, "tcp://127.0.0.2%s",
             strrchr(first->endpoint, ':'));
    if (zmq_bind(second->socket, second->endpoint) == 0)
        return 1;
    publisher_close(second);
    return 0;
}

/* Sends until the record has come, because the subscription may still be on its way. */
static void expect_in_the_end(zmqlog_subscriber *subscriber, publisher *p,
                              const char *text) {
    zmqlog_record *record = zmqlog_record_new();
    int tries = 0;
    for (;;) {
        publisher_send(p, "a.INFO", text);
        if (zmqlog_subscriber_recv(subscriber, record, 10) == ZMQLOG_OK &&
            strcmp(zmqlog_record_text(record, NULL), text) == 0)
            break;
        assert_true(++tries < PATIENCE_MS / 10);
    }
    zmqlog_record_free(record);
}

TEST(restart__of_two_names_at_the_same_port_is_no_mix_up) {
    publisher first = publisher_open(NULL), second;
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    for (int i = 0; !open_beside(&second, &first); i++) {
        assert_true(i < 100);
        publisher_close(&first);
        first = publisher_open(NULL);
    }
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "a"));
    connect_to(subscriber, FIRST_NAME, strrchr(first.endpoint, ':'));
    connect_to(subscriber, SECOND_NAME, strrchr(first.endpoint, ':'));
    for (int i = 0; i < 2; i++) {
        await_count(subscriber, ZMQLOG_COUNT_PEERS, 2);
        expect_in_the_end(subscriber, &first, "first");
        expect_in_the_end(subscriber, &second, "second");
        publisher_close(&first);
        publisher_close(&second);
        first = publisher_open(first.endpoint);
        second = publisher_open(second.endpoint);
    }
    expect_in_the_end(subscriber, &first, "first again");
    expect_in_the_end(subscriber, &second, "second again");
    await_count(subscriber, ZMQLOG_COUNT_PEERS, 2);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_PEERS), 2);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&first);
    publisher_close(&second);
}
