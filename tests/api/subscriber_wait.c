/* SPDX-License-Identifier: BSD-3-Clause */
/* What ends a recv: time, wakeups, signals; and the descriptor. */
#include "child.h"

#include "listening.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

TEST_LABELS(threads);

static int is_readable(int fd, int timeout_ms) {
    struct pollfd one = {fd, POLLIN, 0};
    int rc;

    do
        rc = poll(&one, 1, timeout_ms);
    while (rc < 0);
    return rc;
}

TEST_WITH(recv__without_time_is_eagain, setup_subscribed, teardown) {
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
}

TEST_WITH(recv__ends_with_the_time, setup_subscribed, teardown) {
    assert_status(zmqlog_subscriber_recv(subscriber, record, 1), ZMQLOG_ETIMEDOUT);
    assert_status(zmqlog_subscriber_recv(subscriber, record, 10), ZMQLOG_ETIMEDOUT);
}

TEST_WITH(recv__a_record_ends_it, setup_subscribed, teardown) {
    publisher_send(&p, "a.INFO", "one");
    assert_ok(zmqlog_subscriber_recv(subscriber, record, -1));
    assert_record(record, text, "one");
}

/* ---- wakeup ------------------------------------------------------------ */

TEST_WITH(wakeup__ends_the_next_recv_once, setup_subscribed, teardown) {
    publisher_send(&p, "a.INFO", "one");
    assert_ok(zmqlog_subscriber_wakeup(subscriber));
    assert_ok(zmqlog_subscriber_wakeup(subscriber));
    assert_status(zmqlog_subscriber_recv(subscriber, record, -1), ZMQLOG_EINTERRUPTED);
    assert_ok(zmqlog_subscriber_recv(subscriber, record, -1));
    assert_record(record, text, "one");
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
    assert_ok(zmqlog_subscriber_wakeup(subscriber));
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EINTERRUPTED);
}

static void *wake(void *argument) {
    (void)argument;
    zmqlog_subscriber_wakeup(subscriber);
    return NULL;
}

TEST_WITH(wakeup__ends_a_recv_of_another_thread, setup_subscribed, teardown) {
    pthread_t thread;
    int i;

    for (i = 0; i < 50; i++) {
        assert_int_equal(pthread_create(&thread, NULL, wake, NULL), 0);
        assert_status(zmqlog_subscriber_recv(subscriber, record, -1),
                      ZMQLOG_EINTERRUPTED);
        pthread_join(thread, NULL);
    }
}

static void wake_by_signal(int number) {
    (void)number;
    zmqlog_subscriber_wakeup(subscriber);
}

static pthread_t receiver;
static atomic_int is_over;

/* Again and again: ThreadSanitizer holds signals back until the next call that it
 * knows, and a sleeper makes none. */
static void *send_signals(void *argument) {
    (void)argument;
    while (!atomic_load(&is_over)) {
        pthread_kill(receiver, SIGUSR1);
        sched_yield();
    }
    return NULL;
}

static pthread_t start_signals(void (*handler)(int), struct sigaction *before) {
    struct sigaction action = {.sa_handler = handler};
    pthread_t thread;

    assert_int_equal(sigaction(SIGUSR1, &action, before), 0);
    receiver = pthread_self();
    atomic_store(&is_over, 0);
    assert_int_equal(pthread_create(&thread, NULL, send_signals, NULL), 0);
    return thread;
}

static void stop_signals(pthread_t thread, const struct sigaction *before) {
    atomic_store(&is_over, 1);
    pthread_join(thread, NULL);
    sigaction(SIGUSR1, before, NULL);
}

TEST_WITH(wakeup__works_in_a_signal_handler, setup_subscribed, teardown) {
    struct sigaction before;
    pthread_t thread = start_signals(wake_by_signal, &before);
    int i;

    for (i = 0; i < 50; i++)
        assert_status(zmqlog_subscriber_recv(subscriber, record, -1),
                      ZMQLOG_EINTERRUPTED);
    stop_signals(thread, &before);
}

static void ignore_signal(int number) {
    (void)number;
}

TEST_WITH(recv__signals_do_not_surface, setup_subscribed, teardown) {
    struct sigaction before;
    pthread_t thread = start_signals(ignore_signal, &before);

    assert_status(zmqlog_subscriber_recv(subscriber, record, 20), ZMQLOG_ETIMEDOUT);
    stop_signals(thread, &before);
}

/* The library's threads take no signals from the program's. */
TEST_WITH(pump__blocks_all_signals, setup_subscribed, teardown) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int others = 0;

    assert_non_null(tasks);
    while ((task = readdir(tasks))) {
        char path[320], line[128];
        unsigned long long blocked = 0;
        FILE *file;

        if (atoi(task->d_name) == 0 || atoi(task->d_name) == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        file = fopen(path, "r");
        if (!file)
            continue;
        while (fgets(line, sizeof line, file))
            if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
                break;
        fclose(file);
        others++;
        assert_true(blocked >> (SIGTERM - 1) & 1);
        assert_true(blocked >> (SIGUSR1 - 1) & 1);
        assert_true(blocked >> (SIGPROF - 1) & 1);
    }
    closedir(tasks);
    assert_true(others >= 3);
}

