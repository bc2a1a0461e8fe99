/* SPDX-License-Identifier: BSD-3-Clause */
/* The smallest program of somebody else's: opens a handler, logs, and wants to run
 * with the version it was compiled for. */
#include <zmqlog.h>

int main(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status = zmqlog_handler_bind(handler, "tcp://127.0.0.1:*");
    int same = zmqlog_version() >> 16 == ZMQLOG_VERSION_MAJOR;

    if (status == ZMQLOG_OK)
        status = zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "here", 4);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
    return status == ZMQLOG_OK && same ? 0 : 1;
}
