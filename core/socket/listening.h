/* SPDX-License-Identifier: BSD-3-Clause */
/* Where this process listens through the library, so that its forked children do not:
 * they close what listens there and what was accepted there, in the fork. Else nobody
 * could bind the port again, and listeners would not see the parent go. */
#ifndef ZL_LISTENING_H
#define ZL_LISTENING_H

#include "address/endpoint.h"

typedef struct zl_listening zl_listening;

/* Around a bind: no child is forked between it and its note. NULL without memory, then
 * there is no end. `actual` is NULL where the bind failed: then nothing is noted. */
zl_listening *zl_listening_begin(void);
zl_listening *zl_listening_end(zl_listening *note, const zl_endpoint *endpoint,
                               const char *actual);
/* Once the listener and all that it accepted are closed. NULL passes. */
void zl_listening_forget(zl_listening *note);
/* How many connections were accepted there and are open, and how many bytes of theirs
 * the other side has not taken yet. */
int zl_listening_accepted(const zl_listening *note, int64_t *unsent);
/* Ends them; libzmq then tells of it. */
void zl_listening_cut(const zl_listening *note);

#endif
