/* SPDX-License-Identifier: BSD-3-Clause */
/* The side of ZMTP 3.1 that sends, with the mechanism NULL: what the library's
 * interface does not offer and a few dozen lines do. Knows no records. */
#ifndef SHELL_FORWARD_ZMTP_H
#define SHELL_FORWARD_ZMTP_H

#include "forward/stream.h"

#define ZMTP_PING_BYTES 25
#define ZMTP_CONTEXT_BYTES 16

/* Exchanges greetings and READY: `own` and `peer` are socket types. 0, or -1 after
 * sink_fail(). */
int zmtp_greet(stream *of, sink *to, const char *own, const char *peer);

/* Writes the header of a message of one frame; returns its length. */
size_t zmtp_message(char header[STREAM_HEADER_BYTES], size_t len);

/* A PING that asks for its 16 bytes back. */
void zmtp_ping(char ping[ZMTP_PING_BYTES], uint64_t first, uint64_t second);

typedef struct zmtp_answers {
    char data[512];
    size_t len;
} zmtp_answers;

/* Reads on up to the next PONG: 1 with what its PING carried, 0 for nothing more now,
 * -1 after sink_fail(). */
int zmtp_next_pong(zmtp_answers *answers, stream *of, sink *to, uint64_t *first,
                   uint64_t *second);

#endif
