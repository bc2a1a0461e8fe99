/* SPDX-License-Identifier: BSD-3-Clause */
/* Closing an endpoint while its listener has not taken all, or never will, since there
 * is always more: nobody else waits, and the answer is true. */
#include "support.h"

#include "await.h"
#include "peer.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

TEST_LABELS(threads);

/* ---- a listener that takes nothing ------------------------------------- */

typedef struct leaving {
    zmqlog_handler *handler;
    char endpoint[256];
    _Atomic int has_left;
    zmqlog_status status;
} leaving;

static void *unbind_it(void *argument) {
    leaving *l = argument;
    l->status = zmqlog_handler_unbind(l->handler, l->endpoint);
    atomic_store(&l->has_left, 1);
    return NULL;
}

/* More than what the system holds between two sockets, all of it handed to libzmq. */
static int stall_a_listener(zmqlog_handler *handler) {
    static char text[60000];
    int stalled = raw_sub(zmqlog_handler_endpoint(handler, 0));
    raw_frame(stalled, 0, "\1", 1);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    for (int i = 0; i < 500; i++) {
        assert_ok(zmqlog_handler_log_topic(handler, 20, NULL, 0, text, sizeof text));
        assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    }
    return stalled;
}

TEST(unbind__that_waits_lets_the_others_go_on) {
    zmqlog_handler *handler = zmqlog_handler_new();
    leaving l = {.handler = handler};
    pthread_t thread;
    int stalled;
    assert_ok(zmqlog_handler_set_linger_ms(handler, 3600000));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    snprintf(l.endpoint, sizeof l.endpoint, "%s", zmqlog_handler_endpoint(handler, 0));
    stalled = stall_a_listener(handler);
    assert_int_equal(0, pthread_create(&thread, NULL, unbind_it, &l));
    for (int i = 0; i < 50; i++) {
        assert_ok(zmqlog_handler_set_root_topic(handler, i % 2 ? "even" : "odd"));
        assert_string_equal("", zmqlog_handler_problem(handler, 0));
        poll(NULL, 0, 1);
    }
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_false(atomic_load(&l.has_left));
    assert_status(zmqlog_handler_close(handler, 0), ZMQLOG_ETIMEDOUT);
    pthread_join(thread, NULL);
    assert_status(l.status, ZMQLOG_ECLOSED);
    close(stalled);
    zmqlog_handler_free(handler);
}

/* Two threads take the same endpoint back: one of them does. */
TEST(unbind__of_two_threads_happens_once) {
    zmqlog_handler *handler = zmqlog_handler_new();
    leaving both[2] = {{.handler = handler}, {.handler = handler}};
    pthread_t threads[2];
    int stalled;
    assert_ok(zmqlog_handler_set_linger_ms(handler, 200));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    stalled = stall_a_listener(handler);
    for (int i = 0; i < 2; i++) {
        snprintf(both[i].endpoint, sizeof both[i].endpoint, "%s",
                 zmqlog_handler_endpoint(handler, 0));
        assert_int_equal(0, pthread_create(&threads[i], NULL, unbind_it, &both[i]));
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    if (both[0].status == ZMQLOG_EINVAL)
        both[0].status = both[1].status;
    else
        assert_status(both[1].status, ZMQLOG_EINVAL);
    assert_status(both[0].status, ZMQLOG_ETIMEDOUT);
    assert_null(zmqlog_handler_endpoint(handler, 0));
    close(stalled);
    zmqlog_handler_free(handler);
}

/* ---- a listener that always gets more ---------------------------------- */

typedef struct stream {
    zmqlog_handler *handler;
    zmqlog_subscriber *subscriber;
    _Atomic int is_over;
} stream;

static void *log_steadily(void *argument) {
    stream *s = argument;
    while (!atomic_load(&s->is_over)) {
        zmqlog_handler_log(s->handler, 20, "x", 1);
        poll(NULL, 0, 1);
    }
    return NULL;
}

static void *read_steadily(void *argument) {
    stream *s = argument;
    zmqlog_record *record = zmqlog_record_new();
    while (zmqlog_subscriber_recv(s->subscriber, record, -1) == ZMQLOG_OK)
        ;
    zmqlog_record_free(record);
    return NULL;
}

/* On a machine that is busy with other things it may really be behind, now and then. */
static int leaves_in_peace(stream *s) {
    const char *endpoint = zmqlog_subscriber_endpoint(s->subscriber, 0);
    zmqlog_status status;
    assert_ok(zmqlog_handler_connect(s->handler, endpoint));
    assert_ok(zmqlog_handler_wait_subscriber(s->handler, "", PATIENCE_MS));
    status = zmqlog_handler_disconnect(s->handler, endpoint);
    assert_true(status == ZMQLOG_OK || status == ZMQLOG_ETIMEDOUT);
    return status == ZMQLOG_OK;
}

TEST(disconnect__of_one_that_keeps_up_is_no_timeout) {
    stream s = {zmqlog_handler_new(), zmqlog_subscriber_new(), 0};
    pthread_t logs, reads;
    int in_peace = 0;
    assert_ok(zmqlog_handler_set_linger_ms(s.handler, 100));
    assert_ok(zmqlog_subscriber_subscribe(s.subscriber, ""));
    assert_ok(zmqlog_subscriber_bind(s.subscriber, "tcp://127.0.0.1:*"));
    assert_int_equal(0, pthread_create(&logs, NULL, log_steadily, &s));
    assert_int_equal(0, pthread_create(&reads, NULL, read_steadily, &s));
    for (int i = 0; i < 50 && !in_peace; i++)
        in_peace = leaves_in_peace(&s);
    assert_true(in_peace);
    atomic_store(&s.is_over, 1);
    pthread_join(logs, NULL);
    zmqlog_subscriber_close(s.subscriber);
    pthread_join(reads, NULL);
    zmqlog_subscriber_free(s.subscriber);
    zmqlog_handler_free(s.handler);
}
