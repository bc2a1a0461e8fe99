/* SPDX-License-Identifier: BSD-3-Clause */
/* Which messages a stream has acknowledged. libnats's threads call in; the sink's
 * thread looks. */
#ifndef SHELL_FORWARD_NATS_ACKS_H
#define SHELL_FORWARD_NATS_ACKS_H

#include "forward/queue.h"

#include <nats/nats.h>
#include <pthread.h>
#include <stdint.h>

/* So many messages at most are on their way; once they are, none follows before half of
 * them is answered: single ones would cost a wake-up each, here and at the server. */
#define NATS_WINDOW 8192

typedef struct nats_acks {
    /* The sink's thread. */
    uint64_t settled;   /* all up to this one are acknowledged */
    uint64_t put;       /* the last one that was published */
    uint64_t stored_at; /* the stream's highest number of one that is acknowledged */
    char inbox[64];
    int event; /* eventfd: look */
    /* Under the lock. */
    pthread_mutex_t lock;
    unsigned connections;
    uint64_t first;                     /* of the window */
    unsigned char answers[NATS_WINDOW]; /* a queue_fate of each */
    uint64_t highest;                   /* as stored_at */
    uint64_t answered;                  /* of those from the window's first one on */
    int is_full;                        /* of late, one did not fit */
    int is_signalled;                   /* `event` is readable */
    int is_failed;
    char problem[256];
} nats_acks;

/* 0, or -1 with errno. */
int nats_acks_init(nats_acks *of);
void nats_acks_free(nats_acks *of);

/* A connection begins and ends; answers of another one do not count. */
void nats_acks_begin(nats_acks *of, uint64_t instance, uint64_t stored_at);
void nats_acks_end(nats_acks *of);

/* 1 when the message may be published, 0 when the window is full. */
int nats_acks_expect(nats_acks *of, uint64_t number);
/* As if it were acknowledged. */
void nats_acks_give(nats_acks *of, uint64_t number);

/* Moves `settled` on, up to the next message that can never be stored: then *refused is
 * that one, and there may be more to look at; else 0. 1, or 0 with the problem. */
int nats_acks_look(nats_acks *of, uint64_t *refused, char problem[256]);

/* For libnats. */
void nats_acks_on_answer(natsConnection *connection, natsSubscription *subscription,
                         natsMsg *message, void *closure);
void nats_acks_on_closed(natsConnection *connection, void *closure);

#endif
