/* SPDX-License-Identifier: BSD-3-Clause */
/* Records on their way out: a buffer of whole records in front of a descriptor or a
 * file, and the account of what was written and what was not. Nothing is allocated
 * per record, and a reader that does not read cannot keep the program from ending. */
#ifndef SHELL_OUTPUT_H
#define SHELL_OUTPUT_H

#include "bytes.h"

#include <stdint.h>

#define OUTPUT_BYTES 65536 /* a buffer with so much in it is written */
/* Takes all of the bytes or none, and returns 0 or an errno. */
typedef int output_write(void *file, const char *data, size_t len);

/* What has been told about files that cannot be written for a while; several may
 * share it, so that a full disk is told once. */
typedef struct output_trouble {
    const char *name; /* of what cannot be written, for people */
    int files;        /* how many cannot be written now */
    int error;        /* that has been told */
    uint64_t missed;  /* records that found no room meanwhile */
} output_trouble;

typedef struct output {
    int fd;
    int is_terminal;
    int may_block;       /* a pipe, socket or terminal: somebody else must read */
    int failed;          /* errno of the first write that failed for good, else 0 */
    int64_t flushed;     /* moment of the last flush */
    output_write *write; /* NULL: the descriptor */
    void *file;          /* for write */
    output_trouble *trouble;
    int in_trouble;
    int64_t again; /* moment to try it again */
    size_t held;   /* what waits in trouble, at most and but for one record */
    size_t len, capacity;
    size_t whole; /* where the last whole record ends */
    char *data;
    size_t *ends; /* of the records that wait */
    size_t count, room;
    int is_short;                /* memory ran out in the record in hand */
    uint64_t written, unwritten; /* records */
} output;

void output_open(output *out, int fd);
/* A file that may be in trouble for a while: that is told once, records wait, up to
 * `held` bytes, or are counted, and writing goes on when it can. */
void output_open_file(output *out, output_write *write, void *file,
                      output_trouble *trouble, size_t held);
/* Frees the buffer; does not write it. */
void output_close(output *out);

/* After a failure all of these do nothing. */
void output_put_slowly(output *out, const char *data, size_t len);
void output_fill(output *out, char c, size_t count);
__attribute__((format(printf, 2, 3))) void output_printf(output *out,
                                                         const char *format, ...);

/* Writes everything that waits. Once a signal has asked to end, gives up after a
 * second without room. Returns 0, or the errno of the first failure. */
int output_flush(output *out);

/* The moment at which what waits should be flushed: records that come in quick
 * succession leave in blocks, `after_ms` apart. */
int64_t output_due(const output *out, int after_ms);

/* A record is complete: terminals see it now, others with the next flush. */
void output_end_record(output *out);

/* A record that was wanted is not even put. */
static inline void output_miss(output *out, uint64_t records) {
    out->unwritten += records;
}

/* Nothing more will be written: counts what waits. */
void output_give_up(output *out);

static inline void output_put(output *out, const char *data, size_t len) {
    if (len < out->capacity - out->len) {
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
