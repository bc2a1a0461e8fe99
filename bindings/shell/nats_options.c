/* SPDX-License-Identifier: BSD-3-Clause */
/* The options for NATS servers. Owns what each sets; libnats reads the files. */
#include "nats_options.h"
#include "complain.h"
#include "units.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SINCE_MOST 9000000000 /* seconds: in nanoseconds, they fit 64 bits */

static int read_since(nats_options *wanted, const char *value) {
    int64_t seconds = units_seconds(value);

    wanted->since = value;
    wanted->since_ns = INT64_MAX;
    if (strcmp(value, "all") == 0)
        return 1;
    if (seconds >= 0 && seconds <= SINCE_MOST) {
        wanted->since_ns = seconds * 1000000000;
        return 1;
    }
    complain_usage(
        "--since takes a time such as 90s, 10m, 1h or 7d, or all, not \"%s\"", value);
    return -1;
}

/* libnats would say so at each try to connect. */
static int read_file(const char **file, const char *option, const char *value) {
    *file = value;
    if (access(value, R_OK) == 0)
        return 1;
    complain_usage("%s %s: %s", option, value, strerror(errno));
    return -1;
}

int nats_option(nats_options *wanted, int id, const char *value) {
    wanted->tls |= id >= NATS_TLS && id <= NATS_CERT_KEY;
    switch (id) {
    case NATS_TLS:
        return 1;
    case NATS_CA:
        return read_file(&wanted->ca, "--tls-ca", value);
    case NATS_CERT:
        return read_file(&wanted->cert, "--tls-cert", value);
    case NATS_CERT_KEY:
        return read_file(&wanted->key, "--tls-key", value);
    case NATS_CREDS:
        return read_file(&wanted->creds, "--creds", value);
    case NATS_SINCE:
        return read_since(wanted, value);
    default:
        return 0;
    }
}

char *nats_shown_address(const char *address) {
    char *shown = strdup(address);
    char *from = shown ? strstr(shown, "://") : NULL;

    if (!from)
        return shown;
    char *to = from += 3;
    while (*from) {
        size_t len = strcspn(from, ",");
        const char *at = memrchr(from, '@', len);
        size_t secret = at ? (size_t)(at + 1 - from) : 0;
        len += from[len] == ',';
        memmove(to, from + secret, len - secret);
        to += len - secret;
        from += len;
    }
    *to = '\0';
    return shown;
}
