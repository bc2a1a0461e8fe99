/* SPDX-License-Identifier: BSD-3-Clause */
/* Forks at bad moments: while a handler closes, with no descriptors left, beside
 * sockets of the program's own; and grandchildren. */
#include "child.h"
#include "peer.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>

TEST_LABELS(untidy);

static zmqlog_handler *open_connected(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_connect(handler, "tcp://127.0.0.1:1"));
    return handler;
}

static int check_counts(void *argument) {
    zmqlog_handler *handler = argument;
    for (int which = ZMQLOG_COUNT_ACCEPTED; which <= ZMQLOG_COUNT_MALFORMED; which++)
        if (zmqlog_handler_count(handler, which) != 0)
            return which;
    return 0;
}

TEST(fork__all_counts_begin_anew_in_the_child) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "");
    log_text(handler, 20, "one");
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    log_text(handler, 20, "two");
    assert_int_equal(0, in_child(check_counts, handler));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

static void *close_slowly(void *handler) {
    zmqlog_handler_close(handler, 60000);
    return NULL;
}

static int use_closing(void *argument) {
    zmqlog_handler *handler = argument;
    if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_ECLOSED)
        return 1;
    if (zmqlog_handler_close(handler, 60000) != ZMQLOG_OK)
        return 2;
    zmqlog_handler_free(handler);
    return 0;
}

TEST(fork__a_closing_handler_is_closed_in_the_child) {
    zmqlog_handler *handler = zmqlog_handler_new();
    pthread_t closer;
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    log_text(handler, 20, "held");
    assert_int_equal(0, pthread_create(&closer, NULL, close_slowly, handler));
    while (zmqlog_handler_enabled(handler, 20))
        sched_yield();
    assert_int_equal(0, in_child(use_closing, handler));
    zmqlog_handler_close(handler, 0);
    pthread_join(closer, NULL);
    zmqlog_handler_free(handler);
}

static int is_descriptor(void *fd) {
    return fcntl((int)(intptr_t)fd, F_GETFD) < 0;
}

TEST(fork__datagram_sockets_of_the_same_number_stay_open) {
    zmqlog_handler *handler = open_handler("app");
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    address.sin_port =
        htons((uint16_t)atoi(strrchr(zmqlog_handler_endpoint(handler, 0), ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(0, bind(fd, (struct sockaddr *)&address, sizeof address));
    assert_int_equal(0, in_child(is_descriptor, (void *)(intptr_t)fd));
    close(fd);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

/* Takes all descriptors there are; returns how many. */
static int take_descriptors(int taken[256]) {
    struct rlimit few;
    int count = 0;
    assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &few));
    few.rlim_cur = 256;
    assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &few));
    while ((taken[count] = dup(0)) >= 0)
        count++;
    return count;
}

/* A child that has no free descriptor from its first moment on, and waits until its
 * parent is done with it. When this returns, the library's work in the child after the
 * fork is done. */
static pid_t exhausted_child(int *leash) {
    int ends[2], taken[256], count;
    struct rlimit before;
    pid_t child;
    char byte = 0;
    assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &before));
    count = take_descriptors(taken);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[1]);
        _exit(write(ends[0], &byte, 1) == 1 && read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    while (count > 0)
        close(taken[--count]);
    close(ends[0]);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(1, read(ends[1], &byte, 1));
    *leash = ends[1];
    return child;
}

TEST(fork__a_child_without_descriptors_holds_no_port_either) {
    zmqlog_handler *handler = open_handler("app"), *again = zmqlog_handler_new();
    char bound[256];
    int leash;
    pid_t child = exhausted_child(&leash);
    snprintf(bound, sizeof bound, "%s", zmqlog_handler_endpoint(handler, 0));
    zmqlog_handler_close(handler, 0);
    assert_ok_or(zmqlog_handler_bind(again, bound), zmqlog_handler_errmsg(again));
    close(leash);
    waitpid(child, NULL, 0);
    zmqlog_handler_close(again, 0);
    zmqlog_handler_free(again);
    zmqlog_handler_free(handler);
}

#define THREADS 8
/* Valgrind does not apply the limit of descriptors to eventfd. */
#define NO_LIMIT 77

static void *log_forked(void *argument) {
    zmqlog_handler *handler = argument;
    for (int i = 0; i < 200; i++)
        if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_EIO)
            return handler;
    return NULL;
}

static int reopen_without_descriptors(void *argument) {
    zmqlog_handler *handler = argument;
    struct rlimit none = {0, 0};
    pthread_t thread[THREADS];
    void *wrong;
    setrlimit(RLIMIT_NOFILE, &none);
    if (eventfd(0, EFD_CLOEXEC) >= 0)
        return NO_LIMIT;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, log_forked, handler);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], &wrong);
        if (wrong)
            return 1;
    }
    if (zmqlog_handler_forked(handler)) /* it may be better a second later */
        return 2;
    return zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_FORKED) == THREADS * 200
               ? 0
               : 3;
}

TEST(fork__reopening_that_fails_is_told_to_all_threads) {
    zmqlog_handler *handler = open_connected();
    int result = 0;
    for (int i = 0; i < 20 && result == 0; i++)
        result = in_child(reopen_without_descriptors, handler);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
    if (result == NO_LIMIT)
        skip();
    assert_int_equal(0, result);
}

