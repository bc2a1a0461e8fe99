/* SPDX-License-Identifier: BSD-3-Clause */
/* Moments as people and recordings write them. */
#ifndef SHELL_WHEN_H
#define SHELL_WHEN_H

#include "bytes.h"

/* Takes 2026-01-02T03:04:05.678Z, with a blank for T, any number of decimals or none,
 * without seconds, or a date alone; Z, +01:00 or nothing for local time; 03:04[:05] is
 * today. Nanoseconds since 1970. 0, or -1 when it is something else. */
int when_read(bytes text, int64_t *ns);

#endif
