/* SPDX-License-Identifier: BSD-3-Clause */
/* Ends of a process at odd moments: handlers opened by exit handlers, exits from
 * other threads, and threads that go on logging meanwhile. Each is a child that
 * logs to a subscriber of the parent's. */
#include "support.h"
#include "peer.h"

#include <pthread.h>
#include <sys/wait.h>

TEST_LABELS(untidy);

#define RECORDS 200

static const char *self, *target;

static zmqlog_handler *open_connected(const char *root, int hold_ms) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_handler_set_hold_ms(handler, hold_ms);
    zmqlog_handler_set_linger_ms(handler, PATIENCE_MS);
    zmqlog_handler_set_root_topic(handler, root);
    if (zmqlog_handler_connect(handler, target) != ZMQLOG_OK) {
        fprintf(stderr, "%s\n", zmqlog_handler_errmsg(handler));
        _exit(9);
    }
    return handler;
}

static void log_all(zmqlog_handler *handler) {
    for (int i = 0; i < RECORDS; i++)
        zmqlog_handler_log(handler, 20, "last words", 10);
}

static zmqlog_handler *early;

static void open_late(void) {
    log_all(open_connected("late", PATIENCE_MS));
}

static void use_closed(void) {
    if (zmqlog_handler_log(early, 20, "x", 1) != ZMQLOG_ECLOSED)
        _exit(8);
}

/* Exit handlers run in reverse order: these two run after the library's own. */
static int main_of_late_opening(void) {
    atexit(open_late);
    atexit(use_closed);
    early = open_connected("early", 0);
    log_all(early);
    return 0;
}

static void *log_on(void *handler) {
    for (;;)
        zmqlog_handler_log(handler, 20, "and on", 6);
    return NULL;
}

static int main_of_busy_threads(void) {
    zmqlog_handler *handler = open_connected("busy", PATIENCE_MS);
    pthread_t thread;
    log_all(handler);
    for (int i = 0; i < 4; i++)
        pthread_create(&thread, NULL, log_on, handler);
    return 0;
}

static void *exit_here(void *handler) {
    log_all(handler);
    exit(0);
}

static int main_of_exit_from_a_thread(void) {
    zmqlog_handler *handler = open_connected("thread", PATIENCE_MS);
    pthread_t thread;
    pthread_create(&thread, NULL, exit_here, handler);
    for (;;)
        zmqlog_handler_log(handler, 10, "main goes on", 12);
    return 0;
}

static void *block_on(void *handler) {
    while (zmqlog_handler_log(handler, 20, "blocks", 6) == ZMQLOG_OK)
        continue;
    return NULL;
}

/* Threads that wait for room in a queue that holds everything back. */
static int main_of_blocked_threads(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    pthread_t thread;
    zmqlog_handler_set_hold_ms(handler, 50);
    zmqlog_handler_set_linger_ms(handler, PATIENCE_MS);
    zmqlog_handler_set_queue_bytes(handler, 16384);
    zmqlog_handler_set_max_body_bytes(handler, 1024);
    zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1);
    zmqlog_handler_set_root_topic(handler, "blocked");
    if (zmqlog_handler_connect(handler, target) != ZMQLOG_OK)
        return 9;
    log_all(handler);
    for (int i = 0; i < 4; i++)
        pthread_create(&thread, NULL, block_on, handler);
    return 0;
}

static int main_of_many_handlers(void) {
    for (int i = 0; i < 20; i++) {
        zmqlog_handler *handler = open_connected("many", PATIENCE_MS);
        for (int j = 0; j < RECORDS / 20; j++)
            zmqlog_handler_log(handler, 20, "one of many", 11);
        if (i % 2)
            zmqlog_handler_free(handler);
    }
    return 0;
}

typedef struct scene {
    const char *root;
    int (*main)(void);
} scene;

static const scene scenes[] = {
    {"late", main_of_late_opening},         {"busy", main_of_busy_threads},
    {"thread", main_of_exit_from_a_thread}, {"blocked", main_of_blocked_threads},
    {"many", main_of_many_handlers},
};

static int child_main(const char *endpoint, const char *root) {
    target = endpoint;
    alarm(PATIENCE_MS / 1000);
    for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++)
        if (strcmp(scenes[i].root, root) == 0)
            return scenes[i].main();
    return 7;
}

static void run(const char *endpoint, const char *root) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(self, self, endpoint, root, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFEXITED(status));
    assert_int_equal(0, WEXITSTATUS(status));
}

/* All records that the scene's own log_all made arrive, under its root. */
static void assert_delivered(const char *root) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_subscriber_subscribe(subscriber, root));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    run(zmqlog_subscriber_endpoint(subscriber, 0), root);
    for (int i = 0; i < RECORDS; i++)
        receive(subscriber, record);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}

TEST(exit__a_handler_opened_by_an_exit_handler_delivers) {
    assert_delivered("late");
}

TEST(exit__ends_while_other_threads_log) {
    assert_delivered("busy");
}

TEST(exit__from_another_thread_delivers) {
    assert_delivered("thread");
}

TEST(exit__ends_while_threads_wait_for_room) {
    run("tcp://127.0.0.1:1", "blocked");
}

TEST(exit__waits_for_all_handlers_side_by_side) {
    assert_delivered("many");
}

int main(int argc, char **argv) {
    if (argc == 3)
        return child_main(argv[1], argv[2]);
    self = argv[0];
    return test_run();
}
