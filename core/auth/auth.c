/* SPDX-License-Identifier: BSD-3-Clause */
/* The auth object: its life, and the public setters. What may be opened is
 * auth_rules.c, reading keys from files is auth_keys.c, asking at run time is
 * zap.c. Details never show a secret key, nor any part of one. */
#include "auth/auth.h"
#include "auth/auth_state.h"
#include "auth/curve.h"
#include "base/wipe.h"
#include "thread/cancel.h"
#include "thread/forks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

void zl_auth_lock(void) {
    pthread_mutex_lock(&guard);
}

void zl_auth_unlock(void) {
    pthread_mutex_unlock(&guard);
}

static void in_child(void) {
    zl_zap_forked();
    zl_auth_unlock();
}

static zl_fork_hook hook = {
    .prepare = zl_auth_lock, .parent = zl_auth_unlock, .child = in_child};

zmqlog_auth *zmqlog_auth_new(void) {
    zmqlog_auth *auth = calloc(1, sizeof *auth);

    if (!auth)
        return NULL;
    zl_forks_add(&hook);
    zl_errors_init(&auth->errors);
    zl_allowlist_init(&auth->allowed);
    auth->references = 1;
    auth->ipc_mode = 0600;
    return auth;
}

zmqlog_auth *zl_auth_hold(zmqlog_auth *auth) {
    if (auth) {
        zl_auth_lock();
        auth->references++;
        zl_auth_unlock();
    }
    return auth;
}

void zl_auth_release(zmqlog_auth *auth) {
    unsigned left;

    if (!auth)
        return;
    zl_auth_lock();
    left = --auth->references;
    zl_auth_unlock();
    if (left > 0)
        return;
    explicit_bzero(&auth->keys, sizeof auth->keys);
    zl_allowlist_clear(&auth->allowed);
    zl_errors_destroy(&auth->errors);
    free(auth);
}

void zmqlog_auth_free(zmqlog_auth *auth) {
    zl_auth_release(auth);
}

void zl_auth_use(zmqlog_auth *auth) {
    if (!auth)
        return;
    zl_auth_lock();
    auth->uses++;
    zl_auth_unlock();
}

void zl_auth_unuse(zmqlog_auth *auth) {
    if (!auth)
        return;
    zl_auth_lock();
    auth->uses--;
    zl_auth_unlock();
}

/* Takes the lock where the object may still be changed, else says why not. */
static zmqlog_status begin_change(zmqlog_auth *auth, const char *what) {
    zl_auth_lock();
    if (auth->uses == 0)
        return ZMQLOG_OK;
    zl_auth_unlock();
    return zl_fail(&auth->errors, ZMQLOG_ESTATE,
                   "%s: a handle with this auth is open; set it before opening (the "
                   "lists of keys, addresses and users may change at any time)",
                   what);
}

static zmqlog_status fail_key(zmqlog_auth *auth, const char *call, const char *which,
                              const char *text) {
    if (!text)
        return zl_fail(&auth->errors, ZMQLOG_EINVAL, "%s: the %s is NULL", call, which);
    return zl_fail(&auth->errors, ZMQLOG_EINVAL,
                   "%s: the %s is not 40 characters of Z85 (it has %zu)", call, which,
                   strlen(text));
}

static zmqlog_status check_curve(zmqlog_auth *auth) {
    if (zl_curve_available())
        return ZMQLOG_OK;
    return zl_fail(&auth->errors, ZMQLOG_ENOTSUP,
                   "this libzmq was built without CURVE; use one with libsodium");
}

/* What a call was given; its secrets stay where they are. */
typedef struct given {
    zmqlog_auth *auth;
    const char *server_key, *public_key, *secret_key;
} given;

static zmqlog_status set_curve_server(void *argument) {
    const given *g = argument;
    uint8_t secret[ZL_KEY_BYTES] = {0};
    zmqlog_status status = g->secret_key ? check_curve(g->auth) : ZMQLOG_OK;

    if (status == ZMQLOG_OK && g->secret_key &&
        zl_z85_decode(secret, g->secret_key) != 0)
        status = fail_key(g->auth, "set_curve_server", "secret key", g->secret_key);
    if (status == ZMQLOG_OK)
        status = begin_change(g->auth, "set_curve_server");
    if (status == ZMQLOG_OK) {
        memcpy(g->auth->keys.server_secret, secret, sizeof secret);
        g->auth->keys.server = g->secret_key != NULL;
        zl_auth_unlock();
    }
    return status;
}

