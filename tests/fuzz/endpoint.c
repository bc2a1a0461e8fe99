/* SPDX-License-Identifier: BSD-3-Clause */
/* Endpoints and addresses of any bytes: what is accepted is numeric or well-formed,
 * and is accepted again in the form that libzmq gets. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/allowlist.h"
#include "address/endpoint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition) {
    if (!condition)
        abort();
}

static void check_endpoint(const char *text, zl_endpoint_use use) {
    zl_endpoint first, again;
    zl_errors errors;
    zmqlog_status status;

    zl_errors_init(&errors);
    status = zl_endpoint_parse(&first, &errors, text, use);
    check((status == ZMQLOG_OK) == (zl_errors_last(&errors)[0] == '\0'));
    zl_errors_destroy(&errors);
    if (status != ZMQLOG_OK)
        return;
    check(strlen(first.text) < sizeof first.text);
    check(first.port >= 0 && first.port <= 65535);
    check((first.port == 0) == (first.transport == ZL_IPC || first.wildcard_port));
    check(use == ZL_BIND || !first.wildcard_port);
    check(zl_endpoint_parse(&again, NULL, first.text, use) == ZMQLOG_OK);
    check(strcmp(again.text, first.text) == 0 && again.loopback == first.loopback &&
          again.ipv6 == first.ipv6 && again.port == first.port);
}

/* A network contains the address that it is written with. */
static void check_network(const char *text) {
    zl_allowlist list;
    zl_network network;
    char address[64];

    zl_allowlist_init(&list);
    (void)zl_allowlist_permits_peer(&list, text);
    if (!zl_network_parse(&network, text)) {
        check(zl_allowlist_add_network(&list, &network) == 0);
        snprintf(address, sizeof address, "%.*s", (int)strcspn(text, "/"), text);
        check(zl_allowlist_permits_peer(&list, address));
    }
    (void)zl_allowlist_add_uid(&list, 0);
    (void)zl_allowlist_permits_peer(&list, text);
    zl_allowlist_clear(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = malloc(size + 1);

    memcpy(text, data, size);
    text[size] = '\0';
    check_endpoint(text, ZL_BIND);
    check_endpoint(text, ZL_CONNECT);
    check_network(text);
    free(text);
    return 0;
}
