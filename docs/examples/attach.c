/* SPDX-License-Identifier: BSD-3-Clause */
/* Logs through a PUB socket that the program has anyway. The calls send by
 * themselves; there is no queue, and who listens is not known.
 *
 *     attach ENDPOINT */
#include <zmq.h>
#include <zmqlog.h>

#include <stdio.h>
#include <string.h>

/* PUB does not tell when somebody has subscribed; XPUB does. */
static int wait_for_subscriber(void *xpub) {
    char message[256];

    return zmq_recv(xpub, message, sizeof message, 0) > 0;
}

static int publish(void *socket) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status = zmqlog_handler_set_root_topic(handler, "app");

    if (status == ZMQLOG_OK)
        status = zmqlog_handler_attach(handler, socket);
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "db::hello",
                                    strlen("db::hello"));
    if (status != ZMQLOG_OK)
        fprintf(stderr, "attach: %s\n", zmqlog_handler_errmsg(handler));
    zmqlog_handler_free(handler); /* before the socket */
    return status != ZMQLOG_OK;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: attach ENDPOINT\n");
        return 2;
    }

    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_XPUB);
    int failed = zmq_bind(socket, argv[1]) != 0;

    if (failed)
        fprintf(stderr, "attach: %s\n", zmq_strerror(zmq_errno()));
    else if (wait_for_subscriber(socket))
        failed = publish(socket);
    zmq_close(socket);
    zmq_ctx_term(context);
    return failed;
}
