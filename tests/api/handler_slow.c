/* SPDX-License-Identifier: BSD-3-Clause */
/* A subscriber that stops reading, beside one that does not. */
#include "support.h"
#include "peer.h"

TEST_LABELS(threads);

/* libzmq tells a publisher what a subscriber has read only after half the high-water
 * mark. A chunk is far smaller: a subscriber that has read one chunk before the next is
 * sent is never full, however slowly it runs. */
#define CHUNK 500
/* More than all buffers of a system hold. */
#define RECORDS_MAX 400000

static char text[1000];

static int64_t episodes(zmqlog_handler *handler) {
    return zmqlog_handler_count(handler, ZMQLOG_COUNT_SLOW_EPISODES);
}

static void log_chunk(zmqlog_handler *handler) {
    for (int i = 0; i < CHUNK; i++)
        assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
}

static void receive_chunk(peer *p) {
    peer_frames frames;
    for (int i = 0; i < CHUNK;) {
        peer_receive(p, &frames);
        if (strstr(frames.topic, ".zmqlog"))
            continue;
        assert_string_equal("app.INFO", frames.topic);
        i++;
    }
}

static int stalled_peer(zmqlog_handler *handler) {
    int small = 4096;
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(fd, 0, "\1", 1);
    return fd;
}

static zmqlog_handler *open_dropping(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

TEST(slow__a_stalled_subscriber_costs_a_healthy_one_nothing) {
    zmqlog_handler *handler = open_dropping();
    peer healthy = peer_listening(handler, "app");
    int stalled = stalled_peer(handler);
    int64_t logged = 0;
    assert_ok(zmqlog_handler_wait_subscriber(handler, "elsewhere", PATIENCE_MS));
    for (int after = 0; after < 10; logged += CHUNK) {
        log_chunk(handler);
        receive_chunk(&healthy);
        after += episodes(handler) > 0;
        assert_true(logged < RECORDS_MAX);
    }
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(logged, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    close(stalled);
    peer_close(&healthy);
    zmqlog_handler_free(handler);
}

TEST(slow__skipping_is_told_to_those_who_listen) {
    zmqlog_handler *handler = open_dropping();
    peer healthy = peer_listening(handler, "app"), p;
    int stalled = stalled_peer(handler);
    int64_t logged = 0;
    peer_frames frames;
    p = peer_listening(handler, "app.INFO.zmqlog");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "elsewhere", PATIENCE_MS));
    for (; episodes(handler) == 0; logged += CHUNK) {
        log_chunk(handler);
        receive_chunk(&healthy);
        assert_true(logged < RECORDS_MAX);
    }
    peer_receive(&p, &frames);
    assert_string_equal("app.INFO.zmqlog", frames.topic);
    assert_non_null(strstr(frames.body, "slow subscriber"));
    close(stalled);
    peer_close(&healthy);
    peer_close(&p);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}
