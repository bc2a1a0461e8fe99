/* SPDX-License-Identifier: BSD-3-Clause */
/* What the parts of the sink nats share. Built with libnats only. */
#ifndef SHELL_FORWARD_NATS_SINK_H
#define SHELL_FORWARD_NATS_SINK_H

#include "forward/nats_acks.h"
#include "forward/nats_link.h"
#include "forward/sink.h"

/* What a later run needs, to know its messages again: what stands in front of their
 * ids, and, plus one, how far the stream was known; 0: it never was. */
#define INSTANCE 0
#define KNOWN 1

/* How a message names the one before it, so that the server refuses what comes after a
 * missing one. By its id on one server. By its place in a cluster: there, a follower
 * (nats-server 2.9 and 2.10) that has caught up does not know the last id, and would
 * leave out what the others store. */
typedef enum nats_chain {
    NATS_CHAIN_NONE,
    NATS_CHAIN_IDS,
    NATS_CHAIN_PLACES
} nats_chain;

typedef struct nats_sink {
    nats_address address;
    natsConnection *connection;
    natsSubscription *answers;
    nats_acks acks;
    int64_t progress_at; /* moment: an acknowledgement, or the first on its way */
    /* A connection ended before all was acknowledged: from the first number to the
     * last. 0: it is known what the stream has. */
    uint64_t unsure_from, unsure_to;
    int is_remembered; /* what an earlier run had left was thought of */
    nats_chain chain;
    int is_shared;          /* others write to the stream: no chain */
    uint64_t last_put;      /* by this connection; 0: nothing */
    uint64_t last_at;       /* the stream's place of the last one, once all is stored */
    int64_t most_msg_bytes; /* that the stream takes; negative: any */
} nats_sink;

/* Keeps why; -1. */
int nats_fail(sink *to, const char *what, natsStatus status);

/* Before the first connection: what an earlier run has left may be in the stream. */
void nats_stream_remember(sink *to);

/* Has the stream, and knows what of ours is in it. 0, or -1 after nats_fail(). */
int nats_stream_prepare(sink *to);

#endif
