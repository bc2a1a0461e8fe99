/* SPDX-License-Identifier: BSD-3-Clause */
/* Connections to a NATS server. Owns the syntax of addresses, and what of the options
 * becomes which of libnats. */
#include "forward/nats_link.h"
#include "forward/sink.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>

#define SERVERS_MOST 16
#define PATIENCE_MS 5000

static const char wanted_form[] = "it must be HOST:PORT[,HOST:PORT...]/STREAM";

static int is_name(const char *text) {
    return *text && !strpbrk(text, ".*> \t/\\");
}

static const char *read_setting(nats_address *address, const char *name,
                                const char *value) {
    if (strcmp(name, "replicas") == 0) {
        if (*value < '1' || *value > '5' || value[1])
            return "replicas must be 1 to 5";
        address->replicas = *value - '0';
        return NULL;
    }
    if (strcmp(name, "max-age") == 0) {
        int64_t seconds = units_seconds(value);
        if (seconds <= 0 || seconds > INT64_MAX / 1000000000)
            return "max-age must be a time such as 7d";
        address->max_age_ns = seconds * 1000000000;
        return NULL;
    }
    if (strcmp(name, "max-bytes") == 0) {
        address->max_bytes = units_bytes(value);
        return address->max_bytes > 0 ? NULL : "max-bytes must be a size such as 10G";
    }
    return "behind ? there are replicas, max-age and max-bytes";
}

static const char *read_settings(nats_address *address, char *text) {
    char *rest = NULL;

    for (char *word = strtok_r(text, "&", &rest); word;
         word = strtok_r(NULL, "&", &rest)) {
        char *equals = strchr(word, '=');
        if (!equals)
            return "behind ? there are replicas, max-age and max-bytes";
        *equals = '\0';
        const char *problem = read_setting(address, word, equals + 1);
        if (problem)
            return problem;
    }
    return NULL;
}

/* Whether each of the servers can only be this machine. */
static int are_local(const char *servers) {
    char copy[512], *rest = NULL;

    snprintf(copy, sizeof copy, "%s", servers);
    for (char *one = strtok_r(copy, ",", &rest); one;
         one = strtok_r(NULL, ",", &rest)) {
        char *at = strrchr(one, '@'), *host = at ? at + 1 : one;
        char *colon = strrchr(host, ':');
        if (colon)
            *colon = '\0';
        if (!sink_is_local_host(host) && strcmp(host, "[::1]") != 0)
            return 0;
    }
    return 1;
}

const char *nats_read_address(nats_address *address, const char *text,
                              const nats_options *options, int is_insecure) {
    const char *slash = strchr(text, '/');
    char rest[512];

    *address = (nats_address){.replicas = 1};
    if (!slash || slash == text || (size_t)(slash - text) >= sizeof address->url)
        return wanted_form;
    memcpy(address->url, text, (size_t)(slash - text));
    snprintf(rest, sizeof rest, "%s", slash + 1);
    char *settings = strchr(rest, '?');
    if (settings)
        *settings++ = '\0';
    if (!is_name(rest) || strlen(rest) >= sizeof address->stream)
        return wanted_form;
    strcpy(address->stream, rest);
    if (!options->tls && !is_insecure && !are_local(address->url))
        return "that is beyond this machine, and the records would travel in the "
               "clear: "
               "use 127.0.0.1, or --tls, or, if anybody may read them, --insecure";
    return settings ? read_settings(address, settings) : NULL;
}

void nats_reason(char reason[256], const char *what, natsStatus status) {
    const char *detail = nats_GetLastError(NULL);
    const char *place = detail && *detail == '(' ? strstr(detail, "): ") : NULL;

    /* libnats puts a place in its source in front. */
    if (place)
        detail = place + 3;
    snprintf(reason, 256, "%s%s%s", what, *what ? ": " : "",
             detail && *detail ? detail : natsStatus_GetText(status));
}

static natsStatus set_servers(natsOptions *to, const nats_address *address) {
    const char *urls[SERVERS_MOST];
    char text[SERVERS_MOST][300], copy[512], *rest = NULL;
    int count = 0;

    snprintf(copy, sizeof copy, "%s", address->url);
    for (char *one = strtok_r(copy, ",", &rest); one && count < SERVERS_MOST;
         one = strtok_r(NULL, ",", &rest)) {
        snprintf(text[count], sizeof text[count], "nats://%s", one);
        urls[count] = text[count];
        count++;
    }
    return natsOptions_SetServers(to, urls, count);
}

static natsStatus set_options(natsOptions *to, const nats_options *options) {
    natsStatus status = natsOptions_SetAllowReconnect(to, false);

    if (status == NATS_OK)
        status = natsOptions_SetTimeout(to, PATIENCE_MS);
    /* Else a server that does not read holds the thread in a write for ever. */
    if (status == NATS_OK)
        status = natsOptions_SetWriteDeadline(to, PATIENCE_MS);
    if (status == NATS_OK)
        status = natsOptions_SetName(to, "zmqlog");
    if (status == NATS_OK && options->tls)
        status = natsOptions_SetSecure(to, true);
    if (status == NATS_OK && options->ca)
        status = natsOptions_LoadCATrustedCertificates(to, options->ca);
    if (status == NATS_OK && options->cert)
        status = natsOptions_LoadCertificatesChain(
            to, options->cert, options->key ? options->key : options->cert);
    if (status == NATS_OK && options->creds)
        status = natsOptions_SetUserCredentialsFromFiles(to, options->creds, NULL);
    return status;
}

natsConnection *nats_connect(const nats_address *address, const nats_options *options,
                             natsConnectionHandler closed, void *closure,
                             char reason[256]) {
    natsConnection *connection = NULL;
    natsOptions *settings = NULL;
    natsStatus status = natsOptions_Create(&settings);

    if (status == NATS_OK)
        status = set_servers(settings, address);
    if (status == NATS_OK)
        status = set_options(settings, options);
    if (status == NATS_OK)
        status = natsOptions_SetClosedCB(settings, closed, closure);
    if (status == NATS_OK)
        status = natsConnection_Connect(&connection, settings);
    natsOptions_Destroy(settings);
    if (status == NATS_OK)
        return connection;
    nats_reason(reason, "connecting", status);
    return NULL;
}

void nats_disconnect(natsConnection **connection, natsSubscription **subscription) {
    if (*subscription)
        natsSubscription_Unsubscribe(*subscription);
    if (*connection)
        natsConnection_Close(*connection);
    natsSubscription_Destroy(*subscription);
    natsConnection_Destroy(*connection);
    *subscription = NULL;
    *connection = NULL;
}
