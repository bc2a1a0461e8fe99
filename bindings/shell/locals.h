/* SPDX-License-Identifier: BSD-3-Clause */
/* The programs of this machine that opened without an endpoint: their sockets in the
 * directories where they meet, now and as they come and go. Owns which of them are
 * connected; must not know what they say. */
#ifndef SHELL_LOCALS_H
#define SHELL_LOCALS_H

#include "meeting.h"
#include "moment.h"

#include "zmqlog.h"

#define LOCALS_PATH 128

typedef struct local_program {
    char endpoint[LOCALS_PATH]; /* ipc://... */
    int is_there;               /* at the last look */
} local_program;

typedef struct locals {
    zmqlog_subscriber *subscriber;
    const option_list *patterns; /* globs over root topics, or pids; none: all */
    meeting places;
    int64_t again; /* when to look again by the clock */
    int notify;    /* readable when a directory has changed; -1: not open */
    local_program *programs;
    int program_count, program_room;
    int most;    /* so many, as each takes a descriptor */
    int is_full; /* some are left out */
} locals;

/* Connects to those that are there. 0, or -1 with errno. */
int locals_open(locals *all, zmqlog_subscriber *subscriber,
                const option_list *patterns);
/* At any time: connects to new ones and leaves those that went. */
void locals_follow(locals *all);
void locals_close(locals *all);

#endif
