/* SPDX-License-Identifier: BSD-3-Clause */
/* The page that a local program writes of itself, read by somebody else. Nothing in it
 * is believed before it was checked. */
#ifndef SHELL_PAGE_H
#define SHELL_PAGE_H

#include "object.h"

#include <sys/types.h>

#define PAGE_LEVELS 64
#define PAGE_NAME 33
#define PAGE_TEXT 104

typedef enum page_state {
    PAGE_GONE,   /* there is no file, or it is none of a program */
    PAGE_HIDDEN, /* another user's */
    PAGE_UNREAD, /* half written for good, of another version, or nonsense */
    PAGE_IS_READ
} page_state;

/* What stands in it. Numbers are 0 where it says nothing. */
typedef struct page {
    uid_t uid;         /* of the file; of another user's, too */
    long long written; /* when, in seconds since 1970 */
    object whole, hello, stats;
    long long ticks, pid; /* which process */
    char root[PAGE_TEXT], version[PAGE_TEXT], start[PAGE_TEXT];
    char names[PAGE_LEVELS][PAGE_NAME]; /* of levels */
    char is_open[PAGE_LEVELS];
    long long floor, listeners, prefixes, sent, dropped, queue_used, queue_bytes;
    bytes style, counters, endpoints, listening; /* JSON */
} page;

/* Fills it; to be closed when it is read. */
page_state page_read(page *to, const char *path);
void page_close(page *of);

/* The same from bytes; 0, or -1 when they are no page. */
int page_parse(page *to, bytes file);

#endif
