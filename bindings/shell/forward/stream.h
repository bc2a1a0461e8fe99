/* SPDX-License-Identifier: BSD-3-Clause */
/* A connection over which messages are written one after the other, each behind a
 * header of a few bytes. Knows no protocol. */
#ifndef SHELL_FORWARD_STREAM_H
#define SHELL_FORWARD_STREAM_H

#include "forward/sink.h"

#include <stdint.h>
#include <sys/types.h>

#define STREAM_HEADER_BYTES 24

typedef struct stream {
    char host[256], port[32]; /* or a path in `host`, and no port */
    int fd;                   /* -1: not connected */
    size_t done;              /* bytes of the message at hand that are written */
    uint64_t bytes;           /* written since it was connected */
} stream;

/* For kinds whose state begins with a stream: makes it, of that size, with the address
 * HOST:PORT, [HOST]:PORT or, with may_be_path, a path; the rest is zero. Hosts beyond
 * this machine are refused without --insecure. NULL, or what is wrong. */
const char *stream_make(sink *to, size_t size, const char *address, int may_be_path);
void stream_shut(sink *to);
void stream_free(sink *to);

/* 0, or -1 after sink_fail(). The descriptor never blocks. */
int stream_connect(stream *of, sink *to);
void stream_close(stream *of);

/* FULL keeps its place: the same message must be put again. */
sink_result stream_put(stream *of, sink *to, const char *header, size_t header_len,
                       const char *data, size_t len);

/* Reads what is there, at most size bytes: a count, 0 at the end of the stream, -1
 * for nothing now, -2 for a failure with errno. */
ssize_t stream_read(stream *of, char *data, size_t size);

/* Waits for so many bytes; 0, or -1 after sink_fail(). */
int stream_expect(stream *of, sink *to, char *data, size_t len);

/* Whether the peer's system has all that was written. */
int stream_is_acknowledged(const stream *of);

#endif
