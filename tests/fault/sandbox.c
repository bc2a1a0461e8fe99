/* SPDX-License-Identifier: BSD-3-Clause */
/* Limits and sandboxes in which libzmq would end the process: threads, scheduling,
 * netlink, descriptors. Opening says what to allow. Filters are made here, as systemd
 * makes them, each in a child of its own. */
#include "support.h"
#include "child.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

TEST_LABELS(sanitized, untidy);

#define LOAD(field)                                                                    \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offsetof(struct seccomp_data, field))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)
#define ANSWER(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static int install(struct sock_filter *filter, size_t count) {
    struct sock_fprog program = {(unsigned short)count, filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* SystemCallFilter=~@resources */
static int without_scheduler(void) {
    struct sock_filter filter[] = {LOAD(nr), UNLESS(SYS_sched_setscheduler, 1),
                                   ANSWER(EPERM), ALLOW};
    return install(filter, sizeof filter / sizeof *filter);
}

/* RestrictAddressFamilies= without AF_NETLINK */
static int without_netlink(void) {
    struct sock_filter filter[] = {LOAD(nr),
                                   UNLESS(SYS_socket, 3),
                                   LOAD(args[0]),
                                   UNLESS(AF_NETLINK, 1),
                                   ANSWER(EAFNOSUPPORT),
                                   ALLOW};
    return install(filter, sizeof filter / sizeof *filter);
}

/* Whether the handle's error text names what to allow. */
static int tells(const char *text, const char *part) {
    if (strstr(text, part))
        return 1;
    fprintf(stderr, "\"%s\" does not mention \"%s\"\n", text, part);
    return 0;
}

static int open_both(zmqlog_status wanted, const char *part) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != wanted ||
        !tells(zmqlog_handler_errmsg(handler), part))
        return 2;
    if (zmqlog_subscriber_connect(subscriber, "tcp://127.0.0.1:9") != wanted ||
        !tells(zmqlog_subscriber_errmsg(subscriber), part))
        return 3;
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    return 0;
}

static int try_scheduler(void *argument) {
    (void)argument;
    return without_scheduler() ? open_both(ZMQLOG_EACCESS, "sched_setscheduler") : 77;
}

static int try_netlink(void *argument) {
    zmqlog_handler *handler = zmqlog_handler_new();
    (void)argument;
    if (!without_netlink())
        return 77;
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_EACCESS ||
        !tells(zmqlog_handler_errmsg(handler), "AF_NETLINK"))
        return 2;
    /* Connecting needs no netlink, nor does an ipc path. */
    if (zmqlog_handler_connect(handler, "tcp://127.0.0.1:9") != ZMQLOG_OK ||
        zmqlog_handler_bind(handler, "ipc://@zmqlog.test.sandbox") != ZMQLOG_OK)
        return 3;
    zmqlog_handler_free(handler);
    return 0;
}

static void expect(int (*body)(void *)) {
    int result = in_child(body, NULL);
    if (result == 77)
        skip(); /* this kernel does not permit filters */
    assert_int_equal(result, 0);
}

TEST(sandbox__without_sched_setscheduler_is_named) {
    expect(try_scheduler);
}

TEST(sandbox__without_netlink_is_named_and_connecting_works) {
    expect(try_netlink);
}

static int log_without_scheduler(void *argument) {
    zmqlog_handler *handler = argument;
    if (!without_scheduler())
        return 77;
    if (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "x", 1) != ZMQLOG_EACCESS)
        return 2;
    return tells(zmqlog_handler_errmsg(handler), "sched_setscheduler") ? 0 : 3;
}

/* Of a body that uses a handler which its parent has opened. */
static void expect_with_handler(int (*body)(void *)) {
    zmqlog_handler *handler = zmqlog_handler_new();
    int result;
    assert_ok(zmqlog_handler_connect(handler, "tcp://127.0.0.1:9"));
    result = in_child(body, handler);
    zmqlog_handler_free(handler);
    if (result == 77)
        skip();
    assert_int_equal(result, 0);
}

