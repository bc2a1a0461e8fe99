/* SPDX-License-Identifier: BSD-3-Clause */
/* What may be opened: the rules that hold before libzmq is asked for anything. Each
 * refusal says what to do instead. Knows no sockets. */
#include "auth/auth.h"
#include "auth/auth_state.h"

typedef struct rules {
    int server, client, insecure;
    int any_key_passes; /* some key would be let in */
    int keys_used;      /* keys were allowed at some time */
} rules;

static rules read_rules(zmqlog_auth *auth) {
    rules now = {0};

    if (!auth)
        return now;
    zl_auth_lock();
    now.server = auth->keys.server;
    now.client = auth->keys.client;
    now.insecure = auth->insecure;
    now.any_key_passes = zl_allowlist_has_key(&auth->allowed);
    now.keys_used = auth->allowed.keys.used;
    zl_auth_unlock();
    return now;
}

static zmqlog_status check_bind(const rules *now, zl_errors *errors,
                                const zl_endpoint *endpoint, int is_subscriber) {
    if (now->server && !now->any_key_passes)
        return zl_fail(
            errors, ZMQLOG_EREFUSED,
            "\"%.60s\": CURVE is on, but no client key is allowed, so nobody "
            "could connect: allow or load keys, or allow \"*\", which is any key",
            endpoint->text);
    if (now->server || now->insecure)
        return ZMQLOG_OK;
    if (now->keys_used)
        return zl_fail(
            errors, ZMQLOG_EREFUSED,
            "\"%.60s\": keys are allowed, but without curve_server nobody "
            "is asked for one: set the server's secret key, or allow no keys",
            endpoint->text);
    if (endpoint->loopback)
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EREFUSED,
                   "\"%.60s\" would be open to anybody who reaches this machine: use "
                   "127.0.0.1 or ipc, or an auth with curve_server and allowed keys, "
                   "or, if anybody may %s it, an insecure auth",
                   endpoint->text, is_subscriber ? "send to" : "read");
}

static zmqlog_status check_connect(const rules *now, zl_errors *errors,
                                   const zl_endpoint *endpoint) {
    if (endpoint->loopback || now->client || now->insecure)
        return ZMQLOG_OK;
    return zl_fail(
        errors, ZMQLOG_EREFUSED,
        "\"%.60s\" is beyond this machine, and the records would travel in "
        "the clear to whoever answers: use 127.0.0.1 or ipc, or an auth with "
        "curve_client, or, if anybody may read it, an insecure auth",
        endpoint->text);
}

zmqlog_status zl_auth_check_open(zmqlog_auth *auth, zl_errors *errors,
                                 const zl_endpoint *endpoint, zl_endpoint_use use,
                                 int is_subscriber) {
    const rules now = read_rules(auth);

    if (use == ZL_BIND)
        return check_bind(&now, errors, endpoint, is_subscriber);
    return is_subscriber ? ZMQLOG_OK : check_connect(&now, errors, endpoint);
}

int zl_auth_ipc_mode(const zmqlog_auth *auth) {
    int mode = 0600;

    if (auth) {
        zl_auth_lock();
        mode = auth->ipc_mode;
        zl_auth_unlock();
    }
    return mode;
}
