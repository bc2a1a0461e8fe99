/* SPDX-License-Identifier: BSD-3-Clause */
/* A program that forks: it connects to a collector, so that its children log, too,
 * each over a connection of its own that opens at its first record.
 *
 *     workers ENDPOINT */
#include <zmqlog.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 3

static void work(zmqlog_logger *log, int number) {
    ZMQLOG_INFO(log, "worker %d works", number);
    exit(0); /* sends what is left; _exit would not */
}

static void start_workers(zmqlog_logger *log) {
    for (int number = 1; number <= WORKERS; number++) {
        pid_t child = fork();
        if (child == 0)
            work(log, number);
        if (child < 0)
            ZMQLOG_ERROR(log, "worker %d could not be started", number);
    }
    while (wait(NULL) > 0)
        continue;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: workers ENDPOINT\n");
        return 2;
    }

    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *log = zmqlog_logger_new(handler, "workers");

    zmqlog_handler_set_root_topic(handler, "workers");
    if (zmqlog_handler_connect(handler, argv[1]) != ZMQLOG_OK) {
        fprintf(stderr, "workers: %s\n", zmqlog_handler_errmsg(handler));
        return 1;
    }
    ZMQLOG_INFO(log, "starting %d workers", WORKERS);
    start_workers(log);
    ZMQLOG_INFO(log, "done");
    zmqlog_logger_free(log);
    zmqlog_handler_free(handler);
    return 0;
}
