/* SPDX-License-Identifier: BSD-3-Clause */
/* The prefixes a subscriber has asked for, how often, and which of them its
 * socket must have. A prefix that says WARN or WARNING brings its other spelling
 * along, which counts while matching is exact. Pure; one thread. */
#ifndef ZL_INTERESTS_H
#define ZL_INTERESTS_H

#include "zmqlog.h"
#include "base/span.h"

#include <stdint.h>

typedef struct zl_interest {
    uint32_t refs;      /* subscribes of exactly this */
    uint32_t aliases;   /* subscribes of its other spelling */
    int live, was_live; /* whether the socket has it; kept by the owner */
    int is_changed;
    uint32_t len;
    char text[];
} zl_interest;

typedef struct zl_interests {
    zl_interest **items; /* sorted */
    size_t count, capacity;
    zl_interest **changed; /* whose refs or aliases are not settled yet */
    size_t changed_count, changed_capacity;
} zl_interests;

void zl_interests_init(zl_interests *set);
void zl_interests_free(zl_interests *set);

/* 0, or -1 without memory: then settling makes the set what it was. */
int zl_interests_add(zl_interests *set, zl_span prefix);
/* 0, or -1 when it was not there. */
int zl_interests_remove(zl_interests *set, zl_span prefix);
/* Puts all of them on the list of changed ones. */
void zl_interests_touch_all(zl_interests *set);
/* The owner has looked at the changed ones: forgets those nobody wants. */
void zl_interests_settle(zl_interests *set);

static inline int zl_interest_is_wanted(const zl_interest *interest, int exact) {
    return interest->refs > 0 || (exact && interest->aliases > 0);
}
/* Whether a wanted one that is shorter brings whatever this prefix does: by bytes, as
 * sockets match, whether matching is exact or not. */
int zl_interests_cover(const zl_interests *set, zl_span prefix, int exact);
/* Those that begin with the prefix and were live before what is changed and still
 * are, sorted, without those that begin with another of them; how many. The spans
 * last until settling; out may be NULL, to count them. */
size_t zl_interests_kept(const zl_interests *set, zl_span prefix, zl_span *out);
/* Whether a topic begins with one that is wanted, as a socket would find. */
int zl_interests_match(const zl_interests *set, zl_span topic);
/* Whether a topic matches one of them at the end of a segment, in either
 * spelling. */
int zl_interests_match_exactly(const zl_interests *set, zl_span topic);

#endif
