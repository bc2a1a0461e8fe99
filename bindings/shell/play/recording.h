/* SPDX-License-Identifier: BSD-3-Clause */
/* A file that zmqlog record wrote, read line by line, compressed or not. Must not know
 * what a line says. */
#ifndef SHELL_RECORDING_H
#define SHELL_RECORDING_H

#include "bytes.h"
#include "unpack.h"

typedef struct recording {
    const char *path; /* "-": standard input */
    int fd;
    int is_started, is_ended;
    char *data;
    size_t at, len, room;
    unpack *with; /* NULL: not compressed */
} recording;

void recording_init(recording *from, const char *path);

/* The next line, without its newline, which lasts until the next call. 1; 0 at the end;
 * -1 on failure, which has been complained about. *is_whole: a newline followed. */
int recording_next(recording *from, bytes *line, int *is_whole);

void recording_close(recording *from);

#endif
