/* SPDX-License-Identifier: BSD-3-Clause */
/* Verbosity follows who listens: DEBUG is off, on while somebody wants it, and off
 * again; with a floor it stays off.
 *
 *     verbosity */
#include <zmqlog.h>

#include <sched.h>
#include <stdio.h>

static const char *debug_is(zmqlog_handler *handler) {
    return zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG) ? "on" : "off";
}

/* A publisher does not tell when somebody has gone; a program would just log. */
static void wait_until_off(zmqlog_handler *handler) {
    while (zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG))
        sched_yield();
}

static zmqlog_subscriber *listen_to_debug(zmqlog_handler *handler) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    zmqlog_subscriber_subscribe_level(subscriber, "app", ZMQLOG_LEVEL_DEBUG);
    zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0));
    zmqlog_handler_wait_subscriber(handler, "app.DEBUG", -1);
    zmqlog_handler_wait_subscriber(handler, "app.ERROR", -1);
    return subscriber;
}

static void show(zmqlog_handler *handler) {
    zmqlog_subscriber *subscriber;

    printf("nobody listens: DEBUG is %s\n", debug_is(handler));
    subscriber = listen_to_debug(handler);
    printf("somebody listens: DEBUG is %s\n", debug_is(handler));
    zmqlog_subscriber_free(subscriber);
    wait_until_off(handler);
    printf("nobody any more: DEBUG is %s\n", debug_is(handler));
    zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_INFO);
    subscriber = listen_to_debug(handler);
    printf("somebody listens, the floor is INFO: DEBUG is %s\n", debug_is(handler));
    zmqlog_subscriber_free(subscriber);
}

int main(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    int failed;

    zmqlog_handler_set_hold_ms(handler, 0); /* all is on while records are held */
    zmqlog_handler_set_root_topic(handler, "app");
    failed = zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") != ZMQLOG_OK;
    if (failed) {
        fprintf(stderr, "verbosity: %s\n", zmqlog_handler_errmsg(handler));
    } else {
        wait_until_off(handler);
        show(handler);
    }
    zmqlog_handler_free(handler);
    return failed;
}
