/* SPDX-License-Identifier: BSD-3-Clause */
/* Who looks at a program with top or a debugger sees whose thread is whose. */
#include "support.h"

#include <dirent.h>
#include <poll.h>

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

static int threads_called(const char *name) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *task;
    int found = 0;
    assert_non_null(tasks);
    while ((task = readdir(tasks)))
        found += task->d_name[0] != '.' && is_called(task->d_name, name);
    closedir(tasks);
    return found;
}

static void wait_threads(const char *name, int wanted) {
    for (int i = 0; i < PATIENCE_MS && threads_called(name) != wanted; i++)
        poll(NULL, 0, 1);
    assert_int_equal(threads_called(name), wanted);
}

static void names__of_a_handlers_thread(void **state) {
    zmqlog_handler *handler = open_handler("app");
    (void)state;
    wait_threads("zmqlog/handler", 1);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    wait_threads("zmqlog/handler", 0);
    zmqlog_handler_free(handler);
}

static void names__of_a_subscribers_thread(void **state) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    (void)state;
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    wait_threads("zmqlog/pump", 1);
    assert_ok(zmqlog_subscriber_close(subscriber));
    wait_threads("zmqlog/pump", 0);
    zmqlog_subscriber_free(subscriber);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names__of_a_handlers_thread),
        cmocka_unit_test(names__of_a_subscribers_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
