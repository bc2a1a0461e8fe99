/* SPDX-License-Identifier: BSD-3-Clause */
/* Relays between handlers, subscribers and sockets of plain libzmq: what arrives, what
 * the publishers learn of who listens, through one, two and three of them, and how they
 * end. */
#include "support.h"
#include "await.h"
#include "peer.h"
#include "relay.h"

TEST_LABELS(threads);

TEST(relay__hands_records_on_and_opens_gates_by_what_is_subscribed) {
    zmqlog_relay *relay = open_relay();
    zmqlog_handler *handler = publish_to(publishers_of(relay), "app");
    peer p = listen_at(subscribers_of(relay), "app.INFO");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_int_equal(0, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG));
    expect_through(handler, &p, "hello");
    peer_subscribe(&p, "app.DEBUG");
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 1);
    peer_unsubscribe(&p, "app.DEBUG");
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 0);
    await_relay(relay, ZMQLOG_COUNT_SENT, 1);
    assert_int_equal(1, zmqlog_relay_count(relay, ZMQLOG_COUNT_RECEIVED));
    await_relay(relay, ZMQLOG_COUNT_PEERS, 1);
    await_relay(relay, ZMQLOG_COUNT_PUBLISHERS, 1);
    await_relay(relay, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    peer_close(&p);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    await_relay(relay, ZMQLOG_COUNT_PEERS, 0);
    zmqlog_handler_free(handler);
    zmqlog_relay_free(relay);
}

TEST(relay__works_in_chains_of_three) {
    zmqlog_relay *relays[3];
    zmqlog_handler *handler;
    peer p;
    for (int i = 0; i < 3; i++) {
        relays[i] = open_relay();
        if (i)
            assert_ok(zmqlog_relay_connect_upstream(relays[i],
                                                    subscribers_of(relays[i - 1])));
    }
    handler = publish_to(publishers_of(relays[0]), "app");
    p = listen_at(subscribers_of(relays[2]), "app.INFO");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_int_equal(0, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG));
    expect_through(handler, &p, "far away");
    peer_close(&p);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    zmqlog_handler_free(handler);
    for (int i = 0; i < 3; i++)
        zmqlog_relay_free(relays[i]);
}

