/* SPDX-License-Identifier: BSD-3-Clause */
/* Streams of JetStream's where libnats was missing when this was built. */
#include "complain.h"
#include "forward/nats_read.h"

#include <stddef.h>

nats_reader *nats_reader_open(const char *address, const nats_options *options,
                              int is_insecure, const char *root, int *code) {
    (void)address;
    (void)options;
    (void)is_insecure;
    (void)root;
    complain("nats://: this zmqlog was built without libnats-dev");
    *code = EXIT_FAILED;
    return NULL;
}

void nats_reader_close(nats_reader *reader) {
    (void)reader;
}

int nats_reader_fd(const nats_reader *reader) {
    (void)reader;
    return -1;
}

int nats_reader_next(nats_reader *reader, nats_frames *frames) {
    (void)reader;
    (void)frames;
    return 0;
}
