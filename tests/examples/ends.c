/* SPDX-License-Identifier: BSD-3-Clause */
/* Logs while nobody listens yet, so that the handler holds everything back, and ends in
 * the way that END names: what arrives is what that end has sent.
 *
 *     ends ENDPOINT RECORDS END */
#define _DEFAULT_SOURCE /* _exit, kill */

#include <zmqlog.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 30000

static zmqlog_handler *handler;

static void end_by_exit(void) {
    exit(0);
}

static void end_by_free(void) {
    zmqlog_handler_free(handler);
    exit(0);
}

static void end_by_close(void) {
    zmqlog_handler_close(handler, PATIENCE_MS);
    kill(getpid(), SIGKILL);
}

static void end_by_underscore_exit(void) {
    _exit(0);
}

static void end_by_quick_exit(void) {
    quick_exit(0);
}

static void end_by_exec(void) {
    execl("/bin/true", "true", (char *)NULL);
}

static void end_by_sigterm(void) {
    raise(SIGTERM);
}

static void end_by_sigkill(void) {
    raise(SIGKILL);
}

static void end_by_abort(void) {
    abort();
}

static void end_by_sigsegv(void) {
    signal(SIGSEGV, SIG_DFL); /* a sanitizer's handler would call it an error */
    raise(SIGSEGV);
}

static const struct {
    const char *name;
    void (*function)(void);
} ends[] = {
    {"exit", end_by_exit},
    {"zmqlog_handler_free", end_by_free},
    {"zmqlog_handler_close", end_by_close},
    {"_exit", end_by_underscore_exit},
    {"quick_exit", end_by_quick_exit},
    {"exec", end_by_exec},
    {"SIGTERM", end_by_sigterm},
    {"SIGKILL", end_by_sigkill},
    {"abort", end_by_abort},
    {"SIGSEGV", end_by_sigsegv},
};

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    handler = zmqlog_handler_new();
    zmqlog_handler_set_hold_ms(handler, PATIENCE_MS);
    zmqlog_handler_set_linger_ms(handler, PATIENCE_MS);
    if (zmqlog_handler_connect(handler, argv[1]) != ZMQLOG_OK) {
        fprintf(stderr, "%s\n", zmqlog_handler_errmsg(handler));
        return 2;
    }
    for (int i = atoi(argv[2]); i > 0; i--)
        zmqlog_handler_log(handler, 20, "last words", 10);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(argv[3], ends[i].name) == 0)
            ends[i].function();
    return strcmp(argv[3], "return") != 0; /* the handler is still open */
}
