/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that runs out for libzmqlog alone: this program replaces malloc and its like,
 * and can make the library's calls fail. libzmq's calls always succeed, because libzmq
 * ends the process when it finds no memory. Also counts the blocks that the library
 * holds. */
#ifndef FAILING_H
#define FAILING_H

#include <stddef.h>

/* The library's n-th allocation fails (from 1); with `all`, every one from there on. 0:
 * none fails. */
void failing_begin(long nth, int all);
/* Ends that; returns how many allocations there were since. */
long failing_end(void);
/* Allocations of the calling thread since its last call of this. */
long failing_count_mine(void);
/* Blocks that the library has allocated and nobody has freed. */
long failing_held(void);

#endif
