/* SPDX-License-Identifier: BSD-3-Clause */
/* Connections to a NATS server: what writing to a stream and reading one have in
 * common. Built with libnats only. */
#ifndef SHELL_FORWARD_NATS_LINK_H
#define SHELL_FORWARD_NATS_LINK_H

#include "bytes.h"
#include "nats_options.h"

#include <nats/nats.h>

#define NATS_SUBJECTS "zmqlog.>"
#define NATS_TOPIC_HEADER "Zmqlog-Topic"
#define NATS_TIME_HEADER "Zmqlog-Received"

typedef struct nats_address {
    char url[512]; /* of one server, or several with commas between */
    char stream[256];
    int replicas; /* of a stream that is made */
    int64_t max_age_ns, max_bytes;
} nats_address;

/* Reads "HOST:PORT[,HOST:PORT...]/STREAM[?replicas=N&max-age=TIME&max-bytes=SIZE]".
 * NULL, or what is wrong. Hosts beyond this machine need TLS or --insecure. */
const char *nats_read_address(nats_address *address, const char *text,
                              const nats_options *options, int is_insecure);

/* A connection that does not reconnect by itself. NULL with a reason. */
natsConnection *nats_connect(const nats_address *address, const nats_options *options,
                             natsConnectionHandler closed, void *closure,
                             char reason[256]);
/* Ends both, which may be NULL. libnats 3.4 looks at a subscription in the thread that
 * reads the connection without holding it, so that thread must have ended before. */
void nats_disconnect(natsConnection **connection, natsSubscription **subscription);

/* Why the last call of this thread failed. */
void nats_reason(char reason[256], const char *what, natsStatus status);

#endif
