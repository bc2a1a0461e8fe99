/* SPDX-License-Identifier: BSD-3-Clause */
/* One libzmq socket in a context of its own, with its ZAP server and its
 * monitor. With core/auth the only folder that includes zmq.h. One thread owns all
 * of it. Nothing here blocks but poll and close. */
#ifndef ZL_SOCKET_H
#define ZL_SOCKET_H

#include "auth/auth.h"
#include "address/endpoint.h"
#include "base/errors.h"
#include "base/span.h"
#include "socket/listeners.h"

#include <stdint.h>

typedef enum zl_socket_kind { ZL_PUBLISHING, ZL_SUBSCRIBING } zl_socket_kind;

typedef struct zl_socket_options {
    zl_socket_kind kind;
    int hwm; /* records: SNDHWM (publishing), held (subscribing, 0: no limit) */
    zmqlog_auth *auth;       /* may be NULL */
    zl_event *wake;          /* of the thread that owns it, with auth */
    zl_listeners *listeners; /* publishing: the book to keep, the caller's */
    int heartbeat_ms;        /* publishing, where bound: ping so often; 0: never */
    int is_relay;            /* subscribing: for what others have subscribed to */
    size_t hold_bytes;       /* subscribing: held while the receiver has no room */
} zl_socket_options;

typedef struct zl_socket zl_socket;

/* OK with *out; ENOMEM, EIO. */
zmqlog_status zl_socket_open(zl_socket **out, zl_errors *errors,
                             const zl_socket_options *options);
/* linger_ms >= 0 bounds how long the last records may take, but a publisher's get 50 at
 * least; blocks until libzmq has let go. Removes ipc files. Whether the time ran out.
 */
int zl_socket_close(zl_socket *socket, int linger_ms);

/* bind also fills `actual` (ZL_ENDPOINT_MAX_BYTES) with the real endpoint. The
 * endpoint was parsed and its opening permitted by the caller. */
zmqlog_status zl_socket_bind(zl_socket *socket, zl_errors *errors,
                             const zl_endpoint *endpoint, char *actual);
zmqlog_status zl_socket_connect(zl_socket *socket, zl_errors *errors,
                                const zl_endpoint *endpoint);
/* Whether it does so already, also while nothing is there; `text` as it was given. */
int zl_socket_connects_to(zl_socket *socket, const char *text);

/* Why the endpoint that is called so brings nothing, in one line; "" when all is well
 * or it is not known yet. Whether it is a connect that has been up for a moment. */
int zl_socket_problem(zl_socket *socket, const char *name, zl_endpoint_use use,
                      char *out, size_t size);
/* Subscribing: a look at where the last message came from, for that. */
void zl_socket_note_source(zl_socket *socket);

/* Takes one back; `text` as bind filled it, or as connect was given it. OK; EINVAL when
 * there is none; EAGAIN while its listeners have not taken what is queued for them: to
 * be called again, some ms later. */
typedef struct zl_leaving {
    int must_go;       /* 1: must end now; 2: whatever becomes of its connections */
    int has_cut_short; /* something was still queued */
    /* of the looks before */
    int looks_still, looks_full, was_empty;
    uint64_t taken;
} zl_leaving;
zmqlog_status zl_socket_disconnect(zl_socket *socket, const char *text,
                                   zl_leaving *leaving);
zmqlog_status zl_socket_unbind(zl_socket *socket, const char *text,
                               zl_leaving *leaving);

/* Sleeps until the socket, its ZAP server or its monitor has something, `fd`
 * (-1: none) is readable, or the timeout (-1: none) ends. Returns a mask. */
#define ZL_SOCKET_READY 1 /* messages or subscriptions to receive */
#define ZL_FD_READY 2
int zl_socket_poll(zl_socket *socket, int fd, int64_t timeout_ns);

/* The same for two sockets of one thread; READY of either. */
int zl_socket_poll_both(zl_socket *first, zl_socket *second, int fd,
                        int64_t timeout_ns);

/* Sleeps until libzmq has news of any kind for the socket (room at a peer that
 * was full among them), or the timeout ends. */
void zl_socket_wait_credit(zl_socket *socket, int64_t timeout_ns);

/* As poll, for a receiver without room: takes what arrives and holds it, until that is
 * too much; then sleeps on while messages wait. */
int zl_socket_poll_aside(zl_socket *socket, int fd, int64_t timeout_ns);

/* ZAP requests and monitor events that poll has found, due reconnects. */
void zl_socket_serve(zl_socket *socket);
/* The same without a poll before, for use after something was received: libzmq reports
 * a peer before its first message, so the sender is a peer from here on. */
void zl_socket_serve_all(zl_socket *socket);
/* Milliseconds until serve has something to do by itself; -1: never. */
int zl_socket_next_due_ms(const zl_socket *socket);
/* Subscribing: connections now, and those that ended. */
uint64_t zl_socket_peers(const zl_socket *socket);
uint64_t zl_socket_peers_lost(const zl_socket *socket);
/* Connections that the auth's lists refused. */
uint64_t zl_socket_refused(const zl_socket *socket);

/* Subscribing: the sender of what was received last has spoken. */
void zl_socket_know_sender(zl_socket *socket);
/* When some publisher that has not is a stranger; INT64_MAX: there is none. */
int64_t zl_socket_strange_ns(const zl_socket *socket);

/* Publishing: both frames of a record. 0, EAGAIN (some matching peer is full,
 * nobody got it), or another errno (nobody got it). `lossy`: full peers are
 * skipped instead. The frames are never torn apart. */
int zl_socket_send(zl_socket *socket, zl_span topic, zl_span body, int lossy);

/* Publishing: takes what peers have sent, at most so many frames, into the book. How
 * many there were. */
int zl_socket_follow(zl_socket *socket, int at_most);

/* Subscribing. */
int zl_socket_subscribe(zl_socket *socket, zl_span prefix);   /* 0 or errno */
int zl_socket_unsubscribe(zl_socket *socket, zl_span prefix); /* 0 or errno */
/* 1: two frames, valid until the next receive; 0: nothing there; -1: a message
 * of another number of frames was read and dropped. */
int zl_socket_receive(zl_socket *socket, zl_span *topic, zl_span *body);

/* Hands what `from` has received last on, untouched; as zl_socket_send. Once it is sent
 * the frames are empty. */
int zl_socket_pass_on(zl_socket *to, zl_socket *from, int lossy);
/* Subscribing with is_relay: ends what the last message came over, a connect for good
 * and an accepted connection until it comes again. Writes its endpoint or address (""
 * when libzmq does not tell) into `which`, of that size. Before the frames are handed
 * on. */
void zl_socket_drop_source(zl_socket *socket, char *which, size_t size);

/* A socket of the caller's (attach): OK when it is a PUB or XPUB of the libzmq
 * that this library is linked to, else EINVAL with the reason. */
zmqlog_status zl_socket_check_foreign(zl_errors *errors, void *foreign);
/* Drains an XPUB, then sends without waiting: 0 or errno. */
int zl_socket_send_foreign(void *foreign, zl_span topic, zl_span body);

#endif
