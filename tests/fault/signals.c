/* SPDX-License-Identifier: BSD-3-Clause */
/* A storm of signals: twenty thousand a second, and no system call restarts after one.
 * No call fails because of it, and no record loses a frame. */
#include "support.h"
#include "peer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

TEST_LABELS(sanitized);

#define RECORDS 100000

static volatile sig_atomic_t signals;

static void count_signal(int number) {
    (void)number;
    signals++;
}

static void storm(int on) {
    struct sigaction action = {.sa_handler = count_signal};
    struct itimerval every = {{0, on ? 50 : 0}, {0, on ? 50 : 0}};
    assert_int_equal(0, sigaction(SIGALRM, &action, NULL));
    assert_int_equal(0, setitimer(ITIMER_REAL, &every, NULL));
}

/* Away from the storm: a reader that checks that topics and bodies never change places.
 * */
typedef struct listener {
    peer p;
    int received, torn;
} listener;

static void *listen_on(void *argument) {
    listener *l = argument;
    char frame[64];
    int len, more, at = 0;
    size_t size = sizeof more;
    while ((len = zmq_recv(l->p.socket, frame, sizeof frame, 0)) >= 0) {
        zmq_getsockopt(l->p.socket, ZMQ_RCVMORE, &more, &size);
        if (more != (at == 0) || len < 4 ||
            memcmp(frame, at == 0 ? "app." : "body", 4) != 0)
            l->torn++;
        l->received += !more;
        if (!more && len == 8 && memcmp(frame, "body end", 8) == 0)
            break;
        at = more;
    }
    return NULL;
}

static void start_calmly(pthread_t *thread, void *(*body)(void *), void *argument) {
    sigset_t alarm_only;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm_only, NULL);
    assert_int_equal(0, pthread_create(thread, NULL, body, argument));
    pthread_sigmask(SIG_UNBLOCK, &alarm_only, NULL);
}

/* Sends that many, and more until a signal has interrupted a call; returns how many. */
static int log_records(zmqlog_handler *handler) {
    sig_atomic_t before = signals;
    int records = 0;
    for (; records < RECORDS || (signals - before < 100 && records < 1000 * RECORDS);
         records++)
        assert_ok(zmqlog_handler_log(handler, 20, "body of a record", 16));
    assert_ok(zmqlog_handler_log(handler, 20, "body end", 8));
    assert_true(signals - before >= 100);
    return records + 1;
}

TEST(signals__split_no_record_and_fail_no_call) {
    zmqlog_handler *handler = zmqlog_handler_new();
    listener l = {.received = 0};
    pthread_t thread;
    int logged;
    storm(1);
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    /* Waits for the listener whenever it gets to run. */
    assert_ok(zmqlog_handler_set_slow_peer(handler, 60000, 300, 5));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok_or(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"),
                 zmqlog_handler_errmsg(handler));
    storm(0); /* the peer is plain libzmq and has a right to EINTR */
    l.p = peer_listening(handler, "app");
    start_calmly(&thread, listen_on, &l);
    storm(1);
    logged = log_records(handler);
    assert_ok(zmqlog_handler_set_style(handler, 0, "plain"));
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_ok(zmqlog_handler_wait_room(handler, 100, PATIENCE_MS));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    storm(0);
    pthread_join(thread, NULL);
    assert_int_equal(l.torn, 0);
    assert_int_equal(l.received, logged);
    assert_int_equal(logged, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    peer_close(&l.p);
    zmqlog_handler_free(handler);
}

/* There libzmq runs in the caller's thread, where the signals are. */
TEST(signals__split_no_record_of_an_attached_handler) {
    zmqlog_handler *handler = zmqlog_handler_new();
    void *context = zmq_ctx_new(), *xpub = zmq_socket(context, ZMQ_XPUB);
    listener l = {peer_new(), 0, 0};
    int unlimited = 0, patience = PATIENCE_MS, logged;
    char endpoint[256], event[8];
    size_t size = sizeof endpoint;
    pthread_t thread;
    zmq_setsockopt(xpub, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(xpub, ZMQ_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(0, zmq_bind(xpub, "tcp://127.0.0.1:*"));
    zmq_getsockopt(xpub, ZMQ_LAST_ENDPOINT, endpoint, &size);
    zmq_setsockopt(l.p.socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    peer_subscribe(&l.p, "app");
    assert_int_equal(0, zmq_connect(l.p.socket, endpoint));
    assert_int_equal(4, zmq_recv(xpub, event, sizeof event, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    start_calmly(&thread, listen_on, &l);
    storm(1);
    assert_ok(zmqlog_handler_attach(handler, xpub));
    logged = log_records(handler);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    storm(0);
    pthread_join(thread, NULL);
    assert_int_equal(l.torn, 0);
    assert_int_equal(l.received, logged);
    zmqlog_handler_free(handler);
    zmq_close(xpub);
    peer_close(&l.p);
    zmq_ctx_term(context);
}

TEST(signals__lose_nothing_that_a_subscriber_receives) {
    zmqlog_handler *handler = open_handler("app");
    zmqlog_subscriber *subscriber = open_subscriber(handler);
    zmqlog_record *record = zmqlog_record_new();
    storm(1);
    for (int i = 0; i < 5000; i++) {
        assert_ok(zmqlog_handler_log(handler, 20, "body", 4));
        assert_ok(zmqlog_subscriber_recv(subscriber, record, PATIENCE_MS));
        assert_string_equal("body", zmqlog_record_text(record, NULL));
    }
    zmqlog_subscriber_free(subscriber);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    storm(0);
    zmqlog_record_free(record);
    zmqlog_handler_free(handler);
}
