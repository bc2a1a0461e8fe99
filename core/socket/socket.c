/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening, binding, connecting, polling and closing of the socket room: which
 * libzmq option stands where, and why. Frames are socket_frames.c, the monitor
 * is socket_monitor.c. */
#include "socket/socket_internal.h"

#include "thread/background.h"
#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#define HANDSHAKE_MS 5000
#define HEARTBEAT_MS 10000
#define HEARTBEAT_TIMEOUT_MS 60000
/* Bounds a subscription's length, and still passes the CURVE handshake. */
#define INBOUND_MAX_BYTES 1024
#define RECONNECT_MS 100
#define RECONNECT_MAX_MS 2000
/* Long enough for us to end a connection that has asked before libzmq takes it up. */
#define RECONNECT_ASKING_MS 1000
/* A context has six, five sockets and a listener one each; and some to spare. */
#define DESCRIPTORS_NEEDED 16

static int configure_common(zl_socket *socket, const zl_socket_options *options) {
    void *s = socket->socket;
    int publishing = socket->kind == ZL_PUBLISHING;
    /* A SUB drops subscriptions beyond its SNDHWM without a word. */
    return zl_socket_set(s, ZMQ_SNDHWM, publishing ? options->hwm : 0) ||
           zl_socket_set(s, ZMQ_RCVHWM, publishing ? 1000 : options->hwm) ||
           zl_socket_set(s, ZMQ_LINGER, 0) ||
           zl_socket_set(s, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE, 1) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE_IDLE, 30) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE_INTVL, 10) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE_CNT, 3) ||
           (publishing && (zl_socket_set(s, ZMQ_XPUB_NODROP, 1) ||
                           zl_socket_set(s, ZMQ_XPUB_VERBOSER, 1)));
}

/* libzmq counts its contexts and, with the last one, shuts OpenPGM and libsodium's
 * random numbers down; with the next it starts them again. Neither bears that two
 * threads do so at the same time, and a handler's context ends on a thread of its
 * own. One context that is never used and never ends keeps the count above zero. */
static void *volatile anchor; /* volatile: or nobody would point to it */
static pthread_once_t anchored = PTHREAD_ONCE_INIT;

static void drop_anchor(void) {
    anchor = zmq_ctx_new();
}

/* Where a thread of libzmq's finds no descriptor for itself, it ends the process. So
 * they are tried before; 0, or -1 with errno. */
