/* SPDX-License-Identifier: BSD-3-Clause */
/* One place that records go to: its queue, its thread, and the kind of peer behind
 * it. A kind turns records into bytes and talks to the peer; when to try, to wait
 * and to try again is decided here, for all kinds. */
#ifndef SHELL_FORWARD_SINK_H
#define SHELL_FORWARD_SINK_H

#include "forward/buffer.h"
#include "forward/queue.h"

#include <stdatomic.h>

#define SINK_REMEMBERED 2

typedef struct sink sink;
typedef struct view view; /* a record, for pack */

typedef enum sink_result {
    SINK_DONE,
    SINK_FULL,   /* no room now; the descriptor tells when there is some */
    SINK_BUSY,   /* not now; what the peer says next may change that */
    SINK_LOST,   /* the connection is gone; sink_fail() has said why */
    SINK_REFUSED /* this one can never be delivered */
} sink_result;

typedef struct sink_kind {
    const char *scheme; /* "syslog+tcp://" */
    /* Reads the address behind the scheme. NULL, or what is wrong with it. */
    const char *(*check)(sink *to, const char *address);
    int is_raw; /* packs the body as it came, and needs nothing of what is in it */
    /* Called by the thread that receives, alone: the bytes of one record. */
    void (*pack)(sink *to, const view *seen, bytes body, buffer *into);
    /* All below are called by the sink's thread. 0, or -1 after sink_fail(). */
    int (*open)(sink *to);
    sink_result (*put)(sink *to, const queue_item *item);
    /* Takes what the peer says, and settles what has arrived. Never blocks. */
    sink_result (*turn)(sink *to);
    void (*shut)(sink *to);
    void (*free)(sink *to);
} sink_kind;

struct sink {
    const sink_kind *kind;
    char *name; /* the address as it was written */
    const struct forward_options *options;
    queue queue;
    void *state; /* the kind's own */
    /* Of the kind, too, for a later run that goes on with what is left; all 0 before
     * check. */
    uint64_t remembered[SINK_REMEMBERED];
    int fd;      /* what turn looks at; -1: none */
    int is_full; /* put answered FULL: room on fd counts, too */
    /* The sink's thread. */
    pthread_t thread;
    int is_started;
    int is_open;
    int is_in_trouble; /* has been said */
    int64_t pause_ms;  /* the next one between two tries */
    char problem[400];
    atomic_int is_ending;
    _Atomic int64_t ends; /* moment at which an ending sink gives up */
    /* The receiving thread. */
    int64_t drop_told; /* moment of the last note about drops; 0: none */
};

/* NULL-terminated; those that were built. */
extern const sink_kind *const sink_kinds[];

/* Makes one of an address. An exit code; what is wrong has been complained about. */
int sink_make(sink *to, const char *address, const struct forward_options *options);
int sink_start(sink *to);
/* From now on the sink only delivers what it has, and ends at that moment. */
void sink_end(sink *to, int64_t ends);
void sink_join(sink *to);
void sink_free(sink *to);

/* For kinds: keeps why, with errno's text behind it unless that is 0. */
__attribute__((format(printf, 3, 4))) void sink_fail(sink *to, int error,
                                                     const char *format, ...);
/* For kinds that are checked by the loopback rule: whether a host's name can only
 * be this machine. */
int sink_is_local_host(const char *host);
/* Whether nothing more will be put, so that a kind need not wait for company. */
int sink_is_ending(const sink *to);

#endif
