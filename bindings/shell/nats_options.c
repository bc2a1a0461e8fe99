/* SPDX-License-Identifier: BSD-3-Clause */
/* The options for NATS servers. Owns what each sets; libnats reads the files. */
#include "nats_options.h"

int nats_option(nats_options *wanted, int id, const char *value) {
    switch (id) {
    case NATS_TLS:
        break;
    case NATS_CA:
        wanted->ca = value;
        break;
    case NATS_CERT:
        wanted->cert = value;
        break;
    case NATS_CERT_KEY:
        wanted->key = value;
        break;
    case NATS_CREDS:
        wanted->creds = value;
        return 1;
    default:
        return 0;
    }
    wanted->tls = 1;
    return 1;
}
