/* SPDX-License-Identifier: BSD-3-Clause */
/* What a recorder that was killed left behind: the last line may be incomplete. */
#ifndef SHELL_REPAIR_H
#define SHELL_REPAIR_H

#include <stdint.h>

/* Cuts the incomplete end off a recording, and says so. Returns its size, or -1 when
 * it cannot be continued, which has been complained about. */
int64_t repair(const char *path, int is_packed);

#endif
