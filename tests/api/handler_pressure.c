/* SPDX-License-Identifier: BSD-3-Clause */
/* A handler under pressure: what slow subscribers can cost, what flush does meanwhile,
 * and when there is room. */
#include "support.h"
#include "peer.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

TEST_LABELS(threads);

static int64_t count(zmqlog_handler *handler, int which) {
    return zmqlog_handler_count(handler, which);
}

/* A subscriber to everything that reads only when told. */
static int lazy_peer(zmqlog_handler *handler) {
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    raw_frame(fd, 0, "\1", 1);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "elsewhere", PATIENCE_MS));
    return fd;
}

typedef struct reader {
    int fd;
    peer *healthy;
    _Atomic int going;
} reader;

static void *read_slowly(void *argument) {
    reader *r = argument;
    char some[16000];
    while (atomic_load(&r->going) && recv(r->fd, some, sizeof some, 0) > 0)
        poll(NULL, 0, 1);
    return NULL;
}

static void *read_quickly(void *argument) {
    reader *r = argument;
    char some[2000];
    while (atomic_load(&r->going))
        zmq_recv(r->healthy->socket, some, sizeof some, 0);
    return NULL;
}

/* It is never stuck for long, but always behind: each wait is short, and only the sum
 * of the waits shows that it delays the other subscriber. */
TEST(slow__many_short_waits_use_up_the_budget) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char text[1000] = {0};
    peer healthy;
    reader r;
    pthread_t thread[2];
    assert_ok(zmqlog_handler_set_send_hwm(handler, 10));
    assert_ok(zmqlog_handler_set_slow_peer(handler, 60000, 200, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    healthy = peer_listening(handler, "INFO");
    r = (reader){lazy_peer(handler), &healthy, 1};
    pthread_create(&thread[0], NULL, read_slowly, &r);
    pthread_create(&thread[1], NULL, read_quickly, &r);
    for (int i = 0; i < 3000 && count(handler, ZMQLOG_COUNT_SLOW_EPISODES) == 0; i++) {
        for (int j = 0; j < 100; j++)
            zmqlog_handler_log(handler, 20, text, sizeof text);
        assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    }
    assert_true(count(handler, ZMQLOG_COUNT_SLOW_EPISODES) > 0);
    log_text(handler, 20, "the end"); /* the quick subscriber waits for a record */
    atomic_store(&r.going, 0);
    shutdown(r.fd, SHUT_RDWR);
    log_text(handler, 20, "really");
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    close(r.fd);
    peer_close(&healthy);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

typedef struct flusher {
    zmqlog_handler *handler;
    _Atomic int begun, ended;
    zmqlog_status status;
} flusher;

static void *flush_it(void *argument) {
    flusher *f = argument;
    atomic_store(&f->begun, 1);
    f->status = zmqlog_handler_flush(f->handler, PATIENCE_MS);
    atomic_store(&f->ended, 1);
    return NULL;
}

/* Logs until the handler has discarded that many more records. */
static void log_until_discarded(zmqlog_handler *handler, int more) {
    char text[1000] = {0};
    int64_t enough = count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) + more;
    while (count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) < enough)
        if (zmqlog_handler_log(handler, 20, text, sizeof text) != ZMQLOG_OK)
            poll(NULL, 0, 1);
}

typedef struct attempt {
    zmqlog_status status;
    int64_t sent; /* records that went out during the attempt */
} attempt;

/* Flushes, and discards 200 newer records meanwhile. A flush that has not ended by
 * then is ended by a wake-up. */
static attempt flush_under_pressure(zmqlog_handler *handler) {
    flusher f = {.handler = handler};
    int64_t before = count(handler, ZMQLOG_COUNT_SENT);
    pthread_t thread;
    assert_int_equal(0, pthread_create(&thread, NULL, flush_it, &f));
    while (!atomic_load(&f.begun))
        poll(NULL, 0, 1);
    log_until_discarded(handler, 200);
    if (!atomic_load(&f.ended))
        zmqlog_handler_wakeup(handler);
    pthread_join(thread, NULL);
    assert_true(f.status == ZMQLOG_OK || f.status == ZMQLOG_EINTERRUPTED);
    return (attempt){f.status, count(handler, ZMQLOG_COUNT_SENT) - before};
}

static void assert_sends_another(zmqlog_handler *handler) {
    int64_t before = count(handler, ZMQLOG_COUNT_SENT);
    int left = PATIENCE_MS;
    while (count(handler, ZMQLOG_COUNT_SENT) == before && left-- > 0)
        poll(NULL, 0, 1);
    assert_true(left > 0);
}

/* The socket takes records until its buffers are full; those of ipc do not grow. No
 * clock tells when that is, but the handler discards records only between attempts to
 * send: when it has discarded 200 and sent none, one record waits. From then on a flush
 * can end only because that record was sent. */
