/* SPDX-License-Identifier: BSD-3-Clause */
/* Starting a thread of the library: detached, with all signals blocked. The caller sees
 * to it that what the thread uses lives as long as the thread. */
#ifndef ZL_DETACHED_H
#define ZL_DETACHED_H

/* 0 or an error number. */
int zl_detached_start(void *(*run)(void *argument), void *argument);

#endif
