/* SPDX-License-Identifier: BSD-3-Clause */
/* Descriptors and forks: a child's descriptors belong to its program, even after the
 * program closed all of them, and a child that is forked at any moment keeps no port.
 * */
#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#define FILES 24

TEST_LABELS(untidy);

/* What a program might open where the library's descriptors were. */
typedef struct program_files {
    int fds[FILES];
} program_files;

static int open_files(program_files *files) {
    for (int i = 0; i < FILES; i++) {
        char path[] = "/tmp/zmqlog-fork-XXXXXX";
        files->fds[i] = i % 3 == 0 ? eventfd(0, EFD_NONBLOCK) : mkstemp(path);
        if (i % 3 != 0)
            unlink(path);
        if (files->fds[i] < 0)
            return -1;
    }
    return 0;
}

/* Whether the file holds what is written now and nothing else; empties it again. */
static int is_untouched(int fd) {
    uint64_t one = 7, found = 0;
    struct stat info;
    if (write(fd, &one, sizeof one) != sizeof one || fstat(fd, &info) != 0)
        return 0;
    if (!S_ISREG(info.st_mode)) /* an eventfd */
        return read(fd, &found, sizeof found) == sizeof found && found == one;
    return info.st_size == sizeof one &&
           pread(fd, &found, sizeof found, 0) == sizeof found && found == one &&
           ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0;
}

static int are_untouched(const program_files *files) {
    for (int i = 0; i < FILES; i++)
        if (!is_untouched(files->fds[i]))
            return 0;
    return 1;
}

typedef struct opened {
    zmqlog_subscriber *collector, *subscriber;
    zmqlog_handler *connected, *bound;
} opened;

/* All calls of the child that use a descriptor. */
static int use_all(const opened *o) {
    zmqlog_record *record = zmqlog_record_new();
    if (zmqlog_handler_log(o->connected, 20, "child", 5) != ZMQLOG_OK)
        return 1;
    if (zmqlog_handler_log(o->bound, 20, "child", 5) != ZMQLOG_EFORKED)
        return 2;
    zmqlog_handler_set_style(o->bound, 0, "json");
    zmqlog_handler_set_level(o->bound, 10);
    zmqlog_handler_wakeup(o->bound);
    if (zmqlog_subscriber_recv(o->subscriber, record, 0) != ZMQLOG_EFORKED)
        return 3;
    zmqlog_subscriber_wakeup(o->subscriber);
    zmqlog_subscriber_close(o->subscriber);
    zmqlog_subscriber_free(o->subscriber);
    zmqlog_handler_free(o->bound);
    if (zmqlog_handler_close(o->connected, PATIENCE_MS) != ZMQLOG_OK)
        return 4;
    zmqlog_record_free(record);
    return 0;
}

static zmqlog_subscriber *open_collector(void) {
    zmqlog_subscriber *collector = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_subscribe(collector, ""));
    assert_ok(zmqlog_subscriber_bind(collector, "tcp://127.0.0.1:*"));
    return collector;
}

/* All but one: a collector is there. */
static void open_all(opened *o) {
    o->connected = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(o->connected, PATIENCE_MS));
    assert_ok(zmqlog_handler_connect(o->connected,
                                     zmqlog_subscriber_endpoint(o->collector, 0)));
    o->bound = open_handler("app");
    o->subscriber = open_subscriber(o->bound);
    assert_true(zmqlog_subscriber_fd(o->subscriber) >= 0);
}

static void close_all(opened *o) {
    zmqlog_handler_close(o->connected, PATIENCE_MS);
    zmqlog_handler_free(o->connected);
    zmqlog_handler_free(o->bound);
    zmqlog_subscriber_free(o->subscriber);
}

static int open_and_use(const opened *o) {
    program_files files;
    int failed;
    if (open_files(&files) != 0)
        return 10;
    failed = use_all(o);
    return failed ? failed : are_untouched(&files) ? 0 : 11;
}

static int close_open_and_use(void *argument) {
    closefrom(3);
    return open_and_use(argument);
}

static int only_open_and_use(void *argument) {
    return open_and_use(argument);
}

static void check_child(int (*body)(void *)) {
    zmqlog_record *record = zmqlog_record_new();
    opened o = {.collector = open_collector()};
    open_all(&o);
    assert_int_equal(0, in_child(body, &o));
    receive(o.collector, record);
    assert_record(record, text, "child");
    log_text(o.bound, 20, "parent goes on");
    receive(o.subscriber, record);
    assert_record(record, text, "parent goes on");
    zmqlog_record_free(record);
    close_all(&o);
    zmqlog_subscriber_free(o.collector);
}

TEST(fork__a_child_has_the_numbers_of_what_it_closed_to_itself) {
    check_child(close_open_and_use);
}

TEST(fork__a_child_has_the_numbers_of_what_the_fork_closed_to_itself) {
    check_child(only_open_and_use);
}

