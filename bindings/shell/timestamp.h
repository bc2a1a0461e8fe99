/* SPDX-License-Identifier: BSD-3-Clause */
/* Times as strftime writes them, plus %N for nanoseconds and %3N or %6N for
 * fewer digits. What a second looks like is worked out once. */
#ifndef SHELL_TIMESTAMP_H
#define SHELL_TIMESTAMP_H

#include "output.h"

#define TIMESTAMP_DEFAULT "%Y-%m-%d %H:%M:%S.%3N"
#define TIMESTAMP_RFC3339 "%Y-%m-%dT%H:%M:%S.%9NZ" /* in UTC */

#define TIMESTAMP_PIECES 8
#define TIMESTAMP_PIECE_BYTES 128

typedef struct timestamp_piece {
    char format[TIMESTAMP_PIECE_BYTES];
    char shown[TIMESTAMP_PIECE_BYTES]; /* for timestamp.second */
    size_t shown_len;
    int digits; /* of the fraction that follows; 0: none */
} timestamp_piece;

typedef struct timestamp {
    int utc;
    int is_known; /* whether `second` holds one */
    int64_t second;
    int count;
    timestamp_piece pieces[TIMESTAMP_PIECES];
} timestamp;

/* 0, or -1 when the format is too long or has too many fractions. */
int timestamp_compile(timestamp *stamp, const char *format, int utc);

void timestamp_put(timestamp *stamp, output *out, int64_t time_ns);

#endif
