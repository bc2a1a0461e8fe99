/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread that nobody waits for: it asks the world something that may take as long as
 * it likes. Detached, with all signals blocked. */
#ifndef ZL_DETACHED_H
#define ZL_DETACHED_H

/* Whether it runs. */
int zl_detached_start(void *(*run)(void *argument), void *argument);

#endif
