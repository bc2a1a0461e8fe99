/* SPDX-License-Identifier: BSD-3-Clause */
/* The security options that watch and send share, and the auth made of them. */
#ifndef SHELL_SECURITY_H
#define SHELL_SECURITY_H

#include "options.h"

#include "zmqlog.h"

typedef struct security {
    const char *server_key; /* file with the listener's public key */
    const char *key;        /* file with the own pair */
    const char *allow_keys; /* file or directory, or "*" */
    int insecure;
} security;

#define SECURITY_FIRST_ID 1000
#define SECURITY_SERVER_KEY 1000
#define SECURITY_KEY 1001
#define SECURITY_ALLOW_KEYS 1002
#define SECURITY_INSECURE 1003

/* Rows for an option table. */
#define SECURITY_OPTIONS                                                               \
    {SECURITY_SERVER_KEY, "server-key", 0, OPTION_NEEDS},                              \
        {SECURITY_KEY, "key", 0, OPTION_NEEDS},                                        \
        {SECURITY_ALLOW_KEYS, "allow-keys", 0, OPTION_NEEDS}, {                        \
        SECURITY_INSECURE, "insecure", 0, OPTION_ALONE                                 \
    }

void security_option(security *wanted, int id, const char *value);

/* Makes the auth for something that binds or connects, or both; NULL when no
 * option asks for one. The caller frees it. Returns an exit code; what is wrong
 * has been complained about. */
int security_open(const security *wanted, int binds, int connects, zmqlog_auth **auth);

/* Reads --allow-keys again, and ends connections whose key is gone. What is wrong is
 * complained about, and changes nothing. `auth` may be NULL. */
void security_reload(const security *wanted, zmqlog_auth *auth);
/* Whether there is anything that it would read. */
int security_reloads(const security *wanted);

typedef enum security_use {
    SECURITY_PUBLISHER_BIND,
    SECURITY_PUBLISHER_CONNECT,
    SECURITY_WATCHER_BIND
} security_use;

/* Complains that the library refused to open an endpoint, with this command's ways
 * out. Returns an exit code. */
int security_refuse(const security *wanted, const char *endpoint, security_use use);

#endif
