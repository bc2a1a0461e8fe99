/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog play: what its options say, and the parts of a running play. */
#ifndef SHELL_PLAY_H
#define SHELL_PLAY_H

#include "look.h"
#include "output.h"
#include "send.h"
#include "source.h"
#include "tracks.h"

typedef struct play_options {
    source_options filters; /* endpoints are the files */
    look_options look;
    send_options send; /* where to */
    int publishes;
    int64_t from_ns, to_ns;
    double speed; /* 0: as fast as possible */
    int has_speed;
    int quiet;
} play_options;

/* Fills options (all zero before). Returns an exit code, or -1 to go on. */
int play_read_options(play_options *options, char **words);
void play_release_options(play_options *options);

typedef struct player {
    const play_options *options;
    source from; /* filters only */
    tracks files;
    output out;
    look look;
    publisher to;
    int parses;
    int64_t start;    /* moment at which the first record was played */
    int64_t start_ns; /* its time */
    uint64_t played;
} player;

/* Plays until the files or a signal end it. Returns the exit code. */
int play_run(player *play);

#endif
