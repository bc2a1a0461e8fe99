/* SPDX-License-Identifier: BSD-3-Clause */
/* Sizes and times as options have them: a number and a unit. */
#ifndef SHELL_UNITS_H
#define SHELL_UNITS_H

#include <stdint.h>

/* "500", "64K", "1GiB": bytes. "90s", "10m", "1h", "7d", "2w": seconds; a unit must be
 * there. -1 for what is neither, or does not fit. */
int64_t units_bytes(const char *text);
int64_t units_seconds(const char *text);

#endif
