/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that are cancelled while they use the library: no call is a cancellation
 * point, so each call is completed, and no other thread goes silent, hangs or crashes.
 *
 * usage: cancel [CANCELS]: how many threads the random tests cancel (300 each). */
#include "support.h"

#include "await.h"
#include "peer.h"

#include <poll.h>
#include <pthread.h>

static int cancels = 300;

typedef struct victim {
    zmqlog_handler *handler;
    zmqlog_subscriber *subscriber;
    zmqlog_record *record;
    zmqlog_logger *logger;
    zmqlog_auth *auth;
    const char *directory;
    _Atomic int reached; /* calls that came back */
    unsigned seed;
} victim;

/* AddressSanitizer does not see that a cancelled thread leaves its stack frames, and
 * at the thread's end it would stumble over them while it gives this stack back. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "use_sigaltstack=0";
}

/* Runs `body`; whether the thread was cancelled in it or after it. */
static int is_cancelled(void *(*body)(void *), victim *v,
                        void (*meanwhile)(pthread_t)) {
    pthread_t thread;
    void *result;
    assert_int_equal(pthread_create(&thread, NULL, body, v), 0);
    if (meanwhile)
        meanwhile(thread);
    assert_int_equal(pthread_join(thread, &result), 0);
    return result == PTHREAD_CANCELED;
}

/* ---- with a cancel that waits for the first cancellation point ---- */

static void *log_pending(void *argument) {
    victim *v = argument;
    pthread_cancel(pthread_self());
    zmqlog_handler_log(v->handler, 20, "from a thread that ends", 23);
    v->reached = 1;
    pthread_testcancel();
    return NULL;
}

static void hear_all_of(zmqlog_handler *handler, zmqlog_subscriber *listener,
                        int records) {
    zmqlog_record *heard = zmqlog_record_new();
    for (int i = 0; i < records; i++) {
        log_text(handler, 20, "later");
        receive(listener, heard);
    }
    zmqlog_record_free(heard);
}

static void wait_asleep(void) {
    poll(NULL, 0, 20); /* longer than any nap: the I/O thread has to be woken */
}

TEST(cancel__a_record_of_a_cancelled_thread_wakes_the_sleeper) {
    zmqlog_handler *handler = open_handler("app");
    zmqlog_subscriber *listener = open_subscriber(handler);
    zmqlog_record *heard = zmqlog_record_new();
    victim v = {.handler = handler};
    for (int i = 0; i < 5; i++) {
        wait_asleep();
        assert_true(is_cancelled(log_pending, &v, NULL));
        assert_int_equal(v.reached, 1);
        receive(listener, heard);
        assert_record(heard, text, "from a thread that ends");
        hear_all_of(handler, listener, 3);
    }
    zmqlog_record_free(heard);
    zmqlog_subscriber_free(listener);
    zmqlog_handler_free(handler);
}

