/* SPDX-License-Identifier: BSD-3-Clause */
/* Strangers at a bound handler: noise, silence, floods and giants. They get nothing,
 * they go away, and the handler's listeners notice nothing of them. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <time.h>

TEST_LABELS(sanitized);

#define NOISES 3000
#define FLOOD 100000

static zmqlog_handler *open_strict(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

static void assert_still_works(zmqlog_handler *handler, peer *p, int round) {
    char text[32];
    int len = snprintf(text, sizeof text, "%d", round);
    peer_frames frames;
    assert_ok(zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, (size_t)len));
    peer_receive(p, &frames);
    assert_string_equal("app.INFO", frames.topic);
    assert_string_equal(text, frames.body);
}

static unsigned dice = 1;

static unsigned roll(void) {
    dice = dice * 1103515245u + 12345u;
    return dice >> 8;
}

/* A third begin like ZMTP, since pure noise does not get far. */
static size_t make_noise(char *noise, size_t size) {
    static const char greeting[] = "\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL";
    static const char ready[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3SUB";
    size_t len = 1 + roll() % (size - 1), at = 0;
    for (size_t i = 0; i < len; i++)
        noise[i] = (char)roll();
    if (len < 64 || roll() % 3 == 0)
        return len;
    memset(noise, 0, 64);
    memcpy(noise, greeting, sizeof greeting - 1);
    at = 64;
    if (len > at + sizeof ready && roll() % 2 == 0)
        memcpy(noise + at, ready, sizeof ready - 1);
    return len;
}

TEST(noise__from_thousands_of_connections_is_survived) {
    zmqlog_handler *handler = open_strict();
    peer p = peer_listening(handler, "app");
    char noise[600];
    for (int i = 0; i < NOISES; i++) {
        int fd = raw_connect(zmqlog_handler_endpoint(handler, 0));
        size_t len = make_noise(noise, sizeof noise);
        (void)!send(fd, noise, len, MSG_NOSIGNAL);
        if (i % 10 == 0)
            assert_still_works(handler, &p, i);
        close(fd);
    }
    assert_still_works(handler, &p, NOISES);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED),
                     zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* A peer that says nothing, or too little, is sent away: the handshake may take 5 s. */
TEST(silence__ends_with_the_handshake) {
    zmqlog_handler *handler = open_strict();
    int silent = raw_connect(zmqlog_handler_endpoint(handler, 0));
    int loris = raw_connect(zmqlog_handler_endpoint(handler, 0));
    struct timespec begin, now;
    int open_ends = 2;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int sent = 0; open_ends > 0; sent++) {
        struct pollfd ends[2] = {{silent, POLLRDHUP, 0}, {loris, POLLRDHUP, 0}};
        (void)!send(loris, sent ? "\0" : "\xff", 1, MSG_NOSIGNAL);
        poll(ends, 2, 100);
        open_ends = !(ends[0].revents) + !(ends[1].revents);
        clock_gettime(CLOCK_MONOTONIC, &now);
        assert_in_range(now.tv_sec - begin.tv_sec, 0, PATIENCE_MS / 1000);
        if (!ends[0].revents || !ends[1].revents)
            poll(NULL, 0, 100);
    }
    close(silent);
    close(loris);
    zmqlog_handler_free(handler);
}

/* A web client, whose "G" could be the length of an old protocol's first frame; its
 * request is longer than that. And peers of that protocol, which asks for nothing and
 * receives everything. */