static void flush_until_one_waits(zmqlog_handler *handler) {
    int one_waits = 0;
    for (int tries = 0; tries < 10000; tries++) {
        attempt now = flush_under_pressure(handler);
        if (one_waits && now.sent == 0) {
            if (now.status == ZMQLOG_EINTERRUPTED)
                return;
            assert_sends_another(handler);
        }
        one_waits = now.sent == 0;
    }
    fail_msg("the socket never gets full");
}

/* One record waits for a subscriber that does not read, and the handler has discarded
 * all later ones. flush must still wait for the first. */
TEST(flush__waits_for_the_one_that_waits) {
    temp_dir dir = temp_dir_make();
    zmqlog_handler *handler = zmqlog_handler_new();
    int stuck;
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 16384));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1000));
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_DROP_OLDEST, 0));
    assert_ok(zmqlog_handler_set_send_hwm(handler, 10));
    assert_ok(zmqlog_handler_set_slow_peer(handler, 3600000, 0, 0));
    assert_ok(zmqlog_handler_bind(handler, temp_dir_path(&dir, "ipc://", "log")));
    stuck = lazy_peer(handler);
    flush_until_one_waits(handler);
    assert_status(zmqlog_handler_flush(handler, 0), ZMQLOG_ETIMEDOUT);
    close(stuck);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(count(handler, ZMQLOG_COUNT_ACCEPTED),
                     count(handler, ZMQLOG_COUNT_SENT) +
                         count(handler, ZMQLOG_COUNT_UNHEARD) +
                         count(handler, ZMQLOG_COUNT_DROPPED_QUEUE) +
                         count(handler, ZMQLOG_COUNT_DROPPED_OLDEST));
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
    temp_dir_remove(&dir);
}

/* A handler whose full queue nobody empties: it holds records back. */
static zmqlog_handler *open_held(int policy, int block_ms) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 65536));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 20000));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_set_overflow(handler, policy, block_ms));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

/* Else a program that waits for room and then logs would spin. */
TEST(room__is_only_where_a_record_fits) {
    static char text[20000];
    for (size_t len = 1; len < sizeof text; len = len * 5 / 4 + 1) {
        zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_BLOCK, 0);
        zmqlog_logger *logger = zmqlog_logger_new(handler, "a logger with a long name");
        zmqlog_status status = ZMQLOG_OK;
        while (status == ZMQLOG_OK)
            status = zmqlog_logger_log_source(logger, 20, "/a/file/somewhere.c", 1,
                                              "function", text, len);
        assert_status(status, ZMQLOG_EAGAIN);
        assert_status(zmqlog_handler_wait_room(handler, len, 0), ZMQLOG_ETIMEDOUT);
        zmqlog_logger_free(logger);
        zmqlog_handler_close(handler, 0);
        zmqlog_handler_free(handler);
    }
}

TEST(room__an_empty_queue_has_it_for_everything_that_fits) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_BLOCK, 0);
    assert_ok(zmqlog_handler_wait_room(handler, 0, 0));
    assert_ok(zmqlog_handler_wait_room(handler, 20000, 0));
    assert_status(zmqlog_handler_wait_room(handler, 65536, 0), ZMQLOG_ELIMIT);
    assert_status(zmqlog_handler_wait_room(handler, SIZE_MAX, 0), ZMQLOG_ELIMIT);
    assert_status(zmqlog_handler_wait_room(handler, SIZE_MAX - 100, 0), ZMQLOG_ELIMIT);
    zmqlog_handler_free(handler);
}

static void *wait_for_room(void *handler) {
    return (void *)(intptr_t)zmqlog_handler_wait_room(handler, 1000, -1);
}

TEST(room__closing_tells_who_waits_for_it) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_BLOCK, 0);
    char text[1000] = {0};
    pthread_t thread;
    void *status;
    while (zmqlog_handler_log(handler, 20, text, sizeof text) == ZMQLOG_OK)
        continue;
    assert_int_equal(0, pthread_create(&thread, NULL, wait_for_room, handler));
    zmqlog_handler_close(handler, 0);
    pthread_join(thread, &status);
    assert_status((zmqlog_status)(intptr_t)status, ZMQLOG_ECLOSED);
    zmqlog_handler_free(handler);
}

/* Only the I/O thread discards, and it must not sleep while records need room: the
 * second attempt finds room. */
TEST(drop_oldest__keeps_the_newest_in_the_hold_too) {
    zmqlog_handler *handler = open_held(ZMQLOG_OVERFLOW_DROP_OLDEST, 0);
    for (int i = 0; i < 20000; i++) {
        int tries = 0;
        while (zmqlog_handler_log(handler, 20, "a record of some length", 23) !=
               ZMQLOG_OK) {
            assert_true(tries++ < PATIENCE_MS);
            poll(NULL, 0, 1);
        }
    }
    assert_true(count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) > 10000);
    assert_int_equal(0, count(handler, ZMQLOG_COUNT_SENT));
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}