/* A daemon of the old school: opens its log, closes all but 0 to 2, opens its files and
 * forks. Its verdict goes to descriptor 1. */
static void daemonize(zmqlog_subscriber *collector) {
    zmqlog_handler *handler = zmqlog_handler_new();
    program_files files;
    char verdict = 0;
    zmqlog_handler_connect(handler, zmqlog_subscriber_endpoint(collector, 0));
    zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS);
    poll(NULL, 0, 50); /* libzmq's threads go to sleep */
    closefrom(3);
    if (open_files(&files) != 0 || fork() != 0)
        _exit(0);
    alarm(CHILD_SECONDS);
    verdict |= are_untouched(&files) ? 0 : 1;
    verdict |= zmqlog_handler_log(handler, 20, "child", 5) == ZMQLOG_OK ? 0 : 2;
    verdict |= zmqlog_handler_close(handler, PATIENCE_MS) == ZMQLOG_OK ? 0 : 4;
    verdict |= are_untouched(&files) ? 0 : 8;
    _exit(write(1, &verdict, 1) == 1 ? 0 : 1);
}

/* The verdict. -1: there is none, because the daemon's parent ended before it forked:
 * libzmq ends a process that closes its descriptors. */
static int run_daemon(zmqlog_subscriber *collector) {
    int ends[2];
    char verdict = 0;
    pid_t child;
    assert_int_equal(0, pipe(ends));
    child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        daemonize(collector);
    }
    close(ends[1]);
    waitpid(child, NULL, 0);
    if (read(ends[0], &verdict, 1) != 1)
        verdict = -1;
    close(ends[0]);
    return verdict;
}

TEST(fork__a_child_keeps_what_was_opened_under_closed_numbers_before) {
    zmqlog_subscriber *collector = open_collector();
    zmqlog_record *record = zmqlog_record_new();
    int verdict = -1;
    for (int i = 0; i < 10 && verdict < 0; i++)
        verdict = run_daemon(collector);
    assert_int_equal(0, verdict);
    receive(collector, record);
    assert_record(record, text, "child");
    zmqlog_record_free(record);
    zmqlog_subscriber_free(collector);
}

/* ---- forks at any moment ---- */

#define OPENS 25
#define CHILDREN 100

static _Atomic int is_over;

/* Children that live, and keep what they have, until the end. */
static void *fork_endlessly(void *leash) {
    static pid_t children[CHILDREN];
    int count = 0;
    char byte;
    while (!is_over && count < CHILDREN) {
        children[count] = fork();
        if (children[count] == 0) {
            close(((int *)leash)[1]);
            _exit(read(((int *)leash)[0], &byte, 1) == 0 ? 0 : 1);
        }
        count += children[count] > 0;
        poll(NULL, 0, 1);
    }
    while (!is_over)
        poll(NULL, 0, 1);
    close(((int *)leash)[1]);
    while (count-- > 0)
        waitpid(children[count], NULL, 0);
    return NULL;
}

static zmqlog_status bind_once(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status = zmqlog_handler_bind(handler, endpoint);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
    return status;
}

/* A child has the port until it has run its fork handler, which a busy machine delays.
 * One that kept it would have it until the end of the test. */
static zmqlog_status bind_again(const char *endpoint) {
    zmqlog_status status = bind_once(endpoint);
    for (int i = 0; i < PATIENCE_MS && status == ZMQLOG_EADDRINUSE; i++) {
        poll(NULL, 0, 1);
        status = bind_once(endpoint);
    }
    return status;
}

TEST(fork__a_child_of_any_moment_keeps_no_port) {
    zmqlog_handler *handler = open_handler("app");
    char endpoint[256];
    int leash[2], failed = 0;
    pthread_t forker;
    snprintf(endpoint, sizeof endpoint, "%s", zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
    assert_int_equal(0, pipe(leash));
    assert_int_equal(0, pthread_create(&forker, NULL, fork_endlessly, leash));
    for (int i = 0; i < OPENS; i++)
        failed += bind_again(endpoint) != ZMQLOG_OK;
    is_over = 1;
    assert_int_equal(0, pthread_join(forker, NULL));
    close(leash[0]);
    assert_int_equal(failed, 0);
}

/* ---- what is left ---- */

static int count_descriptors(void) {
    int count = 0;
    for (int fd = 3; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static int count_in_child(void *before) {
    return count_descriptors() - *(int *)before;
}

/* The library cannot know the descriptors of libzmq's threads: for each context two
 * epolls and two eventfds, and one for each connection. */
TEST(fork__what_can_be_told_is_closed_in_the_fork) {
    opened o = {.collector = open_collector()};
    int before = count_descriptors(), inherited;
    open_all(&o);
    inherited = count_descriptors() - before;
    assert_in_range(in_child(count_in_child, &before), 0, inherited / 2);
    close_all(&o);
    zmqlog_subscriber_free(o.collector);
}
