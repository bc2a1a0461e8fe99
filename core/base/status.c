/* SPDX-License-Identifier: BSD-3-Clause */
/* Status codes: their names and texts, in one table. Everything here is static, so
 * that a signal handler may ask. Knows nothing of the handles that fail. */
#include "zmqlog.h"

static const struct status {
    zmqlog_status code;
    const char *name;
    const char *text;
} statuses[] = {
    {ZMQLOG_OK, "OK", "success"},
    {ZMQLOG_EAGAIN, "EAGAIN", "nothing there now, try again"},
    {ZMQLOG_ETIMEDOUT, "ETIMEDOUT", "the time ran out"},
    {ZMQLOG_EINTERRUPTED, "EINTERRUPTED", "interrupted by a wakeup call"},
    {ZMQLOG_EINVAL, "EINVAL", "invalid argument"},
    {ZMQLOG_ENOMEM, "ENOMEM", "out of memory"},
    {ZMQLOG_ESTATE, "ESTATE", "not possible in this state"},
    {ZMQLOG_ECLOSED, "ECLOSED", "the handle has been closed"},
    {ZMQLOG_EFORKED, "EFORKED", "inherited by fork and not usable in the child"},
    {ZMQLOG_ENOTSUP, "ENOTSUP", "not supported here"},
    {ZMQLOG_ELIMIT, "ELIMIT", "a limit would be exceeded"},
    {ZMQLOG_EADDRINUSE, "EADDRINUSE", "the address is in use"},
    {ZMQLOG_EADDRNOTAVAIL, "EADDRNOTAVAIL", "no such local address"},
    {ZMQLOG_EACCESS, "EACCESS", "permission denied by the system"},
    {ZMQLOG_EREFUSED, "EREFUSED", "refused by the security rules"},
    {ZMQLOG_EFORMAT, "EFORMAT", "malformed text"},
    {ZMQLOG_EIO, "EIO", "input or output failed"},
};

static const struct status unknown = {0, "UNKNOWN", "unknown status"};

static const struct status *find(zmqlog_status code) {
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i].code == code)
            return &statuses[i];
    }
    return &unknown;
}

const char *zmqlog_strerror(zmqlog_status status) {
    return find(status)->text;
}

const char *zmqlog_status_name(zmqlog_status status) {
    return find(status)->name;
}
