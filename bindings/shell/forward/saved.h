/* SPDX-License-Identifier: BSD-3-Clause */
/* What sinks had left at the end, in a directory, for the next start. */
#ifndef SHELL_FORWARD_SAVED_H
#define SHELL_FORWARD_SAVED_H

#include "forward/sink.h"

typedef struct saved_dir {
    const char *path; /* NULL: nothing is saved */
    int lock;         /* descriptor of the directory; -1: none */
} saved_dir;

/* Makes the directory when it is not there, and locks it. An exit code. */
int saved_open(saved_dir *in, const char *path);
void saved_close(saved_dir *in);

/* Before a sink starts: takes what it had left, and the file with it. An exit code. */
int saved_take(const saved_dir *in, sink *to);

/* After a sink has ended: keeps what it has left, and says so. An exit code. */
int saved_keep(const saved_dir *in, sink *to);

#endif