/* Both sides connect: the publisher binds, and so does the subscriber. */
TEST(relay__connects_to_publishers_and_subscribers) {
    zmqlog_handler *handler = open_handler("app");
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_relay *relay = zmqlog_relay_new();
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    assert_ok(
        zmqlog_relay_connect_publishers(relay, zmqlog_handler_endpoint(handler, 0)));
    assert_ok(zmqlog_relay_connect_subscribers(
        relay, zmqlog_subscriber_endpoint(subscriber, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_INFO, "pushed");
    receive(subscriber, record);
    assert_record(record, text, "pushed");
    zmqlog_record_free(record);
    zmqlog_relay_free(relay);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

/* Messages of a plain PUB: an empty body, a body of 20 MB, a foreign topic. The relay
 * does not pass on what is not two frames. */
TEST(relay__leaves_frames_of_any_size_as_they_are) {
    static char big[20 << 20];
    zmqlog_relay *relay = open_relay();
    peer p = listen_at(subscribers_of(relay), "");
    void *context = zmq_ctx_new(), *pub = zmq_socket(context, ZMQ_XPUB);
    char got[64];
    zmq_msg_t frame;
    assert_int_equal(0, zmq_connect(pub, publishers_of(relay)));
    while (zmq_recv(pub, got, sizeof got, 0) != 1) /* the relay's own name comes, too */
        ;
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * 2654435761u >> 24);
    zmq_send(pub, "alone", 5, 0);
    zmq_send(pub, "a", 1, ZMQ_SNDMORE), zmq_send(pub, "b", 1, ZMQ_SNDMORE);
    zmq_send(pub, "c", 1, 0);
    zmq_send(pub, "\xff\0x", 3, ZMQ_SNDMORE), zmq_send(pub, "", 0, 0);
    zmq_send(pub, "t", 1, ZMQ_SNDMORE), zmq_send(pub, big, sizeof big, 0);
    assert_int_equal(3, zmq_recv(p.socket, got, sizeof got, 0));
    assert_memory_equal("\xff\0x", got, 3);
    assert_int_equal(0, zmq_recv(p.socket, got, sizeof got, 0));
    assert_int_equal(1, zmq_recv(p.socket, got, sizeof got, 0));
    zmq_msg_init(&frame);
    assert_int_equal(sizeof big, zmq_msg_recv(&frame, p.socket, 0));
    assert_memory_equal(big, zmq_msg_data(&frame), sizeof big);
    assert_int_equal(0, zmq_msg_more(&frame));
    zmq_msg_close(&frame);
    await_relay(relay, ZMQLOG_COUNT_MALFORMED, 2);
    assert_int_equal(2, zmqlog_relay_count(relay, ZMQLOG_COUNT_RECEIVED));
    zmq_close(pub);
    zmq_ctx_term(context);
    peer_close(&p);
    zmqlog_relay_free(relay);
}

/* ---- subscriptions --------------------------------------------------------- */

TEST(relay__is_not_fooled_by_cancels_for_what_others_have) {
    zmqlog_relay *relay = open_relay();
    zmqlog_handler *handler = publish_to(publishers_of(relay), "app");
    peer p = listen_at(subscribers_of(relay), "app");
    int fd = raw_sub(subscribers_of(relay));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    raw_frame(fd, 0, "\1other", 6);
    await_relay(relay, ZMQLOG_COUNT_SUBSCRIPTIONS, 2);
    for (int i = 0; i < 100; i++)
        raw_frame(fd, 0, "\0app", 4);
    raw_frame(fd, 0, "\0other", 6); /* read after those */
    await_relay(relay, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO));
    expect_through(handler, &p, "still there");
    close(fd);
    peer_close(&p);
    zmqlog_handler_free(handler);
    zmqlog_relay_free(relay);
}

/* What a publisher is told: a sequence of frames, beginning with 1 or 0. */
static void expect_told(void *xpub, char what, const char *prefix) {
    char got[256];
    int len;
    do
        len = zmq_recv(xpub, got, sizeof got, 0);
    while (len > 19 && memcmp(got + 1, "zmqlog.INFO.relay.", 18) == 0);
    assert_int_equal(strlen(prefix) + 1, len);
    assert_int_equal(what, got[0]);
    assert_memory_equal(prefix, got + 1, (size_t)len - 1);
}

static void *open_xpub(void *context, const char *endpoint) {
    int on = 1, patience = PATIENCE_MS, linger = 0;
    void *xpub = zmq_socket(context, ZMQ_XPUB);
    zmq_setsockopt(xpub, ZMQ_XPUB_VERBOSER, &on, sizeof on);
    zmq_setsockopt(xpub, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(xpub, ZMQ_LINGER, &linger, sizeof linger);
    assert_int_equal(0, zmq_connect(xpub, endpoint));
    return xpub;
}

TEST(relay__repeats_only_subscriptions_that_ask_all_programs) {
    zmqlog_relay *relay = open_relay();
    void *context = zmq_ctx_new(), *xpub = open_xpub(context, publishers_of(relay));
    peer a = listen_at(subscribers_of(relay), "app");
    peer b;
    expect_told(xpub, 1, "app");
    b = listen_at(subscribers_of(relay), "app");
    await_relay(relay, ZMQLOG_COUNT_PEERS, 2);
    peer_subscribe(&a, "zmqlog.INFO.hello");
    expect_told(xpub, 1, "zmqlog.INFO.hello");
    peer_subscribe(&b, "zmqlog.INFO.hello");
    expect_told(xpub, 1, "zmqlog.INFO.hello");
    peer_close(&a);
    await_relay(relay, ZMQLOG_COUNT_PEERS, 1);
    peer_subscribe(&b, "other");
    expect_told(xpub, 1, "other");
    peer_unsubscribe(&b, "zmqlog.INFO.hello");
    expect_told(xpub, 0, "zmqlog.INFO.hello");
    peer_unsubscribe(&b, "app");
    expect_told(xpub, 0, "app");
    peer_close(&b);
    zmq_close(xpub);
    zmq_ctx_term(context);
    zmqlog_relay_free(relay);
}

/* Each request is one for the publishers, and all of them are taken back at once. */
TEST(relay__repeats_what_one_peer_asks_again_and_takes_it_back_once) {
    static const char ask[] = "\1zmqlog.INFO.stats", cancel[] = "\0zmqlog.INFO.stats";
    zmqlog_relay *relay = open_relay();
    void *context = zmq_ctx_new(), *xpub = open_xpub(context, publishers_of(relay));
    int fd = raw_sub(subscribers_of(relay));
    for (int i = 0; i < 20; i++) {
        raw_frame(fd, 0, ask, sizeof ask - 1);
        expect_told(xpub, 1, "zmqlog.INFO.stats");
    }
    raw_frame(fd, 0, cancel, sizeof cancel - 1);
    expect_told(xpub, 0, "zmqlog.INFO.stats");
    raw_frame(fd, 0, ask, sizeof ask - 1);
    expect_told(xpub, 1, "zmqlog.INFO.stats");
    close(fd);
    expect_told(xpub, 0, "zmqlog.INFO.stats");
    zmq_close(xpub);
    zmq_ctx_term(context);
    zmqlog_relay_free(relay);
}

/* libzmq 4.3.4 loses a connection's subscriptions after one of 246 bytes. */
TEST(relay__refuses_prefixes_over_245_bytes_and_keeps_the_others) {
    static char prefix[256];
    zmqlog_relay *relay = open_relay();
    zmqlog_handler *handler = publish_to(publishers_of(relay), "app");
    int fd = raw_sub(subscribers_of(relay));
    char frame[3 + 256] = {2, 0};
    peer p;
    memset(prefix, 'p', sizeof prefix);
    frame[0] = 1;
    memset(frame + 1, 'p', 255);
    raw_frame(fd, 0, frame, 247); /* 246 bytes of prefix */
    await_relay(relay, ZMQLOG_COUNT_MALFORMED, 1);
    raw_frame(fd, 0, frame, 246);
    await_relay(relay, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    p = listen_at(subscribers_of(relay), "app");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    expect_through(handler, &p, "after it");
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 3);
    close(fd);
    peer_close(&p);
    zmqlog_handler_free(handler);
    zmqlog_relay_free(relay);
}

TEST(relay__gives_the_publishers_back_what_a_crowd_of_prefixes_took) {
    zmqlog_relay *relay = open_relay();
    zmqlog_handler *handler = publish_to(publishers_of(relay), "app");
    peer p = listen_at(subscribers_of(relay), "app");
    char frame[16] = "\1";
    int fd = raw_sub(subscribers_of(relay));
    for (int i = 0; i < 16000; i++) {
        int len = 1 + snprintf(frame + 1, sizeof frame - 1, "x%d", i);
        char sent[32] = {0, (char)len};
        memcpy(sent + 2, frame, (size_t)len);
        if (send(fd, sent, 2 + (size_t)len, MSG_NOSIGNAL) < 0)
            break;
    }
    await_relay(relay, ZMQLOG_COUNT_PEER_LOST, 1); /* libzmq itself cuts it */
    close(fd);
    await_relay(relay, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 2);
    assert_int_equal(0, zmqlog_handler_count(handler, ZMQLOG_COUNT_PEER_LOST));
    expect_through(handler, &p, "undisturbed");
    peer_close(&p);
    zmqlog_handler_free(handler);
    zmqlog_relay_free(relay);
}

/* ---- keys ---------------------------------------------------------------------- */

TEST(relay__asks_for_keys_on_each_side_by_itself) {
    char server[41], server_secret[41], client[41], client_secret[41];
    zmqlog_auth *inner = zmqlog_auth_new(), *outer = zmqlog_auth_new();
    zmqlog_relay *relay = zmqlog_relay_new();
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p, stranger;
    assert_int_equal(0, zmq_curve_keypair(server, server_secret));
    assert_int_equal(0, zmq_curve_keypair(client, client_secret));
    assert_ok(zmqlog_auth_set_curve_server(inner, server_secret));
    assert_ok(zmqlog_auth_allow_key(inner, client));
    assert_ok(zmqlog_auth_set_curve_client(outer, server, client, client_secret));
    assert_ok(zmqlog_relay_set_auth(relay, ZMQLOG_RELAY_PUBLISHERS, inner));
    assert_ok(zmqlog_relay_bind_publishers(relay, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_relay_bind_subscribers(relay, "tcp://127.0.0.1:*"));
    assert_status(zmqlog_relay_set_auth(relay, ZMQLOG_RELAY_SUBSCRIBERS, inner),
                  ZMQLOG_ESTATE);
    assert_ok(zmqlog_handler_set_auth(handler, outer));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_connect(handler, publishers_of(relay)));
    p = listen_at(subscribers_of(relay), "app");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    expect_through(handler, &p, "with a key");
    stranger = listen_at(publishers_of(relay), "app");
    expect_through(handler, &p, "and without a stranger");
    assert_int_equal(1, zmqlog_relay_count(relay, ZMQLOG_COUNT_PUBLISHERS));
    peer_close(&stranger);
    peer_close(&p);
    zmqlog_handler_free(handler);
    zmqlog_relay_free(relay);
    zmqlog_auth_free(inner);
    zmqlog_auth_free(outer);
}

TEST(relay__refuses_endpoints_that_are_open_to_everybody) {
    zmqlog_relay *relay = zmqlog_relay_new();
    assert_status(zmqlog_relay_bind_subscribers(relay, "tcp://0.0.0.0:*"),
                  ZMQLOG_EREFUSED);
    assert_status(zmqlog_relay_bind_publishers(relay, "tcp://0.0.0.0:*"),
                  ZMQLOG_EREFUSED);
    assert_status(zmqlog_relay_connect_subscribers(relay, "tcp://192.0.2.1:1"),
                  ZMQLOG_EREFUSED);
    assert_null(zmqlog_relay_endpoint(relay, 0));
    assert_status(zmqlog_relay_run(relay, 0), ZMQLOG_ESTATE);
    zmqlog_relay_free(relay);
}

/* ---- beginning and end ----------------------------------------------------------- */

TEST(relay__says_which_side_is_missing) {
    zmqlog_relay *relay = zmqlog_relay_new();
    assert_status(zmqlog_relay_run(relay, 0), ZMQLOG_ESTATE);
    assert_string_equal("run: nothing is open for publishers; use bind_publishers, "
                        "connect_publishers or connect_upstream",
                        zmqlog_relay_errmsg(relay));
    assert_ok(zmqlog_relay_bind_publishers(relay, "tcp://127.0.0.1:*"));
    assert_status(zmqlog_relay_run(relay, 0), ZMQLOG_ESTATE);
    assert_string_equal("run: nothing is open for subscribers; use bind_subscribers or "
                        "connect_subscribers",
                        zmqlog_relay_errmsg(relay));
    assert_ok(zmqlog_relay_bind_subscribers(relay, "tcp://127.0.0.1:*"));
    assert_status(zmqlog_relay_run(relay, 0), ZMQLOG_ETIMEDOUT);
    zmqlog_relay_free(relay);
}

static void *stop_it(void *relay) {
    zmqlog_relay_stop(relay);
    return NULL;
}

/* When the relay stops, it has received the publisher's records but not read them. */
TEST(relay__hands_on_what_has_come_before_it_ends) {
    zmqlog_relay *relay = open_relay();
    zmqlog_handler *handler = publish_to(publishers_of(relay), "app");
    peer p = listen_at(subscribers_of(relay), "app");
    peer_frames frames;
    pthread_t thread;
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    for (int i = 0; i < 5000; i++)
        log_text(handler, ZMQLOG_LEVEL_INFO, "many");
    await_relay_over(relay, ZMQLOG_COUNT_RECEIVED, 1000);
    assert_int_equal(0, pthread_create(&thread, NULL, stop_it, relay));
    assert_ok(zmqlog_relay_run(relay, PATIENCE_MS));
    pthread_join(thread, NULL);
    int64_t sent = zmqlog_relay_count(relay, ZMQLOG_COUNT_SENT);
    assert_int_equal(sent, zmqlog_relay_count(relay, ZMQLOG_COUNT_RECEIVED));
    for (int64_t i = 0; i < sent; i++)
        peer_receive(&p, &frames);
    assert_status(zmqlog_relay_bind_publishers(relay, "tcp://127.0.0.1:*"),
                  ZMQLOG_ECLOSED);
    assert_ok(zmqlog_relay_run(relay, 0));
    zmqlog_relay_free(relay);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(relay__takes_bad_arguments_as_such) {
    zmqlog_relay *relay = zmqlog_relay_new();
    assert_status(zmqlog_relay_run(NULL, 0), ZMQLOG_EINVAL);
    assert_status(zmqlog_relay_bind_publishers(NULL, "tcp://127.0.0.1:*"),
                  ZMQLOG_EINVAL);
    assert_status(zmqlog_relay_bind_publishers(relay, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_relay_bind_subscribers(relay, "nonsense"), ZMQLOG_EINVAL);
    assert_status(zmqlog_relay_set_auth(relay, 0, NULL), ZMQLOG_EINVAL);
    assert_string_equal("set_auth: side is 0, it must be 1 to 2",
                        zmqlog_relay_errmsg(relay));
    assert_status(zmqlog_relay_set_auth(relay, 3, NULL), ZMQLOG_EINVAL);
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_relay_count(relay, ZMQLOG_COUNT_QUEUED));
    assert_int_equal(ZMQLOG_EINVAL, zmqlog_relay_count(NULL, ZMQLOG_COUNT_SENT));
    assert_null(zmqlog_relay_endpoint(NULL, 0));
    assert_null(zmqlog_relay_endpoint(relay, -1));
    assert_string_equal("", zmqlog_relay_errmsg(NULL));
    zmqlog_relay_stop(NULL);
    zmqlog_relay_free(NULL);
    zmqlog_relay_free(relay);
}
