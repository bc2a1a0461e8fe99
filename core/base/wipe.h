/* SPDX-License-Identifier: BSD-3-Clause */
/* What calls that see secrets leave behind them on the stack and in the processor's
 * registers. Knows no secrets. */
#ifndef ZL_WIPE_H
#define ZL_WIPE_H

#include "zmqlog.h"

typedef zmqlog_status zl_secret_work(void *argument);
/* Runs work(argument) and wipes the whole stack that it has used, its own frame
 * included. The caller must have the secret by its address only: the compiler may
 * keep parts of a copy anywhere in the frame of the function that copies. */
zmqlog_status zl_wipe_after(zl_secret_work *work, void *argument);
/* Wipes what calls made before have left below the caller's frame. */
void zl_wipe_traces(void);

#endif
