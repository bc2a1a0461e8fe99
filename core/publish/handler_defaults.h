/* SPDX-License-Identifier: BSD-3-Clause */
/* What the options of a handler are before anybody sets them. These numbers stand here
 * and in the docstrings only: bindings ask zmqlog_handler_default(). */
#ifndef ZL_HANDLER_DEFAULTS_H
#define ZL_HANDLER_DEFAULTS_H

#include "zmqlog.h"

enum {
    ZL_DEFAULT_LEVEL = 0,
    ZL_DEFAULT_QUEUE_BYTES = 4 * 1024 * 1024,
    ZL_DEFAULT_MAX_BODY_BYTES = 1024 * 1024,
    ZL_DEFAULT_OVERFLOW = ZMQLOG_OVERFLOW_DROP_NEWEST,
    ZL_DEFAULT_STALL_MS = 60000,
    ZL_DEFAULT_BUDGET_MS = 300,
    ZL_DEFAULT_SHARE_PERCENT = 5,
    ZL_DEFAULT_SEND_HWM = 10000,
    ZL_DEFAULT_HOLD_MS = 500,
    ZL_DEFAULT_HEARTBEAT_MS = 0,
    ZL_DEFAULT_LINGER_MS = 1000,
    ZL_DEFAULT_DROP_NOTICE = 1,
    ZL_DEFAULT_ANNOUNCE = 1,
    ZL_DEFAULT_BACKLOG_LEVEL = ZMQLOG_LEVEL_WARN,
    ZL_DEFAULT_BACKLOG_BYTES = 0
};

#endif
