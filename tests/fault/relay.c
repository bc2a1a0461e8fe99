/* SPDX-License-Identifier: BSD-3-Clause */
/* Strangers of every kind at both sides of a relay, and subscribers that do not read:
 * what the others receive, what publishers notice, and how much memory that takes. */
#include "support.h"
#include "await.h"
#include "peer.h"
#include "relay.h"
#include "strangers.h"

#include <sys/wait.h>

TEST_LABELS(sanitized);

typedef struct scene {
    zmqlog_relay *relay;
    zmqlog_handler *handler;
    peer p;
} scene;

static void open_scene(scene *s) {
    s->relay = open_relay();
    s->handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(s->handler, "app"));
    assert_ok(zmqlog_handler_set_hold_ms(s->handler, 0));
    assert_ok(zmqlog_handler_connect(s->handler, publishers_of(s->relay)));
    s->p = peer_new();
    peer_subscribe(&s->p, "app.INFO");
    assert_int_equal(0, zmq_connect(s->p.socket, subscribers_of(s->relay)));
    assert_ok(zmqlog_handler_wait_subscriber(s->handler, "app.INFO", PATIENCE_MS));
}

static void close_scene(scene *s) {
    peer_close(&s->p);
    zmqlog_handler_free(s->handler);
    zmqlog_relay_free(s->relay);
}

/* One record more arrives, and nothing else has come or gone. */
static void check(scene *s, const char *name, int round) {
    char text[40];
    peer_frames frames;
    int64_t lost = zmqlog_relay_count(s->relay, ZMQLOG_COUNT_PEER_LOST);
    snprintf(text, sizeof text, "%s %d", name, round);
    log_text(s->handler, ZMQLOG_LEVEL_INFO, text);
    peer_receive(&s->p, &frames);
    assert_string_equal(text, frames.body);
    assert_int_equal(0, lost);
    assert_int_equal(1, zmqlog_handler_count(s->handler, ZMQLOG_COUNT_PEERS));
    assert_int_equal(0, zmqlog_handler_enabled(s->handler, ZMQLOG_LEVEL_DEBUG));
}

static void visit_all(scene *s, const char *endpoint) {
    for (size_t i = 0; i < STRANGERS; i++) {
        int fd = stranger_connect(endpoint);
        kinds[i].visit(fd);
        check(s, kinds[i].name, 0);
        close(fd);
        check(s, kinds[i].name, 1);
    }
}

