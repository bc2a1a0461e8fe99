/* SPDX-License-Identifier: BSD-3-Clause */
/* The programs of this machine that left a page or listen at a local socket: found by
 * their files, with what their pages say, and whether they live. */
#ifndef SHELL_FOUND_H
#define SHELL_FOUND_H

#include "meeting.h"
#include "page.h"

typedef enum found_state {
    FOUND_RUNNING,
    FOUND_DEAD,
    FOUND_UNKNOWN /* another user's, of whom nothing can be learnt */
} found_state;

typedef struct found {
    char stem[2 * MEETING_PATH]; /* its files begin so */
    meeting_name name;           /* by its files */
    uid_t uid;
    found_state state;
    int has_page; /* and it is believed */
    page page;
} found;

typedef struct found_list {
    found **items; /* sorted by root and pid */
    int count, room;
    int is_full; /* some were left out */
} found_list;

/* What the program is called. */
const char *found_root(const found *program);

/* 0, or -1 without memory. */
int found_all(found_list *list, const option_list *patterns);
/* The files of dead programs go, if they are ours; those with a recorder after a day.
 */
void found_clean(const found_list *list);
void found_free(found_list *list);

#endif
