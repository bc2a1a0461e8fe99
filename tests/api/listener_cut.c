/* SPDX-License-Identifier: BSD-3-Clause */
/* The handler cuts a listener that takes nothing for stall_ms, and no other. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

TEST_LABELS(threads);

#define STALL_MS 200

static int64_t count(zmqlog_handler *handler, int which) {
    return zmqlog_handler_count(handler, which);
}

static zmqlog_handler *open_blocking(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 65536));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 2000));
    assert_ok(zmqlog_handler_set_send_hwm(handler, 100));
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    assert_ok(zmqlog_handler_set_slow_peer(handler, STALL_MS, 300, 5));
    assert_ok(zmqlog_handler_bind(handler, endpoint));
    return handler;
}

/* Subscribed, with a receive buffer that does not grow. */
static int raw_listener(zmqlog_handler *handler) {
    int small = 65536;
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(fd, 0, "\1app", 4);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    return fd;
}

static void log_one(zmqlog_handler *handler) {
    static const char text[1000];
    assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
}

static void check_that_a_stopped_one_is_cut(const char *endpoint) {
    zmqlog_handler *handler = open_blocking(endpoint);
    int fd = raw_listener(handler);
    char rest[65536];
    while (count(handler, ZMQLOG_COUNT_PEER_LOST) == 0)
        log_one(handler); /* blocks until the handler goes on */
    wait_enabled(handler, 20, 0);
    assert_int_equal(count(handler, ZMQLOG_COUNT_SLOW_EPISODES), 1);
    assert_int_equal(count(handler, ZMQLOG_COUNT_PEERS), 0);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(count(handler, ZMQLOG_COUNT_ACCEPTED),
                     count(handler, ZMQLOG_COUNT_SENT) +
                         count(handler, ZMQLOG_COUNT_UNHEARD));
    while (recv(fd, rest, sizeof rest, 0) > 0)
        continue; /* it sees the end */
    close(fd);
    fd = raw_listener(handler); /* it may come again */
    assert_int_equal(count(handler, ZMQLOG_COUNT_PEERS), 1);
    close(fd);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

TEST(cut__is_a_stopped_listener_over_tcp) {
    check_that_a_stopped_one_is_cut("tcp://127.0.0.1:*");
}

TEST(cut__is_a_stopped_listener_over_ipc) {
    temp_dir dir = temp_dir_make();
    char endpoint[108];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/cut", dir.path);
    check_that_a_stopped_one_is_cut(endpoint);
    temp_dir_remove(&dir);
}

typedef struct publisher_thread {
    zmqlog_handler *handler;
    _Atomic int stopped;
} publisher_thread;

static void *publish(void *argument) {
    publisher_thread *p = argument;
    static const char text[1000];
    while (!atomic_load(&p->stopped))
        zmqlog_handler_log(p->handler, 20, text, sizeof text);
    return NULL;
}

/* It is always behind, but takes something within each stall_ms. */
TEST(cut__is_not_who_reads_slowly) {
    publisher_thread p = {open_blocking("tcp://127.0.0.1:*"), 0};
    int fd = raw_listener(p.handler);
    static char some[262144];
    pthread_t thread;
    pthread_create(&thread, NULL, publish, &p);
    for (int i = 0; i < 5 * STALL_MS / 40; i++) {
        poll(NULL, 0, 40);
        assert_true(recv(fd, some, sizeof some, 0) > 0);
    }
    assert_int_equal(count(p.handler, ZMQLOG_COUNT_PEER_LOST), 0);
    assert_int_equal(count(p.handler, ZMQLOG_COUNT_SLOW_EPISODES), 0);
    atomic_store(&p.stopped, 1);
    close(fd);
    pthread_join(thread, NULL);
    wait_count(p.handler, ZMQLOG_COUNT_PEER_LOST, 1);
    zmqlog_handler_close(p.handler, 0);
    zmqlog_handler_free(p.handler);
}

/* A healthy listener loses nothing while the handler cuts others. */
TEST(cut__leaves_the_healthy_one_alone) {
    zmqlog_handler *handler = open_blocking("tcp://127.0.0.1:*");
    peer healthy = peer_listening(handler, "app.INFO");
    int fd = raw_listener(handler);
    peer_frames frames;
    int64_t logged = 0, got = 0;
    while (count(handler, ZMQLOG_COUNT_PEER_LOST) == 0) {
        log_one(handler);
        logged++;
        peer_receive(&healthy, &frames);
        got += strcmp(frames.topic, "app.INFO") == 0;
    }
    for (; got < logged; got += strcmp(frames.topic, "app.INFO") == 0)
        peer_receive(&healthy, &frames);
    assert_int_equal(count(handler, ZMQLOG_COUNT_SENT), logged);
    assert_int_equal(count(handler, ZMQLOG_COUNT_PEERS), 1);
    close(fd);
    peer_close(&healthy);
    zmqlog_handler_free(handler);
}
