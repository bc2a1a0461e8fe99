/* SPDX-License-Identifier: BSD-3-Clause */
/* The addresses of a host by its name, asked for in a thread of its own: the system
 * may take as long as it likes to answer, and nobody waits for it. */
#ifndef ZL_LOOKUP_H
#define ZL_LOOKUP_H

#define ZL_LOOKUP_TEXT 64 /* an IPv6 address with its scope, and the NUL */

typedef struct zl_lookup zl_lookup;

/* NULL: no memory, or no thread. */
zl_lookup *zl_lookup_begin(const char *host);
/* The number of addresses; 0: there are none; -1: not answered yet. Never waits. */
int zl_lookup_count(const zl_lookup *lookup);
/* One of them as text, without brackets; whether it is an IPv6 address. */
int zl_lookup_address(const zl_lookup *lookup, int index, char text[ZL_LOOKUP_TEXT]);
/* At any time; the thread ends when the system has answered. NULL passes. */
void zl_lookup_end(zl_lookup *lookup);

#endif
