/* SPDX-License-Identifier: BSD-3-Clause */
/* Tells the defaults by the options' names. Knows no handle. */
#include "publish/handler_defaults.h"

#include <string.h>

static const struct {
    const char *option;
    int64_t value;
} defaults[] = {
    {"level", ZL_DEFAULT_LEVEL},
    {"queue_bytes", ZL_DEFAULT_QUEUE_BYTES},
    {"max_body_bytes", ZL_DEFAULT_MAX_BODY_BYTES},
    {"overflow", ZL_DEFAULT_OVERFLOW},
    {"stall_ms", ZL_DEFAULT_STALL_MS},
    {"budget_ms", ZL_DEFAULT_BUDGET_MS},
    {"share_percent", ZL_DEFAULT_SHARE_PERCENT},
    {"send_hwm", ZL_DEFAULT_SEND_HWM},
    {"hold_ms", ZL_DEFAULT_HOLD_MS},
    {"heartbeat_ms", ZL_DEFAULT_HEARTBEAT_MS},
    {"linger_ms", ZL_DEFAULT_LINGER_MS},
    {"drop_notice", ZL_DEFAULT_DROP_NOTICE},
    {"announce", ZL_DEFAULT_ANNOUNCE},
    {"backlog_level", ZL_DEFAULT_BACKLOG_LEVEL},
    {"backlog_bytes", ZL_DEFAULT_BACKLOG_BYTES},
};

int64_t zmqlog_handler_default(const char *option) {
    for (size_t i = 0; option && i < sizeof defaults / sizeof *defaults; i++)
        if (strcmp(defaults[i].option, option) == 0)
            return defaults[i].value;
    return INT64_MIN;
}
