/* SPDX-License-Identifier: BSD-3-Clause */
/* Connects of one socket that lead to the same address: a name and its address, or two
 * names. libzmq knows a connect by its address alone, and ends all of it at once. So
 * one link has the connection, and the others share it until that one lets it go. */
#include "socket/socket_internal.h"

#include "base/clock.h"

/* Whether both lead to where libzmq has been told to go for one of them. */
static int is_beside(const zl_link *link, const zl_link *other) {
    return other != link && other->use == ZL_CONNECT &&
           strcmp(link->text, other->text) == 0;
}

int zl_link_share(zl_socket *socket, zl_link *link) {
    for (size_t i = 0; i < socket->link_count; i++)
        if (is_beside(link, &socket->links[i]) && !socket->links[i].gone) {
            link->shares = 1;
            link->gone = 1;
            link->retry_ns = 0;
            zl_problem_is_shared(link);
            return 1;
        }
    return 0;
}

/* They look for their address anew. */
void zl_link_release(zl_socket *socket, const zl_link *link) {
    for (size_t i = 0; i < socket->link_count; i++) {
        zl_link *other = &socket->links[i];
        if (!is_beside(link, other) || !other->shares)
            continue;
        other->shares = 0;
        other->retry_ns = zl_clock_monotonic_ns();
        zl_problem_begin(other);
    }
}

const zl_link *zl_link_holder(const zl_socket *socket, const zl_link *link) {
    for (size_t i = 0; link->shares && i < socket->link_count; i++)
        if (is_beside(link, &socket->links[i]) && !socket->links[i].gone)
            return &socket->links[i];
    return link;
}

/* The connection stays where it is; the two change names. */
zl_link *zl_link_bequeath(zl_socket *socket, zl_link *link) {
    for (size_t i = 0; i < socket->link_count && !link->gone; i++) {
        zl_link *heir = &socket->links[i], before = *link;
        if (!is_beside(link, heir) || !heir->shares)
            continue;
        link->host = heir->host;
        link->port = heir->port;
        link->lookup = heir->lookup;
        link->tries = heir->tries;
        heir->host = before.host;
        heir->lookup = before.lookup;
        return heir;
    }
    return link;
}
