/* SPDX-License-Identifier: BSD-3-Clause */
/* The process around the handlers: its end, which waits for what is queued, and
 * its forks, whose children must not touch what they inherited. */
#ifndef ZL_LIFECYCLE_H
#define ZL_LIFECYCLE_H

#include "publish/handler_internal.h"

/* A handler is made, and destroyed: no child inherits its locks as they are. */
void zl_lifecycle_begin(zmqlog_handler *handler);
void zl_lifecycle_end(zmqlog_handler *handler);
/* Makes a handler known while it is open or attached. */
void zl_lifecycle_enter(zmqlog_handler *handler);
/* Its I/O thread has ended, or it was detached. */
void zl_lifecycle_leave(zmqlog_handler *handler);

#endif
