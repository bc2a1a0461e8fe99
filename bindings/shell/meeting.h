/* SPDX-License-Identifier: BSD-3-Clause */
/* Where programs without an endpoint meet on this machine, and what their files are
 * called there. Owns directories and names; must not know what is in the files. */
#ifndef SHELL_MEETING_H
#define SHELL_MEETING_H

#include "options.h"

#define MEETING_PLACES 3
#define MEETING_PATH 128

typedef struct meeting {
    char places[MEETING_PLACES][MEETING_PATH];
    int count;
} meeting;

/* All directories that this user's programs may use and that nobody else can have put
 * there in their name. `make`: makes those that are missing, for programs to come. */
void meeting_find(meeting *all, int make);

/* <root>.<pid>.<number><suffix>, in pieces. */
typedef struct meeting_name {
    char root[MEETING_PATH], pid[MEETING_PATH];
} meeting_name;

/* Whether a file is called so. */
int meeting_split(const char *file, const char *suffix, meeting_name *name);
/* Whether one of the patterns is a glob over this root topic, or the process's id. No
 * pattern wants all. */
int meeting_wants(const option_list *patterns, const char *root, const char *pid);

/* 0, or an errno: whether a program listens at this socket. A socket that a killed
 * program left behind refuses. */
int meeting_ask(const char *path);

#endif
