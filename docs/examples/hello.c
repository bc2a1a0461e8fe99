/* SPDX-License-Identifier: BSD-3-Clause */
/* The first lines: a handler, a logger, two records. It waits for a watcher, which a
 * real program does not. What is still to be sent when main returns is sent then.
 *
 *     hello */
#include <stdio.h>
#include <zmqlog.h>

int main(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *log = zmqlog_logger_new(handler, "hello");
    zmqlog_handler_set_root_topic(handler, "hello");
    if (zmqlog_handler_bind(handler, "tcp://127.0.0.1:5556") != ZMQLOG_OK)
        return puts(zmqlog_handler_errmsg(handler));
    zmqlog_handler_wait_subscriber(handler, NULL, -1); /* only to show it to you */
    ZMQLOG_INFO(log, "hello there");
    ZMQLOG_WARN(log, "disk.space::%d %% left", 9);
}
