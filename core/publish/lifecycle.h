/* SPDX-License-Identifier: BSD-3-Clause */
/* The process around the handlers: its end, which waits for what is queued, and
 * its forks, whose children must not touch what they inherited. */
#ifndef ZL_LIFECYCLE_H
#define ZL_LIFECYCLE_H

#include "publish/handler_internal.h"

/* Makes a handler known while it is open or attached. */
void zl_lifecycle_enter(zmqlog_handler *handler);
/* Its I/O thread has ended, or it was detached. */
void zl_lifecycle_leave(zmqlog_handler *handler);

#endif
