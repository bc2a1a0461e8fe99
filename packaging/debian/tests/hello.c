/* SPDX-License-Identifier: BSD-3-Clause */
/* Two records for the watcher at the endpoint that is the argument. */
#include <stdio.h>
#include <zmqlog.h>

int main(int argc, char **argv) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *log = zmqlog_logger_new(handler, "hello");
    int failed = argc != 2;

    if (!failed && (zmqlog_handler_set_root_topic(handler, "c") != ZMQLOG_OK ||
                    zmqlog_handler_connect(handler, argv[1]) != ZMQLOG_OK ||
                    zmqlog_handler_wait_subscriber(handler, "", 300000) != ZMQLOG_OK))
        failed = puts(zmqlog_handler_errmsg(handler));
    ZMQLOG_INFO(log, "hello there");
    ZMQLOG_WARN(log, "sub.topic::%d left", 2);
    if (zmqlog_handler_close(handler, 10000) != ZMQLOG_OK)
        failed = 1;
    zmqlog_logger_free(log);
    zmqlog_handler_free(handler);
    return failed ? 1 : 0;
}
