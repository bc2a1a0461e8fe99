/* SPDX-License-Identifier: BSD-3-Clause */
/* What somebody meant who mistyped a word. Pure. */
#ifndef ZL_NEAREST_H
#define ZL_NEAREST_H

#include "base/span.h"

/* The index of the word that takes the fewest edits to become, at most half of its
 * letters; -1: none is near. */
int zl_nearest(zl_span mistyped, const char *const *words, size_t count);

#endif
