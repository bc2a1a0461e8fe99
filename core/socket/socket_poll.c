/* SPDX-License-Identifier: BSD-3-Clause */
/* Sleeping on libzmq's descriptors, and what is done on waking up. A descriptor of
 * libzmq tells of news only once: whatever libzmq took in during another call is
 * silent. So this room keeps which of its sockets may have something to read, and
 * forgets it when one has been read until there was nothing left. That spares the
 * system calls of asking all of them each time. */
#include "socket/socket_internal.h"

#include "base/clock.h"

#include <poll.h>
#include <stdatomic.h>

static void watch_one(zl_owned_fd *owned, void *socket) {
    int fd = -1;
    size_t size = sizeof fd;
    if (socket && zmq_getsockopt(socket, ZMQ_FD, &fd, &size) == 0)
        zl_forks_own(owned, fd);
    else
        atomic_init(&owned->number, -1);
}

void zl_socket_watch(zl_socket *socket) {
    watch_one(&socket->fds[0], socket->socket);
    watch_one(&socket->fds[1], socket->zap.socket);
    watch_one(&socket->fds[2], socket->monitor);
    socket->unread = ZL_UNREAD_ALL;
}

void zl_socket_unwatch(zl_socket *socket) {
    for (int i = 0; i < 3; i++)
        zl_forks_disown(&socket->fds[i]);
}

static int fd_of(const zl_socket *socket, int index) {
    return atomic_load_explicit(&socket->fds[index].number, memory_order_relaxed);
}

static struct timespec as_timespec(int64_t ns) {
    struct timespec time = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
    return time;
}

/* Sleeps, adds what has news to `unread`; whether fd is readable. */
static int wait(zl_socket *socket, int fd, int64_t timeout_ns) {
    struct timespec timeout = as_timespec(timeout_ns);
    struct pollfd polled[4] = {
        {fd_of(socket, 0), POLLIN, 0},
        {fd_of(socket, 1), POLLIN, 0},
        {fd_of(socket, 2), POLLIN, 0},
        {fd, POLLIN, 0},
    };
    if (ppoll(polled, fd >= 0 ? 4 : 3, timeout_ns < 0 ? NULL : &timeout, NULL) <= 0)
        return 0;
    for (int i = 0; i < 3; i++)
        socket->unread |= polled[i].revents ? 1u << i : 0;
    return polled[3].revents ? ZL_FD_READY : 0;
}

int zl_socket_poll(zl_socket *socket, int fd, int64_t timeout_ns) {
    int has_some = socket->unread || socket->backlog;
    int ready = wait(socket, fd, has_some ? 0 : timeout_ns);
    has_some = socket->backlog || (socket->unread & ZL_UNREAD_SOCKET);
    return ready | (has_some ? ZL_SOCKET_READY : 0);
}

int zl_socket_poll_both(zl_socket *first, zl_socket *second, int fd,
                        int64_t timeout_ns) {
    struct timespec timeout =
        as_timespec(first->unread || second->unread ? 0 : timeout_ns);
    struct pollfd polled[7] = {{.fd = fd, .events = POLLIN}};
    for (int i = 0; i < 3; i++) {
        polled[1 + i] = (struct pollfd){fd_of(first, i), POLLIN, 0};
        polled[4 + i] = (struct pollfd){fd_of(second, i), POLLIN, 0};
    }
    int waits = timeout_ns < 0 && !first->unread && !second->unread;
    int found = ppoll(polled, 7, waits ? NULL : &timeout, NULL) > 0;
    for (int i = 0; i < 3 && found; i++) {
        first->unread |= polled[1 + i].revents ? 1u << i : 0;
        second->unread |= polled[4 + i].revents ? 1u << i : 0;
    }
    return (found && polled[0].revents ? ZL_FD_READY : 0) |
           ((first->unread | second->unread) & ZL_UNREAD_SOCKET ? ZL_SOCKET_READY : 0);
}

int zl_socket_poll_aside(zl_socket *socket, int fd, int64_t timeout_ns) {
    int events;
    size_t size = sizeof events;
    zl_backlog_hold(socket);
    if (!zl_backlog_is_full(socket))
        return wait(socket, fd, socket->unread ? 0 : timeout_ns);
    /* Lets libzmq do what it has to do in this thread, so that its descriptor
     * falls silent until there is more: a publisher that came back gets its
     * subscriptions here. */
    zmq_getsockopt(socket->socket, ZMQ_EVENTS, &events, &size);
    socket->unread |= ZL_UNREAD_SOCKET;
    return wait(socket, fd, socket->unread & ~ZL_UNREAD_SOCKET ? 0 : timeout_ns);
}

void zl_socket_wait_credit(zl_socket *socket, int64_t timeout_ns) {
    struct timespec timeout = as_timespec(timeout_ns);
    struct pollfd credit = {fd_of(socket, 0), POLLIN, 0};
    ppoll(&credit, 1, &timeout, NULL);
}

void zl_socket_serve_all(zl_socket *socket) {
    socket->unread |= ZL_UNREAD_ZAP | ZL_UNREAD_MONITOR;
    zl_socket_serve(socket);
}

/* libzmq does not tell which publisher has which key until it sends something. So all
 * that were accepted have to come again, and are asked for their keys. */
static void revoke(zl_socket *socket) {
    zl_listeners *book = socket->listeners;
    if (book) {
        zl_listeners_revoke(book, book->permits, book->permits_context);
        return;
    }
    for (size_t i = 0; i < socket->link_count; i++)
        if (socket->links[i].listening)
            zl_listening_cut(socket->links[i].listening);
}

void zl_socket_serve(zl_socket *socket) {
    if (zl_zap_has_revoked(&socket->zap))
        revoke(socket);
    if (socket->unread & ZL_UNREAD_ZAP && zl_zap_serve(&socket->zap))
        socket->unread &= ~ZL_UNREAD_ZAP;
    if (socket->unread & ZL_UNREAD_MONITOR) {
        zl_monitor_drain(socket);
        socket->unread &= ~ZL_UNREAD_MONITOR;
        socket->unread |= ZL_UNREAD_SOCKET; /* libzmq has ended a refused connect */
    }
    if (zl_socket_next_due_ms(socket) == 0) {
        if (socket->listeners)
            zl_listeners_check(socket->listeners, zl_clock_monotonic_ns());
        zl_problem_look(socket);
        zl_monitor_reconnect(socket);
        socket->unread |= ZL_UNREAD_SOCKET;
    }
}