TEST(strangers__change_nothing_where_subscribers_come) {
    scene s;
    open_scene(&s);
    visit_all(&s, subscribers_of(s.relay));
    await_relay(s.relay, ZMQLOG_COUNT_PEERS, 1);
    await_relay(s.relay, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    close_scene(&s);
}

TEST(strangers__change_nothing_where_publishers_come) {
    scene s;
    open_scene(&s);
    visit_all(&s, publishers_of(s.relay));
    await_relay(s.relay, ZMQLOG_COUNT_PUBLISHERS, 1);
    close_scene(&s);
}

/* ---- subscribers that do not read ------------------------------------------- */

#ifdef __SANITIZE_ADDRESS__ /* keeps what is freed */
#define GROWTH_KB LONG_MAX
#else
#define GROWTH_KB 20000
#endif

static long resident_kb(void) {
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(2, fscanf(file, "%ld %ld", &pages, &resident));
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int open_stalled(scene *s) {
    int small = 4096, fd = raw_sub(subscribers_of(s->relay));
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(fd, 0, "\1app", 4);
    await_relay(s->relay, ZMQLOG_COUNT_PEERS, 2);
    return fd;
}

static void *log_many(void *argument) {
    static char text[200];
    zmqlog_handler *handler = argument;
    for (int i = 0; i < 100000; i++)
        assert_ok(zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, sizeof text));
    return NULL;
}

/* The publisher waits for its own queue only. */
TEST(stalled__subscriber_costs_the_others_and_the_publisher_nothing) {
    scene s;
    pthread_t thread;
    peer_frames frames;
    int64_t reached = 0;
    long before = 0;
    int fd;
    open_scene(&s);
    zmqlog_handler_free(s.handler);
    s.handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_root_topic(s.handler, "app"));
    assert_ok(zmqlog_handler_set_overflow(s.handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    assert_ok(zmqlog_handler_connect(s.handler, publishers_of(s.relay)));
    assert_ok(zmqlog_handler_wait_subscriber(s.handler, "app.INFO", PATIENCE_MS));
    fd = open_stalled(&s);
    assert_int_equal(0, pthread_create(&thread, NULL, log_many, s.handler));
    for (int i = 0; i < 100000; i++) {
        peer_receive(&s.p, &frames);
        reached += frames.body_len == 200;
        if (i == 50000)
            before = resident_kb();
    }
    pthread_join(thread, NULL);
    assert_int_equal(100000, reached);
    assert_in_range(zmqlog_relay_count(s.relay, ZMQLOG_COUNT_SLOW_EPISODES), 1, 1000);
    assert_int_equal(0, zmqlog_handler_count(s.handler, ZMQLOG_COUNT_SLOW_EPISODES));
    assert_true(resident_kb() - before < GROWTH_KB);
    close(fd);
    close_scene(&s);
}

/* No other subscriber waits, and still the publisher does not wait for this one. */
TEST(stalled__subscriber_alone_does_not_stop_the_publisher) {
    static char text[200];
    zmqlog_relay *relay = open_relay();
    scene s = {.relay = relay, .handler = zmqlog_handler_new()};
    int fd;
    assert_ok(zmqlog_handler_set_root_topic(s.handler, "app"));
    assert_ok(zmqlog_handler_set_hold_ms(s.handler, 0));
    assert_ok(zmqlog_handler_set_overflow(s.handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    assert_ok(zmqlog_handler_connect(s.handler, publishers_of(relay)));
    fd = raw_sub(subscribers_of(relay));
    raw_frame(fd, 0, "\1app", 4);
    assert_ok(zmqlog_handler_wait_subscriber(s.handler, "app.INFO", PATIENCE_MS));
    for (int i = 0; i < 100000; i++)
        assert_ok(zmqlog_handler_log(s.handler, ZMQLOG_LEVEL_INFO, text, sizeof text));
    await_relay(relay, ZMQLOG_COUNT_RECEIVED, 100000);
    await_relay(relay, ZMQLOG_COUNT_SENT, 100000);
    assert_int_equal(0, zmqlog_handler_count(s.handler, ZMQLOG_COUNT_SLOW_EPISODES));
    assert_in_range(zmqlog_relay_count(relay, ZMQLOG_COUNT_SLOW_EPISODES), 1, 1000);
    close(fd);
    zmqlog_handler_free(s.handler);
    zmqlog_relay_free(relay);
}

/* ---- what no memory and a fork leave behind ---------------------------------- */

TEST(forked__child_cannot_use_the_relay_and_keeps_no_port) {
    zmqlog_relay *relay = open_relay();
    char endpoint[64];
    int ready[2], status;
    char byte;
    pid_t child;
    snprintf(endpoint, sizeof endpoint, "%s", subscribers_of(relay));
    assert_int_equal(0, pipe(ready));
    child = fork();
    if (child == 0) {
        int ok =
            zmqlog_relay_run(relay, 0) == ZMQLOG_EFORKED &&
            zmqlog_relay_count(relay, ZMQLOG_COUNT_SENT) == ZMQLOG_EFORKED &&
            zmqlog_relay_bind_publishers(relay, "tcp://127.0.0.1:*") == ZMQLOG_EFORKED;
        zmqlog_relay_free(relay);
        close(ready[1]);
        (void)!read(ready[0], &byte, 1); /* until the parent has finished */
        _exit(ok ? 0 : 1);
    }
    close(ready[0]);
    zmqlog_relay_free(relay);
    relay = zmqlog_relay_new();
    assert_ok_or(zmqlog_relay_bind_subscribers(relay, endpoint),
                 zmqlog_relay_errmsg(relay));
    zmqlog_relay_free(relay);
    close(ready[1]);
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_int_equal(0, status);
}
