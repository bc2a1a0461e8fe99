/* SPDX-License-Identifier: BSD-3-Clause */
/* What the library's threads look like from outside: their names in top and debuggers,
 * and how they share the processors with the program's own. */
#include "support.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

TEST_LABELS(threads);

static int is_called(const char *task, const char *name) {
    char path[320], line[32] = "";
    FILE *file;
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
    file = fopen(path, "r");
    if (!file)
        return 0;
    if (fgets(line, sizeof line, file))
        line[strcspn(line, "\n")] = '\0';
    fclose(file);
    return strcmp(line, name) == 0;
}

/* How many there are, or how many that do not run under `policy` unless it is -1. */
static int count_threads(const char *name, int policy) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int found = 0;
    assert_non_null(tasks);
    while ((task = readdir(tasks)))
        found += task->d_name[0] != '.' && is_called(task->d_name, name) &&
                 (policy < 0 || sched_getscheduler(atoi(task->d_name)) != policy);
    closedir(tasks);
    return found;
}

static int threads_called(const char *name) {
    return count_threads(name, -1);
}

static void wait_threads(const char *name, int wanted) {
    for (int i = 0; i < PATIENCE_MS && threads_called(name) != wanted; i++)
        poll(NULL, 0, 1);
    assert_int_equal(threads_called(name), wanted);
}

TEST(names__of_a_handlers_thread) {
    zmqlog_handler *handler = open_handler("app");
    wait_threads("zmqlog/handler", 1);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    wait_threads("zmqlog/handler", 0);
    zmqlog_handler_free(handler);
}

TEST(names__of_a_subscribers_thread) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    wait_threads("zmqlog/pump", 1);
    assert_ok(zmqlog_subscriber_close(subscriber));
    wait_threads("zmqlog/pump", 0);
    zmqlog_subscriber_free(subscriber);
}

static void wait_policy(const char *name, int policy) {
    wait_threads(name, 1);
    for (int i = 0; i < PATIENCE_MS && count_threads(name, policy) > 0; i++)
        poll(NULL, 0, 1);
    assert_int_equal(count_threads(name, policy), 0);
}

TEST(turns__of_a_handlers_threads_come_after_the_programs) {
    zmqlog_handler *handler = open_handler("app");
    wait_policy("zmqlog/handler", SCHED_BATCH);
    wait_policy("ZMQbg/IO/0", SCHED_BATCH);
    assert_int_equal(sched_getscheduler(0), SCHED_OTHER);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    wait_threads("ZMQbg/IO/0", 0);
    zmqlog_handler_free(handler);
}

static void *open_idly(void *unused) {
    (void)unused;
    struct sched_param none = {0};
    assert_int_equal(sched_setscheduler(0, SCHED_IDLE, &none), 0);
    return open_handler("app");
}

/* A process that may not leave its scheduling policy must not try: libzmq would end it.
 * */
TEST(turns__of_a_program_with_a_policy_are_as_it_wants_them) {
    pthread_t thread;
    void *handler;
    assert_int_equal(pthread_create(&thread, NULL, open_idly, NULL), 0);
    assert_int_equal(pthread_join(thread, &handler), 0);
    wait_policy("zmqlog/handler", SCHED_IDLE);
    wait_policy("ZMQbg/IO/0", SCHED_IDLE);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
}