/* Each call of the library that could reach one of libc's cancellation points. */
static void *call_all(void *argument) {
    victim *v = argument;
    zmqlog_handler *own = zmqlog_handler_new();
    zmqlog_subscriber *listener = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_keypair *keys = zmqlog_keypair_new();
    char path[128], public_key[64], secret_key[64];
    snprintf(path, sizeof path, "%s/keys", v->directory);
    pthread_cancel(pthread_self());
    zmqlog_keypair_generate(keys);
    zmqlog_keypair_save(keys, path);
    zmqlog_keypair_load(keys, path);
    snprintf(public_key, sizeof public_key, "%s", zmqlog_keypair_public_key(keys));
    snprintf(secret_key, sizeof secret_key, "%s", zmqlog_keypair_secret_key(keys));
    zmqlog_auth_load_keys(auth, path);
    zmqlog_auth_set_curve_server(auth, secret_key);
    zmqlog_auth_set_curve_client(auth, public_key, public_key, secret_key);
    zmqlog_auth_allow_address(auth, "127.0.0.1");
    v->reached++;
    zmqlog_handler_set_auth(own, auth);
    zmqlog_handler_bind(own, "tcp://127.0.0.1:*");
    zmqlog_handler_bind(own, "tcp://nowhere.invalid:*");
    zmqlog_handler_connect(own, "tcp://localhost:1");
    zmqlog_handler_set_style(own, 0, "json");
    zmqlog_handler_set_root_topic(own, "app");
    zmqlog_handler_set_level(own, 10);
    zmqlog_handler_log(own, 20, "text", 4);
    zmqlog_handler_flush(own, 10);
    zmqlog_handler_wait_subscriber(own, "", 10);
    zmqlog_handler_wait_room(own, 100, 10);
    zmqlog_handler_wakeup(own);
    v->reached++;
    zmqlog_subscriber_set_auth(listener, auth);
    zmqlog_subscriber_subscribe_level(listener, "app", 20);
    zmqlog_subscriber_connect(listener, "tcp://localhost:1");
    zmqlog_subscriber_bind(listener, "ipc://@zmqlog-test-cancelled");
    zmqlog_subscriber_subscribe(listener, "other");
    zmqlog_subscriber_unsubscribe(listener, "other");
    zmqlog_subscriber_recv(listener, record, 10);
    zmqlog_subscriber_fd(listener);
    zmqlog_subscriber_recv(listener, record, 0);
    zmqlog_subscriber_wakeup(listener);
    zmqlog_subscriber_close(listener);
    zmqlog_subscriber_free(listener);
    v->reached++;
    zmqlog_handler_close(own, 100);
    zmqlog_handler_free(own);
    zmqlog_auth_free(auth);
    zmqlog_keypair_free(keys);
    zmqlog_record_free(record);
    v->reached++;
    pthread_testcancel();
    return NULL;
}

TEST(cancel__no_call_is_a_cancellation_point) {
    temp_dir dir = temp_dir_make();
    victim v = {.directory = dir.path};
    assert_true(is_cancelled(call_all, &v, NULL));
    assert_int_equal(v.reached, 4);
    temp_dir_remove(&dir);
}

/* ---- at random moments ---- */

static void cancel_soon(pthread_t thread) {
    static unsigned seed = 1;
    unsigned spins = (unsigned)rand_r(&seed) % 20000;
    for (volatile unsigned i = 0; i < spins; i++)
        ;
    if (spins % 7 == 0)
        poll(NULL, 0, 1);
    pthread_cancel(thread);
}

static void *log_endlessly(void *argument) {
    victim *v = argument;
    for (int i = 0;; i++) {
        zmqlog_handler_log(v->handler, 20, "random", 6);
        zmqlog_logger_log(v->logger, 30, "random", 6);
        if (i % 16 == 0)
            poll(NULL, 0, i % 64 == 0); /* lets the I/O thread sleep, too */
    }
    return NULL;
}

static void *set_endlessly(void *argument) {
    victim *v = argument;
    for (int i = 0;; i++) {
        zmqlog_handler_set_style(v->handler, i % 3 == 0 ? 0 : 20,
                                 i % 2 ? "plain" : "%(message)s");
        zmqlog_handler_set_root_topic(v->handler, i % 2 ? "app" : "app2");
        zmqlog_handler_set_level(v->handler, i % 2);
        zmqlog_handler_flush(v->handler, 1);
        pthread_testcancel();
    }
    return NULL;
}

/* A listener that takes everything, so that nothing waits for it. */
static void *drain_endlessly(void *argument) {
    victim *v = argument;
    zmqlog_status status;
    do
        status = zmqlog_subscriber_recv(v->subscriber, v->record, -1);
    while (status != ZMQLOG_ECLOSED);
    return NULL;
}

