/* SPDX-License-Identifier: BSD-3-Clause */
/* The host part of tcp endpoints: literals, "*", "localhost", interfaces, names. */
#ifndef ZL_ENDPOINT_HOST_H
#define ZL_ENDPOINT_HOST_H

#include "address/endpoint.h"

typedef struct zl_host {
    char name[254]; /* in: as written, without brackets; out: as libzmq gets it */
    int bracketed;  /* in */
    int ipv6;       /* out: an IPv6 literal */
    int loopback;   /* out */
    int is_name;    /* out: neither a literal nor an interface */
} zl_host;

/* Checks and rewrites: numeric for bind, a literal or a well-formed name for
 * connect. `text` is the endpoint for messages. OK, EINVAL, EADDRNOTAVAIL (bind:
 * neither an address nor an interface with an IPv4 address). */
zmqlog_status zl_host_resolve(zl_host *host, zl_errors *errors, const char *text,
                              zl_endpoint_use use);

#endif
