/* SPDX-License-Identifier: BSD-3-Clause */
/* Closing a subscriber: what ends with it, what goes on, and what it gives back. */
#include "support.h"

#include "listening.h"

#include <poll.h>
#include <pthread.h>

TEST_LABELS(threads);

TEST_WITH(close__later_calls_are_eclosed, setup_subscribed, teardown) {
    publisher_send(&p, "a.INFO", "one");
    assert_ok(zmqlog_subscriber_recv(subscriber, record, -1));
    assert_ok(zmqlog_subscriber_close(subscriber));
    assert_ok(zmqlog_subscriber_close(subscriber));
    assert_status(zmqlog_subscriber_recv(subscriber, record, -1), ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_connect(subscriber, p.endpoint), ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"),
                  ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_subscribe(subscriber, "x"), ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_unsubscribe(subscriber, ""), ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_subscribe_level(subscriber, "x", 20),
                  ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_add_root(subscriber, "x"), ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_set_exact(subscriber, 1), ZMQLOG_ECLOSED);
    publisher_expect(&p, 0, ""); /* it has left */
}

TEST_WITH(close__leaves_what_can_still_be_asked, setup_subscribed, teardown) {
    struct pollfd one = {-1, POLLIN, 0};

    publisher_send(&p, "a.INFO", "one");
    assert_ok(zmqlog_subscriber_recv(subscriber, record, -1));
    assert_status(zmqlog_subscriber_set_exact(subscriber, 2), ZMQLOG_EINVAL);
    assert_ok(zmqlog_subscriber_close(subscriber));
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_RECEIVED), 1);
    assert_int_equal(zmqlog_subscriber_count(subscriber, ZMQLOG_COUNT_PEERS), 0);
    assert_string_equal(zmqlog_subscriber_endpoint(subscriber, 0), p.endpoint);
    assert_non_null(strstr(zmqlog_subscriber_errmsg(subscriber), "set_exact"));
    assert_ok(zmqlog_subscriber_wakeup(subscriber));
    one.fd = zmqlog_subscriber_fd(subscriber);
    assert_true(one.fd >= 0);
    for (int i = 0; i < 3; i++) {
        assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_ECLOSED);
        assert_int_equal(poll(&one, 1, PATIENCE_MS), 1);
    }
    assert_int_equal(zmqlog_subscriber_fd(subscriber), one.fd);
}

TEST_WITH(close__before_opening_is_final, setup_subscribed, teardown) {
    zmqlog_subscriber *other = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_close(other));
    assert_status(zmqlog_subscriber_connect(other, p.endpoint), ZMQLOG_ECLOSED);
    assert_status(zmqlog_subscriber_recv(other, record, 0), ZMQLOG_ECLOSED);
    zmqlog_subscriber_free(other);
}

static void *close_it(void *argument) {
    zmqlog_subscriber_close(argument);
    return NULL;
}

TEST_WITH(close__ends_a_blocked_recv, setup_subscribed, teardown) {
    pthread_t closers[2];

    assert_int_equal(pthread_create(&closers[0], NULL, close_it, subscriber), 0);
    assert_int_equal(pthread_create(&closers[1], NULL, close_it, subscriber), 0);
    assert_status(zmqlog_subscriber_recv(subscriber, record, -1), ZMQLOG_ECLOSED);
    pthread_join(closers[0], NULL);
    pthread_join(closers[1], NULL);
}

TEST_WITH(close__races_with_every_call, setup_subscribed, teardown) {
    int i;

    for (i = 0; i < 30; i++) {
        zmqlog_subscriber *other = zmqlog_subscriber_new();
        pthread_t closer;
        zmqlog_status status;

        assert_int_equal(pthread_create(&closer, NULL, close_it, other), 0);
        status = zmqlog_subscriber_connect(other, p.endpoint);
        if (status == ZMQLOG_OK)
            status = zmqlog_subscriber_subscribe(other, "never");
        if (status == ZMQLOG_OK)
            status = zmqlog_subscriber_recv(other, record, -1);
        assert_status(status, ZMQLOG_ECLOSED);
        pthread_join(closer, NULL);
        zmqlog_subscriber_free(other);
    }
}

TEST_WITH(close__gives_the_port_back, setup_subscribed, teardown) {
    zmqlog_subscriber *first = zmqlog_subscriber_new();
    zmqlog_subscriber *second = zmqlog_subscriber_new();
    const char *endpoint;

    assert_ok(zmqlog_subscriber_bind(first, "tcp://127.0.0.1:*"));
    endpoint = zmqlog_subscriber_endpoint(first, 0);
    assert_status(zmqlog_subscriber_bind(second, endpoint), ZMQLOG_EADDRINUSE);
    assert_ok(zmqlog_subscriber_close(first));
    assert_ok(zmqlog_subscriber_bind(second, endpoint));
    zmqlog_subscriber_free(first);
    zmqlog_subscriber_free(second);
}

static zmqlog_subscriber *with_auth(zmqlog_auth *auth) {
    zmqlog_subscriber *other = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_set_auth(other, auth));
    return other;
}

TEST_WITH(close__gives_the_auth_back, setup_subscribed, teardown) {
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_subscriber *one = with_auth(auth), *two = with_auth(auth);

    assert_ok(zmqlog_subscriber_connect(one, p.endpoint));
    assert_ok(zmqlog_subscriber_connect(two, p.endpoint));
    assert_ok(zmqlog_subscriber_close(one));
    assert_ok(zmqlog_subscriber_close(one));
    zmqlog_subscriber_free(one);
    assert_status(zmqlog_auth_set_insecure(auth, 1), ZMQLOG_ESTATE);
    assert_ok(zmqlog_subscriber_close(two));
    assert_ok_or(zmqlog_auth_set_insecure(auth, 1), zmqlog_auth_errmsg(auth));
    zmqlog_subscriber_free(two);
    assert_ok(zmqlog_auth_set_insecure(auth, 0));
    zmqlog_auth_free(auth);
}

TEST_WITH(close__of_a_failed_opening_gives_the_auth_back, setup_subscribed, teardown) {
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_subscriber *other = with_auth(auth);
    int i;

    for (i = 0; i < 3; i++) {
        assert_status(zmqlog_subscriber_bind(other, p.endpoint), ZMQLOG_EADDRINUSE);
        assert_ok_or(zmqlog_auth_set_insecure(auth, 0), zmqlog_auth_errmsg(auth));
    }
    assert_ok(zmqlog_subscriber_connect(other, p.endpoint));
    assert_status(zmqlog_auth_set_insecure(auth, 1), ZMQLOG_ESTATE);
    zmqlog_subscriber_free(other);
    assert_ok(zmqlog_auth_set_insecure(auth, 1));
    zmqlog_auth_free(auth);
}
