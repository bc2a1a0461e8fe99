/* SPDX-License-Identifier: BSD-3-Clause */
/* Datagrams to a socket of this machine: what /dev/log and journald have in common. */
#ifndef SHELL_FORWARD_LOCAL_H
#define SHELL_FORWARD_LOCAL_H

#include "forward/sink.h"

typedef enum local_long {
    LOCAL_LONG_REFUSED, /* one over the system's limit cannot be delivered */
    LOCAL_LONG_BY_FILE  /* it travels as a sealed memory file */
} local_long;

/* NULL, or what is wrong with the path. */
const char *local_make(sink *to, const char *path, local_long how);
void local_free(sink *to);

int local_open(sink *to);
sink_result local_put(sink *to, const queue_item *item);
sink_result local_turn(sink *to);
void local_shut(sink *to);

/* A buffer for the packing thread. */
buffer *local_scratch(sink *to);

#endif
