/* SPDX-License-Identifier: BSD-3-Clause */
/* The book of a publishing socket's connections: which of them listen, since when, from
 * where, with which key and to what; which of them makes no progress. Told by the
 * socket of what comes and goes. Ends connections by their descriptors. Knows no libzmq
 * and no records. One thread writes; others may look under the lock. */
#ifndef ZL_LISTENERS_H
#define ZL_LISTENERS_H

#include "base/prefixes.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

/* What a listener may have and send; it is cut beyond. Subscriptions of a real one are
 * a few dozen. libzmq needs up to 33 bytes for each byte of a prefix. */
#define ZL_LISTENER_PREFIXES_MAX 16384
#define ZL_LISTENER_PREFIX_BYTES_MAX (1024u * 1024u)
#define ZL_LISTENER_STRAYS_MAX 1000

typedef struct zl_listener {
    zl_prefix_holder prefixes;
    struct zl_listener *next, **link;
    int fd;             /* -1: of all connections that libzmq gives no descriptor of */
    ino_t inode;        /* the descriptor's, as long as it is this connection */
    int is_tcp;         /* only the kernel's TCP tells how much it has sent us */
    int listens;        /* has subscribed once; otherwise a stranger */
    int is_cut;         /* shut down; its end will be told */
    int64_t since_ns;   /* realtime */
    char address[64];   /* as ZAP has it: an IP address, or uid, gid and pid */
    char key[41];       /* Z85; "": none */
    const void *origin; /* of what it sent last */
    /* what the detail says of floods */
    int64_t opened_ns; /* monotonic */
    uint64_t accounted_bytes;
    unsigned strays;
    /* progress */
    uint64_t unsent, acknowledged;
    int64_t still_ns; /* since when it makes none; 0: it does */
} zl_listener;

/* What came over a connection; -1: libzmq does not tell over which. */
typedef struct zl_listener_frame {
    int fd;
    int is_explicit; /* the peer sent it; otherwise a connection's end made it */
    const char *address, *key; /* may be NULL */
    const void *origin;        /* the same for all that one connection sends */
} zl_listener_frame;

typedef struct zl_listeners {
    pthread_mutex_t lock; /* held while anything of this changes */
    zl_prefixes prefixes;
    zl_listener *first;
    zl_listener **by_fd;
    size_t by_fd_count;
    zl_listener nameless;
    size_t prefix_most; /* longer prefixes are refused, as strays; 0: none */
    /* May be NULL. Each subscription that was entered; `is_repeat`: some listener had
     * the prefix. Under the lock. */
    void (*asked)(void *context, const zl_listener_frame *from, zl_span prefix,
                  int is_repeat);
    void *context;
    /* May be NULL: whether a key may listen, asked when a connection first does. Keys
     * may have been taken away since it was let in. */
    int (*permits)(const char *key, void *context);
    void *permits_context;
    uint64_t peers, peers_lost;
    uint64_t strays;   /* frames that no subscriber sends */
    zl_span request;   /* the owner's: a prefix that begins so asks it for something */
    uint64_t requests; /* such subscriptions, repeated ones included */
    uint64_t cut;      /* listeners that made no progress */
    int64_t stall_ns;
    int64_t observed_ns, checked_ns;
} zl_listeners;

void zl_listeners_init(zl_listeners *book, int64_t stall_ns);
/* Everybody has gone. */
void zl_listeners_clear(zl_listeners *book);
void zl_listeners_destroy(zl_listeners *book);

/* A connection begins and ends. */
void zl_listeners_opened(zl_listeners *book, int fd);
void zl_listeners_ended(zl_listeners *book, int fd);

void zl_listeners_subscribed(zl_listeners *book, const zl_listener_frame *from,
                             zl_span prefix);
void zl_listeners_cancelled(zl_listeners *book, const zl_listener_frame *from,
                            zl_span prefix);
void zl_listeners_strayed(zl_listeners *book, const zl_listener_frame *from);

/* A record with this topic waits for some listener: those that make no progress for
 * stall_ns are cut, and counted in `cut`. */
void zl_listeners_observe(zl_listeners *book, zl_span topic, int64_t now_ns);
/* Once a second is enough: cuts a listener that floods, and one that was found without
 * progress before and still makes none. */
void zl_listeners_check(zl_listeners *book, int64_t now_ns);
#define ZL_LISTENERS_CHECK_NS INT64_C(1000000000)
/* Cuts the one with the most prefixes. */
void zl_listeners_cut_largest(zl_listeners *book);
/* When the next check is due; INT64_MAX: never, as things are. */
int64_t zl_listeners_due_ns(const zl_listeners *book);

/* Cuts the connections whose key is no longer permitted ("": none). How many. */
size_t zl_listeners_revoke(zl_listeners *book,
                           int (*permits)(const char *key, void *context),
                           void *context);

/* Any thread: visits all that listen, under the lock. */
void zl_listeners_each(zl_listeners *book,
                       void (*visit)(const zl_listener *listener, void *context),
                       void *context);

#endif
