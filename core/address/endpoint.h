/* SPDX-License-Identifier: BSD-3-Clause */
/* Endpoints: reading and judging them before libzmq sees them, since it takes
 * port 99999, "80x" and unknown hosts without a word. Knows addresses and files,
 * no sockets of libzmq. */
#ifndef ZL_ENDPOINT_H
#define ZL_ENDPOINT_H

#include "zmqlog.h"
#include "base/errors.h"

#include <sys/socket.h>

#define ZL_ENDPOINT_MAX_BYTES 512

typedef enum zl_transport { ZL_TCP, ZL_IPC } zl_transport;

typedef struct zl_endpoint {
    zl_transport transport;
    int loopback;      /* 127.0.0.0/8, ::1, or ipc */
    int ipv6;          /* ZMQ_IPV6 is wanted */
    int is_name;       /* connect: look the host up */
    int wildcard_port; /* "*" or 0 */
    int abstract;      /* ipc://@name */
    int port;          /* 1..65535; 0 with wildcard_port and ipc */
    char path[108];    /* ipc path, without "@" handling: as in sun_path text form */
    char text[ZL_ENDPOINT_MAX_BYTES]; /* what libzmq is given: numeric for bind */
} zl_endpoint;

typedef enum zl_endpoint_use { ZL_BIND, ZL_CONNECT } zl_endpoint_use;

/* Parses and checks. Only tcp:// and ipc:// (inproc is for sockets of one
 * context; all others are refused with the reason). For bind, "localhost" is
 * resolved to 127.0.0.1, "*" to 0.0.0.0 and interfaces to their address; host names
 * are refused with a hint. For connect, host names pass after they were checked to
 * be well-formed, port 0 and "*" are refused.
 * Names are resolved here where they decide about loopback, so that what was
 * judged is what is opened; a connect to 0.0.0.0 or [::] is one to loopback.
 * Returns OK, EINVAL, ENOTSUP (scheme), EADDRNOTAVAIL (bind: neither an address
 * nor an interface of this machine). */
zmqlog_status zl_endpoint_parse(zl_endpoint *out, zl_errors *errors, const char *text,
                                zl_endpoint_use use);

/* Makes a listening descriptor for an ipc endpoint: refuses a path that is a
 * file or a live endpoint, takes over a stale socket, applies the mode. The
 * descriptor is for ZMQ_USE_FD. Returns it in *fd.
 * OK, EADDRINUSE, EADDRNOTAVAIL (no directory), EACCESS, EIO. */
zmqlog_status zl_endpoint_listen_ipc(const zl_endpoint *endpoint, zl_errors *errors,
                                     int mode, int *fd);
/* Removes the socket file if it is still the one whose dev and ino the caller noted
 * with lstat after listening. To be called before the descriptor is closed: until
 * then the inode number cannot be used again. Abstract ones need nothing. */
void zl_endpoint_unlink_ipc(const char *path, uint64_t dev, uint64_t ino);

/* The address behind a bound endpoint, `actual` being what it really got. Returns
 * its length, 0 when it is not known. */
socklen_t zl_endpoint_address(const zl_endpoint *endpoint, const char *actual,
                              struct sockaddr_storage *out);

#endif
