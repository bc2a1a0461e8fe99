/* SPDX-License-Identifier: BSD-3-Clause */
/* A stream of JetStream's as a source of records: the past first, then what comes.
 * Without libnats all of these say so. */
#ifndef SHELL_FORWARD_NATS_READ_H
#define SHELL_FORWARD_NATS_READ_H

#include "bytes.h"
#include "nats_options.h"

#include <stdint.h>

#define NATS_SCHEME "nats://"

typedef struct nats_reader nats_reader;

typedef struct nats_frames {
    bytes topic, body; /* as they were published; valid until the next call */
    int64_t received_ns;
} nats_frames;

/* `root`: the only root topic that is wanted, or NULL. A reader that reconnects by
 * itself, or NULL; what is wrong has been complained about and *code set. */
nats_reader *nats_reader_open(const char *address, const nats_options *options,
                              int is_insecure, const char *root, int *code);
void nats_reader_close(nats_reader *reader);

/* Readable when there may be something, or when the reader has ended. */
int nats_reader_fd(const nats_reader *reader);

/* 1 with the next frames, 0 for none now. */
int nats_reader_next(nats_reader *reader, nats_frames *frames);

#endif
