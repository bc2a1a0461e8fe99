/* SPDX-License-Identifier: BSD-3-Clause */
/* What calls that work with secrets leave behind them, below the caller's own frame
 * and in the processor's registers. Knows no secrets. */
#ifndef ZL_WIPE_H
#define ZL_WIPE_H

/* To be called last, when the caller has wiped its own variables. */
void zl_wipe_traces(void);

#endif
