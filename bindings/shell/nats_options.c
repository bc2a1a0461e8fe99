/* SPDX-License-Identifier: BSD-3-Clause */
/* The options for NATS servers. Owns what each sets; libnats reads the files. */
#include "nats_options.h"
#include "complain.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* "90s", "10m", "1h", "7d" or "all". */
static int read_since(nats_options *wanted, const char *value) {
    static const char units[] = "smhd";
    static const int64_t seconds[] = {1, 60, 3600, 86400};
    size_t len = strspn(value, "0123456789");
    const char *unit = value[len] ? strchr(units, value[len]) : NULL;
    char digits[12];
    long long number;

    wanted->since = value;
    wanted->since_ns = INT64_MAX;
    if (strcmp(value, "all") == 0)
        return 1;
    if (len > 0 && len < sizeof digits && unit && !value[len + 1]) {
        memcpy(digits, value, len);
        digits[len] = '\0';
        if (options_read_count(digits, 0, 9000000000 / seconds[unit - units],
                               &number) == 0) {
            wanted->since_ns = number * seconds[unit - units] * 1000000000;
            return 1;
        }
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
