/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread of a lookup, and what it shares with the socket that asked. Both hold it,
 * and the last of them frees it. The thread may outlive the handle that asked. */
#include "address/lookup.h"

#include "thread/detached.h"

#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESSES_MAX 8
#define PENDING (-1)

struct zl_lookup {
    _Atomic int holders;
    _Atomic int count; /* of the addresses, once they are written */
    char address[ADDRESSES_MAX][ZL_LOOKUP_TEXT];
    char host[];
};

void zl_lookup_end(zl_lookup *lookup) {
    if (lookup && atomic_fetch_sub(&lookup->holders, 1) == 1)
        free(lookup);
}

static int take_addresses(zl_lookup *lookup, const struct addrinfo *answers) {
    int count = 0;
    for (; answers && count < ADDRESSES_MAX; answers = answers->ai_next)
        count +=
            getnameinfo(answers->ai_addr, answers->ai_addrlen, lookup->address[count],
                        ZL_LOOKUP_TEXT, NULL, 0, NI_NUMERICHOST) == 0;
    return count;
}

static void *ask(void *argument) {
    zl_lookup *lookup = argument;
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *answers = NULL;
    int count = 0;
    if (getaddrinfo(lookup->host, NULL, &wanted, &answers) == 0) {
        count = take_addresses(lookup, answers);
        freeaddrinfo(answers);
    }
    atomic_store(&lookup->count, count);
    zl_lookup_end(lookup);
    return NULL;
}

zl_lookup *zl_lookup_begin(const char *host) {
    size_t len = strlen(host);
    zl_lookup *lookup = calloc(1, sizeof *lookup + len + 1);
    if (!lookup)
        return NULL;
    memcpy(lookup->host, host, len + 1);
    atomic_init(&lookup->holders, 2);
    atomic_init(&lookup->count, PENDING);
    if (zl_detached_start(ask, lookup) == 0)
        return lookup;
    free(lookup);
    return NULL;
}

int zl_lookup_count(const zl_lookup *lookup) {
    return atomic_load(&lookup->count);
}

int zl_lookup_address(const zl_lookup *lookup, int index, char text[ZL_LOOKUP_TEXT]) {
    memcpy(text, lookup->address[index], ZL_LOOKUP_TEXT);
    return strchr(text, ':') != NULL;
}
