/* SPDX-License-Identifier: BSD-3-Clause */
/* No descriptors left: opening says so, and works once there are some again; an open
 * handler goes on. Each test runs in a child of its own. */
#include "support.h"
#include "peer.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define LIMIT 200

/* Leaves so many descriptors free; the others are in `taken`. */
typedef struct hoard {
    int taken[LIMIT], count;
} hoard;

static void take_all_but(hoard *h, int free_ones) {
    struct rlimit few;
    getrlimit(RLIMIT_NOFILE, &few);
    few.rlim_cur = LIMIT;
    setrlimit(RLIMIT_NOFILE, &few);
    h->count = 0;
    while ((h->taken[h->count] = dup(0)) >= 0)
        h->count++;
    while (free_ones-- > 0 && h->count > 0)
        close(h->taken[--h->count]);
}

static void give_back(hoard *h) {
    while (h->count > 0)
        close(h->taken[--h->count]);
}

static int in_child(int (*body)(int), int argument) {
    int status = -1;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(PATIENCE_MS / 1000);
        _exit(body(argument));
    }
    assert_int_equal(child, waitpid(child, &status, 0));
    if (WIFSIGNALED(status))
        print_error("signal %d with argument %d\n", WTERMSIG(status), argument);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int open_with(int free_ones) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status;
    hoard h;
    zmqlog_handler_set_hold_ms(handler, 0);
    take_all_but(&h, free_ones);
    status = zmqlog_handler_bind(handler, "tcp://127.0.0.1:*");
    give_back(&h);
    if (status != ZMQLOG_OK) {
        if (status != ZMQLOG_EIO || !*zmqlog_handler_errmsg(handler))
            return 1;
        if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_ESTATE)
            return 2;
        if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_OK)
            return 3;
    }
    if (zmqlog_handler_log(handler, 20, "x", 1) != ZMQLOG_OK)
        return 4;
    if (zmqlog_handler_close(handler, PATIENCE_MS) != ZMQLOG_OK)
        return 5;
    zmqlog_handler_free(handler);
    return status == ZMQLOG_OK ? 100 : 0;
}

TEST(descriptors__too_few_to_open_are_an_error_until_there_are_more) {
    int failed = 0, opened = 0;
    for (int free_ones = 0; free_ones <= 40; free_ones++) {
        int result = in_child(open_with, free_ones);
        if (result != 0 && result != 100)
            print_error("result %d with %d descriptors\n", result, free_ones);
        assert_true(result == 0 || result == 100);
        failed += result == 0;
        opened += result == 100;
    }
    assert_true(failed >= 3);
    assert_true(opened >= 3);
}

static int subscribe_with(int free_ones) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_status status;
    hoard h;
    take_all_but(&h, free_ones);
    status = zmqlog_subscriber_connect(subscriber, "tcp://127.0.0.1:1");
    give_back(&h);
    if (status != ZMQLOG_OK && !*zmqlog_subscriber_errmsg(subscriber))
        return 1;
    if (zmqlog_subscriber_connect(subscriber, "tcp://127.0.0.1:1") != ZMQLOG_OK)
        return 2;
    zmqlog_subscriber_free(subscriber);
    return 0;
}

TEST(descriptors__too_few_for_a_subscriber_are_an_error_as_well) {
    for (int free_ones = 0; free_ones <= 40; free_ones += 2)
        assert_int_equal(0, in_child(subscribe_with, free_ones));
}

/* Peers cannot get in meanwhile; they can afterwards. */
static int log_without(int rounds) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new(),
                      *late = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    hoard h;
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_OK)
        return 1;
    zmqlog_subscriber_subscribe(subscriber, "");
    zmqlog_subscriber_subscribe(late, "INFO");
    zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0));
    if (zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS) != ZMQLOG_OK)
        return 2;
    zmqlog_subscriber_connect(late, "ipc:///nobody/there");
    take_all_but(&h, 1); /* for the late one's own end */
    zmqlog_subscriber_connect(late, zmqlog_handler_endpoint(handler, 0));
    for (int i = 0; i < rounds; i++) {
        if (zmqlog_handler_log(handler, 30, "goes on", 7) != ZMQLOG_OK)
            return 3;
        if (zmqlog_handler_set_style(handler, 0, "plain") != ZMQLOG_OK)
            return 4;
        if (zmqlog_subscriber_recv(subscriber, record, PATIENCE_MS) != ZMQLOG_OK)
            return 5;
    }
    if (zmqlog_handler_flush(handler, PATIENCE_MS) != ZMQLOG_OK)
        return 6;
    give_back(&h);
    if (zmqlog_handler_wait_subscriber(handler, "INFO", PATIENCE_MS) != ZMQLOG_OK)
        return 7;
    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        zmqlog_handler_log(handler, 20, "heard", 5);
        if (zmqlog_subscriber_recv(late, record, 10) == ZMQLOG_OK) {
            zmqlog_record_free(record);
            zmqlog_subscriber_free(subscriber);
            zmqlog_subscriber_free(late);
            zmqlog_handler_close(handler, PATIENCE_MS);
            zmqlog_handler_free(handler);
            return 0;
        }
    }
    return 8;
}

TEST(descriptors__an_open_handler_needs_no_more) {
    assert_int_equal(0, in_child(log_without, 100));
}