TEST(sandbox__of_a_child_is_named_by_its_first_log_call) {
    expect_with_handler(log_without_scheduler);
}

/* A user of its own, because the limit counts all processes of a user. */
static int limit_threads(rlim_t count) {
    struct rlimit limit = {count, count};
    if (getuid() == 0 && setresuid(64321, 64321, 64321) != 0)
        return 0;
    return setrlimit(RLIMIT_NPROC, &limit) == 0;
}

static int try_threads(void *argument) {
    const rlim_t *count = argument;
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status;
    if (!limit_threads(*count))
        return 77;
    status = zmqlog_handler_bind(handler, "tcp://127.0.0.1:*");
    if (status != ZMQLOG_OK &&
        (status != ZMQLOG_EIO || !tells(zmqlog_handler_errmsg(handler), "TasksMax")))
        return 2;
    zmqlog_handler_free(handler);
    return status == ZMQLOG_OK ? 10 : 20;
}

TEST(limits__of_threads_are_named_however_many_there_are) {
    int last = 20;
    for (rlim_t count = 1; count <= 5; count++) {
        int result = in_child(try_threads, &count);
        if (result == 77)
            skip();
        assert_true(result == 10 || result == 20);
        last = result;
        if (count == 1)
            assert_int_equal(result, 20);
    }
    if (getuid() == 0)
        assert_int_equal(last, 10);
}

/* The child opens its own connection at its first log call. */
static int log_in_child(void *argument) {
    zmqlog_handler *handler = argument;
    if (!limit_threads(1))
        return 77;
    for (int i = 0; i < 3; i++)
        if (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "x", 1) != ZMQLOG_EIO)
            return 2;
    if (zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_FORKED) != 3)
        return 3;
    if (zmqlog_handler_wait_subscriber(handler, "", 0) != ZMQLOG_EIO)
        return 4;
    return tells(zmqlog_handler_errmsg(handler), "TasksMax") ? 0 : 5;
}

TEST(limits__of_threads_leave_a_log_call_in_a_child_alive) {
    expect_with_handler(log_in_child);
}

/* No descriptor at the first log call; enough again for a later one. */
static int log_when_there_is_room(void *argument) {
    zmqlog_handler *handler = argument;
    struct rlimit few = {64, 64};
    int taken[64], count = 0, refused = 0;
    setrlimit(RLIMIT_NOFILE, &few);
    while (count < 64 && (taken[count] = dup(0)) >= 0)
        count++;
    if (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "x", 1) != ZMQLOG_EIO)
        return 2;
    while (count > 0)
        close(taken[--count]);
    while (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "x", 1) == ZMQLOG_EIO &&
           refused++ < PATIENCE_MS)
        poll(NULL, 0, 1);
    if (zmqlog_handler_flush(handler, PATIENCE_MS) != ZMQLOG_OK)
        return 3;
    zmqlog_handler_free(handler);
    return 0;
}

TEST(limits__of_descriptors_delay_a_child_until_there_are_some) {
    expect_with_handler(log_when_there_is_room);
}

/* Every number of free descriptors, and a second bind. */
static int bind_twice(void *argument) {
    const int *left = argument;
    zmqlog_handler *handler = zmqlog_handler_new();
    struct rlimit few = {64, 64};
    zmqlog_status status;
    int taken[64], count = 0;
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_OK)
        return 2;
    setrlimit(RLIMIT_NOFILE, &few);
    while (count < 64 && (taken[count] = dup(0)) >= 0)
        count++;
    for (int i = 0; i < *left && count > 0; i++)
        close(taken[--count]);
    status = zmqlog_handler_bind(handler, "tcp://127.0.0.1:*");
    if (status != ZMQLOG_OK && status != ZMQLOG_EIO && status != ZMQLOG_EACCESS)
        return 3;
    while (count > 0)
        close(taken[--count]);
    zmqlog_handler_free(handler);
    return 0;
}

TEST(limits__of_descriptors_leave_a_second_bind_alive) {
    for (int left = 0; left < 8; left++)
        assert_int_equal(in_child(bind_twice, &left), 0);
}
