/* SPDX-License-Identifier: BSD-3-Clause */
/* The live subscription prefixes of a publishing socket, each with its holders: an
 * ordered set of pairs, in a treap, so that no question takes longer than its depth
 * whatever strangers subscribe to. How much one holder may have is its owner's
 * business. Knows bytes only; one thread. */
#ifndef ZL_PREFIXES_H
#define ZL_PREFIXES_H

#include "base/span.h"

#include <stdint.h>

typedef struct zl_prefix zl_prefix;

/* One that subscribes; zeroed before its first prefix. */
typedef struct zl_prefix_holder {
    zl_prefix *first; /* of those it holds, in no order */
    size_t count, bytes;
} zl_prefix_holder;

struct zl_prefix {
    zl_prefix *left, *right; /* by bytes, then by holder */
    uint32_t priority;
    uint32_t times; /* it was added, once for each cancel that will come */
    zl_prefix_holder *holder;
    zl_prefix *next, **link; /* in the holder's list */
    size_t len;
    char data[];
};

typedef struct zl_prefixes {
    zl_prefix *root;
    uint64_t distinct;
    uint64_t generation; /* grows when a prefix appears or disappears */
    uint32_t random;
    int is_blind; /* one found no memory: everything must be taken for wanted */
    /* May be NULL. Told when the first holder of a prefix comes (1) and the last one
     * has gone (0); being blind is a prefix "" that comes. */
    void (*changed)(void *context, zl_span prefix, int is_there);
    void *context;
} zl_prefixes;

static inline zl_span zl_prefix_text(const zl_prefix *prefix) {
    return zl_span_make(prefix->data, prefix->len);
}

void zl_prefixes_init(zl_prefixes *prefixes);
/* Some prefix is not known and never will be. */
void zl_prefixes_go_blind(zl_prefixes *prefixes);
/* 1 when the holder did not have it, 0 when it did, -1: no memory. */
int zl_prefixes_add(zl_prefixes *prefixes, zl_prefix_holder *holder, zl_span prefix);
/* The holder's own; NULL: it has no such prefix. */
zl_prefix *zl_prefixes_find(const zl_prefixes *prefixes, const zl_prefix_holder *holder,
                            zl_span prefix);
void zl_prefixes_remove(zl_prefixes *prefixes, zl_prefix *prefix);
/* Takes all of the holder's away. */
void zl_prefixes_drop(zl_prefixes *prefixes, zl_prefix_holder *holder);

/* Whether a record with this topic has a listener. */
int zl_prefixes_match(const zl_prefixes *prefixes, zl_span topic);
/* Whether a prefix of at least so many bytes is among those that match it. */
int zl_prefixes_match_from(const zl_prefixes *prefixes, zl_span topic, size_t least);
/* How many holders it has: 0, 1, or 2 for more. */
int zl_prefixes_holders(const zl_prefixes *prefixes, zl_span topic);
/* Whether some prefix starts with this stem. */
int zl_prefixes_any_under(const zl_prefixes *prefixes, zl_span stem);
/* Whether this holder is one of a topic's. */
int zl_prefix_holder_matches(const zl_prefix_holder *holder, zl_span topic);

#endif
