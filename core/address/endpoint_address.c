/* SPDX-License-Identifier: BSD-3-Clause */
/* The socket address behind a bound endpoint, as getsockname would give it: how a
 * forked child recognises the descriptors that it inherited. */
#include "address/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

static socklen_t ipc_address(const zl_endpoint *endpoint, struct sockaddr_un *out) {
    size_t len = strlen(endpoint->path);
    out->sun_family = AF_UNIX;
    memcpy(out->sun_path, endpoint->path, len);
    if (!endpoint->abstract)
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
    out->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

socklen_t zl_endpoint_address(const zl_endpoint *endpoint, const char *actual,
                              struct sockaddr_storage *out) {
    struct sockaddr_in *in4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
    const char *host = actual + strlen("tcp://");
    const char *colon = strrchr(actual, ':');
    char name[INET6_ADDRSTRLEN] = "";
    size_t len;
    memset(out, 0, sizeof *out);
    if (endpoint->transport == ZL_IPC)
        return ipc_address(endpoint, (struct sockaddr_un *)out);
    if (colon <= host)
        return 0;
    len = (size_t)(colon - host);
    if (*host == '[') {
        host++;
        len -= 2;
    }
    if (len >= sizeof name)
        return 0;
    memcpy(name, host, len);
    if (inet_pton(AF_INET, name, &in4->sin_addr) == 1) {
        in4->sin_family = AF_INET;
        in4->sin_port = htons((uint16_t)atoi(colon + 1));
        return sizeof *in4;
    }
    if (inet_pton(AF_INET6, name, &in6->sin6_addr) != 1)
        return 0;
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons((uint16_t)atoi(colon + 1));
    return sizeof *in6;
}
