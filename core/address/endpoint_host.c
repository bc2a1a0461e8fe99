/* SPDX-License-Identifier: BSD-3-Clause */
/* Judges the host of a tcp endpoint. Whether something is loopback decides
 * whether it may be opened without keys, so interfaces and "localhost" become the
 * very address that was judged. Asks the system for its interfaces, never for
 * names of hosts. */
#include "address/endpoint_host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static zmqlog_status rewrite_ipv4(zl_host *host, struct in_addr address,
                                  zl_endpoint_use use) {
    /* The system takes a connect to "any" as one to itself; so do we, in plain. */
    if (use == ZL_CONNECT && address.s_addr == htonl(INADDR_ANY))
        address.s_addr = htonl(INADDR_LOOPBACK);
    host->ipv6 = 0;
    host->loopback = (ntohl(address.s_addr) >> 24) == 127;
    inet_ntop(AF_INET, &address, host->name, sizeof host->name);
    return ZMQLOG_OK;
}

static zmqlog_status parse_ipv6(zl_host *host, zl_errors *errors, const char *text,
                                zl_endpoint_use use) {
    char *scope = strchr(host->name, '%');
    struct in6_addr address;
    struct in_addr mapped;
    char name[INET6_ADDRSTRLEN];
    char zone[IF_NAMESIZE + 1] = "";

    if (scope) {
        if (!if_nametoindex(scope + 1))
            return zl_fail(errors, ZMQLOG_EADDRNOTAVAIL,
                           "\"%.100s\": there is no interface \"%.60s\"", text,
                           scope + 1);
        snprintf(zone, sizeof zone, "%.16s", scope);
        *scope = '\0';
    }
    if (inet_pton(AF_INET6, host->name, &address) != 1)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\": \"%.60s\" is not an IPv6 address; brackets are for "
                       "those only",
                       text, host->name);
    if (IN6_IS_ADDR_V4MAPPED(&address)) {
        memcpy(&mapped, &address.s6_addr[12], sizeof mapped);
        return rewrite_ipv4(host, mapped, use);
    }
    if (IN6_IS_ADDR_LINKLOCAL(&address) && !*zone)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\": a link-local address is one of an interface; "
                       "name it, as in [%.60s%%eth0]",
                       text, host->name);
    if (use == ZL_CONNECT && IN6_IS_ADDR_UNSPECIFIED(&address))
        address = in6addr_loopback;
    host->ipv6 = 1;
    host->loopback = IN6_IS_ADDR_LOOPBACK(&address);
    inet_ntop(AF_INET6, &address, name, sizeof name);
    snprintf(host->name, sizeof host->name, "%s%s", name, zone);
    return ZMQLOG_OK;
}

/* The first IPv4 address of an interface, which is what libzmq would take. */
static int find_interface(const char *name, struct in_addr *address) {
    struct ifaddrs *all = NULL;
    const struct ifaddrs *one;
    int found = 0;

    if (getifaddrs(&all) != 0)
        return 0;
    for (one = all; one && !found; one = one->ifa_next) {
        if (!one->ifa_addr || one->ifa_addr->sa_family != AF_INET ||
            strcmp(one->ifa_name, name) != 0)
            continue;
        *address = ((const struct sockaddr_in *)(const void *)one->ifa_addr)->sin_addr;
        found = 1;
    }
    freeifaddrs(all);
    return found;
}

static zmqlog_status parse_interface(zl_host *host, zl_errors *errors, const char *text,
                                     zl_endpoint_use use) {
    struct in_addr address;

    if (find_interface(host->name, &address))
        return rewrite_ipv4(host, address, use);
    if (if_nametoindex(host->name))
        return zl_fail(errors, ZMQLOG_EADDRNOTAVAIL,
                       "\"%.100s\": interface \"%.60s\" has no IPv4 address; write its "
                       "IPv6 address in brackets",
                       text, host->name);
    return zl_fail(
        errors, ZMQLOG_EADDRNOTAVAIL,
        "\"%.80s\": \"%.60s\" is neither an address nor an interface of this "
        "machine; names of hosts are not looked up for binding: write "
        "127.0.0.1, another own address, an interface such as eth0, or * "
        "for all",
        text, host->name);
}

/* RFC 1123 names, and the underscore that many networks use. */
static int is_host_name(const char *name) {
    size_t label;

    do {
        label = strspn(name, LETTERS DIGITS "-_");
        if (label == 0 || label > 63 || name[0] == '-' || name[label - 1] == '-')
            return 0;
        name += label;
        if (*name == '.')
            name++;
        else if (*name)
            return 0;
    } while (*name);
    return 1;
}

zmqlog_status zl_host_resolve(zl_host *host, zl_errors *errors, const char *text,
                              zl_endpoint_use use) {
    struct in_addr address;

    host->ipv6 = host->loopback = host->is_name = 0;
    if (host->bracketed)
        return parse_ipv6(host, errors, text, use);
    if (strcasecmp(host->name, "localhost") == 0)
        memcpy(host->name, "127.0.0.1", sizeof "127.0.0.1");
    if (strcmp(host->name, "*") == 0) {
        if (use == ZL_CONNECT)
            return zl_fail(errors, ZMQLOG_EINVAL,
                           "\"%.100s\": \"*\" is for binding; name the host to connect "
                           "to",
                           text);
        memcpy(host->name, "0.0.0.0", sizeof "0.0.0.0");
    }
    if (inet_pton(AF_INET, host->name, &address) == 1)
        return rewrite_ipv4(host, address, use);
    if (host->name[strspn(host->name, DIGITS ".")] == '\0')
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\": \"%.60s\" is not an IPv4 address", text,
                       host->name);
    if (use == ZL_BIND)
        return parse_interface(host, errors, text, use);
    if (!is_host_name(host->name))
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "\"%.100s\": \"%.60s\" is not a host name", text, host->name);
    host->is_name = 1;
    return ZMQLOG_OK;
}
