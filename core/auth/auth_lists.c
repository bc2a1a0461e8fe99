/* SPDX-License-Identifier: BSD-3-Clause */
/* The live lists of an auth object: the public calls that change them. A change counts
 * for the next connection; those that stand remain, but for reload_keys. */
#include "auth/auth.h"
#include "auth/auth_keys.h"
#include "auth/auth_state.h"
#include "base/wipe.h"
#include "thread/cancel.h"

#include <stdlib.h>
#include <string.h>

/* Adding and removing check and read alike; one worker each does both. */
typedef enum change { ADD, REMOVE } change;

static zmqlog_status report(zmqlog_auth *auth, change what, int result,
                            const char *shown) {
    if (result == 0)
        return ZMQLOG_OK;
    if (what == ADD)
        return zl_fail(&auth->errors, ZMQLOG_ENOMEM, "out of memory for a list entry");
    return zl_fail(&auth->errors, ZMQLOG_EINVAL, "\"%.100s\" was not on the list",
                   shown);
}

static int change_any_key(zl_allowlist *list, change what) {
    if (what == REMOVE)
        return zl_allowlist_remove_any_key(list);
    zl_allowlist_add_any_key(list);
    return 0;
}

static int change_one_key(zl_allowlist *list, change what,
                          uint8_t key[1][ZL_KEY_BYTES]) {
    if (what == REMOVE)
        return zl_allowlist_remove_key(list, key[0]);
    return zl_allowlist_add_keys(list, (const uint8_t(*)[ZL_KEY_BYTES])key, 1);
}

/* What a call was given. Neither shown nor kept when it is not what it should be: it
 * might be a secret key, given by mistake. */
typedef struct given {
    zmqlog_auth *auth;
    change what;
    const char *text;
} given;

static zmqlog_status change_key(void *argument) {
    const given *g = argument;
    zmqlog_auth *auth = g->auth;
    uint8_t key[1][ZL_KEY_BYTES];
    int any = strcmp(g->text, "*") == 0, result;

    if (!any && zl_z85_decode(key[0], g->text) != 0)
        return zl_fail(&auth->errors, ZMQLOG_EINVAL,
                       "the public key is neither 40 characters of Z85 (it has %zu) "
                       "nor \"*\"",
                       strlen(g->text));
    zl_auth_lock();
    result = any ? change_any_key(&auth->allowed, g->what)
                 : change_one_key(&auth->allowed, g->what, key);
    zl_auth_unlock();
    return report(auth, g->what, result, any ? "*" : "that key");
}

static zmqlog_status change_by_key(zmqlog_auth *auth, change what, const char *text) {
    given g = {auth, what, text};

    if (!auth)
        return ZMQLOG_EINVAL;
    if (!text)
        return zl_fail(&auth->errors, ZMQLOG_EINVAL, "the public key is NULL");
    return zl_wipe_after(change_key, &g);
}

zmqlog_status zmqlog_auth_allow_key(zmqlog_auth *auth, const char *public_key) {
    return change_by_key(auth, ADD, public_key);
}

zmqlog_status zmqlog_auth_remove_key(zmqlog_auth *auth, const char *public_key) {
    return change_by_key(auth, REMOVE, public_key);
}

static zmqlog_status change_address(void *argument) {
    const given *g = argument;
    zmqlog_auth *auth = g->auth;
    zl_network network;
    const char *wrong = g->text ? zl_network_parse(&network, g->text) : "it is NULL";
    int result;

    if (wrong)
        return zl_fail(&auth->errors, ZMQLOG_EINVAL, "address \"%.60s\": %s",
                       g->text ? g->text : "", wrong);
    zl_auth_lock();
    result = g->what == ADD ? zl_allowlist_add_network(&auth->allowed, &network)
                            : zl_allowlist_remove_network(&auth->allowed, &network);
    zl_auth_unlock();
    return report(auth, g->what, result, g->text);
}

static zmqlog_status change_by_address(zmqlog_auth *auth, change what,
                                       const char *text) {
    given g = {auth, what, text};
    return auth ? zl_wipe_after(change_address, &g) : ZMQLOG_EINVAL;
}

zmqlog_status zmqlog_auth_allow_address(zmqlog_auth *auth, const char *address) {
    return change_by_address(auth, ADD, address);
}

zmqlog_status zmqlog_auth_remove_address(zmqlog_auth *auth, const char *address) {
    return change_by_address(auth, REMOVE, address);
}

static zmqlog_status change_uid(zmqlog_auth *auth, change what, int64_t uid) {
    zmqlog_status status;
    int result;

    if (!auth)
        return ZMQLOG_EINVAL;
    status = zl_check_range(&auth->errors, what == ADD ? "allow_uid" : "remove_uid",
                            "uid", uid, 0, UINT32_MAX - 1);
    if (status != ZMQLOG_OK)
        return status;
    zl_auth_lock();
    result = what == ADD ? zl_allowlist_add_uid(&auth->allowed, uid)
                         : zl_allowlist_remove_uid(&auth->allowed, uid);
    zl_auth_unlock();
    return report(auth, what, result, "that user id");
}

zmqlog_status zmqlog_auth_allow_uid(zmqlog_auth *auth, int64_t uid) {
    return change_uid(auth, ADD, uid);
}

zmqlog_status zmqlog_auth_remove_uid(zmqlog_auth *auth, int64_t uid) {
    return change_uid(auth, REMOVE, uid);
}

/* What is done with the keys of a path, under the lock: 0, or -1 without memory. */
typedef int taker(zmqlog_auth *auth, const zl_key_array *found);

static int add_all(zmqlog_auth *auth, const zl_key_array *found) {
    return zl_allowlist_add_keys(
        &auth->allowed, (const uint8_t(*)[ZL_KEY_BYTES])found->keys, found->count);
}

static int replace_all(zmqlog_auth *auth, const zl_key_array *found) {
    int lost = 0;
    int result = zl_allowlist_replace_keys(&auth->allowed,
                                           (const uint8_t(*)[ZL_KEY_BYTES])found->keys,
                                           found->count, &lost);
    if (lost) {
        atomic_fetch_add(&auth->revocations, 1);
        zl_zap_wake_all(auth);
    }
    return result;
}

static zmqlog_status take_keys(zmqlog_auth *auth, const char *path, taker *take) {
    zl_key_array found = {0};
    zmqlog_status status;
    int result = 0;

    if (!auth)
        return ZMQLOG_EINVAL;
    if (!path || path[0] == '\0')
        return zl_fail(&auth->errors, ZMQLOG_EINVAL, "the path is empty");
    status = zl_auth_read_keys(&found, &auth->errors, path);
    if (status == ZMQLOG_OK) {
        zl_auth_lock();
        result = take(auth, &found);
        zl_auth_unlock();
        status = report(auth, ADD, result, path);
    }
    free(found.keys);
    return status;
}

zmqlog_status zmqlog_auth_load_keys(zmqlog_auth *auth, const char *path) {
    ZL_UNCANCELLED;
    return take_keys(auth, path, add_all);
}

zmqlog_status zmqlog_auth_reload_keys(zmqlog_auth *auth, const char *path) {
    ZL_UNCANCELLED;
    return take_keys(auth, path, replace_all);
}

int zl_auth_keeps(zmqlog_auth *auth, const char *key) {
    uint8_t bytes[ZL_KEY_BYTES];
    int keeps;

    if (!auth || key[0] == '\0')
        return 1;
    if (zl_z85_decode(bytes, key) != 0)
        return 0;
    zl_auth_lock();
    keeps = zl_allowlist_permits_key(&auth->allowed, bytes);
    zl_auth_unlock();
    return keeps;
}
