/* SPDX-License-Identifier: BSD-3-Clause */
/* The options for NATS servers that watch and forward share. */
#ifndef SHELL_NATS_OPTIONS_H
#define SHELL_NATS_OPTIONS_H

#include "options.h"

#include <stdint.h>

typedef struct nats_options {
    int tls;          /* TLS is wanted; any of the files below wants it, too */
    const char *ca;   /* whom to trust; NULL: whom the system trusts */
    const char *cert; /* one's own certificate and its key */
    const char *key;
    const char *creds; /* a credentials file */
    const char *since; /* where reading begins; NULL: with what comes */
    int64_t since_ns;  /* so long ago; INT64_MAX: at the beginning */
} nats_options;

#define NATS_TLS 1300
#define NATS_CA 1301
#define NATS_CERT 1302
#define NATS_CERT_KEY 1303
#define NATS_CREDS 1304
#define NATS_SINCE 1305

/* Rows for an option table. */
#define NATS_OPTIONS                                                                   \
    {NATS_TLS, "tls", 0, OPTION_ALONE}, {NATS_CA, "tls-ca", 0, OPTION_NEEDS},          \
        {NATS_CERT, "tls-cert", 0, OPTION_NEEDS},                                      \
        {NATS_CERT_KEY, "tls-key", 0, OPTION_NEEDS}, {                                 \
        NATS_CREDS, "creds", 0, OPTION_NEEDS                                           \
    }

/* And one more for those that read. */
#define NATS_READ_OPTIONS                                                              \
    NATS_OPTIONS, {                                                                    \
        NATS_SINCE, "since", 0, OPTION_NEEDS                                           \
    }

/* 1 when the option is one of these, 0 when it is not, -1 when its value is wrong,
 * which has been complained about. */
int nats_option(nats_options *wanted, int id, const char *value);

/* An address as it may be shown: without names and passwords. Free it; NULL without
 * memory. */
char *nats_shown_address(const char *address);

#endif
