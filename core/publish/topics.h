/* SPDX-License-Identifier: BSD-3-Clause */
/* The topics sent lately, at most 4096: each with its counter (seq and epoch)
 * and whether a subscription matches it. A topic that was evicted comes back with a new
 * epoch. One thread. */
#ifndef ZL_TOPICS_H
#define ZL_TOPICS_H

#include "base/span.h"

#include <stdint.h>

#define ZL_TOPICS_MAX 4096

typedef struct zl_topic {
    struct zl_topic *chain;         /* same bucket */
    struct zl_topic *newer, *older; /* order of use */
    uint64_t seq;                   /* of the last record sent; 0: none yet */
    uint64_t epoch;
    uint64_t generation; /* of the prefixes for which `heard` holds; 0: none */
    uint32_t hash;
    uint16_t len;
    uint8_t heard;
    char text[];
} zl_topic;

typedef struct zl_topics {
    zl_topic *bucket[ZL_TOPICS_MAX];
    zl_topic *newest, *oldest;
    size_t count;
    uint64_t next_epoch; /* random start, then a permutation */
} zl_topics;

zl_topics *zl_topics_new(void);
void zl_topics_free(zl_topics *topics);
/* The entry for a topic, made when there was none; NULL without memory. Valid
 * until the next call. */
zl_topic *zl_topics_get(zl_topics *topics, zl_span text);

#endif
