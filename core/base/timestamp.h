/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading points in time as RFC 3339 writes them. Pure. */
#ifndef ZL_TIMESTAMP_H
#define ZL_TIMESTAMP_H

#include "base/span.h"

#include <stdint.h>

/* Nanoseconds since 1970 UTC of exactly `2026-07-01T12:00:00.123456789Z`, with
 * any number of decimals (those beyond nine are cut) or none, "Z" or an offset;
 * 0 when it is not that, or not a time that 64 bits can hold. */
int zl_timestamp_parse(zl_span text, int64_t *ns);

#endif
