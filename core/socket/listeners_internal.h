/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the book share. */
#ifndef ZL_LISTENERS_INTERNAL_H
#define ZL_LISTENERS_INTERNAL_H

#include "socket/listeners.h"

/* Shuts the connection down; libzmq then ends it and tells. */
void zl_listener_cut(zl_listeners *book, zl_listener *listener);

#endif
