/* SPDX-License-Identifier: BSD-3-Clause */
/* A subscriber that stops reading, beside one that does not. */
#include "support.h"
#include "peer.h"

#include <pthread.h>

#define RECORDS 60000

/* Reads until it has seen the end. */
static void *read_all(void *argument) {
    peer *p = argument;
    peer_frames frames;
    intptr_t received = 0;
    do {
        peer_receive(p, &frames);
        if (strstr(frames.topic, ".zmqlog") == NULL)
            received++;
    } while (strcmp(frames.body, "end") != 0);
    return (void *)received;
}

static int stalled_peer(zmqlog_handler *handler) {
    int small = 4096;
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(fd, 0, "\1", 1);
    return fd;
}

static zmqlog_handler *open_blocking(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    /* The caller waits instead of losing, so that what is lost was lost to the
     * stalled one. */
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    assert_ok(zmqlog_handler_set_slow_peer(handler, 50, 300, 5));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

static void slow__a_stalled_subscriber_costs_a_healthy_one_nothing(void **state) {
    zmqlog_handler *handler = open_blocking();
    peer healthy = peer_listening(handler, "app");
    int stalled = stalled_peer(handler);
    char text[200];
    pthread_t reader;
    void *received;
    (void)state;
    assert_ok(zmqlog_handler_wait_subscriber(handler, "elsewhere", PATIENCE_MS));
    memset(text, 'x', sizeof text);
    assert_int_equal(0, pthread_create(&reader, NULL, read_all, &healthy));
    for (int i = 0; i < RECORDS - 1; i++)
        assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
    log_text(handler, 20, "end");
    pthread_join(reader, &received);
    assert_int_equal(RECORDS, (intptr_t)received);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(RECORDS, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    assert_true(zmqlog_handler_count(handler, ZMQLOG_COUNT_SLOW_EPISODES) >= 1);
    close(stalled);
    peer_close(&healthy);
    zmqlog_handler_free(handler);
}

static void slow__giving_up_is_told_to_those_who_listen(void **state) {
    zmqlog_handler *handler = open_blocking();
    peer p = peer_listening(handler, "app.INFO.zmqlog");
    int stalled = stalled_peer(handler);
    char text[1000];
    peer_frames frames;
    (void)state;
    assert_ok(zmqlog_handler_wait_subscriber(handler, "elsewhere", PATIENCE_MS));
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 20000; i++)
        assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
    peer_receive(&p, &frames);
    assert_string_equal("app.INFO.zmqlog", frames.topic);
    assert_non_null(strstr(frames.body, "slow subscriber"));
    close(stalled);
    peer_close(&p);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow__a_stalled_subscriber_costs_a_healthy_one_nothing),
        cmocka_unit_test(slow__giving_up_is_told_to_those_who_listen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
