/* SPDX-License-Identifier: BSD-3-Clause */
/* Which option of libzmq stands where, and why. */
#include "socket/socket_internal.h"

#include <string.h>

#define HANDSHAKE_MS 5000
/* A peer that has not answered so many pings, and for so long, is cut off. */
#define HEARTBEATS_MISSED 6
#define HEARTBEAT_TIMEOUT_MS 60000
/* Bounds a subscription's length, and still passes the CURVE handshake. */
#define INBOUND_MAX_BYTES 1024
/* Of a publisher's records, beside what is held. libzmq counts records of any size, so
 * few. Over ipc as many as may be held: when a publisher's connection ends while libzmq
 * does not read, what the kernel still has is lost, and this thread may wait long for a
 * processor. */
#define RECEIVE_RECORDS 1000
#define RECONNECT_MS 100
#define RECONNECT_MAX_MS 1000
/* Long enough for us to end a connection that has asked before libzmq takes it up. */
#define RECONNECT_ASKING_MS 1000
/* An attempt to connect ends after that; the next one follows after RECONNECT_MAX_MS
 * at most. The system alone would try at longer and longer intervals, up to minutes. */
#define CONNECT_MS 3000
/* What was sent and is not acknowledged for so long ends the connection: a machine
 * that is gone. A peer that does not read acknowledges all the same. */
#define UNACKNOWLEDGED_MS 60000

static int receive_records(const zl_socket *socket, const zl_link *link) {
    int hwm = (int)socket->hold_records;
    int is_subscriber = socket->kind == ZL_SUBSCRIBING && !socket->is_relay;
    int is_ipc = strncmp(link->text, "ipc:", 4) == 0;
    if (socket->is_relay || (is_subscriber && is_ipc))
        return hwm;
    return is_subscriber && hwm > 0 && hwm < RECEIVE_RECORDS ? hwm : RECEIVE_RECORDS;
}

/* By the first endpoint, and never again: with connections there libzmq passes it on to
 * them, and crashes (4.3.4) when one of them is just ending. */
static int configure_receive(zl_socket *socket, const zl_link *link) {
    if (socket->has_receive_hwm)
        return 0;
    socket->has_receive_hwm = 1;
    return zl_socket_set(socket->socket, ZMQ_RCVHWM, receive_records(socket, link));
}

int zl_socket_configure(zl_socket *socket, const zl_socket_options *options) {
    void *s = socket->socket;
    int publishing = socket->kind == ZL_PUBLISHING;
    /* A SUB drops subscriptions beyond its SNDHWM without a word. */
    return zl_socket_set(s, ZMQ_SNDHWM, publishing ? options->hwm : 0) ||
           zl_socket_set(s, ZMQ_LINGER, 0) ||
           zl_socket_set(s, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS) ||
           zl_socket_set(s, ZMQ_CONNECT_TIMEOUT, CONNECT_MS) ||
           zl_socket_set(s, ZMQ_TCP_MAXRT, UNACKNOWLEDGED_MS) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE, 1) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE_IDLE, 30) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE_INTVL, 10) ||
           zl_socket_set(s, ZMQ_TCP_KEEPALIVE_CNT, 3) ||
           (publishing && (zl_socket_set(s, ZMQ_XPUB_NODROP, 1) ||
                           zl_socket_set(s, ZMQ_XPUB_VERBOSER, 1)));
}

static int heartbeat_timeout_ms(int heartbeat_ms) {
    int timeout_ms = HEARTBEATS_MISSED * heartbeat_ms;
    return timeout_ms < HEARTBEAT_TIMEOUT_MS ? HEARTBEAT_TIMEOUT_MS : timeout_ms;
}

/* Never on a SUB: libzmq 4.3.4 aborts when one stalls with a receive limit. And only
 * where asked for: libzmq pings peers that speak ZMTP 3.0, too, which know no PING. */
static int configure_heartbeat(zl_socket *socket) {
    int heartbeat_ms = socket->kind == ZL_PUBLISHING ? socket->heartbeat_ms : 0;
    return zl_socket_set(socket->socket, ZMQ_HEARTBEAT_IVL, heartbeat_ms) ||
           (heartbeat_ms && zl_socket_set(socket->socket, ZMQ_HEARTBEAT_TIMEOUT,
                                          heartbeat_timeout_ms(heartbeat_ms)));
}

int zl_socket_configure_bind(zl_socket *socket, const zl_link *link) {
    void *s = socket->socket;
    int64_t inbound = socket->kind == ZL_PUBLISHING ? INBOUND_MAX_BYTES : -1;
    return zl_socket_set(s, ZMQ_IPV6, link->ipv6) ||
           zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &inbound, sizeof inbound) ||
           configure_receive(socket, link) || configure_heartbeat(socket) ||
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
           configure_receive(socket, link) || zl_socket_set(s, ZMQ_HEARTBEAT_IVL, 0) ||
           zl_socket_set(s, ZMQ_IMMEDIATE, publishing) ||
           zl_socket_set(s, ZMQ_RECONNECT_IVL,
                         link->asks ? RECONNECT_ASKING_MS : RECONNECT_MS) ||
           zl_socket_set(s, ZMQ_RECONNECT_IVL_MAX,
                         link->nearby ? 0 : RECONNECT_MAX_MS) ||
           zl_auth_apply(socket->auth, s, ZL_CONNECT);
}
