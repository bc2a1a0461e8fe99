/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking back a bind or connect while the socket goes on with its others. */
#include "socket/socket_internal.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The text that the program has used. */
static void write_name(char *name, size_t size, const zl_link *link) {
    if (link->host)
        snprintf(name, size, "tcp://%s:%d", link->host, link->port);
    else
        snprintf(name, size, "%s", link->text);
}

static int is_called(const zl_link *link, const char *text) {
    char name[ZL_ENDPOINT_MAX_BYTES];
    write_name(name, sizeof name, link);
    return strcmp(name, text) == 0;
}

zl_link *zl_link_find(zl_socket *socket, const char *text, zl_endpoint_use use) {
    for (size_t i = socket->link_count; i-- > 0;)
        if (socket->links[i].use == use && is_called(&socket->links[i], text))
            return &socket->links[i];
    return NULL;
}

int zl_socket_connects_to(zl_socket *socket, const char *text) {
    return zl_link_find(socket, text, ZL_CONNECT) != NULL;
}

static void remove_link(zl_socket *socket, zl_link *link) {
    size_t after = (size_t)(socket->links + socket->link_count - (link + 1));
    memmove(link, link + 1, after * sizeof *link);
    socket->link_count--;
}

/* libzmq drops what it has received over a connection that we end. */
static void keep_received(zl_socket *socket) {
    socket->unread |= ZL_UNREAD_SOCKET;
    if (socket->kind == ZL_SUBSCRIBING)
        zl_backlog_read(socket);
}

/* An empty queue of the kernel may be one that libzmq's thread is about to fill as soon
 * as it gets a processor. */
#define STILL_LOOKS 10
/* Under steady traffic the kernel always has something to send. A listener that took
 * all of it so few looks ago keeps up. */
#define LATELY_LOOKS 50

/* Whether all has been taken, as far as can be seen. */
static int is_still(zl_leaving *leaving, int64_t unsent, uint64_t taken) {
    int has_moved = unsent > 0 || taken != leaving->taken;
    leaving->taken = taken;
    leaving->was_empty |= unsent == 0;
    leaving->looks_full = unsent == 0 ? 0 : leaving->looks_full + 1;
    leaving->looks_still = has_moved ? 0 : leaving->looks_still + 1;
    return leaving->looks_still >= STILL_LOOKS;
}

/* Whether its listener, which must go, has left something. */
static int is_behind(const zl_leaving *leaving) {
    return !leaving->was_empty || leaving->looks_full > LATELY_LOOKS;
}

/* Whether its listener has taken what is queued for it. libzmq lingers only over pipes
 * that its socket ends; the pipe of a connect with IMMEDIATE it drops. */
static int has_taken_all(const zl_link *link, zl_leaving *leaving) {
    struct tcp_info info = {0}; /* of others the kernel tells less */
    socklen_t size = sizeof info;
    int unsent = 0;
    if (link->fd < 0)
        return 1;
    if (ioctl(link->fd, SIOCOUTQ, &unsent) != 0)
        return 1;
    if (getsockopt(link->fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        info.tcpi_bytes_acked = 0;
    return is_still(leaving, unsent, info.tcpi_bytes_acked);
}

static void end_connect(zl_socket *socket, zl_link *link) {
    zl_socket_set(socket->socket, ZMQ_LINGER, ZL_LEAST_LINGER_MS);
    if (!link->gone)
        zl_monitor_forget(socket, link);
    zl_socket_set(socket->socket, ZMQ_LINGER, 0);
    zl_name_end(link);
    zl_problem_end(link);
    remove_link(socket, link);
}

zmqlog_status zl_socket_disconnect(zl_socket *socket, const char *text,
                                   zl_leaving *leaving) {
    zl_link *link = zl_link_find(socket, text, ZL_CONNECT);
    if (!link)
        return ZMQLOG_EINVAL;
    link = zl_link_bequeath(socket, link);
    keep_received(socket);
    if (!link->shares && socket->kind == ZL_PUBLISHING &&
        !has_taken_all(link, leaving)) {
        if (!leaving->must_go)
            return ZMQLOG_EAGAIN;
        leaving->has_cut_short = is_behind(leaving);
    }
    end_connect(socket, link);
    return ZMQLOG_OK;
}

static zl_link *find_connection(zl_socket *socket, int fd) {
    for (size_t i = 0; i < socket->link_count; i++)
        if (fd >= 0 && socket->links[i].fd == fd && socket->links[i].use == ZL_CONNECT)
            return &socket->links[i];
    return NULL;
}

void zl_socket_drop_source(zl_socket *socket, char *which, size_t size) {
    int fd = zmq_msg_get(&socket->frame[0], ZMQ_SRCFD);
    const char *address = zmq_msg_gets(&socket->frame[0], "Peer-Address");
    zl_link *link;
    zl_monitor_drain(socket); /* which of the connects it is */
    link = find_connection(socket, fd);
    snprintf(which, size, "%s", address ? address : "");
    if (link) {
        write_name(which, size, link);
        keep_received(socket);
        end_connect(socket, link);
    } else if (fd >= 0) {
        shutdown(fd, SHUT_RDWR);
    }
}

/* libzmq ends the connections of a listener with it, drops what is queued for them, and
 * tells nobody. So they are ended before: once they have taken all, or must go. */
static int end_accepted(zl_link *link, zl_leaving *leaving) {
    int64_t unsent;
    if (zl_listening_accepted(link->listening, &unsent) == 0)
        return 1;
    if (is_still(leaving, unsent, 0) || leaving->must_go) {
        link->was_cut |= unsent > 0 && is_behind(leaving);
        zl_listening_cut(link->listening);
    }
    return leaving->must_go > 1;
}

zmqlog_status zl_socket_unbind(zl_socket *socket, const char *text,
                               zl_leaving *leaving) {
    zl_link *link = zl_link_find(socket, text, ZL_BIND);
    if (!link)
        return ZMQLOG_EINVAL;
    keep_received(socket);
    if (!end_accepted(link, leaving))
        return ZMQLOG_EAGAIN;
    if (link->path)
        zl_endpoint_unlink_ipc(link->path, link->dev, link->ino);
    free(link->path);
    zmq_unbind(socket->socket, text);
    zl_listening_forget(link->listening);
    leaving->has_cut_short = link->was_cut;
    remove_link(socket, link);
    return ZMQLOG_OK;
}
