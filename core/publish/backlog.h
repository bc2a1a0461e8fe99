/* SPDX-License-Identifier: BSD-3-Clause */
/* Records that nobody heard, oldest first, within a number of bytes. Owns copies of
 * their entries. Knows neither sockets nor subscriptions; one thread, but for the
 * count. */
#ifndef ZL_BACKLOG_H
#define ZL_BACKLOG_H

#include "publish/entry.h"

#include <stdatomic.h>

typedef struct zl_kept {
    struct zl_kept *next;
    zl_span root; /* that held when it was logged; interned by the handler */
    size_t len;
    zl_entry entry; /* and what follows it, len bytes in all */
} zl_kept;

typedef struct zl_backlog {
    int level;    /* from which on records are kept */
    size_t limit; /* bytes, with what is kept beside each record; 0: none is kept */
    zl_kept *first, **end;
    size_t bytes;
    _Atomic uint64_t count; /* any thread may read it */
    zl_kept **next;         /* where sending goes on; NULL: nothing is to be sent */
    zl_kept *in_hand; /* copy of the record that waits for a full listener, or NULL */
    int is_owed;      /* a new listener may want some of it */
} zl_backlog;

/* The copy has a time, for later is too late to take it. NULL: no memory. */
zl_kept *zl_kept_new(const zl_entry *entry, size_t len, zl_span root);

void zl_backlog_init(zl_backlog *backlog, int level, size_t limit);
/* Takes `kept`, which may be NULL, and frees the oldest as needed. How many records
 * were lost. */
uint64_t zl_backlog_add(zl_backlog *backlog, zl_kept *kept);
/* Frees the one that *at points to. */
void zl_backlog_remove(zl_backlog *backlog, zl_kept **at);

#endif
