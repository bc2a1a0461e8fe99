/* SPDX-License-Identifier: BSD-3-Clause */
/* How often this process has been forked on its way here: who keeps the number
 * of its making knows later whether it was inherited. */
#ifndef ZL_FORKS_H
#define ZL_FORKS_H

/* Begins to count; call it before the first zl_forks_count() that matters. */
void zl_forks_watch(void);
unsigned zl_forks_count(void); /* async-signal-safe */

#endif
