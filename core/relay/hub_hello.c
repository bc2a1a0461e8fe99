/* SPDX-License-Identifier: BSD-3-Clause */
/* The hello of a relay. A relay is no program, so its hello names no root topic; but a
 * subscriber of all programs must hear that what it has connected to can be asked, even
 * while no program is behind it. */
#include "relay/hub.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* So long one full subscriber may keep the hello from the others. */
#define PATIENCE_NS INT64_C(100000000)

void zl_hub_owe_hello(zl_hub *hub) {
    if (!hub->hello_owed_ns)
        hub->hello_owed_ns = zl_clock_monotonic_ns();
}

void zl_hub_say_hello(zl_hub *hub) {
    zl_socket *to = hub->side[ZMQLOG_RELAY_SUBSCRIBERS];
    zl_span topic = zl_span_of(ZL_HUB_HELLO);
    char body[160];
    int error;
    if (!hub->hello_owed_ns)
        return;
    snprintf(body, sizeof body, "{\"relay\":\"%s\",\"pid\":%ld,\"version\":\"%s\"}",
             hub->own + strlen(ZL_HUB_OWN), (long)getpid(), zmqlog_version_string());
    error = zl_socket_send(to, topic, zl_span_of(body), 0);
    if (error == EAGAIN && zl_clock_monotonic_ns() - hub->hello_owed_ns > PATIENCE_NS) {
        /* libzmq skips the full one until it has drained, so it loses records, too. */
        atomic_fetch_add(&hub->options.counts->slow, 1);
        error = zl_socket_send(to, topic, zl_span_of(body), 1);
    }
    if (error != EAGAIN)
        hub->hello_owed_ns = 0;
}