static int try_descriptors(void) {
    int tried[DESCRIPTORS_NEEDED], count = 0, error;
    while (count < DESCRIPTORS_NEEDED && (tried[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
        count++;
    error = count < DESCRIPTORS_NEEDED ? errno : 0;
    while (count > 0)
        close(tried[--count]);
    errno = error;
    return error ? -1 : 0;
}

/* A publisher's context; its threads are not there yet. */
static void configure_threads(const zl_socket *socket) {
    if (socket->kind == ZL_PUBLISHING && zl_background_is_for_us())
        zmq_ctx_set(socket->context, ZMQ_THREAD_SCHED_POLICY, SCHED_BATCH);
}

static int open_parts(zl_socket *socket, const zl_socket_options *options) {
    int type = socket->kind == ZL_PUBLISHING ? ZMQ_XPUB : ZMQ_SUB;
    if (try_descriptors() != 0)
        return -1;
    pthread_once(&anchored, drop_anchor);
    socket->context = zmq_ctx_new();
    if (!socket->context)
        return -1;
    configure_threads(socket);
    if (zl_zap_open(&socket->zap, socket->context, options->auth))
        return -1;
    socket->socket = zmq_socket(socket->context, type);
    if (!socket->socket || configure_common(socket, options) ||
        zl_monitor_open(socket) != 0)
        return -1;
    zl_socket_watch(socket);
    return 0;
}

/* On the caller's thread, where a signal would end libzmq's calls with EINTR. */
static int open_undisturbed(zl_socket *socket, const zl_socket_options *options) {
    sigset_t all, before;
    int rc, error;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = open_parts(socket, options);
    error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return rc;
}

zmqlog_status zl_socket_open(zl_socket **out, zl_errors *errors,
                             const zl_socket_options *options) {
    zl_socket *socket = calloc(1, sizeof *socket);
    if (!socket)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory for a socket");
    socket->kind = options->kind;
    socket->listeners = options->listeners;
    socket->auth = zl_auth_hold(options->auth);
    zmq_msg_init(&socket->frame[0]);
    zmq_msg_init(&socket->frame[1]);
    if (open_undisturbed(socket, options) != 0) {
        int error = errno;
        zl_socket_close(socket, 0);
        return zl_fail(errors, error == ENOMEM ? ZMQLOG_ENOMEM : ZMQLOG_EIO,
                       "libzmq could not open a socket: %s%s", zmq_strerror(error),
                       error == EMFILE ? "; raise the limit (ulimit -n)" : "");
    }
    *out = socket;
    return ZMQLOG_OK;
}

/* libzmq ends the process when a connection breaks off while it is told to drop what
 * is queued for it and has taken half a record (an assertion in clean_pipes of
 * session_base.cpp, 4.3.4 and 4.3.5; https://github.com/zeromq/libzmq/issues/3442).
 * Programs that talk to each other often end together, so for a moment libzmq goes on
 * sending, whatever is asked for: what is queued for a listener that leaves in that
 * time is dropped without harm. */
#define LEAST_LINGER_MS 50

static int least_linger_ms(const zl_socket *socket, int linger_ms) {
    int is_short = socket->kind == ZL_PUBLISHING && linger_ms < LEAST_LINGER_MS;
    return is_short ? LEAST_LINGER_MS : linger_ms;
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

static void remove_ipc_files(zl_socket *socket) {
    for (size_t i = 0; i < socket->link_count; i++)
        remove_ipc_file(&socket->links[i]);
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
    remove_ipc_files(socket);
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
    free(socket->links);
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
    return link;
}

static int configure_bind(zl_socket *socket, const zl_link *link) {
    void *s = socket->socket;
    int publishing = socket->kind == ZL_PUBLISHING;
    int64_t inbound = publishing ? INBOUND_MAX_BYTES : -1;
    /* Heartbeats find peers that vanished without a word. Not on a SUB: libzmq
     * 4.3.4 aborts when one stalls with a receive limit. */
    return zl_socket_set(s, ZMQ_IPV6, link->ipv6) ||
           zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &inbound, sizeof inbound) ||
           zl_socket_set(s, ZMQ_HEARTBEAT_IVL, publishing ? HEARTBEAT_MS : 0) ||
           (publishing &&
            zl_socket_set(s, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS)) ||
           zl_auth_apply(socket->auth, s, ZL_BIND);
}

int zl_socket_configure_connect(zl_socket *socket, const zl_link *link) {
    void *s = socket->socket;
    int publishing = socket->kind == ZL_PUBLISHING;
    int64_t inbound = -1; /* an oversize frame would end the connection for good */
    /* IMMEDIATE: the pipe, and with it the subscriptions, ends with the
     * connection; otherwise a dead relay keeps the gate open for ever. */
    return zl_socket_set(s, ZMQ_IPV6, link->ipv6) ||
           zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &inbound, sizeof inbound) ||
           zl_socket_set(s, ZMQ_HEARTBEAT_IVL, 0) ||
           zl_socket_set(s, ZMQ_IMMEDIATE, publishing) ||
           zl_socket_set(s, ZMQ_RECONNECT_IVL,
                         link->asks ? RECONNECT_ASKING_MS : RECONNECT_MS) ||
           zl_socket_set(s, ZMQ_RECONNECT_IVL_MAX,
                         link->nearby ? 0 : RECONNECT_MAX_MS) ||
           zl_auth_apply(socket->auth, s, ZL_CONNECT);
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
    zmqlog_status status;
    zl_link *link = add_link(socket, endpoint, ZL_BIND);
    socket->unread |= ZL_UNREAD_SOCKET;
    if (!link)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    if (configure_bind(socket, link) != 0)
        return fail_errno(errors, "prepare", endpoint->text, errno);
    link->listening = zl_listening_begin();
    if (!link->listening)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    status = bind_now(socket, errors, endpoint, link, actual);
    link->listening = zl_listening_end(link->listening, endpoint,
                                       status == ZMQLOG_OK ? actual : NULL);
    if (status == ZMQLOG_OK)
        socket->link_count++;
    return status;
}

zmqlog_status zl_socket_connect(zl_socket *socket, zl_errors *errors,
                                const zl_endpoint *endpoint) {
    zl_link *link = add_link(socket, endpoint, ZL_CONNECT);
    socket->unread |= ZL_UNREAD_SOCKET;
    if (!link)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    if (zl_socket_configure_connect(socket, link) != 0)
        return fail_errno(errors, "prepare", endpoint->text, errno);
    if (zmq_connect(socket->socket, endpoint->text) != 0)
        return fail_errno(errors, "connect to", endpoint->text, errno);
    socket->link_count++;
    return ZMQLOG_OK;
}

uint64_t zl_socket_peers(const zl_socket *socket) {
    return socket->peers;
}

uint64_t zl_socket_peers_lost(const zl_socket *socket) {
    return socket->peers_lost;
}
