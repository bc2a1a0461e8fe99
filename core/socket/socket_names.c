/* SPDX-License-Identifier: BSD-3-Clause */
/* Connecting by name. libzmq would ask the system for the address in its only I/O
 * thread, and everything else would wait for the answer; so it gets addresses only.
 * A name is looked up anew for each connect of ours, so names may move. */
#include "socket/socket_internal.h"

#include <stdio.h>
#include <stdlib.h>

int zl_name_begin(zl_link *link, const zl_endpoint *endpoint) {
    const char *host = endpoint->text + strlen("tcp://");
    link->host = strndup(host, (size_t)(strrchr(host, ':') - host));
    link->port = endpoint->port;
    link->text[0] = '\0';
    link->gone = 1; /* libzmq knows nothing of it */
    return link->host ? 0 : -1;
}

void zl_name_end(zl_link *link) {
    zl_lookup_end(link->lookup);
    link->lookup = NULL;
    free(link->host);
    link->host = NULL;
}

static void take_address(zl_link *link, int count) {
    char address[ZL_LOOKUP_TEXT];
    int index = (int)(link->tries++ % (unsigned)count);
    link->ipv6 = zl_lookup_address(link->lookup, index, address);
    link->nearby = strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
    snprintf(link->text, sizeof link->text,
             link->ipv6 ? "tcp://[%s]:%d" : "tcp://%s:%d", address, link->port);
}

int zl_name_look_up(zl_link *link) {
    int count;
    if (!link->lookup)
        link->lookup = zl_lookup_begin(link->host);
    count = link->lookup ? zl_lookup_count(link->lookup) : 0;
    if (count < 0)
        return 0;
    if (count > 0)
        take_address(link, count);
    zl_lookup_end(link->lookup);
    link->lookup = NULL;
    return count > 0 ? 1 : -1;
}
