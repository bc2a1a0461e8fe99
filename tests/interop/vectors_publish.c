/* SPDX-License-Identifier: BSD-3-Clause */
/* Publishes rows of recorded PyZMQ calls through the public ABI, for vectors.py.
 * usage: vectors_publish ENDPOINT < rows; a row is eight tab-separated fields in
 * hex: root, level, message, format ("-": null), name, file, line, function. */
#include "zmqlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { ROOT, LEVEL, MESSAGE, FORMAT, NAME, FILE_NAME, LINE, FUNCTION, FIELDS };

typedef struct row {
    char *field[FIELDS];
    size_t len[FIELDS];
    int is_null[FIELDS];
} row;

static void unhex(row *r, int at) {
    char *text = r->field[at];
    size_t n = 0;
    r->is_null[at] = strcmp(text, "-") == 0;
    for (size_t i = 0; text[i] && text[i + 1]; i += 2) {
        char pair[3] = {text[i], text[i + 1], 0};
        text[n++] = (char)strtol(pair, NULL, 16);
    }
    text[n] = '\0';
    r->len[at] = n;
}

static int split(row *r, char *line) {
    line[strcspn(line, "\n")] = '\0';
    for (int at = 0; at < FIELDS; at++) {
        char *tab = strchr(line, '\t');
        r->field[at] = line;
        if (!tab && at != FIELDS - 1)
            return -1;
        if (tab) {
            *tab = '\0';
            line = tab + 1;
        }
        unhex(r, at);
    }
    return 0;
}

static int publish(void *socket, const row *r) {
    zmqlog_handler *handler = zmqlog_handler_new();
    const char *style = r->is_null[FORMAT] ? "pyzmq" : r->field[FORMAT];
    zmqlog_logger *logger = zmqlog_logger_new(handler, r->field[NAME]);
    int failed =
        zmqlog_handler_set_level_names(handler, "pyzmq") ||
        zmqlog_handler_set_root_topic(handler, r->field[ROOT]) ||
        zmqlog_handler_set_style(handler, 0, style) ||
        zmqlog_handler_attach(handler, socket) ||
        zmqlog_logger_log_source(logger, atoi(r->field[LEVEL]), r->field[FILE_NAME],
                                 atoi(r->field[LINE]), r->field[FUNCTION],
                                 r->field[MESSAGE], r->len[MESSAGE]);
    if (failed)
        fprintf(stderr, "%s\n", zmqlog_handler_errmsg(handler));
    zmqlog_handler_free(handler);
    zmqlog_logger_free(logger);
    return failed;
}

int main(int argc, char **argv) {
    static char line[65536];
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_XPUB);
    char event[16];
    row r;
    int failed = 0;
    if (argc != 2 || zmq_bind(socket, argv[1]) != 0)
        return 2;
    if (zmq_recv(socket, event, sizeof event, 0) != 1)
        return 3;
    while (!failed && fgets(line, sizeof line, stdin))
        failed = split(&r, line) || publish(socket, &r);
    zmq_close(socket);
    zmq_ctx_term(context);
    return failed ? 1 : 0;
}
