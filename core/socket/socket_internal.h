/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the socket room share. Nobody else includes this. */
#ifndef ZL_SOCKET_INTERNAL_H
#define ZL_SOCKET_INTERNAL_H

#include "socket/connections.h"
#include "socket/listening.h"
#include "socket/probe.h"
#include "socket/socket.h"
#include "address/lookup.h"
#include "thread/forks.h"

#include <errno.h>
#include <zmq.h>

typedef struct zl_backlog zl_backlog;

/* One bind or connect, for taking it up again and for cleaning up. */
typedef struct zl_link {
    char text[ZL_ENDPOINT_MAX_BYTES]; /* as libzmq knows it; "": not looked up yet */
    zl_endpoint_use use;
    int ipv6;
    int nearby;       /* loopback or ipc: reconnects quickly */
    int asks;         /* connect: its handshake asks our own ZAP server */
    int up;           /* connect: a handshake has succeeded since it ended last */
    int refused;      /* the other side refused it; its end will be told next */
    int gone;         /* libzmq has been told to forget it, or does not know it yet */
    int shares;       /* gone, since another link has the connection to its address */
    int renamed;      /* libzmq tells of it by its resolved address */
    char known[64];   /* which is this; "": not seen yet */
    int64_t retry_ns; /* when we connect again ourselves; 0: not needed */
    int64_t backoff_ns;
    char *host;        /* connect by name: this one */
    int port;          /* at this port */
    zl_lookup *lookup; /* under way */
    unsigned tries;    /* of its addresses, in turn */
    /* connect: socket_problem.c */
    int64_t up_ns;     /* since when it is up; 0: it is not */
    int has_delivered; /* a record came over it since */
    int is_unwelcome;  /* the other side refused our key or address */
    int is_nameless;   /* the host has no address */
    int has_failed;    /* an attempt, since it was up */
    zl_probe *probe;   /* under way */
    int64_t probe_ns, probe_wait_ns;
    zl_finding finding;
    char word[ZL_PROBE_WORD];
    int fd;     /* connect: of the connection in hand, -1: none */
    char *path; /* absolute, of an ipc file to remove at close if it is still ours */
    uint64_t dev, ino;
    zl_listening *listening; /* bind: so that forked children do not */
    int was_cut; /* bind: listeners that had not taken all, since it is taken back */
} zl_link;

struct zl_socket {
    zl_socket_kind kind;
    int is_relay;
    int has_receive_hwm; /* it is set */
    int batch;           /* libzmq's threads run in the background, as ours do */
    int heartbeat_ms;
    void *context, *socket, *monitor;
    zl_listeners *listeners;   /* publishing */
    zl_connections publishers; /* subscribing */
    zmqlog_auth *auth;
    zl_zap zap;
    zl_link *links;
    size_t link_count;
    uint64_t peers, peers_lost; /* subscribing, as all of socket_peers.c */
    uint64_t connections;
    unsigned char *stands; /* by descriptor */
    size_t stands_size;
    size_t hold_bytes, hold_records; /* of backlog; no records: no limit */
    zmq_msg_t frame[2];              /* what was received last */
    zl_backlog *backlog;             /* to be received before what libzmq has */
    zl_owned_fd fds[3];              /* of socket, ZAP, monitor */
    unsigned unread;                 /* ZL_UNREAD_...: may have something to read */
};

/* In `unread`; in the order of `fds`. */
#define ZL_UNREAD_SOCKET 1u
#define ZL_UNREAD_ZAP 2u
#define ZL_UNREAD_MONITOR 4u
#define ZL_UNREAD_ALL 7u

/* socket_poll.c: to be called once all parts are open; before they are closed. */
void zl_socket_watch(zl_socket *socket);
void zl_socket_unwatch(zl_socket *socket);

/* libzmq ends the process when a connection breaks off while it is told to drop what
 * is queued for it and has taken half a record (an assertion in clean_pipes of
 * session_base.cpp, 4.3.4 and 4.3.5; https://github.com/zeromq/libzmq/issues/3442).
 * Programs that talk to each other often end together, so for a moment libzmq goes on
 * sending, whatever is asked for: what is queued for a listener that leaves in that
 * time is dropped without harm. */
#define ZL_LEAST_LINGER_MS 50

/* An int option; 0 or -1 with errno. */
static inline int zl_socket_set(void *socket, int option, int value) {
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

/* socket_backlog.c: reads all that can be read; hands it out, first of all; forgets
 * it. A `frame` taken must be initialised. */
void zl_backlog_read(zl_socket *socket);
int zl_backlog_take(zl_socket *socket, zmq_msg_t *frame);
void zl_backlog_free(zl_socket *socket);
/* Reads until nothing is there or it is full. */
void zl_backlog_hold(zl_socket *socket);
int zl_backlog_is_full(const zl_socket *socket);

/* The next frame, if there is one now. */
static inline int zl_frame_receive(void *socket, zmq_msg_t *frame) {
    int rc;
    do
        rc = zmq_msg_recv(frame, socket, ZMQ_DONTWAIT);
    while (rc < 0 && errno == EINTR);
    return rc >= 0;
}

/* socket_names.c: takes note of a connect by name; looks it up, 1: text has the next
 * address, 0: not answered yet, -1: there is none; forgets it. */
int zl_name_begin(zl_link *link, const zl_endpoint *endpoint); /* 0, -1: no memory */
int zl_name_look_up(zl_link *link);
void zl_name_end(zl_link *link);

/* socket_leave.c: by the text that bind filled or connect was given. */
zl_link *zl_link_find(zl_socket *socket, const char *text, zl_endpoint_use use);

/* socket_problem.c */
void zl_problem_begin(zl_link *link);
void zl_problem_is_shared(zl_link *link); /* another link's problems are its own */
void zl_problem_is_down(zl_link *link);
void zl_problem_is_greeting(zl_link *link); /* connected */
void zl_problem_is_up(zl_link *link);
void zl_problem_end(zl_link *link);
void zl_problem_look(zl_socket *socket); /* what is due */

/* socket_peers.c */
void zl_peers_connected(zl_socket *socket, int fd);
void zl_peers_greeted(zl_socket *socket);
void zl_peers_ended(zl_socket *socket, int fd);

/* socket_shared.c: whether another link leads to this one's address already, and this
 * one needs no connection of its own; a link's connection has ended for those that
 * share it; the link that has the connection of this one, which may be itself; the link
 * to remove in the place of this one, where some other shares its connection. */
int zl_link_share(zl_socket *socket, zl_link *link);
void zl_link_release(zl_socket *socket, const zl_link *link);
const zl_link *zl_link_holder(const zl_socket *socket, const zl_link *link);
zl_link *zl_link_bequeath(zl_socket *socket, zl_link *link);

int zl_monitor_open(zl_socket *socket);
void zl_monitor_drain(zl_socket *socket);
void zl_monitor_reconnect(zl_socket *socket);
/* socket_options.c: 0, or -1 with errno. */
int zl_socket_configure(zl_socket *socket, const zl_socket_options *options);
int zl_socket_configure_bind(zl_socket *socket, const zl_link *link);
/* Disconnects it, as if it had never been connected. */
void zl_monitor_forget(zl_socket *socket, zl_link *link);
int zl_socket_configure_connect(zl_socket *socket, const zl_link *link);

#endif