/* ---- the descriptor ---------------------------------------------------- */

/* After EAGAIN the descriptor is silent, but for one wake that was already under way.
 * */
static void drain_until_silent(int fd) {
    int tries;

    for (tries = 0; tries < 1000; tries++) {
        assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
        if (!is_readable(fd, 0))
            return;
    }
    fail_msg("the descriptor stays readable");
}

TEST_WITH(fd__is_readable_when_records_wait_after_eagain, setup_subscribed, teardown) {
    int fd = zmqlog_subscriber_fd(subscriber);
    int round;

    assert_true(fd >= 0);
    assert_int_equal(zmqlog_subscriber_fd(subscriber), fd);
    for (round = 0; round < 3; round++) {
        drain_until_silent(fd);
        publisher_send(&p, "a.INFO", "one");
        publisher_send(&p, "a.INFO", "two");
        assert_true(is_readable(fd, PATIENCE_MS));
        expect_record(subscriber, record, "a.INFO", "one");
        expect_record(subscriber, record, "a.INFO", "two");
    }
}

TEST_WITH(fd__may_be_polled_before_the_first_recv, setup_subscribed, teardown) {
    zmqlog_subscriber *other = zmqlog_subscriber_new();
    int fd = zmqlog_subscriber_fd(other);

    assert_false(is_readable(fd, 0));
    subscribed(other, &p, "b");
    publisher_send(&p, "b", "one");
    assert_true(is_readable(fd, PATIENCE_MS));
    assert_ok(zmqlog_subscriber_recv(other, record, 0));
    zmqlog_subscriber_free(other);
}

TEST_WITH(fd__is_readable_after_wakeup_and_close, setup_subscribed, teardown) {
    int fd = zmqlog_subscriber_fd(subscriber);

    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
    assert_ok(zmqlog_subscriber_wakeup(subscriber));
    assert_true(is_readable(fd, 0));
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EINTERRUPTED);
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_EAGAIN);
    assert_false(is_readable(fd, 0));
    assert_ok(zmqlog_subscriber_close(subscriber));
    assert_true(is_readable(fd, 0));
    assert_status(zmqlog_subscriber_recv(subscriber, record, 0), ZMQLOG_ECLOSED);
    assert_true(is_readable(fd, 0));
}

TEST_WITH(fd__opened_after_the_event_tells_it, setup_subscribed, teardown) {
    zmqlog_subscriber *other = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_wakeup(other));
    assert_true(is_readable(zmqlog_subscriber_fd(other), 0));
    zmqlog_subscriber_free(other);
    other = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_close(other));
    assert_true(is_readable(zmqlog_subscriber_fd(other), 0));
    zmqlog_subscriber_free(other);
}

#define STREAM 20000u

static void *publish_stream(void *argument) {
    unsigned i;

    (void)argument;
    for (i = 0; i < STREAM; i++)
        publisher_send_number(&p, "a.INFO", i);
    return NULL;
}

TEST_WITH(fd__draining_until_eagain_misses_nothing, setup_subscribed, teardown) {
    int fd = zmqlog_subscriber_fd(subscriber);
    unsigned next = 0;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, publish_stream, NULL), 0);
    while (next < STREAM) {
        zmqlog_status status = zmqlog_subscriber_recv(subscriber, record, 0);

        if (status == ZMQLOG_EAGAIN) {
            assert_true(is_readable(fd, PATIENCE_MS));
            continue;
        }
        assert_ok(status);
        assert_int_equal(atoi(zmqlog_record_text(record, NULL)), next++);
    }
    pthread_join(thread, NULL);
}

/* ---- fork -------------------------------------------------------------- */

static int use_inherited(void *unused) {
    int right = zmqlog_subscriber_recv(subscriber, record, 0) == ZMQLOG_EFORKED &&
                zmqlog_subscriber_connect(subscriber, p.endpoint) == ZMQLOG_EFORKED &&
                zmqlog_subscriber_subscribe(subscriber, "x") == ZMQLOG_EFORKED &&
                zmqlog_subscriber_wakeup(subscriber) == ZMQLOG_EFORKED &&
                zmqlog_subscriber_close(subscriber) == ZMQLOG_EFORKED &&
                zmqlog_subscriber_fd(subscriber) == ZMQLOG_EFORKED &&
                zmqlog_subscriber_errmsg(subscriber)[0] != '\0';
    (void)unused;
    zmqlog_subscriber_free(subscriber);
    return right ? 0 : 1;
}

TEST_WITH(fork__the_child_is_refused_and_the_parent_goes_on, setup_subscribed,
          teardown) {
    assert_int_equal(in_child(use_inherited, NULL), 0);
    publisher_send(&p, "a.INFO", "still here");
    expect_record(subscriber, record, "a.INFO", "still here");
}
