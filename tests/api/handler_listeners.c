/* SPDX-License-Identifier: BSD-3-Clause */
/* Which peers count as listeners while root, floor and subscriptions change, and what a
 * peer that never stops sending costs the others. */
#include "support.h"
#include "peer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/un.h>

TEST_LABELS(threads);

TEST(listener__of_a_level_below_the_floor_counts_when_it_sinks) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_INFO));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "DEBUG");
    assert_status(zmqlog_handler_wait_subscriber(handler, NULL, 0), ZMQLOG_ETIMEDOUT);
    assert_ok(zmqlog_handler_set_level(handler, 0));
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_DEBUG, "heard");
    peer_expect(&p, "DEBUG", "heard");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(listener__of_a_root_that_is_yet_to_come_ends_the_hold) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "without root");
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "with root");
    p = peer_listening(handler, "app.INFO");
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    peer_expect(&p, "app.INFO", "with root");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* The subscription was there before the root was. */
TEST(listener__of_a_root_that_comes_later_ends_the_hold) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "without root");
    p = peer_listening(handler, "app.INFO");
    assert_status(zmqlog_handler_wait_subscriber(handler, NULL, 0), ZMQLOG_ETIMEDOUT);
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    log_text(handler, ZMQLOG_LEVEL_INFO, "with root");
    assert_ok(zmqlog_handler_wait_subscriber(handler, NULL, PATIENCE_MS));
    peer_expect(&p, "app.INFO", "with root");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

#define ROOTS 100000

/* Changes of the root need no room in the queue beside the records. */
TEST(root__may_change_any_number_of_times_in_the_hold) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 1 << 24));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    for (int i = 0; i < ROOTS; i++) {
        assert_ok(zmqlog_handler_set_root_topic(handler, i % 2 ? "odd" : "even"));
        if (i % 2 == 0)
            log_text(handler, ZMQLOG_LEVEL_INFO, "x");
    }
    log_text(handler, ZMQLOG_LEVEL_INFO, "last");
    p = peer_listening(handler, "odd.INFO");
    peer_expect(&p, "odd.INFO", "last");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(ROOTS / 2, zmqlog_handler_count(handler, ZMQLOG_COUNT_UNHEARD));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(roots__and_discarded_records_stay_in_order) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char name[16], text[100];
    peer_frames frames;
    peer p;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 16384));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1024));
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_DROP_OLDEST, 0));
    assert_ok(zmqlog_handler_set_drop_notice(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    for (int i = 0; i < 5000; i++) {
        int len = snprintf(text, sizeof text, "root%d", i % 200);
        memcpy(name, text, (size_t)len + 1);
        assert_ok(zmqlog_handler_set_root_topic(handler, name));
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, (size_t)len);
    }
    assert_ok(zmqlog_handler_set_root_topic(handler, "end"));
    while (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "end", 3) != ZMQLOG_OK)
        continue;
    p = peer_listening(handler, "");
    do {
        peer_receive(&p, &frames);
        snprintf(text, sizeof text, "%.80s.INFO", frames.body);
        assert_string_equal(text, frames.topic);
    } while (strcmp(frames.body, "end") != 0);
    assert_true(zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_OLDEST) > 0);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

typedef struct chatterer {
    int fd;
    _Atomic int going;
} chatterer;

/* Cancels what it never subscribed to; the handler has to verify each cancel. */
static void *cancel_on(void *argument) {
    static const char cancel[12] = {0,   10,  0,   's', 'o', 'm',
                                    'e', 't', 'h', 'i', 'n', 'g'};
    chatterer *c = argument;
    char many[100 * sizeof cancel];
    for (size_t at = 0; at < sizeof many; at += sizeof cancel)
        memcpy(many + at, cancel, sizeof cancel);
    while (atomic_load(&c->going))
        if (send(c->fd, many, sizeof many, MSG_NOSIGNAL) <= 0)
            break;
    return NULL;
}

TEST(peer__that_cancels_without_end_keeps_nobody_waiting) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "app");
    chatterer c = {raw_sub(zmqlog_handler_endpoint(handler, 0)), 1};
    pthread_t thread;
    assert_int_equal(0, pthread_create(&thread, NULL, cancel_on, &c));
    for (int i = 0; i < 100; i++) {
        assert_ok(zmqlog_handler_set_style(handler, 0, i % 2 ? "json" : "plain"));
        assert_ok(zmqlog_handler_set_style(handler, 0, "plain"));
        log_text(handler, ZMQLOG_LEVEL_INFO, "still heard");
        peer_expect(&p, "app.INFO", "still heard");
    }
    atomic_store(&c.going, 0);
    pthread_join(thread, NULL);
    close(c.fd);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

static int raw_sub_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    assert_int_equal(0, connect(fd, (struct sockaddr *)&address, sizeof address));
    raw_greet(fd);
    return fd;
}

/* libzmq tells which connection sent a cancel, over ipc as over tcp. */
TEST(peer__over_ipc_cannot_cancel_for_others_either) {
    temp_dir dir = temp_dir_make();
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    int spoofer;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, temp_dir_path(&dir, "ipc://", "log")));
    p = peer_listening(handler, "INFO");
    spoofer = raw_sub_at(temp_dir_path(&dir, "", "log"));
    raw_frame(spoofer, 0, "\0INFO", 5);
    raw_frame(spoofer, 0, "\1CRITICAL", 9);
    assert_ok(zmqlog_handler_wait_subscriber(handler, "CRITICAL", PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO));
    log_text(handler, ZMQLOG_LEVEL_INFO, "still here");
    peer_expect(&p, "INFO", "still here");
    close(spoofer);
    peer_close(&p);
    zmqlog_handler_free(handler);
    temp_dir_remove(&dir);
}
