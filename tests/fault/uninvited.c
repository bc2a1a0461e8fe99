/* SPDX-License-Identifier: BSD-3-Clause */
/* Strangers of every kind at a handler with one listener: while they are there and
 * after they have gone, its counters, its gate and what it delivers are what they were.
 */
#include "support.h"
#include "await.h"
#include "peer.h"
#include "stage.h"
#include "strangers.h"

#include <poll.h>

TEST_LABELS(sanitized);

static void visit_all(zmqlog_handler *handler, peer *p) {
    int round = 0;
    for (size_t i = 0; i < STRANGERS; i++) {
        int fd = stranger_connect(zmqlog_handler_endpoint(handler, 0));
        kinds[i].visit(fd);
        check(handler, p, kinds[i].name, ++round);
        close(fd);
        check(handler, p, kinds[i].name, ++round);
    }
}

static void check_strangers(int is_ipc, int has_keys) {
    stage s;
    open_stage(&s, is_ipc, has_keys);
    visit_all(s.handler, &s.p);
    close_stage(&s);
}

TEST(strangers__change_nothing_over_tcp) {
    check_strangers(0, 0);
}

TEST(strangers__change_nothing_over_ipc) {
    check_strangers(1, 0);
}

TEST(strangers__change_nothing_where_keys_are_needed) {
    check_strangers(0, 1);
}

/* One subscriber reads nothing, beside one that reads each record. */
TEST(strangers__cost_a_healthy_listener_beside_a_slow_one_nothing) {
    static char text[1000];
    peer_frames frames;
    stage s;
    int slow, small = 4096;
    int64_t logged, after = 0;
    open_stage(&s, 0, 0);
    visit_all(s.handler, &s.p);
    logged = count(s.handler, ZMQLOG_COUNT_SENT);
    slow = raw_sub(zmqlog_handler_endpoint(s.handler, 0));
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    raw_frame(slow, 0, "\1app", 4);
    wait_count(s.handler, ZMQLOG_COUNT_PEERS, 2);
    for (; after < 1000; logged++) {
        assert_ok(zmqlog_handler_log(s.handler, 20, text, sizeof text));
        do
            peer_receive(&s.p, &frames);
        while (strcmp(frames.topic, "app.INFO") != 0);
        after += count(s.handler, ZMQLOG_COUNT_SLOW_EPISODES) > 0;
        assert_true(logged < 400000);
    }
    assert_ok(zmqlog_handler_flush(s.handler, PATIENCE_MS));
    assert_int_equal(count(s.handler, ZMQLOG_COUNT_SENT), logged);
    close(slow);
    close_stage(&s);
}

/* ---- listeners that send what no listener needs --------------------------- */

/* Sends until the other side ends the connection; not faster than a fast network. */
static void send_until_cut(int fd, const char *data, size_t len) {
    size_t sent = 0;
    while (send(fd, data, len, MSG_NOSIGNAL) > 0) {
        poll(NULL, 0, 1);
        sent += len;
        assert_true(sent < (size_t)4 << 30);
    }
}

TEST(flood__of_frames_that_never_end_is_cut) {
    static char frames[250 * 257];
    stage s;
    int fd;
    open_stage(&s, 0, 0);
    fd = raw_sub(zmqlog_handler_endpoint(s.handler, 0));
    for (int i = 0; i < 250; i++)
        memcpy(frames + i * 257, "\1\xff", 2);
    send_until_cut(fd, frames, sizeof frames);
    close(fd);
    check(s.handler, &s.p, "frames that never end", 1);
    assert_int_equal(count(s.handler, ZMQLOG_COUNT_MALFORMED), 0);
    close_stage(&s);
}

TEST(flood__of_user_frames_is_cut) {
    static char frames[60 * 1003];
    stage s;
    int fd;
    open_stage(&s, 1, 0);
    fd = raw_sub(zmqlog_handler_endpoint(s.handler, 0));
    for (int i = 0; i < 60; i++)
        memcpy(frames + i * 1003, "\2\0\0\0\0\0\0\3\xe8", 9);
    send_until_cut(fd, frames, sizeof frames);
    close(fd);
    check(s.handler, &s.p, "user frames", 1);
    close_stage(&s);
}

