/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog record: what its options say, and the parts of a running recorder. */
#ifndef SHELL_RECORD_H
#define SHELL_RECORD_H

#include "folder.h"
#include "moment.h"
#include "render.h"
#include "source.h"
#include "stream.h"

typedef struct record_options {
    source_options source;
    const char *dir;
    int per_root;
    folder_limits limits;
    int zstd;
    int quiet;
} record_options;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int record_read_options(record_options *options, char **words);

typedef struct recorder {
    const record_options *options;
    source from;
    int fd; /* readable when records wait */
    json_look look;
    char *body; /* the body as it came, while the record is parsed */
    size_t body_room;
    stream_set streams;
    int64_t flushes; /* moment */
} recorder;

/* Runs until a signal ends it. Returns the exit code. */
int record_run(recorder *to);

#endif
