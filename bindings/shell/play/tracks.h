/* SPDX-License-Identifier: BSD-3-Clause */
/* Several recordings as one: the records of all, in the order of their times. Files
 * are open only while their turn lasts. */
#ifndef SHELL_TRACKS_H
#define SHELL_TRACKS_H

#include "kept.h"
#include "recording.h"

typedef struct track {
    recording from;
    kept next;
    int has_next;
    uint64_t unreadable; /* lines that are no records */
} track;

typedef struct tracks {
    track *all;
    int count;
    int *heap; /* of those that have a next record, by its time */
    int waiting;
    int failed; /* a file could not be read */
} tracks;

/* Looks at the first record of each file. 0, or -1 without memory. */
int tracks_open(tracks *of, const char *const *paths, int count);
void tracks_close(tracks *of);

/* The record whose turn it is, until tracks_advance; NULL at the end. */
const kept *tracks_next(const tracks *of);
void tracks_advance(tracks *of);

/* Says how many lines could not be read, if there are any. */
void tracks_tell(const tracks *of);

#endif
