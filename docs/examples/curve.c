/* SPDX-License-Identifier: BSD-3-Clause */
/* A publisher that encrypts: with the key pair in KEY, for those whose public keys
 * are in the directory ALLOWED.
 *
 *     curve ENDPOINT KEY ALLOWED */
#include <zmqlog.h>

#include <stdio.h>

static zmqlog_status load(zmqlog_auth *auth, const char *key, const char *allowed) {
    zmqlog_keypair *pair = zmqlog_keypair_new();
    zmqlog_status status = zmqlog_keypair_load(pair, key);

    if (status == ZMQLOG_OK)
        status = zmqlog_auth_set_curve_server(auth, zmqlog_keypair_secret_key(pair));
    else
        fprintf(stderr, "curve: %s\n", zmqlog_keypair_errmsg(pair));
    zmqlog_keypair_free(pair);
    if (status == ZMQLOG_OK)
        status = zmqlog_auth_load_keys(auth, allowed);
    return status;
}

static zmqlog_status publish(zmqlog_handler *handler, const char *endpoint) {
    zmqlog_status status = zmqlog_handler_set_root_topic(handler, "vault");
    zmqlog_logger *log = zmqlog_logger_new(handler, "vault");

    if (status == ZMQLOG_OK)
        status = zmqlog_handler_bind(handler, endpoint);
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_wait_subscriber(handler, NULL, 30000);
    if (status == ZMQLOG_OK)
        ZMQLOG_INFO(log, "door::opened");
    zmqlog_logger_free(log);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: curve ENDPOINT KEY ALLOWED\n");
        return 2;
    }

    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status = load(auth, argv[2], argv[3]);

    if (status == ZMQLOG_OK)
        status = zmqlog_handler_set_auth(handler, auth);
    if (status == ZMQLOG_OK)
        status = publish(handler, argv[1]);
    if (status != ZMQLOG_OK)
        fprintf(stderr, "curve: %s %s %s\n", zmqlog_strerror(status),
                zmqlog_auth_errmsg(auth), zmqlog_handler_errmsg(handler));
    zmqlog_handler_free(handler);
    zmqlog_auth_free(auth);
    return status != ZMQLOG_OK;
}
