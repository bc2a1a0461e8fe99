/* SPDX-License-Identifier: BSD-3-Clause */
/* A keyed hash for tables whose keys come from strangers: without the key, which is
 * chosen at random once in a process, nobody can find keys that collide. Knows no
 * tables. */
#ifndef ZL_HASH_H
#define ZL_HASH_H

#include "base/span.h"

#include <stdint.h>

/* Of the number and the text together (SipHash-1-3). Any thread. */
uint64_t zl_hash(uint64_t number, zl_span text);

#endif
