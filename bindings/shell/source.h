/* SPDX-License-Identifier: BSD-3-Clause */
/* SOURCE...: which records a command wants, and where they come from. Shared by
 * all commands that read records; must not know what becomes of a record. */
#ifndef SHELL_SOURCE_H
#define SHELL_SOURCE_H

#include "forward/nats_read.h"
#include "grep.h"
#include "options.h"
#include "security.h"
#include "view.h"

#include "zmqlog.h"

typedef struct source_options {
    option_list endpoints;
    option_list topics, roots;
    option_list level_names; /* "35=AUDIT" */
    int local; /* all programs of this machine that `endpoints` are patterns for */
    int bind;
    int exact;
    const char *level; /* as it was written; NULL: all */
    int min_level;     /* 0: all */
    const char *grep;  /* NULL: all */
    security security;
    nats_options nats; /* for nats://HOST:PORT/STREAM, alone instead of endpoints */
} source_options;

#define SOURCE_TOPIC 1100
#define SOURCE_EXACT 1101
#define SOURCE_LEVEL 1102
#define SOURCE_LEVEL_NAME 1103
#define SOURCE_ROOT 1104
#define SOURCE_GREP 1105
#define SOURCE_BIND 1106

/* Rows for an option table: what is wanted. */
#define SOURCE_FILTERS                                                                 \
    {SOURCE_TOPIC, "topic", 't', OPTION_NEEDS},                                        \
        {SOURCE_EXACT, "exact", 0, OPTION_ALONE},                                      \
        {SOURCE_LEVEL, "level", 'l', OPTION_NEEDS},                                    \
        {SOURCE_LEVEL_NAME, "level-name", 0, OPTION_NEEDS},                            \
        {SOURCE_ROOT, "root", 0, OPTION_NEEDS}, {                                      \
        SOURCE_GREP, "grep", 'g', OPTION_NEEDS                                         \
    }

/* And from where. */
#define SOURCE_OPTIONS                                                                 \
    SOURCE_FILTERS, {SOURCE_BIND, "bind", 0, OPTION_ALONE}, SECURITY_OPTIONS

/* Takes an operand as an endpoint, and any option of the rows above. -1: it has been
 * complained about. */
int source_option(source_options *options, int id, const char *value);

/* When all options have been taken. Returns an exit code, or -1 to go on. */
int source_check_filters(source_options *options);
/* As before, and there is an endpoint. */
int source_check(source_options *options);
/* For commands that only read: keys for a server of NATS are refused where there is
 * none. */
int source_check_nats_keys(const source_options *options);

void source_release(source_options *options);

typedef struct source {
    const source_options *options;
    zmqlog_subscriber *subscriber;
    zmqlog_auth *auth;     /* NULL: none */
    zmqlog_record *record; /* to receive into */
    grep *expression;      /* NULL: none */
    int takes_everything;
    int follows_all; /* from --level up, of programs that say hello */
    int told_of_strangers;
    nats_reader *stream; /* NULL: the subscriber receives */
    int64_t streamed;    /* records that came from it */
} source;

/* Makes the subscriber, with level names and subscriptions, and no endpoint yet.
 * Returns an exit code; what is wrong has been complained about. */
int source_prepare(source *from, const source_options *options);
/* Keys and endpoints. The same. */
int source_open(source *from);
/* Says where it listens. */
void source_tell_start(const source *from);
/* Says, once, that a publisher does not say hello, and what --level costs then. */
void source_tell_strangers(source *from);
/* Reads --allow-keys again. */
void source_reload_keys(source *from);
void source_close(source *from);

/* The next record into `record`: OK, EAGAIN when there is none now, or a failure. */
zmqlog_status source_receive(source *from);
/* The same, but waits for one; EAGAIN or a failure when none came in time. */
zmqlog_status source_receive_within(source *from, int timeout_ms);
/* How many have come in all. */
int64_t source_received(const source *from);
/* Readable when records wait, after EAGAIN; or a negative status. */
int source_fd(const source *from);

/* Whether a record passes --root, --level and --grep. */
int source_wants(const source *from, const view *seen);

/* Complains about a failed call of the subscriber. Returns an exit code. */
int source_refuse(const source *from, const char *what, zmqlog_status status);

#endif
