/* SPDX-License-Identifier: BSD-3-Clause */
/* Keys on the command line. Owns what the security options mean together, and how
 * refusals are told. The library alone decides what may be opened. */
#include "security.h"
#include "complain.h"

#include <string.h>

void security_option(security *wanted, int id, const char *value) {
    if (id == SECURITY_SERVER_KEY)
        wanted->server_key = value;
    else if (id == SECURITY_KEY)
        wanted->key = value;
    else if (id == SECURITY_ALLOW_KEYS)
        wanted->allow_keys = value;
    else
        wanted->insecure = 1;
}

/* What cannot have been meant. */
static int check(const security *wanted, int binds, int connects) {
    if (wanted->server_key && !connects)
        return complain_usage("--server-key is for connecting; with --bind, --key is "
                              "the listener's own");
    if (wanted->allow_keys && !binds)
        return complain_usage("--allow-keys is for --bind");
    if (wanted->allow_keys && !wanted->key)
        return complain_usage("--allow-keys needs --key FILE, the listener's own");
    if (wanted->key && connects && !wanted->server_key)
        return complain_usage("--key needs --server-key FILE, the public key of the "
                              "side that listens");
    if (wanted->key && binds && !wanted->allow_keys)
        return complain_usage("--key with --bind needs --allow-keys: a directory of "
                              "public keys, or '*' for anybody's");
    return EXIT_OK;
}

static int refuse(const char *what, const char *path, zmqlog_status status,
                  const char *detail) {
    complain("%s %s: %s", what, path, *detail ? detail : zmqlog_strerror(status));
    return EXIT_FAILED;
}

static int load(zmqlog_keypair *pair, const char *option, const char *path) {
    zmqlog_status status = zmqlog_keypair_load(pair, path);

    if (status == ZMQLOG_OK)
        return EXIT_OK;
    return refuse(option, path, status, zmqlog_keypair_errmsg(pair));
}

/* Without --key, a pair for this run: the listener must then allow any. */
static int own_pair(zmqlog_keypair *own, const security *wanted) {
    if (!wanted->key) {
        zmqlog_status status = zmqlog_keypair_generate(own);
        return status == ZMQLOG_OK ? EXIT_OK
                                   : refuse("--server-key", wanted->server_key, status,
                                            zmqlog_keypair_errmsg(own));
    }
    if (load(own, "--key", wanted->key) != EXIT_OK)
        return EXIT_FAILED;
    if (*zmqlog_keypair_secret_key(own))
        return EXIT_OK;
    complain("--key %s: there is no secret key in it", wanted->key);
    return EXIT_FAILED;
}

static int apply_client(zmqlog_auth *auth, const security *wanted,
                        const zmqlog_keypair *own, zmqlog_keypair *server) {
    zmqlog_status status;

    if (load(server, "--server-key", wanted->server_key) != EXIT_OK)
        return EXIT_FAILED;
    status = zmqlog_auth_set_curve_client(auth, zmqlog_keypair_public_key(server),
                                          zmqlog_keypair_public_key(own),
                                          zmqlog_keypair_secret_key(own));
    if (status == ZMQLOG_OK)
        return EXIT_OK;
    return refuse("--server-key", wanted->server_key, status, zmqlog_auth_errmsg(auth));
}

static int apply_listener(zmqlog_auth *auth, const security *wanted,
                          const zmqlog_keypair *own) {
    zmqlog_status status =
        zmqlog_auth_set_curve_server(auth, zmqlog_keypair_secret_key(own));

    if (status != ZMQLOG_OK)
        return refuse("--key", wanted->key, status, zmqlog_auth_errmsg(auth));
    if (strcmp(wanted->allow_keys, "*") == 0)
        status = zmqlog_auth_allow_key(auth, "*");
    else
        status = zmqlog_auth_load_keys(auth, wanted->allow_keys);
    if (status == ZMQLOG_OK)
        return EXIT_OK;
    return refuse("--allow-keys", wanted->allow_keys, status, zmqlog_auth_errmsg(auth));
}

static int apply(zmqlog_auth *auth, const security *wanted) {
    zmqlog_keypair *own = zmqlog_keypair_new(), *server = zmqlog_keypair_new();
    int code = EXIT_FAILED;

    if (!own || !server)
        complain("out of memory");
    else if (!wanted->key && !wanted->server_key)
        code = EXIT_OK;
    else
        code = own_pair(own, wanted);
    if (code == EXIT_OK && wanted->server_key)
        code = apply_client(auth, wanted, own, server);
    if (code == EXIT_OK && wanted->allow_keys)
        code = apply_listener(auth, wanted, own);
    zmqlog_keypair_free(own);
    zmqlog_keypair_free(server);
    return code;
}

int security_open(const security *wanted, int binds, int connects, zmqlog_auth **auth) {
    int code = check(wanted, binds, connects);

    *auth = NULL;
    if (code != EXIT_OK)
        return code;
    if (!wanted->server_key && !wanted->key && !wanted->insecure)
        return EXIT_OK;
    *auth = zmqlog_auth_new();
    if (!*auth) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    code = apply(*auth, wanted);
    if (code == EXIT_OK && wanted->insecure)
        zmqlog_auth_set_insecure(*auth, 1);
    if (code != EXIT_OK) {
        zmqlog_auth_free(*auth);
        *auth = NULL;
    }
    return code;
}

int security_reloads(const security *wanted) {
    return wanted->allow_keys && strcmp(wanted->allow_keys, "*") != 0;
}

void security_reload(const security *wanted, zmqlog_auth *auth) {
    zmqlog_status status;

    if (!auth || !security_reloads(wanted))
        return;
    status = zmqlog_auth_reload_keys(auth, wanted->allow_keys);
    if (status != ZMQLOG_OK)
        refuse("--allow-keys", wanted->allow_keys, status, zmqlog_auth_errmsg(auth));
}

/* With keys wanted, all that can be wrong with a listener is that there are none. */
int security_refuse(const security *wanted, const char *endpoint, security_use use) {
    if (use == SECURITY_PUBLISHER_CONNECT)
        complain("%s: that is beyond this machine, and the records would travel in the "
                 "clear to whoever answers: use 127.0.0.1 or ipc, or --server-key "
                 "FILE, or, if anybody may read them, --insecure",
                 endpoint);
    else if (wanted->allow_keys)
        complain("%s: nobody could connect: no public key is in --allow-keys %s; put "
                 "those of the other side there, or give '*' for any key",
                 endpoint, wanted->allow_keys);
    else
        complain("%s: that would be open to anybody who reaches this machine: use "
                 "127.0.0.1 or ipc, or --key FILE --allow-keys DIR, or, if anybody may "
                 "%s it, --insecure",
                 endpoint, use == SECURITY_WATCHER_BIND ? "send to" : "read");
    return EXIT_FAILED;
}
