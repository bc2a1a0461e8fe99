/* SPDX-License-Identifier: BSD-3-Clause */
/* A file that only grows, by whole blocks: one that could not be written whole is cut
 * off again. Others may rename, remove or truncate it meanwhile. Must not know what
 * is in it. */
#ifndef SHELL_LOGFILE_H
#define SHELL_LOGFILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct logfile {
    const char *path; /* kept by the owner */
    int fd;           /* -1: closed; the next write opens it */
    int64_t size;
} logfile;

void logfile_init(logfile *file, const char *path);

/* Opens it, made when it is not there. 0, or an errno. */
int logfile_open(logfile *file);
void logfile_close(logfile *file);

/* Opens it when it is closed or was removed, and looks what others have done to it.
 * 0, or an errno; then `size` is what it holds. */
int logfile_ready(logfile *file);

/* An output_write. Opens it when it is closed or was removed. When others have
 * truncated it, that is said: what it held by then may be lost. */
int logfile_write(void *file, const char *data, size_t len);

#endif
