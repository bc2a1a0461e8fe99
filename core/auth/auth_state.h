/* SPDX-License-Identifier: BSD-3-Clause */
/* Inside of the auth object, for auth's own files only. One lock guards all
 * objects: it is taken for moments, once per connection, and a single one can be
 * held across fork, so that a child never inherits it locked. */
#ifndef ZL_AUTH_STATE_H
#define ZL_AUTH_STATE_H

#include "auth/allowlist.h"
#include "auth/auth.h"

#include <stdatomic.h>

typedef struct zl_curve_keys {
    int server; /* server_secret is set */
    int client; /* the other three are */
    uint8_t server_secret[ZL_KEY_BYTES];
    uint8_t server_public[ZL_KEY_BYTES];
    uint8_t client_public[ZL_KEY_BYTES];
    uint8_t client_secret[ZL_KEY_BYTES];
} zl_curve_keys;

struct zmqlog_auth {
    zl_errors errors;
    /* guarded by the lock */
    unsigned references;
    unsigned uses; /* open handles */
    int insecure;
    int ipc_mode;
    zl_curve_keys keys;
    zl_allowlist allowed;
    _Atomic uint64_t revocations; /* how often keys were taken away from all at once */
};

/* zap.c: wakes what serves for it, under the lock; in a forked child, where nothing
 * serves. */
void zl_zap_wake_all(const zmqlog_auth *auth);
void zl_zap_forked(void);

void zl_auth_lock(void);
void zl_auth_unlock(void);

#endif
