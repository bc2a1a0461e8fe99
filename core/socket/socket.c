/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening, binding, connecting and closing of the socket room. Options are
 * socket_options.c, frames socket_frames.c, the monitor is socket_monitor.c. */
#include "socket/socket_internal.h"

#include "socket/socket_needs.h"
#include "thread/background.h"
#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* libzmq counts its contexts and, with the last one, shuts OpenPGM and libsodium's
 * random numbers down; with the next it starts them again. Neither bears that two
 * threads do so at the same time, and a handler's context ends on a thread of its
 * own. One context that is never used and never ends keeps the count above zero. */
static void *volatile anchor; /* volatile: or nobody would point to it */
static pthread_once_t anchored = PTHREAD_ONCE_INIT;

static void drop_anchor(void) {
    anchor = zmq_ctx_new();
}

static int open_parts(zl_socket *socket, const zl_socket_options *options) {
    int type = socket->kind == ZL_PUBLISHING ? ZMQ_XPUB
               : socket->is_relay            ? ZMQ_XSUB
                                             : ZMQ_SUB;
    pthread_once(&anchored, drop_anchor);
    socket->context = zmq_ctx_new();
    if (!socket->context)
        return -1;
    if (socket->batch)
        zmq_ctx_set(socket->context, ZMQ_THREAD_SCHED_POLICY, SCHED_BATCH);
    if (zl_zap_open(&socket->zap, socket->context, options->auth))
        return -1;
    if (options->wake)
        zl_zap_watch(&socket->zap, options->wake);
    socket->socket = zmq_socket(socket->context, type);
    if (!socket->socket || zl_socket_configure(socket, options) ||
        zl_monitor_open(socket) != 0)
        return -1;
    zl_socket_watch(socket);
    return 0;
}