TEST(foreign__prefixes_in_thousands_open_nothing) {
    char prefix[16] = "\1";
    stage s;
    int fd;
    open_stage(&s, 0, 0);
    fd = raw_sub(zmqlog_handler_endpoint(s.handler, 0));
    for (int i = 0; i < 4300; i++) {
        snprintf(prefix + 1, sizeof prefix - 1, "foreign%d", i);
        raw_frame(fd, 0, prefix, strlen(prefix));
    }
    wait_count(s.handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 4302);
    assert_status(zmqlog_handler_wait_subscriber(s.handler, "app.DEBUG", 0),
                  ZMQLOG_ETIMEDOUT);
    assert_int_equal(zmqlog_handler_enabled(s.handler, ZMQLOG_LEVEL_DEBUG), 0);
    for (int i = 0; i < 1000; i++)
        assert_ok(
            zmqlog_handler_log_topic(s.handler, ZMQLOG_LEVEL_WARN, "x", 1, "x", 1));
    assert_ok(zmqlog_handler_flush(s.handler, PATIENCE_MS));
    assert_int_equal(count(s.handler, ZMQLOG_COUNT_SENT), 0);
    assert_int_equal(count(s.handler, ZMQLOG_COUNT_UNHEARD), 1000);
    close(fd);
    wait_count(s.handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 2);
    wait_count(s.handler, ZMQLOG_COUNT_PEERS, 1);
    close_stage(&s);
}

/* ---- a wire that flips a bit ---------------------------------------------- */

typedef struct wire {
    int listening, near, far;
    size_t passed, flip_at;
    char endpoint[40];
} wire;

static void open_wire(wire *w, size_t flip_at) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    w->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(w->listening, (struct sockaddr *)&address, size));
    assert_int_equal(0, listen(w->listening, 1));
    getsockname(w->listening, (struct sockaddr *)&address, &size);
    snprintf(w->endpoint, sizeof w->endpoint, "tcp://127.0.0.1:%d",
             ntohs(address.sin_port));
    w->passed = 0;
    w->flip_at = flip_at;
}

/* 0 when that side has ended. */
static int pass(wire *w, int from, int to) {
    char some[4096];
    ssize_t len = recv(from, some, sizeof some, 0);
    if (len <= 0)
        return 0;
    if (from == w->near) {
        if (w->flip_at >= w->passed && w->flip_at < w->passed + (size_t)len)
            some[w->flip_at - w->passed] ^= 4;
        w->passed += (size_t)len;
    }
    say(to, some, (size_t)len);
    return 1;
}

/* Until a side ends or both are silent. */
static void run_wire(wire *w) {
    for (;;) {
        struct pollfd ends[2] = {{w->near, POLLIN, 0}, {w->far, POLLIN, 0}};
        if (poll(ends, 2, 30) <= 0)
            return;
        if (ends[0].revents && !pass(w, w->near, w->far))
            return;
        if (ends[1].revents && !pass(w, w->far, w->near))
            return;
    }
}

static void visit_over_wire(stage *s, size_t flip_at) {
    int never = -1;
    wire w;
    peer guest = peer_new();
    open_wire(&w, flip_at);
    carry_keys(s, guest.socket);
    zmq_setsockopt(guest.socket, ZMQ_RECONNECT_IVL, &never, sizeof never);
    peer_subscribe(&guest, "guest");
    assert_int_equal(0, zmq_connect(guest.socket, w.endpoint));
    w.near = accept(w.listening, NULL, NULL);
    w.far = raw_connect(zmqlog_handler_endpoint(s->handler, 0));
    run_wire(&w);
    close(w.near);
    close(w.far);
    close(w.listening);
    peer_close(&guest);
}

/* The greeting has 64 bytes, HELLO 202, INITIATE 300 or so; then come messages. */
TEST(flipped__bits_of_an_encrypted_session_leave_no_peer) {
    stage s;
    open_stage(&s, 0, 1);
    for (size_t at = 0; at < 700; at += 23) {
        visit_over_wire(&s, at);
        wait_count(s.handler, ZMQLOG_COUNT_PEERS, 1);
        wait_count(s.handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 2);
    }
    log_text(s.handler, ZMQLOG_LEVEL_INFO, "still heard");
    peer_expect(&s.p, "app.INFO", "still heard");
    close_stage(&s);
}
