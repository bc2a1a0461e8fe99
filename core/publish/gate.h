/* SPDX-License-Identifier: BSD-3-Clause */
/* The gate: which levels are worth a log call. 64 bytes that any thread may
 * read. The owner's lock covers writes, except for opening all of it at the end. Knows
 * prefixes and level names, no sockets. */
#ifndef ZL_GATE_H
#define ZL_GATE_H

#include "name/level.h"
#include "base/prefixes.h"

#include <stdatomic.h>
#include <stdint.h>

typedef struct zl_gate {
    _Alignas(64) _Atomic uint8_t open[ZMQLOG_GATE_BYTES];
} zl_gate;

static inline int zl_gate_is_open(const zl_gate *gate, int level) {
    return atomic_load_explicit(&gate->open[level], memory_order_relaxed);
}

/* Everything at or above the floor, subscribed to or not. Floor 0: all. */
void zl_gate_open_all(zl_gate *gate, int floor);
/* What the prefixes can match, and from the level `kept` on all above the floor, for
 * these are kept until somebody listens. Returns how many levels are matched. */
int zl_gate_follow(zl_gate *gate, int floor, int kept, const zl_prefixes *prefixes,
                   zl_span root, const zl_level_names *names);
#define ZL_NONE_KEPT ZMQLOG_GATE_BYTES

#endif
