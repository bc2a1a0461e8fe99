/* SPDX-License-Identifier: BSD-3-Clause */
/* What the benchmark programs share: a clock, a reader in a process of its own,
 * and results as lines of JSON for `run`. */
#ifndef BENCH_H
#define BENCH_H

#include "zmqlog.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define TEXT_BYTES 60

static inline int64_t bench_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline const char *bench_text(void) {
    static char text[TEXT_BYTES + 1];
    memset(text, 'x', TEXT_BYTES);
    return text;
}

static inline void bench_result(const char *who, const char *what, double value,
                                const char *unit) {
    printf("{\"who\": \"%s\", \"what\": \"%s\", \"value\": %.6g, \"unit\": \"%s\"}\n",
           who, what, value, unit);
    fflush(stdout);
}

static inline void bench_check(int failed, const char *what) {
    if (!failed)
        return;
    fprintf(stderr, "bench: %s failed\n", what);
    exit(1);
}

/* A SUB that reads until `wanted` records came, none came for 3 s, or it has seen
 * "end"; at most `per_second` (0: as fast as it can). Its count comes by a pipe. */
typedef struct reader {
    pid_t pid;
    int pipe;
} reader;

static inline long bench_read(const char *endpoint, long wanted, long per_second) {
    void *context = zmq_ctx_new(), *sub = zmq_socket(context, ZMQ_SUB);
    int unlimited = 0, timeout = 3000;
    int limited = per_second > 0 ? 1000 : unlimited;
    char frame[512];
    long received = 0;
    int64_t start = 0;
    zmq_setsockopt(sub, ZMQ_RCVHWM, &limited, sizeof limited);
    zmq_setsockopt(sub, ZMQ_RCVTIMEO, &timeout, sizeof timeout);
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "app", 3);
    zmq_connect(sub, endpoint);
    while (received < wanted) {
        int len;
        if (zmq_recv(sub, frame, sizeof frame, 0) < 0)
            break;
        len = zmq_recv(sub, frame, sizeof frame, 0);
        if (len == 3 && memcmp(frame, "end", 3) == 0)
            break;
        received++;
        start = start ? start : bench_now();
        while (per_second && (bench_now() - start) < received * 1000000000 / per_second)
            usleep(500);
    }
    return received;
}

static inline reader bench_reader(const char *endpoint, long wanted, long per_second) {
    int ends[2];
    reader r;
    bench_check(pipe(ends), "pipe");
    r.pid = fork();
    if (r.pid == 0) {
        long received;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        received = bench_read(endpoint, wanted, per_second);
        _exit(write(ends[1], &received, sizeof received) != sizeof received);
    }
    close(ends[1]);
    r.pipe = ends[0];
    return r;
}

static inline long bench_received(reader *r) {
    long received = -1;
    if (read(r->pipe, &received, sizeof received) != sizeof received)
        received = -1;
    close(r->pipe);
    waitpid(r->pid, NULL, 0);
    return received;
}

static inline zmqlog_handler *bench_open(int policy, const char *style) {
    zmqlog_handler *handler = zmqlog_handler_new();
    bench_check(zmqlog_handler_set_root_topic(handler, "app"), "set_root_topic");
    bench_check(zmqlog_handler_set_overflow(handler, policy, -1), "set_overflow");
    bench_check(zmqlog_handler_set_style(handler, 0, style), "set_style");
    bench_check(zmqlog_handler_set_hold_ms(handler, 0), "set_hold_ms");
    /* So that SENT is all that can arrive. */
    bench_check(zmqlog_handler_set_drop_notice(handler, 0), "set_drop_notice");
    bench_check(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"), "bind");
    return handler;
}

/* Waits for that many peers that listen to app.INFO. */
static inline void bench_wait_peers(zmqlog_handler *handler, int peers) {
    bench_check(zmqlog_handler_wait_subscriber(handler, "app.INFO", 10000),
                "wait_subscriber");
    while (zmqlog_handler_count(handler, ZMQLOG_COUNT_PEERS) < peers)
        usleep(1000);
    usleep(50000); /* the last one's subscription, which only this call can tell */
}

/* The raw loop's publisher: nothing lost, the caller waits. */
typedef struct raw {
    void *context, *socket;
    char endpoint[128];
} raw;

static inline raw raw_open(void) {
    raw r = {zmq_ctx_new(), NULL, ""};
    int one = 1, hwm = 10000;
    size_t size = sizeof r.endpoint;
    r.socket = zmq_socket(r.context, ZMQ_XPUB);
    zmq_setsockopt(r.socket, ZMQ_XPUB_NODROP, &one, sizeof one);
    zmq_setsockopt(r.socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    bench_check(zmq_bind(r.socket, "tcp://127.0.0.1:*"), "zmq_bind");
    zmq_getsockopt(r.socket, ZMQ_LAST_ENDPOINT, r.endpoint, &size);
    return r;
}

static inline void raw_wait(raw *r) {
    char event[64];
    bench_check(zmq_recv(r->socket, event, sizeof event, 0) < 1, "zmq_recv");
}

static inline void raw_log(raw *r, const char *text) {
    zmq_send(r->socket, "app.INFO", 8, ZMQ_SNDMORE);
    zmq_send(r->socket, text, TEXT_BYTES, 0);
}

static inline void raw_close(raw *r) {
    zmq_close(r->socket);
    zmq_ctx_term(r->context);
}

#endif
