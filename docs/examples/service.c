/* SPDX-License-Identifier: BSD-3-Clause */
/* A service: options, loggers with a subtopic and fields, an orderly end on SIGTERM
 * and SIGINT, and what was lost, if anything.
 *
 *     service ENDPOINT */
#define _POSIX_C_SOURCE 200809L /* sigaction, sigsuspend */

#include <zmqlog.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t is_over;

static void on_signal(int number) {
    (void)number;
    is_over = 1;
}

static zmqlog_handler *open_log(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();

    if (!handler)
        return NULL;
    zmqlog_handler_set_root_topic(handler, "shop");
    zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_INFO); /* nobody opens DEBUG */
    zmqlog_handler_set_style(handler, 0, "json");
    if (zmqlog_handler_bind(handler, endpoint) == ZMQLOG_OK)
        return handler;
    fprintf(stderr, "service: %s\n", zmqlog_handler_errmsg(handler));
    zmqlog_handler_free(handler);
    return NULL;
}

static void serve(zmqlog_handler *handler, const sigset_t *while_waiting) {
    zmqlog_logger *log = zmqlog_logger_new(handler, "shop.http");

    zmqlog_logger_set_topic(log, "http", strlen("http"));
    zmqlog_logger_set_field_string(log, "site", "example.org", strlen("example.org"));
    ZMQLOG_INFO(log, "listening on port %d", 8080);
    while (!is_over)
        sigsuspend(while_waiting); /* the work of a service */
    ZMQLOG_INFO(log, "stopping");
    zmqlog_logger_free(log);
}

static void close_log(zmqlog_handler *handler) {
    int64_t lost;

    if (zmqlog_handler_close(handler, 2000) == ZMQLOG_ETIMEDOUT)
        fprintf(stderr, "service: some listener was too slow for the last records\n");
    lost = zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_QUEUE) +
           zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_TIMEOUT) +
           zmqlog_handler_count(handler, ZMQLOG_COUNT_DROPPED_INTERNAL);
    if (lost)
        fprintf(stderr, "service: %" PRId64 " records were lost\n", lost);
    zmqlog_handler_free(handler);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: service ENDPOINT\n");
        return 2;
    }

    struct sigaction action = {.sa_handler = on_signal};
    sigset_t ours, before;
    zmqlog_handler *handler;

    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    sigprocmask(SIG_BLOCK, &ours, &before);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    handler = open_log(argv[1]);
    if (!handler)
        return 1;
    serve(handler, &before);
    close_log(handler);
    return 0;
}
