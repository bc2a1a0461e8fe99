/* SPDX-License-Identifier: BSD-3-Clause */
/* One listener that pauses: for every policy, transport and kind of listener, what SENT
 * counts arrives, and every other accepted record is in a DROPPED counter. All of them
 * pause at the same time. */
#include "support.h"
#include "peer.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#define BEFORE_PAUSE 100
#define PAUSE_MS 1200 /* longer than anything but a lossless wait */
#define SCENES 16

typedef struct policy {
    const char *name;
    int overflow, block_ms;
} policy;

static const policy policies[] = {{"BLOCK(-1)", ZMQLOG_OVERFLOW_BLOCK, -1},
                                  {"BLOCK(200)", ZMQLOG_OVERFLOW_BLOCK, 200},
                                  {"DROP_NEWEST", ZMQLOG_OVERFLOW_DROP_NEWEST, 0},
                                  {"DROP_OLDEST", ZMQLOG_OVERFLOW_DROP_OLDEST, 0}};

typedef struct scene {
    const policy *policy;
    int is_ipc, is_ours;
    zmqlog_handler *handler;
    peer plain;
    zmqlog_subscriber *ours;
    pthread_t publisher, listener;
    _Atomic int stopped, flushed;
    int64_t answered_ok, arrived;
} scene;

static int64_t count(const scene *s, int which) {
    return zmqlog_handler_count(s->handler, which);
}

static void open_plain(scene *s) {
    int hwm = 100, buffer = 4096;
    s->plain = peer_new();
    zmq_setsockopt(s->plain.socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    zmq_setsockopt(s->plain.socket, ZMQ_RCVBUF, &buffer, sizeof buffer);
    peer_subscribe(&s->plain, "app");
    peer_connect(&s->plain, s->handler);
}

static void open_ours(scene *s) {
    s->ours = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_set_receive_hwm(s->ours, 100));
    assert_ok(zmqlog_subscriber_set_queue_bytes(s->ours, 16384));
    assert_ok(zmqlog_subscriber_set_overflow(s->ours, ZMQLOG_OVERFLOW_BLOCK, -1));
    assert_ok(zmqlog_subscriber_subscribe(s->ours, "app"));
    assert_ok(
        zmqlog_subscriber_connect(s->ours, zmqlog_handler_endpoint(s->handler, 0)));
}

static void open_scene(scene *s, const temp_dir *dir) {
    char path[108];
    snprintf(path, sizeof path, "ipc://%s/%p", dir->path, (void *)s);
    s->handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(s->handler, "app"));
    assert_ok(zmqlog_handler_set_queue_bytes(s->handler, 65536));
    assert_ok(zmqlog_handler_set_max_body_bytes(s->handler, 2000));
    assert_ok(zmqlog_handler_set_send_hwm(s->handler, 200));
    assert_ok(zmqlog_handler_set_drop_notice(s->handler, 0));
    assert_ok(zmqlog_handler_set_overflow(s->handler, s->policy->overflow,
                                          s->policy->block_ms));
    assert_ok(zmqlog_handler_bind(s->handler, s->is_ipc ? path : "tcp://127.0.0.1:*"));
    if (s->is_ours)
        open_ours(s);
    else
        open_plain(s);
    assert_ok(zmqlog_handler_wait_subscriber(s->handler, "app.INFO", PATIENCE_MS));
}

static void *publish(void *argument) {
    scene *s = argument;
    char text[1000] = {0};
    while (!atomic_load(&s->stopped)) {
        if (zmqlog_handler_log(s->handler, 20, text, sizeof text) == ZMQLOG_OK)
            s->answered_ok++;
        else
            poll(NULL, 0, 1); /* the other scenes need the processor */
    }
    return NULL;
}

/* Whether a record came within a moment. */
static int receive_one(scene *s, zmqlog_record *record) {
    zmq_pollitem_t item = {s->plain.socket, 0, ZMQ_POLLIN, 0};
    peer_frames frames;
    if (s->is_ours)
        return zmqlog_subscriber_recv(s->ours, record, 20) == ZMQLOG_OK;
    if (zmq_poll(&item, 1, 20) <= 0)
        return 0;
    peer_receive(&s->plain, &frames);
    return 1;
}

static int has_all(const scene *s) {
    return atomic_load(&s->flushed) && s->arrived >= count(s, ZMQLOG_COUNT_SENT);
}

static void *listen_with_pause(void *argument) {
    scene *s = argument;
    zmqlog_record *record = zmqlog_record_new();
    for (int idle = 0; !has_all(s) && idle < PATIENCE_MS / 20;) {
        if (!receive_one(s, record)) {
            idle++;
            continue;
        }
        idle = 0;
        if (++s->arrived != BEFORE_PAUSE)
            continue;
        poll(NULL, 0, PAUSE_MS);
        atomic_store(&s->stopped, 1);
    }
    zmqlog_record_free(record);
    return NULL;
}

static void check(const scene *s) {
    int64_t accepted = count(s, ZMQLOG_COUNT_ACCEPTED);
    int64_t sent = count(s, ZMQLOG_COUNT_SENT);
    int64_t dropped = count(s, ZMQLOG_COUNT_DROPPED_QUEUE) +
                      count(s, ZMQLOG_COUNT_DROPPED_OLDEST) +
                      count(s, ZMQLOG_COUNT_DROPPED_TIMEOUT);
    int is_lossless = s->policy->overflow == ZMQLOG_OVERFLOW_BLOCK;
    if (s->arrived == sent && accepted == sent + dropped && sent > BEFORE_PAUSE &&
        (!is_lossless || s->answered_ok == s->arrived))
        return;
    print_error("%s, %s, %s: accepted %lld, answered OK %lld, sent %lld, dropped %lld, "
                "arrived %lld\n",
                s->policy->name, s->is_ipc ? "ipc" : "tcp",
                s->is_ours ? "our subscriber" : "plain SUB", (long long)accepted,
                (long long)s->answered_ok, (long long)sent, (long long)dropped,
                (long long)s->arrived);
    fail();
}

static void close_scene(scene *s) {
    if (s->is_ours)
        zmqlog_subscriber_free(s->ours);
    else
        peer_close(&s->plain);
    zmqlog_handler_free(s->handler);
}

TEST(alone__a_listener_that_pauses_misses_nothing_uncounted) {
    static scene scenes[SCENES];
    temp_dir dir = temp_dir_make();
    for (int i = 0; i < SCENES; i++) {
        scenes[i].policy = &policies[i / 4];
        scenes[i].is_ipc = i % 4 / 2;
        scenes[i].is_ours = i % 2;
        open_scene(&scenes[i], &dir);
    }
    for (int i = 0; i < SCENES; i++) {
        pthread_create(&scenes[i].publisher, NULL, publish, &scenes[i]);
        pthread_create(&scenes[i].listener, NULL, listen_with_pause, &scenes[i]);
    }
    for (int i = 0; i < SCENES; i++) {
        pthread_join(scenes[i].publisher, NULL);
        assert_ok(zmqlog_handler_flush(scenes[i].handler, PATIENCE_MS));
        atomic_store(&scenes[i].flushed, 1);
    }
    for (int i = 0; i < SCENES; i++) {
        pthread_join(scenes[i].listener, NULL);
        check(&scenes[i]);
        close_scene(&scenes[i]);
    }
    temp_dir_remove(&dir);
}
