/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard output with a buffer of its own: nothing is allocated per record, and
 * a reader that does not read cannot keep the program from ending. */
#ifndef SHELL_OUTPUT_H
#define SHELL_OUTPUT_H

#include "bytes.h"

#include <stdint.h>

#define OUTPUT_BYTES 65536

typedef struct output {
    int fd;
    int is_terminal;
    int may_block;   /* a pipe, socket or terminal: somebody else must read */
    int failed;      /* errno of the first write that failed, else 0 */
    int64_t flushed; /* moment of the last flush */
    size_t len;
    char data[OUTPUT_BYTES];
} output;

void output_open(output *out, int fd);

/* After a failure all of these do nothing. */
void output_put_slowly(output *out, const char *data, size_t len);
void output_fill(output *out, char c, size_t count);
__attribute__((format(printf, 2, 3))) void output_printf(output *out,
                                                         const char *format, ...);

/* Writes everything that waits. Once a signal has asked to end, gives up after a
 * second without room. Returns 0, or the errno of the first failure. */
int output_flush(output *out);

/* A record is complete: terminals see it now, others with the next flush. */
void output_end_record(output *out);

static inline void output_put(output *out, const char *data, size_t len) {
    if (len <= OUTPUT_BYTES - out->len) {
        memcpy(out->data + out->len, data, len);
        out->len += len;
    } else {
        output_put_slowly(out, data, len);
    }
}

static inline void output_put_bytes(output *out, bytes text) {
    if (text.len > 0)
        output_put(out, text.data, text.len);
}

static inline void output_put_char(output *out, char c) {
    output_put(out, &c, 1);
}

#define output_put_literal(out, literal)                                               \
    output_put((out), (literal), sizeof(literal) - 1)

#endif
