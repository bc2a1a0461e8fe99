/* SPDX-License-Identifier: BSD-3-Clause */
/* What is missing between two records: the last sequence number seen of each
 * counter, at most ZL_GAPS_MAX of them; the one not seen for the longest time
 * goes first and comes back as unknown. Pure; one thread. */
#ifndef ZL_GAPS_H
#define ZL_GAPS_H

#include "base/span.h"

#include <stdint.h>

#define ZL_GAPS_MAX 8192
#define ZL_GAPS_TOPIC_MAX_BYTES 255 /* longer topics are not remembered */

typedef struct zl_gaps_entry zl_gaps_entry;
typedef struct zl_gaps_forget zl_gaps_forget;

typedef struct zl_gaps {
    zl_gaps_entry *entries; /* NULL until one is needed */
    int32_t *buckets;
    int32_t newest, oldest, used, spare;
    zl_gaps_forget *first_forget;
} zl_gaps;

typedef enum zl_gap {
    ZL_GAP_BASELINE, /* nothing known before it */
    ZL_GAP_NEXT,     /* just the number that was due */
    ZL_GAP_LOST,     /* *lost numbers are missing before it */
    ZL_GAP_REPEATED  /* not beyond what was seen */
} zl_gap;

void zl_gaps_init(zl_gaps *gaps);
void zl_gaps_free(zl_gaps *gaps);
/* A record with this number came. Without memory everything is a baseline. */
zl_gap zl_gaps_see(zl_gaps *gaps, zl_span topic, uint64_t epoch, uint64_t seq,
                   uint64_t *lost);
/* This counter will be unknown again: one of its numbers was passed over. */
void zl_gaps_forget_one(zl_gaps *gaps, zl_span topic, uint64_t epoch);
/* Topics that begin with a prefix and with none of `kept`. These are sorted, and none
 * of them begins with another. */
typedef struct zl_gaps_scope {
    zl_span prefix;
    const zl_span *kept;
    size_t kept_count;
} zl_gaps_scope;
/* These will be unknown again once message `at` is reached: what waits in front of
 * that still belongs together. The scope is copied; without memory all of its
 * prefix is unknown at once. */
void zl_gaps_forget_at(zl_gaps *gaps, const zl_gaps_scope *scope, uint64_t at);
void zl_gaps_forget_due(zl_gaps *gaps, uint64_t reached);
/* Message number `reached` (from 1) is about to be looked at. */
static inline void zl_gaps_reach(zl_gaps *gaps, uint64_t reached) {
    if (gaps->first_forget)
        zl_gaps_forget_due(gaps, reached);
}

#endif
