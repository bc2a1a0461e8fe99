/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog watch: what its options say, and the parts of a running watch. */
#ifndef SHELL_WATCH_H
#define SHELL_WATCH_H

#include "colors.h"
#include "grep.h"
#include "moment.h"
#include "options.h"
#include "output.h"
#include "render.h"
#include "security.h"

typedef enum watch_format { WATCH_TEXT, WATCH_JSON, WATCH_RAW } watch_format;

typedef struct watch_options {
    option_list endpoints, topics, roots;
    option_list level_names; /* "35=AUDIT" */
    int bind;
    int exact;
    const char *level; /* as it was written; NULL: all */
    int min_level;     /* 0: all */
    const char *grep;  /* NULL: all */
    watch_format format;
    int align;
    int quiet;
    const char *time_format; /* NULL: no time */
    color_choice color;
    const char *separator; /* NULL: the format's own */
    long long count;       /* 0: no limit */
    long long timeout_ms;  /* -1: no limit */
    security security;
} watch_options;

typedef struct watcher {
    const watch_options *options;
    zmqlog_subscriber *subscriber;
    zmqlog_record *record;
    int fd; /* readable when records wait */
    output *out;
    grep *expression; /* NULL: none */
    int parses;       /* whether JSON bodies are read */
    int takes_everything;
    timestamp stamp;
    text_look text;
    json_look json;
    uint64_t shown;
    int64_t ends;  /* moment of --timeout */
    int64_t hints; /* moment of the hint; MOMENT_NEVER when there is none */
    uint64_t lost_untold;
    int64_t lost_told; /* moment of the last note */
} watcher;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int watch_read_options(watch_options *options, char **words);
void watch_release_options(watch_options *options);

/* Level names, subscriptions and endpoints. Returns an exit code. */
int watch_open(watcher *watch);

/* Runs until something ends it. Returns the exit code. */
int watch_run(watcher *watch);

/* Whether a record passes --root, --level and --grep. */
int watch_wants(const watcher *watch, const view *seen);

/* What the watcher says about itself on stderr. */
void watch_tell_start(const watcher *watch);
void watch_tell_hint(const watcher *watch);
void watch_tell_losses(watcher *watch, const view *seen);
void watch_tell_summary(const watcher *watch, int always);

#endif