TEST(cancel__random_ends_of_threads_that_log_and_set_silence_nobody) {
    zmqlog_handler *handler = open_handler("app");
    zmqlog_subscriber *crowd = open_subscriber(handler), *listener;
    victim v = {.handler = handler,
                .subscriber = crowd,
                .record = zmqlog_record_new(),
                .logger = zmqlog_logger_new(handler, "x")};
    pthread_t drain;
    assert_int_equal(pthread_create(&drain, NULL, drain_endlessly, &v), 0);
    for (int i = 0; i < cancels; i++)
        assert_true(
            is_cancelled(i % 2 ? log_endlessly : set_endlessly, &v, cancel_soon));
    assert_ok(zmqlog_handler_set_style(handler, 0, "plain"));
    assert_ok(zmqlog_handler_set_level(handler, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, "end"));
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    listener = zmqlog_subscriber_new();
    marry_prefix(handler, listener, "end");
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 2); /* the crowd's is for all */
    hear_all_of(handler, listener, 5);
    zmqlog_subscriber_close(crowd);
    pthread_join(drain, NULL);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_subscriber_free(crowd);
    zmqlog_subscriber_free(listener);
    zmqlog_record_free(v.record);
    zmqlog_logger_free(v.logger);
    zmqlog_handler_free(handler);
}

TEST(cancel__random_ends_leave_an_attached_handler_to_others) {
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_XPUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *logger = zmqlog_logger_new(handler, "x");
    victim v = {.handler = handler, .logger = logger};
    peer p = peer_new();
    char endpoint[256], event[16];
    size_t size = sizeof endpoint;
    assert_int_equal(0, zmq_bind(socket, "tcp://127.0.0.1:*"));
    zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
    assert_ok(zmqlog_handler_attach(handler, socket));
    for (int i = 0; i < cancels; i++)
        assert_true(is_cancelled(log_endlessly, &v, cancel_soon));
    peer_subscribe(&p, "");
    zmq_connect(p.socket, endpoint);
    assert_int_equal(1, zmq_recv(socket, event, sizeof event, 0));
    log_text(handler, 20, "later");
    peer_expect(&p, "INFO", "later");
    zmqlog_logger_free(logger);
    zmqlog_handler_free(handler);
    peer_close(&p);
    zmq_close(socket);
    zmq_ctx_term(context);
}

static void *subscribe_endlessly(void *argument) {
    victim *v = argument;
    for (unsigned i = 0;; i++) {
        char prefix[16];
        snprintf(prefix, sizeof prefix, "x%u", i % 100);
        zmqlog_subscriber_subscribe(v->subscriber, prefix);
        zmqlog_subscriber_recv(v->subscriber, v->record, (int)(i % 2));
        zmqlog_subscriber_unsubscribe(v->subscriber, prefix);
        pthread_testcancel();
    }
    return NULL;
}

/* One thread at a time, each ended at some point of its life. */
TEST(cancel__random_ends_of_receivers_leave_a_subscriber_that_works) {
    zmqlog_handler *handler = open_handler("app");
    victim v = {.subscriber = open_subscriber(handler), .record = zmqlog_record_new()};
    for (int i = 0; i < cancels; i++)
        assert_true(is_cancelled(subscribe_endlessly, &v, cancel_soon));
    hear_all_of(handler, v.subscriber, 5);
    zmqlog_subscriber_free(v.subscriber);
    zmqlog_record_free(v.record);
    zmqlog_handler_free(handler);
}

/* ---- waiting ---- */

static victim sleeper;

static void *receive_endlessly(void *argument) {
    victim *v = argument;
    v->reached = 1;
    if (zmqlog_subscriber_recv(v->subscriber, v->record, -1) == ZMQLOG_EINTERRUPTED)
        v->reached = 2;
    pthread_testcancel();
    return NULL;
}

static void wake_when_there(pthread_t thread) {
    while (!sleeper.reached)
        poll(NULL, 0, 1);
    pthread_cancel(thread);
    zmqlog_subscriber_wakeup(sleeper.subscriber);
}

TEST(cancel__a_sleeping_receiver_ends_by_wakeup) {
    zmqlog_handler *handler = open_handler("app");
    sleeper.subscriber = open_subscriber(handler);
    sleeper.record = zmqlog_record_new();
    assert_true(is_cancelled(receive_endlessly, &sleeper, wake_when_there));
    assert_int_equal(sleeper.reached, 2);
    hear_all_of(handler, sleeper.subscriber, 3);
    zmqlog_subscriber_free(sleeper.subscriber);
    zmqlog_record_free(sleeper.record);
    zmqlog_handler_free(handler);
}

int main(int argc, char **argv) {
    if (argc > 1)
        cancels = atoi(argv[1]);
    return test_run();
}
