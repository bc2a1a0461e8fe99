/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog watch: what its options say, and the parts of a running watch. */
#ifndef SHELL_WATCH_H
#define SHELL_WATCH_H

#include "locals.h"
#include "logfile.h"
#include "look.h"
#include "moment.h"
#include "output.h"
#include "problems.h"
#include "source.h"

typedef struct watch_options {
    source_options source;
    look_options look;
    const char *output; /* NULL: standard output */
    int quiet;
    long long count;      /* 0: no limit */
    long long timeout_ms; /* -1: no limit */
} watch_options;

typedef struct watcher {
    const watch_options *options;
    source from;
    locals locals; /* without an endpoint */
    int fd;        /* readable when records wait */
    output out;
    logfile file; /* with --output */
    output_trouble trouble;
    look look;
    uint64_t shown; /* handed to the output */
    int64_t ends;   /* moment of --timeout */
    int64_t hints;  /* moment of the hint; MOMENT_NEVER when there is none */
    problems problems;
    int told_left_out;
    uint64_t lost_untold;
    int64_t lost_told; /* moment of the last note */
} watcher;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int watch_read_options(watch_options *options, char **words);

/* Runs until something ends it. Returns the exit code. */
int watch_run(watcher *watch);

/* What the watcher says about itself on stderr. */
void watch_tell_hint(const watcher *watch);
void watch_tell_left_out(watcher *watch);
void watch_tell_losses(watcher *watch, const view *seen);
void watch_tell_summary(const watcher *watch, int always);

#endif
