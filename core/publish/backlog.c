/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of kept records. */
#include "publish/backlog.h"

#include "base/clock.h"

#include <stddef.h>
#include <stdlib.h>

/* What malloc keeps for itself. */
#define OVERHEAD_BYTES 16

static size_t bytes_of(const zl_kept *kept) {
    return offsetof(zl_kept, entry) + kept->len + OVERHEAD_BYTES;
}

zl_kept *zl_kept_new(const zl_entry *entry, size_t len, zl_span root) {
    zl_kept *kept = malloc(offsetof(zl_kept, entry) + len);
    if (!kept)
        return NULL;
    kept->next = NULL;
    kept->root = root;
    kept->len = len;
    memcpy(&kept->entry, entry, len);
    if (!kept->entry.timed)
        kept->entry.time_ns = zl_clock_realtime_ns();
    kept->entry.timed = 1;
    return kept;
}

void zl_backlog_init(zl_backlog *backlog, int level, size_t limit) {
    backlog->level = level;
    backlog->limit = limit;
    backlog->first = NULL;
    backlog->end = &backlog->first;
}

void zl_backlog_remove(zl_backlog *backlog, zl_kept **at) {
    zl_kept *kept = *at;
    *at = kept->next;
    if (backlog->end == &kept->next)
        backlog->end = at;
    backlog->bytes -= bytes_of(kept);
    atomic_fetch_sub(&backlog->count, 1);
    free(kept);
}

uint64_t zl_backlog_add(zl_backlog *backlog, zl_kept *kept) {
    uint64_t lost = 0;
    if (!kept || bytes_of(kept) > backlog->limit) {
        free(kept);
        return 1;
    }
    for (; backlog->bytes + bytes_of(kept) > backlog->limit; lost++)
        zl_backlog_remove(backlog, &backlog->first);
    *backlog->end = kept;
    backlog->end = &kept->next;
    backlog->bytes += bytes_of(kept);
    atomic_fetch_add(&backlog->count, 1);
    return lost;
}