static void *log_reopened(void *argument) {
    zmqlog_handler *handler = argument;
    for (int i = 0; i < 200; i++)
        if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_OK)
            return handler;
    return NULL;
}

static int reopen_from_threads(void *argument) {
    zmqlog_handler *handler = argument;
    pthread_t thread[THREADS];
    void *wrong;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread[i], NULL, log_reopened, handler);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], &wrong);
        if (wrong)
            return 1;
    }
    if (zmqlog_handler_close(handler, PATIENCE_MS) != ZMQLOG_OK)
        return 2;
    return zmqlog_handler_log(handler, 20, "x", 1) == ZMQLOG_ECLOSED ? 0 : 3;
}

TEST(fork__threads_of_the_child_reopen_once) {
    zmqlog_handler *handler = open_connected();
    for (int i = 0; i < 10; i++)
        assert_int_equal(0, in_child(reopen_from_threads, handler));
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

static int in_grandchild(void *handler) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        /* A longer time than in_child waits, because a child waits for its own child.
         * */
        alarm(CHILD_SECONDS + 2);
        _exit(reopen_from_threads(handler));
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status)
               ? WEXITSTATUS(status)
               : 99;
}

static int in_grandchild_of_reopened(void *handler) {
    if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_OK)
        return 98;
    return in_grandchild(handler);
}

/* As a daemon forks: twice. */
TEST(fork__grandchildren_reopen_too) {
    zmqlog_handler *handler = open_connected();
    assert_int_equal(0, in_child(in_grandchild, handler));
    assert_int_equal(0, in_child(in_grandchild_of_reopened, handler));
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

typedef struct guarded {
    zmqlog_handler *handler;
    zmqlog_auth *auth;
} guarded;

static int change_auth_after_close(void *argument) {
    guarded *g = argument;
    if (zmqlog_handler_log(g->handler, 20, "x", 1) != ZMQLOG_OK)
        return 1;
    if (zmqlog_auth_set_insecure(g->auth, 1) != ZMQLOG_ESTATE)
        return 2;
    if (zmqlog_handler_close(g->handler, PATIENCE_MS) != ZMQLOG_OK)
        return 3;
    return zmqlog_auth_set_insecure(g->auth, 1) == ZMQLOG_OK ? 0 : 4;
}

TEST(fork__a_reopened_handler_gives_its_auth_back) {
    guarded g = {zmqlog_handler_new(), zmqlog_auth_new()};
    assert_ok(zmqlog_handler_set_auth(g.handler, g.auth));
    assert_ok(zmqlog_handler_set_hold_ms(g.handler, 0));
    assert_ok(zmqlog_handler_connect(g.handler, "tcp://127.0.0.1:1"));
    assert_int_equal(0, in_child(change_auth_after_close, &g));
    zmqlog_handler_close(g.handler, 0);
    zmqlog_handler_free(g.handler);
    zmqlog_auth_free(g.auth);
}

static volatile int going;

static void *log_on(void *handler) {
    while (going)
        zmqlog_handler_log(handler, 20, "x", 1);
    return NULL;
}

static void *change_on(void *handler) {
    for (int i = 0; going; i++) {
        zmqlog_handler_set_style(handler, 0, i % 2 ? "json" : "plain");
        zmqlog_handler_set_root_topic(handler, i % 2 ? "odd" : "even");
        zmqlog_handler_set_level(handler, 99);
    }
    return NULL;
}

static int child_changes(void *handler) {
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_auth_free(auth);
    if (zmqlog_handler_set_level(handler, 99) != ZMQLOG_EINVAL)
        return 1;
    if (!strstr(zmqlog_handler_errmsg(handler), "set_level: level is 99"))
        return 2;
    return zmqlog_handler_set_root_topic(handler, "child") != ZMQLOG_OK;
}

/* The alarm ends a child that waits for a lock. */
static int child_changes_in_time(void *handler) {
    alarm(PATIENCE_MS / 1000);
    return child_changes(handler);
}

TEST(fork__while_others_change_a_handler_that_is_not_open) {
    zmqlog_handler *handler;
    pthread_t thread;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#endif
    handler = zmqlog_handler_new();
    going = 1;
    pthread_create(&thread, NULL, change_on, handler);
    for (int i = 0; i < 200; i++)
        assert_int_equal(0, in_child(child_changes_in_time, handler));
    going = 0;
    pthread_join(thread, NULL);
    zmqlog_handler_free(handler);
}

static int child_logs(void *handler) {
    if (zmqlog_handler_log(handler, 20, "child", 5) != ZMQLOG_OK)
        return 1;
    if (zmqlog_handler_set_style(handler, 0, "pyzmq") != ZMQLOG_OK)
        return 2;
    return zmqlog_handler_close(handler, PATIENCE_MS) == ZMQLOG_OK ? 0 : 3;
}

TEST(fork__while_others_log_and_change_everything) {
    zmqlog_handler *handler;
    pthread_t thread[2];
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* a sanitizer's allocator can be locked in the child; glibc's never is */
#endif
    handler = open_connected();
    going = 1;
    pthread_create(&thread[0], NULL, log_on, handler);
    pthread_create(&thread[1], NULL, change_on, handler);
    for (int i = 0; i < 50; i++)
        assert_int_equal(0, in_child(child_logs, handler));
    going = 0;
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}
