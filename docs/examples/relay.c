/* SPDX-License-Identifier: BSD-3-Clause */
/* A relay between programs and watchers, until Ctrl-C.
 *
 *     relay PUBLISHERS SUBSCRIBERS   the endpoints for both, for instance
 *                                    tcp://127.0.0.1:5557 tcp://127.0.0.1:5558 */
#include <zmqlog.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

static zmqlog_relay *relay;

/* zmqlog_relay_stop may be called from a signal handler. */
static void stop(int number) {
    (void)number;
    zmqlog_relay_stop(relay);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: relay PUBLISHERS SUBSCRIBERS\n");
        return 2;
    }

    relay = zmqlog_relay_new();
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    zmqlog_status status = zmqlog_relay_bind_publishers(relay, argv[1]);
    if (status == ZMQLOG_OK)
        status = zmqlog_relay_bind_subscribers(relay, argv[2]);
    if (status == ZMQLOG_OK)
        status = zmqlog_relay_run(relay, -1); /* until somebody calls stop */
    if (status != ZMQLOG_OK)
        fprintf(stderr, "relay: %s\n", zmqlog_relay_errmsg(relay));
    printf("%" PRId64 " records passed\n",
           zmqlog_relay_count(relay, ZMQLOG_COUNT_RECEIVED));
    zmqlog_relay_free(relay);
    return status != ZMQLOG_OK;
}
