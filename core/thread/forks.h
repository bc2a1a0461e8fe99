/* SPDX-License-Identifier: BSD-3-Clause */
/* What fork needs to know of the library, and its only pthread_atfork: locks that a
 * child must not inherit locked, what must be done in the child, and descriptors that
 * it must not keep. Knows nothing of what these are for. */
#ifndef ZL_FORKS_H
#define ZL_FORKS_H

#include <stdatomic.h>

/* How many forks lie between the first process and this one. An object that keeps the
 * number of its making knows later whether it was inherited. Counts from the first
 * watch on. */
void zl_forks_watch(void);
unsigned zl_forks_count(void); /* async-signal-safe */

/* What a room does around each fork, from its first add on; a static object. Any may
 * be NULL. `prepare` takes locks, `parent` gives them back; `child` may use nothing but
 * memory and plain system calls. All three run under the lock below, so that lock comes
 * before any that `prepare` takes. */
typedef struct zl_fork_hook {
    void (*prepare)(void);
    void (*parent)(void);
    void (*child)(void);
    struct zl_fork_hook *next;
    int is_added;
} zl_fork_hook;
void zl_forks_add(zl_fork_hook *hook);

/* While it is held nobody forks: for what a child must see whole or not at all. Held
 * for moments. */
void zl_forks_lock(void);
void zl_forks_unlock(void);

/* A descriptor that forked children close at once, in the fork, if it is still the same
 * file then: a program may have closed it and opened another one under its number.
 * `number` is -1 afterwards. */
typedef struct zl_owned_fd {
    _Atomic int number;
    struct zl_owned_fd *next, **link;
} zl_owned_fd;
void zl_forks_own(zl_owned_fd *owned, int number);
/* Forgets it; does not close. Nothing happens where it is not owned. */
void zl_forks_disown(zl_owned_fd *owned);

#endif