/* On the caller's thread, where a signal would end libzmq's calls with EINTR. */
static zmqlog_status open_undisturbed(zl_socket *socket, zl_errors *errors,
                                      const zl_socket_options *options) {
    sigset_t all, before;
    zmqlog_status status;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    socket->batch = socket->kind == ZL_PUBLISHING && zl_background_is_for_us();
    status = zl_needs_open(errors, &socket->batch);
    if (status == ZMQLOG_OK && open_parts(socket, options) != 0)
        status = zl_fail(errors, errno == ENOMEM ? ZMQLOG_ENOMEM : ZMQLOG_EIO,
                         "libzmq could not open a socket: %s", zmq_strerror(errno));
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

static int keeps(const char *key, void *auth) {
    return zl_auth_keeps(auth, key);
}

zmqlog_status zl_socket_open(zl_socket **out, zl_errors *errors,
                             const zl_socket_options *options) {
    zl_socket *socket = calloc(1, sizeof *socket);
    zmqlog_status status;
    if (!socket)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory for a socket");
    socket->kind = options->kind;
    socket->listeners = options->listeners;
    socket->heartbeat_ms = options->heartbeat_ms;
    socket->is_relay = options->is_relay;
    socket->hold_bytes = options->hold_bytes;
    socket->hold_records = (size_t)options->hwm;
    socket->auth = zl_auth_hold(options->auth);
    if (socket->listeners && options->auth) {
        socket->listeners->permits = keeps;
        socket->listeners->permits_context = socket->auth;
    }
    zmq_msg_init(&socket->frame[0]);
    zmq_msg_init(&socket->frame[1]);
    status = open_undisturbed(socket, errors, options);
    if (status != ZMQLOG_OK) {
        zl_socket_close(socket, 0);
        return status;
    }
    *out = socket;
    return ZMQLOG_OK;
}

static int least_linger_ms(const zl_socket *socket, int linger_ms) {
    int is_short = socket->kind == ZL_PUBLISHING && linger_ms < ZL_LEAST_LINGER_MS;
    return is_short ? ZL_LEAST_LINGER_MS : linger_ms;
}

static void close_one(void **socket, int linger_ms) {
    if (!*socket)
        return;
    zl_socket_set(*socket, ZMQ_LINGER, linger_ms);
    zmq_close(*socket);
    *socket = NULL;
}

static void remove_ipc_file(zl_link *link) {
    if (link->path)
        zl_endpoint_unlink_ipc(link->path, link->dev, link->ino);
    free(link->path);
    link->path = NULL;
}

static void clear_links(zl_socket *socket) {
    for (size_t i = 0; i < socket->link_count; i++) {
        remove_ipc_file(&socket->links[i]);
        zl_name_end(&socket->links[i]);
        zl_problem_end(&socket->links[i]);
    }
}

/* Whether libzmq needed the whole linger to let go. */
static int end_context(void *context, int linger_ms) {
    int64_t until = zl_clock_monotonic_ns() + zl_clock_ms_as_ns(linger_ms);
    while (context && zmq_ctx_term(context) != 0 && errno == EINTR)
        ;
    return zl_clock_monotonic_ns() >= until;
}

int zl_socket_close(zl_socket *socket, int linger_ms) {
    int ran_out;
    if (!socket)
        return 0;
    /* First, so that nobody connects to an endpoint that is about to go. */
    clear_links(socket);
    zl_socket_unwatch(socket);
    if (socket->monitor)
        zmq_socket_monitor(socket->socket, NULL, 0);
    close_one(&socket->monitor, 0);
    linger_ms = least_linger_ms(socket, linger_ms);
    close_one(&socket->socket, linger_ms);
    zl_zap_close(&socket->zap);
    zmq_msg_close(&socket->frame[0]);
    zmq_msg_close(&socket->frame[1]);
    zl_backlog_free(socket);
    ran_out = end_context(socket->context, linger_ms);
    for (size_t i = 0; i < socket->link_count; i++)
        zl_listening_forget(socket->links[i].listening);
    zl_auth_release(socket->auth);
    zl_connections_free(&socket->publishers);
    free(socket->links);
    free(socket->stands);
    free(socket);
    return ran_out;
}

static zmqlog_status fail_errno(zl_errors *errors, const char *verb, const char *text,
                                int error) {
    zmqlog_status status = ZMQLOG_EIO;
    switch (error) {
    case EADDRINUSE:
        return zl_fail(errors, ZMQLOG_EADDRINUSE,
                       "cannot %s %s: another socket listens there; choose another "
                       "port or path, or end that program",
                       verb, text);
    case EADDRNOTAVAIL:
    case ENODEV:
    case ENOENT:
        return zl_fail(errors, ZMQLOG_EADDRNOTAVAIL,
                       "cannot %s %s: this machine has no such address", verb, text);
    case EACCES:
    case EPERM:
        return zl_fail(errors, ZMQLOG_EACCESS, "cannot %s %s: permission denied", verb,
                       text);
    case ENOMEM:
        status = ZMQLOG_ENOMEM;
        break;
    case EINVAL:
        status = ZMQLOG_EINVAL;
        break;
    case EPROTONOSUPPORT:
        status = ZMQLOG_ENOTSUP;
        break;
    default:
        break;
    }
    return zl_fail(errors, status, "cannot %s %s: %s", verb, text, zmq_strerror(error));
}

static zl_link *add_link(zl_socket *socket, const zl_endpoint *endpoint,
                         zl_endpoint_use use) {
    zl_link *links = realloc(socket->links, (socket->link_count + 1) * sizeof *links);
    zl_link *link;
    if (!links)
        return NULL;
    socket->links = links;
    link = &links[socket->link_count];
    memset(link, 0, sizeof *link);
    memcpy(link->text, endpoint->text, sizeof link->text);
    link->use = use;
    link->ipv6 = endpoint->ipv6;
    link->nearby = endpoint->loopback;
    link->asks = use == ZL_CONNECT && zl_auth_asks(socket->auth);
    link->fd = -1;
    link->finding = ZL_NOT_KNOWN;
    zl_problem_begin(link);
    return link;
}

static zmqlog_status bind_ipc(zl_socket *socket, zl_errors *errors,
                              const zl_endpoint *endpoint, zl_link *link) {
    struct stat file;
    int fd = -1, rc;
    zmqlog_status status =
        zl_endpoint_listen_ipc(endpoint, errors, zl_auth_ipc_mode(socket->auth), &fd);
    if (status != ZMQLOG_OK)
        return status;
    if (!endpoint->abstract && stat(endpoint->path, &file) == 0) {
        link->path = realpath(endpoint->path, NULL); /* the program may move on */
        link->dev = (uint64_t)file.st_dev;
        link->ino = (uint64_t)file.st_ino;
    }
    zl_socket_set(socket->socket, ZMQ_USE_FD, fd);
    rc = zmq_bind(socket->socket, endpoint->text);
    zl_socket_set(socket->socket, ZMQ_USE_FD, -1);
    if (rc == 0)
        return ZMQLOG_OK;
    status = fail_errno(errors, "bind", endpoint->text, errno);
    close(fd);
    remove_ipc_file(link);
    return status;
}

static zmqlog_status bind_now(zl_socket *socket, zl_errors *errors,
                              const zl_endpoint *endpoint, zl_link *link,
                              char *actual) {
    size_t size = ZL_ENDPOINT_MAX_BYTES;
    if (endpoint->transport == ZL_IPC) {
        memcpy(actual, endpoint->text, size);
        return bind_ipc(socket, errors, endpoint, link);
    }
    if (zmq_bind(socket->socket, endpoint->text) != 0)
        return fail_errno(errors, "bind", endpoint->text, errno);
    zmq_getsockopt(socket->socket, ZMQ_LAST_ENDPOINT, actual, &size);
    return ZMQLOG_OK;
}

zmqlog_status zl_socket_bind(zl_socket *socket, zl_errors *errors,
                             const zl_endpoint *endpoint, char *actual) {
    zmqlog_status status = zl_needs_bind(errors, endpoint);
    zl_link *link = add_link(socket, endpoint, ZL_BIND);
    socket->unread |= ZL_UNREAD_SOCKET;
    if (status != ZMQLOG_OK)
        return status;
    if (!link)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    if (zl_socket_configure_bind(socket, link) != 0)
        return fail_errno(errors, "prepare", endpoint->text, errno);
    link->listening = zl_listening_begin();
    if (!link->listening)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    status = bind_now(socket, errors, endpoint, link, actual);
    link->listening = zl_listening_end(link->listening, endpoint,
                                       status == ZMQLOG_OK ? actual : NULL);
    if (status != ZMQLOG_OK)
        return status;
    memcpy(link->text, actual, sizeof link->text); /* libzmq tells of it by this */
    socket->link_count++;
    return ZMQLOG_OK;
}

zmqlog_status zl_socket_connect(zl_socket *socket, zl_errors *errors,
                                const zl_endpoint *endpoint) {
    zl_link *link = add_link(socket, endpoint, ZL_CONNECT);
    socket->unread |= ZL_UNREAD_SOCKET;
    if (!link)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    if (endpoint->is_name) {
        if (zl_name_begin(link, endpoint) != 0)
            return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
        link->retry_ns = zl_clock_monotonic_ns();
        socket->link_count++;
        return ZMQLOG_OK;
    }
    if (zl_link_share(socket, link)) {
        socket->link_count++;
        return ZMQLOG_OK;
    }
    if (zl_socket_configure_connect(socket, link) != 0)
        return fail_errno(errors, "prepare", endpoint->text, errno);
    if (zmq_connect(socket->socket, endpoint->text) != 0)
        return fail_errno(errors, "connect to", endpoint->text, errno);
    socket->link_count++;
    return ZMQLOG_OK;
}

void zl_socket_know_sender(zl_socket *socket) {
    int fd = zmq_msg_get(&socket->frame[0], ZMQ_SRCFD);
    zl_monitor_drain(socket); /* it may tell of this connection only now */
    socket->unread |= ZL_UNREAD_SOCKET;
    zl_connections_know(&socket->publishers, fd);
}

int64_t zl_socket_strange_ns(const zl_socket *socket) {
    return zl_connections_strange_ns(&socket->publishers, zl_socket_peers(socket));
}
