/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink syslog: on this machine, whoever has /dev/log. */
#include "forward/kinds.h"
#include "forward/local.h"

static const char *check(sink *to, const char *path) {
    return local_make(to, *path ? path : "/dev/log", LOCAL_LONG_REFUSED);
}

const sink_kind sink_syslog = {
    .scheme = "syslog:",
    .check = check,
    .pack = syslog_pack_local,
    .open = local_open,
    .put = local_put,
    .turn = local_turn,
    .shut = local_shut,
    .free = local_free,
};
