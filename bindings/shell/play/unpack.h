/* SPDX-License-Identifier: BSD-3-Clause */
/* Decompression with zstd, of files that may end in the middle. */
#ifndef SHELL_UNPACK_H
#define SHELL_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

typedef struct unpack unpack;

/* Whether this program was built with it. */
int unpack_is_there(void);

/* `start` is what was read of the file already. NULL without memory or zstd. */
unpack *unpack_new(const char *start, size_t len);
void unpack_free(unpack *with);

#define UNPACK_DAMAGED -2

/* As read(2), of what the file says; or UNPACK_DAMAGED. */
ssize_t unpack_read(unpack *with, int fd, char *to, size_t room);

#endif
