/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys and allow lists (the auth object), the rules for what may be opened, and the
 * ZAP server that enforces them. */
#ifndef ZL_AUTH_H
#define ZL_AUTH_H

#include "zmqlog.h"
#include "address/endpoint.h"
#include "base/errors.h"
#include "thread/event.h"

#define ZL_ZAP_DOMAIN "zmqlog"

/* Counts a reference; NULL passes. */
zmqlog_auth *zl_auth_hold(zmqlog_auth *auth);
void zl_auth_release(zmqlog_auth *auth);
/* While in use by an open handle, what is not live answers ESTATE. */
void zl_auth_use(zmqlog_auth *auth);
void zl_auth_unuse(zmqlog_auth *auth);

/* Whether this endpoint may be opened. A subscriber may connect anywhere; to one
 * that listens, anybody could send. auth may be NULL. Returns OK or EREFUSED with all
 * ways out in the detail. */
zmqlog_status zl_auth_check_open(zmqlog_auth *auth, zl_errors *errors,
                                 const zl_endpoint *endpoint, zl_endpoint_use use,
                                 int is_subscriber);
int zl_auth_ipc_mode(const zmqlog_auth *auth); /* 0600 for NULL */

/* Sets ZAP domain, option 93 and, before a bind or connect of that use, the CURVE
 * options on a libzmq socket (mechanism is NULL where auth has no such keys). The
 * socket's context has a ZAP server exactly if auth is not NULL.
 * Returns 0 or -1 with errno of libzmq. */
int zl_auth_apply(zmqlog_auth *auth, void *socket, zl_endpoint_use use);
/* Whether there are keys for connecting; 0 for NULL. */
int zl_auth_has_client(zmqlog_auth *auth);
/* Whether a connection to elsewhere asks the ZAP server of its own context. */
int zl_auth_asks(zmqlog_auth *auth);

/* Whether a connection that was let in with this key (Z85) may stay; one without a key
 * ("") may. */
int zl_auth_keeps(zmqlog_auth *auth, const char *key);

/* The ZAP server of one libzmq context; owned and polled by one thread. */
typedef struct zl_zap {
    void *socket;      /* REP on inproc://zeromq.zap.01; NULL without auth */
    zmqlog_auth *auth; /* held; may be NULL: then there is nobody to judge */
    uint64_t accepted, refused;
    char last_address[64], last_key[41]; /* of the last refused one */
    const char *last_reason;
    /* of keys that were taken away */
    uint64_t revocations; /* seen */
    zl_event *wake;       /* signalled at the next one; NULL: not */
    struct zl_zap *next;  /* of those that are to be woken */
} zl_zap;
int zl_zap_open(zl_zap *zap, void *context, zmqlog_auth *auth); /* 0 or -1, errno */
/* Answers waiting requests, never blocks; whether it has answered them all. */
int zl_zap_serve(zl_zap *zap);
void zl_zap_close(zl_zap *zap);
/* Has `wake` signalled when keys are taken away, until close. */
void zl_zap_watch(zl_zap *zap, zl_event *wake);
/* Whether keys were taken away since this was asked last. */
int zl_zap_has_revoked(zl_zap *zap);

#endif