zmqlog_status zmqlog_auth_set_curve_server(zmqlog_auth *auth, const char *secret_key) {
    given g = {.auth = auth, .secret_key = secret_key};
    return auth ? zl_wipe_after(set_curve_server, &g) : ZMQLOG_EINVAL;
}

static zmqlog_status read_client_keys(const given *g, zl_curve_keys *keys) {
    zl_errors *errors = &g->auth->errors;
    char derived[ZL_KEY_SIZE];

    if (zl_z85_decode(keys->server_public, g->server_key) != 0)
        return fail_key(g->auth, "set_curve_client", "server key", g->server_key);
    if (zl_z85_decode(keys->client_public, g->public_key) != 0)
        return fail_key(g->auth, "set_curve_client", "public key", g->public_key);
    if (zl_z85_decode(keys->client_secret, g->secret_key) != 0)
        return fail_key(g->auth, "set_curve_client", "secret key", g->secret_key);
    if (zl_curve_derive(derived, g->secret_key) != 0 ||
        strcmp(derived, g->public_key) != 0)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "set_curve_client: the secret key does not belong to the public "
                       "key; give both of one pair, the public key first");
    return ZMQLOG_OK;
}

static zmqlog_status set_curve_client(void *argument) {
    const given *g = argument;
    int any = g->server_key || g->public_key || g->secret_key;
    zl_curve_keys keys = {0}, *to = &g->auth->keys;
    zmqlog_status status = any ? check_curve(g->auth) : ZMQLOG_OK;

    if (status == ZMQLOG_OK && any)
        status = read_client_keys(g, &keys);
    if (status == ZMQLOG_OK)
        status = begin_change(g->auth, "set_curve_client");
    if (status == ZMQLOG_OK) {
        memcpy(to->server_public, keys.server_public, ZL_KEY_BYTES);
        memcpy(to->client_public, keys.client_public, ZL_KEY_BYTES);
        memcpy(to->client_secret, keys.client_secret, ZL_KEY_BYTES);
        to->client = any;
        zl_auth_unlock();
    }
    return status;
}

zmqlog_status zmqlog_auth_set_curve_client(zmqlog_auth *auth, const char *server_key,
                                           const char *public_key,
                                           const char *secret_key) {
    ZL_UNCANCELLED;
    given g = {auth, server_key, public_key, secret_key};
    return auth ? zl_wipe_after(set_curve_client, &g) : ZMQLOG_EINVAL;
}

zmqlog_status zmqlog_auth_set_insecure(zmqlog_auth *auth, int on) {
    zmqlog_status status;

    if (!auth)
        return ZMQLOG_EINVAL;
    status = zl_check_range(&auth->errors, "set_insecure", "on", on, 0, 1);
    if (status == ZMQLOG_OK)
        status = begin_change(auth, "set_insecure");
    if (status != ZMQLOG_OK)
        return status;
    auth->insecure = on;
    zl_auth_unlock();
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_auth_set_ipc_mode(zmqlog_auth *auth, int mode) {
    zmqlog_status status;

    if (!auth)
        return ZMQLOG_EINVAL;
    if ((mode & ~0777) != 0 || (mode & 0600) != 0600)
        return zl_fail(&auth->errors, ZMQLOG_EINVAL,
                       "set_ipc_mode: mode is %d (octal %o), it must be octal 0600 to "
                       "0777 with both bits of 0600; octal 0660 is %d in decimal",
                       mode, (unsigned)mode, 0660);
    status = begin_change(auth, "set_ipc_mode");
    if (status != ZMQLOG_OK)
        return status;
    auth->ipc_mode = mode;
    zl_auth_unlock();
    return ZMQLOG_OK;
}

const char *zmqlog_auth_errmsg(const zmqlog_auth *auth) {
    return zl_errors_last(auth ? &auth->errors : NULL);
}
