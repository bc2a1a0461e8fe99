/* SPDX-License-Identifier: BSD-3-Clause */
/* The topics by which subscribers ask handlers what they are: a subscription that
 * begins so is a request, and what is published there is the answer. */
#ifndef ZL_CONTROL_H
#define ZL_CONTROL_H

#include "base/span.h"

#define ZL_CONTROL_ROOT "zmqlog"
#define ZL_CONTROL_STEM ZL_CONTROL_ROOT ".INFO."
#define ZL_ASKS_HELLO ZL_CONTROL_STEM "hello"
#define ZL_ASKS_STATS ZL_CONTROL_STEM "stats"

/* Whether records of a program with this root topic would look like answers. */
static inline int zl_control_is_reserved(zl_span root) {
    zl_span stem = zl_span_of(ZL_CONTROL_STEM);
    return zl_span_equal(root, zl_span_of(ZL_CONTROL_ROOT)) ||
           zl_span_equal(root, zl_span_make(stem.data, stem.len - 1)) ||
           zl_span_is_prefix(stem, root);
}

#endif
