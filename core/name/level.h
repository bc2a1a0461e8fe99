/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers and names of levels: the presets, a handle's own table, and the
 * aliases that readers know. Pure. */
#ifndef ZL_LEVEL_H
#define ZL_LEVEL_H

#include "zmqlog.h"
#include "base/span.h"

typedef struct zl_level_names {
    char name[ZMQLOG_GATE_BYTES][ZMQLOG_NAME_MAX_BYTES + 1]; /* [0] is "" */
} zl_level_names;

static inline int zl_level_is_valid(int level) {
    return level >= ZMQLOG_LEVEL_MIN && level <= ZMQLOG_LEVEL_MAX;
}

/* Fills the table with preset "default" or "pyzmq"; 0, or -1 for other names. */
int zl_level_names_preset(zl_level_names *names, const char *preset);

/* Sets one name; why it was refused is put into *why (static text). EINVAL when
 * the name is empty, too long, holds "." or a control character or is not UTF-8,
 * or names another level (in any case, its `L%02d` and `Level %d` forms included). */
zmqlog_status zl_level_names_set(zl_level_names *names, int level, const char *name,
                                 const char **why);

/* Level of exactly this segment of a topic by the table, then by the well-known
 * names and aliases (case-insensitive, no bare numbers); 0 when it is none.
 * `names` may be NULL. */
int zl_level_of_segment(const zl_level_names *names, zl_span segment);

#define ZL_LEVEL_SPELLINGS_MAX 8

/* All names that are read as this level: the table's, the default one, the
 * aliases and Python's, as they are usually written. Returns how many were put into
 * out, the table's first; `names` may be NULL. */
int zl_level_spellings(const zl_level_names *names, int level,
                       const char *out[ZL_LEVEL_SPELLINGS_MAX]);

#endif
