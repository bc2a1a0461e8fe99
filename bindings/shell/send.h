/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog send: what its options say, and the parts that publish. */
#ifndef SHELL_SEND_H
#define SHELL_SEND_H

#include "budget.h"
#include "bytes.h"
#include "options.h"
#include "security.h"

#include "zmqlog.h"

/* So much is kept of a line: more than any record may hold of it. */
#define SEND_LINE_MOST (2u << 20)

typedef enum send_overflow { SEND_UNDECIDED, SEND_BLOCK, SEND_DROP } send_overflow;

typedef struct send_options {
    option_list binds, connects, words;
    option_list level_names; /* "35=AUDIT" */
    const char *root;        /* NULL: none */
    const char *level_name;
    const char *topic; /* NULL: none */
    const char *style; /* NULL: plain */
    int level;
    int scan;
    int tee;
    int quiet;
    send_overflow overflow;
    int waits;
    long long wait_ms; /* -1: no limit */
    int passes_frames; /* publishes what others logged, as it is */
    security security;
} send_options;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int send_read_options(send_options *options, char **words);
/* The value of --wait, which may be missing. -1: has complained. */
int send_read_wait(send_options *options, const char *value);
void send_release_options(send_options *options);

typedef struct publisher {
    const send_options *options;
    zmqlog_handler *handler;
    zmqlog_logger *logger;
    budget patience;   /* for --overflow drop */
    uint64_t given_up; /* records there was no more waiting for */
} publisher;

/* Exit codes; what is wrong has been complained about. */
int publisher_open(publisher *to, const send_options *options);
/* Says why the handler refused WHAT; the exit code for it. */
int publisher_refuse(const publisher *to, const char *what, zmqlog_status status);
int publisher_wait(publisher *to);
/* Sends what is queued, and tells what could not be sent. */
int publisher_close(publisher *to);
void publisher_free(publisher *to);

void publisher_put(publisher *to, bytes text);

/* A text of which only the front is there. The record is cut, and its mark counts what
 * is missing of all of it. */
void publisher_put_front(publisher *to, bytes front, size_t len);

/* Two frames as they are. */
void publisher_put_frames(publisher *to, bytes topic, bytes body);

/* Publishes the lines of a descriptor until it ends. Returns an exit code. */
int send_lines(publisher *to, int fd);

#endif
