/* SPDX-License-Identifier: BSD-3-Clause */
/* One listener that pauses once, or reads steadily at some rate, against a publisher
 * flat out: does everything that SENT counts arrive, and is all else in a counter?
 *
 *     pauses POLICY TRANSPORT SEND_HWM PAUSE_MS RECORDS_A_SECOND SECONDS COMMAND...
 *     pauses listen ENDPOINT
 *
 * POLICY is block, block200, newest or oldest; RECORDS_A_SECOND 0 is as fast as it can.
 * COMMAND is the listener: it gets the endpoint as its last argument, and prints a line
 * a record. It is paused by not reading its lines. The second form is such a command.
 */
#include "zmqlog.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

/* After that long without a line there is none any more. */
#define QUIET_MS 3000

static zmqlog_handler *handler;
static _Atomic int stopped;
static int64_t answered_ok;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A SUB of plain libzmq. */
static int listen_plainly(const char *endpoint) {
    void *sub = zmq_socket(zmq_ctx_new(), ZMQ_SUB);
    char frame[300];
    setvbuf(stdout, NULL, _IOLBF, 4096);
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0);
    if (zmq_connect(sub, endpoint) != 0)
        return 1;
    for (;;) {
        int len;
        zmq_recv(sub, frame, sizeof frame, 0);
        len = zmq_recv(sub, frame, sizeof frame, 0);
        if (len < 0 || printf("%.*s\n", len, frame) < 0)
            return 1;
    }
}

static void set_policy(const char *policy) {
    int block = strncmp(policy, "block", 5) == 0;
    int overflow = block                           ? ZMQLOG_OVERFLOW_BLOCK
                   : strcmp(policy, "oldest") == 0 ? ZMQLOG_OVERFLOW_DROP_OLDEST
                                                   : ZMQLOG_OVERFLOW_DROP_NEWEST;
    zmqlog_handler_set_overflow(handler, overflow,
                                strcmp(policy, "block200") == 0 ? 200 : -1);
}

static void open_handler(char **argv) {
    char path[108] = "tcp://127.0.0.1:*";
    if (strcmp(argv[2], "ipc") == 0)
        snprintf(path, sizeof path, "ipc:///tmp/zmqlog-pauses.%d", (int)getpid());
    handler = zmqlog_handler_new();
    set_policy(argv[1]);
    zmqlog_handler_set_send_hwm(handler, atoi(argv[3]));
    zmqlog_handler_set_hold_ms(handler, 0);
    zmqlog_handler_set_drop_notice(handler, 0);
    if (zmqlog_handler_bind(handler, path) != ZMQLOG_OK) {
        fprintf(stderr, "pauses: %s\n", zmqlog_handler_errmsg(handler));
        exit(2);
    }
}

/* Starts the listener; where its lines come from. */
static int start_listener(char **command, int count, pid_t *pid) {
    int ends[2];
    char **args = calloc((size_t)count + 2, sizeof *args);
    if (!args || pipe(ends) != 0)
        exit(2);
    memcpy(args, command, (size_t)count * sizeof *args);
    args[count] = strdup(zmqlog_handler_endpoint(handler, 0));
    *pid = fork();
    if (*pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execvp(args[0], args);
        _exit(127);
    }
    close(ends[1]);
    return ends[0];
}

static void *publish(void *unused) {
    char text[64];
    for (int64_t i = 0; !atomic_load(&stopped); i++) {
        int len = snprintf(text, sizeof text, "%lld", (long long)i);
        answered_ok += zmqlog_handler_log(handler, 20, text, (size_t)len) == ZMQLOG_OK;
    }
    return unused;
}

static int64_t count(int which) {
    return zmqlog_handler_count(handler, which);
}

static void *finish(void *unused) {
    zmqlog_handler_flush(handler, -1);
    return unused;
}

static char lines[65536];
static size_t line_end, line_at;

/* Whether there is one within the time; takes it. */
static int take_line(int fd, int timeout_ms) {
    struct pollfd end = {fd, POLLIN, 0};
    for (;;) {
        char *newline = memchr(lines + line_at, '\n', line_end - line_at);
        ssize_t len;
        if (newline) {
            line_at = (size_t)(newline - lines) + 1;
            return 1;
        }
        line_at = line_end = 0; /* what a line begins with need not be kept */
        if (poll(&end, 1, timeout_ms) != 1 ||
            (len = read(fd, lines, sizeof lines)) <= 0)
            return 0;
        line_end = (size_t)len;
    }
}

/* At the rate, with one pause after a second, for so many seconds. */
static int64_t read_lines(int fd, int pause_ms, int rate, double seconds) {
    double start = now();
    int64_t got = 0;
    while (now() - start < seconds) {
        got += take_line(fd, 100);
        if (pause_ms && now() - start > 1) {
            poll(NULL, 0, pause_ms);
            pause_ms = 0;
        }
        if (rate && got % 20 == 0)
            poll(NULL, 0, 20000 / rate);
    }
    return got;
}

static int report(char **argv, int64_t got) {
    int64_t dropped = count(ZMQLOG_COUNT_DROPPED_QUEUE) +
                      count(ZMQLOG_COUNT_DROPPED_OLDEST) +
                      count(ZMQLOG_COUNT_DROPPED_TIMEOUT);
    int64_t sent = count(ZMQLOG_COUNT_SENT), accepted = count(ZMQLOG_COUNT_ACCEPTED);
    int64_t unheard = count(ZMQLOG_COUNT_UNHEARD);
    int is_right = got == sent && accepted == sent + dropped + unheard;
    if (strcmp(argv[1], "block") == 0)
        is_right = is_right && answered_ok == got;
    printf("%-5s %-8s %-3s hwm %-5s pause %5s ms, %5s/s: accepted %lld, sent %lld, "
           "arrived %lld, dropped %lld, unheard %lld, slow %lld\n",
           is_right ? "ok" : "WRONG", argv[1], argv[2], argv[3], argv[4], argv[5],
           (long long)accepted, (long long)sent, (long long)got, (long long)dropped,
           (long long)unheard, (long long)count(ZMQLOG_COUNT_SLOW_EPISODES));
    return is_right ? 0 : 1;
}

int main(int argc, char **argv) {
    pthread_t publisher, flusher;
    int64_t got;
    pid_t pid;
    int fd, rc;
    if (argc == 3 && strcmp(argv[1], "listen") == 0)
        return listen_plainly(argv[2]);
    if (argc < 8)
        return 2;
    open_handler(argv);
    fd = start_listener(argv + 7, argc - 7, &pid);
    if (zmqlog_handler_wait_subscriber(handler, NULL, 10000) != ZMQLOG_OK)
        return 2;
    pthread_create(&publisher, NULL, publish, NULL);
    got = read_lines(fd, atoi(argv[4]), atoi(argv[5]), atof(argv[6]));
    atomic_store(&stopped, 1);
    pthread_create(&flusher, NULL, finish, NULL);
    while (take_line(fd, QUIET_MS))
        got++;
    pthread_join(publisher, NULL);
    pthread_join(flusher, NULL);
    rc = report(argv, got);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    zmqlog_handler_close(handler, 0);
    return rc;
}
