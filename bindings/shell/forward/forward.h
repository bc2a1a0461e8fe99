/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog forward: what its options say, and the parts of a running one. */
#ifndef SHELL_FORWARD_FORWARD_H
#define SHELL_FORWARD_FORWARD_H

#include "forward/saved.h"
#include "forward/sink.h"
#include "source.h"

#define FORWARD_SINKS_MOST 16

typedef struct forward_options {
    source_options source;
    option_list sinks;
    long long queue_bytes; /* of each sink */
    int waits;             /* full: the source waits, else records are dropped */
    const char *save;      /* directory for what is left at the end; NULL: none */
    long long linger_ms;   /* how long the end waits for the sinks */
    int quiet;
} forward_options;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int forward_read_options(forward_options *options, char **words);
void forward_release_options(forward_options *options);

typedef struct forwarder {
    const forward_options *options;
    source from;
    sink sinks[FORWARD_SINKS_MOST];
    int count;
    saved_dir saves;
    int parses; /* whether JSON bodies are read */
    buffer body, packed;
    int asks; /* signalfd: SIGUSR1 asks for the counters */
} forwarder;

/* Forwards until a signal ends it. Returns an exit code. */
int forward_run(forwarder *forward);

/* The counters of each sink. */
void forward_tell(forwarder *forward);
/* The same at the end. Returns an exit code: whether anything is left. */
int forward_tell_end(forwarder *forward);
/* That records are dropped, now and then. */
void forward_tell_drop(const forwarder *forward, sink *to);

#endif