TEST(old_protocols__receive_no_record) {
    static const char web[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1:5556\r\n"
                              "User-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n";
    static const char *const hellos[] = {web, "\x01\x00",
                                         "\xff\0\0\0\0\0\0\0\1\x7f\1\2\0\0"};
    static const size_t lens[] = {sizeof web - 1, 2, 14};
    zmqlog_handler *handler = open_strict();
    peer p = peer_listening(handler, "app");
    for (size_t i = 0; i < 3; i++) {
        int fd = raw_connect(zmqlog_handler_endpoint(handler, 0));
        char got[256];
        ssize_t len;
        (void)!send(fd, hellos[i], lens[i], MSG_NOSIGNAL);
        for (int j = 0; j < 50; j++)
            assert_still_works(handler, &p, j);
        shutdown(fd, SHUT_WR);
        while ((len = recv(fd, got, sizeof got, 0)) > 0)
            assert_null(memmem(got, (size_t)len, "INFO", 4));
        close(fd);
    }
    assert_true(sizeof web > 'G');
    assert_int_equal(zmqlog_handler_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS), 1);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* Many different prefixes of 16 bytes, in no order. */
static void *subscribe_on(void *argument) {
    int fd = (int)(intptr_t)argument;
    char frames[100 * 19];
    for (uint32_t i = 0; i < FLOOD; i += 100) {
        for (uint32_t j = 0; j < 100; j++) {
            char *frame = frames + j * 19;
            uint32_t mixed = (i + j) * 2654435761u;
            memcpy(frame, "\0\x11\1................", 19);
            memcpy(frame + 3, &mixed, sizeof mixed);
        }
        if (send(fd, frames, sizeof frames, MSG_NOSIGNAL) != sizeof frames)
            break;
    }
    return NULL;
}

TEST(flood__of_subscriptions_leaves_no_trace) {
    zmqlog_handler *handler = open_strict();
    peer p = peer_listening(handler, "app.INFO");
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    pthread_t thread;
    assert_int_equal(0,
                     pthread_create(&thread, NULL, subscribe_on, (void *)(intptr_t)fd));
    for (int i = 0; i < 1000; i++)
        assert_still_works(handler, &p, i);
    pthread_join(thread, NULL);
    wait_count(handler, ZMQLOG_COUNT_PEER_LOST, 1); /* cut, without our doing */
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    wait_count(handler, ZMQLOG_COUNT_PEERS, 1);
    wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 0);
    close(fd);
    assert_still_works(handler, &p, 1);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* libzmq 4.3.4 mishandles prefixes of 246 to 255 bytes. Whatever happens to that
 * connection, the others are not affected. */
TEST(prefixes__of_odd_lengths_concern_nobody_else) {
    zmqlog_handler *handler = open_strict();
    peer p = peer_listening(handler, "app.INFO");
    char prefix[256];
    memset(prefix, 'p', sizeof prefix);
    for (size_t len = 240; len < 256; len++) {
        peer odd = peer_new();
        assert_int_equal(0, zmq_setsockopt(odd.socket, ZMQ_SUBSCRIBE, prefix, len));
        peer_subscribe(&odd, "odd");
        peer_connect(&odd, handler);
        assert_still_works(handler, &p, (int)len);
        peer_close(&odd);
    }
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    assert_still_works(handler, &p, 0);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* A subscription of 5 MB: the connection ends before it is read. */
TEST(giant__ends_its_own_connection_only) {
    static char some[65536];
    zmqlog_handler *handler = open_strict();
    peer p = peer_listening(handler, "app.INFO");
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    unsigned char head[10] = {2, 0, 0, 0, 0, 0, 0x50, 0, 0, 1};
    struct pollfd ended = {fd, POLLRDHUP, 0};
    (void)!send(fd, head, sizeof head, MSG_NOSIGNAL);
    memset(some, 'g', sizeof some);
    for (int i = 0; i < 80; i++) {
        if (send(fd, some, sizeof some, MSG_NOSIGNAL) < 0)
            break;
        assert_still_works(handler, &p, i);
    }
    assert_int_equal(1, poll(&ended, 1, PATIENCE_MS));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS));
    assert_still_works(handler, &p, 0);
    close(fd);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* Refused, and gone before it has read the refusal: it was never a peer. */
TEST(refused__peers_are_not_counted_whatever_they_do) {
    static const char greeting[64] = {(char)0xff, 0,    0, 0, 0,   0,   0,   0,
                                      1,          0x7f, 3, 0, 'N', 'U', 'L', 'L'};
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_handler *handler = zmqlog_handler_new();
    char theirs[64];
    int last;
    peer p;
    assert_ok(zmqlog_auth_allow_address(auth, "192.0.2.1"));
    assert_ok(zmqlog_handler_set_auth(handler, auth));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    for (int i = 0; i < 20; i++) {
        int fd = raw_connect(zmqlog_handler_endpoint(handler, 0));
        raw_write(fd, greeting, sizeof greeting);
        raw_read(fd, theirs, sizeof theirs);
        if (i % 2)
            (void)!recv(fd, theirs, sizeof theirs, 0); /* told, or cut off */
        close(fd);
    }
    /* It stays until the handler answers; by then the handler has read everything that
     * came before. */
    last = raw_connect(zmqlog_handler_endpoint(handler, 0));
    raw_write(last, greeting, sizeof greeting);
    assert_true(recv(last, theirs, sizeof theirs, 0) > 0);
    close(last);
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.1"));
    for (int i = 0; i < 3; i++) {
        p = peer_listening(handler, "INFO");
        wait_count(handler, ZMQLOG_COUNT_PEERS, 1);
        peer_close(&p);
        wait_count(handler, ZMQLOG_COUNT_PEERS, 0);
    }
    zmqlog_handler_free(handler);
    zmqlog_auth_free(auth);
}
