/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that runs out for libzmqlog alone: malloc and its like are taken over, and
 * calls that come from the library's code can be made to fail; libzmq itself ends
 * the process when it finds no memory. Also counts what the library holds. */
#ifndef FAILING_H
#define FAILING_H

#include <stddef.h>

/* The n-th allocation of the library fails (from 1), with `all` every one from there
 * on. 0: none does. */
void failing_begin(long nth, int all);
/* No more; returns how many allocations there were since. */
long failing_end(void);
/* Allocations by the thread that asks since it asked last. */
long failing_count_mine(void);
/* Blocks that the library has allocated and nobody has freed. */
long failing_held(void);

#endif
