/* SPDX-License-Identifier: BSD-3-Clause */
/* Which kind an address asks for. Owns the list of kinds and the rule for hosts
 * beyond this machine; must not know how a kind talks. */
#include "forward/forward.h"
#include "forward/kinds.h"
#include "complain.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>

/* Longer schemes first where one begins like another. */
const sink_kind *const sink_kinds[] = {
    &sink_journald, &sink_syslog_tcp, &sink_syslog_zmq, &sink_syslog,
#ifdef WITH_NATS
    &sink_nats,
#endif
    NULL,
};

int sink_is_local_host(const char *host) {
    struct in_addr address;
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (strncmp(host, "127.", 4) == 0 && inet_pton(AF_INET, host, &address) == 1);
}

static const sink_kind *find_kind(const char *address) {
    for (int i = 0; sink_kinds[i]; i++)
        if (strncmp(address, sink_kinds[i]->scheme, strlen(sink_kinds[i]->scheme)) == 0)
            return sink_kinds[i];
    return NULL;
}

static int no_memory(void) {
    complain("out of memory");
    return EXIT_FAILED;
}

/* "journald:" reads badly before a colon. */
static char *make_name(const char *address) {
    char *name = nats_shown_address(address);
    size_t len = name ? strlen(name) : 0;

    if (len > 0 && name[len - 1] == ':')
        name[len - 1] = '\0';
    return name;
}

int sink_make(sink *to, const char *address, const forward_options *options) {
    const sink_kind *kind = find_kind(address);

    *to = (sink){.kind = kind, .options = options, .fd = -1, .ends = INT64_MAX};
    if (!kind && strncmp(address, "nats://", 7) == 0) {
        complain("--to nats://: this zmqlog was built without libnats-dev");
        return EXIT_FAILED;
    }
    if (!kind)
        return complain_usage("--to %s: no such sink; there are journald:, syslog:, "
                              "syslog+tcp://HOST:PORT, syslog+zmq://HOST:PORT and "
                              "nats://HOST:PORT/STREAM",
                              address);
    if (queue_init(&to->queue, (size_t)options->queue_bytes) < 0) {
        complain("eventfd: %s", strerror(errno));
        return EXIT_FAILED;
    }
    to->name = make_name(address);
    if (!to->name)
        return no_memory();
    const char *problem = kind->check(to, address + strlen(kind->scheme));
    if (problem)
        return complain_usage("--to %s: %s", to->name, problem);
    return EXIT_OK;
}

void sink_free(sink *to) {
    if (!to->kind)
        return;
    to->kind->free(to);
    queue_free(&to->queue);
    free(to->name);
}
