/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread of a relay: owns the sockets of both sides, hands records on from the
 * publishers to the subscribers and subscriptions the other way, and finds out whether
 * it is connected to itself. Knows no handle, and of a record only its first frame. */
#ifndef ZL_HUB_H
#define ZL_HUB_H

#include "socket/slow.h"
#include "socket/socket.h"
#include "thread/bell.h"
#include "thread/worker.h"

#include <stdatomic.h>

/* Numbers are ZMQLOG_RELAY_...; 0 is unused. */
#define ZL_SIDES 3

typedef struct zl_hub_counts {
    _Atomic uint64_t received, sent, failed, malformed, slow;
    _Atomic uint64_t publishers, subscribers, lost, prefixes, refused;
} zl_hub_counts;

typedef struct zl_hub_options {
    zmqlog_auth *auth[ZL_SIDES]; /* may be NULL */
    int linger_ms;
    zl_errors *errors;
    zl_hub_counts *counts;
    zl_bell *news;           /* rung when a loop was found, and at the end */
    _Atomic uint64_t *loops; /* how many were found */
} zl_hub_options;

#define ZL_HUB_ID_CHARS 16
#define ZL_HUB_TOPIC_BYTES 64
/* What subscribers ask of all programs, and of all relays between. */
#define ZL_HUB_ASKS "zmqlog.INFO."
#define ZL_HUB_HELLO ZL_HUB_ASKS "hello"
#define ZL_HUB_OWN ZL_HUB_ASKS "relay."

typedef struct zl_hub {
    /* immutable while the thread runs */
    zl_hub_options options;
    zl_worker *worker;
    zl_socket *side[ZL_SIDES];
    /* any thread */
    _Atomic int is_stopping;
    /* the thread only */
    zl_listeners listeners; /* subscribers; has a lock of its own */
    zl_prefixes passed;     /* what the publishers were told */
    zl_prefix_holder upstream;
    zl_slow slow;
    uint64_t strays, cuts; /* of the book's, counted already */
    int64_t repeats_ns;    /* when repeats_left was filled */
    int repeats_left;
    int64_t hello_owed_ns;        /* since when; 0: it is not */
    char own[ZL_HUB_TOPIC_BYTES]; /* the topic that only we subscribe to */
    char secret[ZL_HUB_ID_CHARS + 1];
} zl_hub;

/* Starts the thread. OK, ENOMEM, EIO; on failure nothing remains. */
zmqlog_status zl_hub_start(zl_hub *hub, const zl_hub_options *options);
/* Any thread, async-signal-safe: what has come is handed on, then the thread ends. */
void zl_hub_stop(zl_hub *hub);
/* After zl_worker_wait_ended(). */
void zl_hub_destroy(zl_hub *hub);

/* -- between the files of this room -- */
/* hub_upstream.c */
void zl_hub_prepare_upstream(zl_hub *hub);
int zl_hub_follow(zl_hub *hub); /* whether there was anything */
/* Whether the record is the sign of a loop; then it is dealt with. */
int zl_hub_is_loop(zl_hub *hub, zl_span topic, zl_span body);
/* hub_hello.c: some subscriber has asked for it; sends it if it is owed. */
void zl_hub_owe_hello(zl_hub *hub);
void zl_hub_say_hello(zl_hub *hub);

#endif
