/* SPDX-License-Identifier: BSD-3-Clause */
/* Compression of blocks with zstd: after each one, all of it can be read. A file may
 * be cut off after any block: three bytes close it again. */
#ifndef SHELL_PACK_H
#define SHELL_PACK_H

#include <stddef.h>
#include <stdint.h>

typedef struct pack pack;

/* Whether this program was built with it. */
int pack_is_there(void);

/* NULL without memory. */
pack *pack_new(void);
void pack_free(pack *with);

/* An empty last block: what ends a frame whose blocks are all complete. */
#define PACK_SEAL "\1\0\0"
#define PACK_SEAL_BYTES 3

/* Compresses a block; the first one since new or reset begins a frame. *packed holds
 * until the next call. 0, or an errno. */
int pack_block(pack *with, const char *data, size_t len, const char **packed,
               size_t *packed_len);
void pack_reset(pack *with);

/* Where the last complete block of a file ends, and whether a frame is open there. 0,
 * or an errno. */
int pack_measure(int fd, int64_t *end, int *is_open);

#endif
