/* SPDX-License-Identifier: BSD-3-Clause */
/* Relays whose connections form a circle: the one that finds it says which connection
 * it has ended, and everything else goes on. */
#include "support.h"
#include "await.h"
#include "peer.h"
#include "publisher.h"
#include "relay.h"

TEST_LABELS(threads);

static void expect_loop(zmqlog_relay *relay, zmqlog_relay *upstream) {
    char text[512];
    assert_status(zmqlog_relay_run(relay, PATIENCE_MS), ZMQLOG_EREFUSED);
    snprintf(
        text, sizeof text,
        "a loop: %s leads back to this relay's own %s; it is disconnected, connect "
        "to a relay or publisher that does not listen to this one",
        subscribers_of(upstream), subscribers_of(relay));
    assert_string_equal(text, zmqlog_relay_errmsg(relay));
}

TEST(relay__that_is_its_own_upstream_says_so_and_goes_on) {
    zmqlog_relay *relay = open_relay();
    zmqlog_handler *handler;
    peer p;
    for (int i = 0; i < 2; i++) { /* the second time it is tried, too */
        assert_ok(zmqlog_relay_connect_upstream(relay, subscribers_of(relay)));
        expect_loop(relay, relay);
    }
    assert_status(zmqlog_relay_run(relay, 0), ZMQLOG_ETIMEDOUT);
    await_relay(relay, ZMQLOG_COUNT_PEERS, 0);
    handler = publish_to(publishers_of(relay), "app");
    p = listen_at(subscribers_of(relay), "app");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    expect_through(handler, &p, "once");
    peer_close(&p);
    wait_enabled(handler, ZMQLOG_LEVEL_INFO, 0);
    zmqlog_handler_free(handler);
    zmqlog_relay_free(relay);
}

TEST(relay__finds_a_loop_through_another_relay) {
    zmqlog_relay *a = open_relay(), *b = open_relay();
    assert_ok(zmqlog_relay_connect_upstream(b, subscribers_of(a)));
    await_relay(a, ZMQLOG_COUNT_PEERS, 1);
    assert_ok(zmqlog_relay_connect_upstream(a, subscribers_of(b)));
    if (zmqlog_relay_run(a, 200) == ZMQLOG_ETIMEDOUT)
        expect_loop(b, a); /* either is right */
    zmqlog_relay_free(a);
    zmqlog_relay_free(b);
}

static void pass_to(publisher *to, const peer_frames *frames) {
    publisher_frame(to, frames->topic, (size_t)frames->topic_len, 1);
    publisher_frame(to, frames->body, (size_t)frames->body_len, 0);
}

/* What the relay subscribes to for itself leads back to it on two ways, and the sign it
 * then sends comes back on both before either is cut. */
TEST(relay__ends_two_loops_that_it_finds_in_the_same_moment) {
    zmqlog_relay *relay = open_relay();
    publisher upstream[2] = {publisher_open(NULL), publisher_open(NULL)};
    peer back = peer_new();
    peer_frames sign;
    char own[256];
    for (int i = 0; i < 2; i++) {
        assert_ok(zmqlog_relay_connect_upstream(relay, upstream[i].endpoint));
        assert_int_equal(1, publisher_event(&upstream[i], own));
    }
    peer_subscribe(&back, own);
    assert_int_equal(0, zmq_connect(back.socket, subscribers_of(relay)));
    peer_receive(&back, &sign);
    pass_to(&upstream[0], &sign);
    pass_to(&upstream[1], &sign);
    assert_status(zmqlog_relay_run(relay, PATIENCE_MS), ZMQLOG_EREFUSED);
    int first = strstr(zmqlog_relay_errmsg(relay), upstream[0].endpoint) != NULL;
    await_relay(relay, ZMQLOG_COUNT_PUBLISHERS, 1);
    peer_receive(&back, &sign); /* another one, for the way that is left */
    pass_to(&upstream[first], &sign);
    assert_status(zmqlog_relay_run(relay, PATIENCE_MS), ZMQLOG_EREFUSED);
    assert_non_null(strstr(zmqlog_relay_errmsg(relay), upstream[first].endpoint));
    await_relay(relay, ZMQLOG_COUNT_PUBLISHERS, 0);
    peer_close(&back);
    publisher_close(&upstream[0]);
    publisher_close(&upstream[1]);
    zmqlog_relay_free(relay);
}
