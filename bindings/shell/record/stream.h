/* SPDX-License-Identifier: BSD-3-Clause */
/* The files that are being written: one for each name, few of them open at a time.
 * Owns rotation and the limit of open files; must not know how records look. */
#ifndef SHELL_STREAM_H
#define SHELL_STREAM_H

#include "folder.h"
#include "logfile.h"
#include "output.h"
#include "pack.h"

#define STREAM_OPEN_MOST 24    /* files open at a time */
#define STREAM_NAMES_MOST 1024 /* further names share one file */

typedef struct stream_set stream_set;

typedef struct stream {
    struct stream *next;          /* same bucket */
    struct stream *newer, *older; /* of those whose file is open, by use */
    stream_set *set;
    char name[FOLDER_NAME_MOST + 1];
    bytes key; /* the root; owned */
    output out;
    logfile file;
    char *path;       /* NULL: the next record begins a file */
    int64_t begun_ns; /* of the file */
    pack *with;       /* NULL: not compressed, or closed */
    int is_unsealed;  /* a frame that was left open ends the file */
} stream;

#define STREAM_BUCKETS 512

struct stream_set {
    folder in;
    const folder_limits *limits;
    output_trouble trouble;
    stream *bucket[STREAM_BUCKETS];
    stream *newest, *oldest;
    int names, open;
    int retention_due; /* a file was begun */
    int is_crowded;    /* more names came than fit */
};

/* The stream of a root topic; made when there was none. NULL without memory. */
stream *stream_of(stream_set *set, bytes root);

/* Before a record is put: closes a file that is full or whose time is over, and has a
 * path for the next. 0, or -1 without memory. */
int stream_prepare(stream *to, int64_t now_ns);

/* Flushes all that is due, and removes what is too old. Returns the moment at which
 * that is due again. */
int64_t stream_tick(stream_set *set, int after_ms);

/* The next records begin new files. */
void stream_renew(stream_set *set);

/* Flushes and closes everything. Adds up what was written and what was not. */
void stream_end(stream_set *set, uint64_t *written, uint64_t *unwritten);

#endif
