/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of live subscription prefixes of a publishing socket, at most 4096.
 * Beyond that they are only counted, and the set is `overflowing`: everything
 * must be taken for wanted. Pure; one thread. */
#ifndef ZL_PREFIXES_H
#define ZL_PREFIXES_H

#include "base/span.h"

#include <stdint.h>

#define ZL_PREFIXES_MAX 4096

typedef struct zl_prefix {
    char *data;
    uint32_t len;
} zl_prefix;

typedef struct zl_prefixes {
    zl_prefix *items; /* sorted */
    size_t count, capacity;
    uint64_t untracked;  /* live ones there was no room for */
    uint64_t generation; /* grows with every change */
} zl_prefixes;

void zl_prefixes_init(zl_prefixes *prefixes);
void zl_prefixes_free(zl_prefixes *prefixes);
/* 1 when the set changed, 0 when it was there (add) or was not (remove). An add
 * that finds no memory counts as untracked. A remove of an unknown prefix while
 * some are untracked takes one of those away. */
int zl_prefixes_add(zl_prefixes *prefixes, zl_span prefix);
int zl_prefixes_remove(zl_prefixes *prefixes, zl_span prefix);
void zl_prefixes_clear(zl_prefixes *prefixes);
static inline int zl_prefixes_overflowing(const zl_prefixes *prefixes) {
    return prefixes->untracked > 0;
}
/* Distinct live prefixes, tracked or not. */
uint64_t zl_prefixes_live(const zl_prefixes *prefixes);
/* Whether a record with this topic has a listener (1 while overflowing). */
int zl_prefixes_match(const zl_prefixes *prefixes, zl_span topic);
/* Whether some tracked prefix starts with this stem. */
int zl_prefixes_any_under(const zl_prefixes *prefixes, zl_span stem);

#endif
