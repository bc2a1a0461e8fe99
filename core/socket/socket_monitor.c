/* SPDX-License-Identifier: BSD-3-Clause */
/* What libzmq reports of connections: how many peers there are, and which connections
 * it has ended for good (after a refusal, or an oversize frame), so that we must open
 * them again. An undrained monitor would freeze libzmq's I/O thread, so we ask only for
 * the few events that we use. */
#include "socket/socket_internal.h"

#include "base/clock.h"

#include <errno.h>

#define MONITOR_ENDPOINT "inproc://zmqlog.monitor"
#define HANDSHAKE_FAILED                                                               \
    (ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |      \
     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
#define FIRST_BACKOFF_NS INT64_C(1000000000)
#define LAST_BACKOFF_NS INT64_C(30000000000)
/* A connect by name that has not succeeded by then goes on to the next address. */
#define NEXT_ADDRESS_NS INT64_C(5000000000)
#define LOOKUP_LOOK_NS INT64_C(20000000)
#define UNREAD_BACKOFF_NS INT64_C(100000000)

int zl_monitor_open(zl_socket *socket) {
    int events = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_CONNECTED |
                 ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                 HANDSHAKE_FAILED;
    if (zmq_socket_monitor(socket->socket, MONITOR_ENDPOINT, events) != 0)
        return -1;
    socket->monitor = zmq_socket(socket->context, ZMQ_PAIR);
    if (!socket->monitor || zl_socket_set(socket->monitor, ZMQ_RCVHWM, 0) ||
        zl_socket_set(socket->monitor, ZMQ_LINGER, 0))
        return -1;
    return zmq_connect(socket->monitor, MONITOR_ENDPOINT);
}

static const char *port_of(zl_span address) {
    for (size_t at = address.len; at-- > 0;)
        if (address.data[at] == ':')
            return address.data + at;
    return address.data + address.len;
}

static int is_same_port(const zl_link *link, zl_span address) {
    zl_span text = zl_span_of(link->text);
    const char *ours = port_of(text), *theirs = port_of(address);
    return zl_span_equal(
        zl_span_make(ours, (size_t)(text.data + text.len - ours)),
        zl_span_make(theirs, (size_t)(address.data + address.len - theirs)));
}

/* libzmq tells of an address with a scope as we know it until it is connected; after
 * that in its own words. */
static int has_scope(const zl_link *link) {
    return strncmp(link->text, "tcp://[", strlen("tcp://[")) == 0 &&
           strchr(link->text, '%') != NULL;
}

static int is_at(const zl_link *link, zl_span address) {
    return !link->shares &&
           (zl_span_equal(zl_span_of(link->text), address) ||
            (link->known[0] && zl_span_equal(zl_span_of(link->known), address)));
}

/* Events of peers that connect to us carry our address. */
static int is_bound(const zl_socket *socket, zl_span address) {
    for (size_t i = 0; i < socket->link_count; i++)
        if (socket->links[i].use == ZL_BIND && is_same_port(&socket->links[i], address))
            return 1;
    return 0;
}

/* Whether it may be the new name of this connect, which is down. */
static int may_be(const zl_link *link, zl_span address) {
    return link->use == ZL_CONNECT && link->renamed && !link->known[0] && !link->up &&
           is_same_port(link, address);
}

/* Of several at one address, the one that has the connection. */
static zl_link *find_known(zl_socket *socket, zl_span address) {
    zl_link *gone = NULL;
    for (size_t i = 0; i < socket->link_count; i++) {
        zl_link *link = &socket->links[i];
        if (link->use != ZL_CONNECT || !is_at(link, address))
            continue;
        if (!link->gone)
            return link;
        gone = gone ? gone : link;
    }
    return gone;
}

/* The connect that an event's address belongs to, NULL when it is none. A new address
 * is that of the one connect with a scope at this port that is down. When several are,
 * nobody knows: then libzmq's own way of connecting again has to do for them. */
static zl_link *find_connect(zl_socket *socket, zl_span address) {
    zl_link *found = find_known(socket, address);
    int count = 0;
    if (found || address.len >= sizeof found->known || is_bound(socket, address))
        return found;
    for (size_t i = 0; i < socket->link_count; i++)
        if (may_be(&socket->links[i], address)) {
            found = &socket->links[i];
            count++;
        }
    if (count == 1) {
        memcpy(found->known, address.data, address.len);
        found->known[address.len] = '\0';
        return found;
    }
    for (size_t i = 0; i < socket->link_count; i++)
        if (may_be(&socket->links[i], address))
            socket->links[i].retry_ns = 0;
    return NULL;
}

static void peer_came(zl_socket *socket, zl_link *link) {
    zl_connections_greeted(&socket->publishers, zl_clock_monotonic_ns());
    /* Of a connect there is one connection at most: the one before was ended by us,
     * of which libzmq does not tell. */
    if (!link || !link->up)
        zl_peers_greeted(socket);
    if (link) {
        link->up = 1;
        zl_problem_is_up(link);
        link->retry_ns = 0;
        link->backoff_ns = 0;
    }
}

/* libzmq retries a connection that broke, but not one that was refused, and its
 * events do not tell which it was: if no handshake follows in time, connecting
 * again is right in both cases. */
static void plan_retry(zl_link *link) {
    link->up = 0;
    zl_problem_is_down(link);
    if (link->retry_ns)
        return;
    link->backoff_ns = link->backoff_ns ? link->backoff_ns * 2 : FIRST_BACKOFF_NS;
    if (link->backoff_ns > LAST_BACKOFF_NS)
        link->backoff_ns = LAST_BACKOFF_NS;
    link->retry_ns = zl_clock_monotonic_ns() + link->backoff_ns;
}

/* As if it had never been connected; what is still told of that is under the address
 * it had. */
void zl_monitor_forget(zl_socket *socket, zl_link *link) {
    zmq_disconnect(socket->socket, link->text);
    if (socket->listeners) /* of this end libzmq does not tell */
        zl_listeners_ended(socket->listeners, link->fd);
    zl_peers_ended(socket, link->fd);
    zl_connections_ended(&socket->publishers, link->fd);
    link->fd = -1;
    link->refused = 0;
    link->known[0] = '\0';
    link->gone = 1;
    zl_link_release(socket, link);
}

static void peer_went(zl_socket *socket, zl_link *link) {
    if (!link)
        return;
    /* libzmq has freed the session of a refused connection but keeps its address,
     * and would end whatever is allocated there later. So it is disconnected now,
     * while nothing can be. One that has asked is never taken up again, see zap.c. */
    if (link->refused || link->asks) {
        if (socket->kind == ZL_SUBSCRIBING)
            zl_backlog_read(socket);
        zl_monitor_forget(socket, link);
    } else {
        link->renamed = has_scope(link);
    }
    plan_retry(link);
}

static void handshake_failed(zl_link *link, uint16_t number) {
    if (link && number == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        link->is_unwelcome = 1;
    /* Without detail: the connection broke, and libzmq connects again. */
    if (link && number != ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        link->refused = 1;
}

/* Passes an event on to the lists of connections. */
static void note_connection(zl_socket *socket, zl_link *link, uint16_t number, int fd) {
    int opens = number == ZMQ_EVENT_ACCEPTED || number == ZMQ_EVENT_CONNECTED;
    int ends = number == ZMQ_EVENT_DISCONNECTED;
    if (!(opens || ends))
        return;
    if (socket->listeners && opens)
        zl_listeners_opened(socket->listeners, fd);
    if (socket->listeners && ends)
        zl_listeners_ended(socket->listeners, fd);
    if (opens) {
        zl_peers_connected(socket, fd);
        if (socket->kind == ZL_SUBSCRIBING)
            zl_connections_opened(&socket->publishers, fd, zl_clock_monotonic_ns());
    } else {
        zl_peers_ended(socket, fd);
        zl_connections_ended(&socket->publishers, fd);
    }
    if (link)
        link->fd = opens ? fd : -1;
    if (link && opens)
        zl_problem_is_greeting(link);
}

static void take_event(zl_socket *socket, zmq_msg_t *event, zl_span address) {
    const char *data = zmq_msg_data(event);
    uint16_t number;
    int32_t value;
    zl_link *link = find_connect(socket, address);
    memcpy(&number, data, sizeof number);
    memcpy(&value, data + sizeof number, sizeof value);
    note_connection(socket, link, number, value);
    if (number == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        peer_came(socket, link);
    else if (number == ZMQ_EVENT_DISCONNECTED)
        peer_went(socket, link);
    else if (number & HANDSHAKE_FAILED)
        handshake_failed(link, number);
}

static int receive_event(zl_socket *socket, zmq_msg_t *event, zmq_msg_t *address) {
    return zl_frame_receive(socket->monitor, event) &&
           zmq_msg_size(event) >= sizeof(uint16_t) + sizeof(int32_t) &&
           zmq_msg_more(event) && zl_frame_receive(socket->monitor, address);
}

void zl_monitor_drain(zl_socket *socket) {
    zmq_msg_t event, address;
    zmq_msg_init(&event);
    zmq_msg_init(&address);
    while (receive_event(socket, &event, &address))
        take_event(socket, &event,
                   zl_span_make(zmq_msg_data(&address), zmq_msg_size(&address)));
    zmq_msg_close(&event);
    zmq_msg_close(&address);
}

/* Disconnecting drops what has been received but not read yet, and libzmq 4.3.4 aborts
 * when that is in the middle of a message. So it has to wait until all has been read;
 * a connection that only broke libzmq takes up by itself meanwhile. */
static int has_unread(zl_socket *socket) {
    int events = 0;
    size_t size = sizeof events;
    if (zmq_getsockopt(socket->socket, ZMQ_EVENTS, &events, &size) != 0)
        return 0;
    return (events & ZMQ_POLLIN) != 0;
}

/* Where a name has none yet, we look again soon; where it has none at all, later. */
static int has_address(zl_link *link) {
    int found = zl_name_look_up(link);
    if (found == 0)
        link->retry_ns = zl_clock_monotonic_ns() + LOOKUP_LOOK_NS;
    if (found < 0)
        link->retry_ns = zl_clock_monotonic_ns() + NEXT_ADDRESS_NS;
    if (found != 0)
        link->is_nameless = found < 0;
    return found > 0;
}

static void connect_again(zl_socket *socket, zl_link *link) {
    if (link->gone ? zl_backlog_is_full(socket) : has_unread(socket)) {
        link->retry_ns = zl_clock_monotonic_ns() + UNREAD_BACKOFF_NS;
        return;
    }
    link->retry_ns = 0;
    if (!link->gone)
        zl_monitor_forget(socket, link);
    if ((link->host && !has_address(link)) || zl_link_share(socket, link))
        return;
    link->gone = 0;
    if (zl_socket_configure_connect(socket, link) != 0 ||
        zmq_connect(socket->socket, link->text) != 0) {
        link->gone = 1;
        plan_retry(link);
    }
    if (link->host && !link->gone)
        link->retry_ns = zl_clock_monotonic_ns() + NEXT_ADDRESS_NS;
    /* A refusal will be told by the monitor; silence (nobody there) will not, and
     * there libzmq retries by itself. */
}

void zl_monitor_reconnect(zl_socket *socket) {
    for (size_t i = 0; i < socket->link_count; i++) {
        zl_link *link = &socket->links[i];
        if (link->retry_ns && link->retry_ns <= zl_clock_monotonic_ns())
            connect_again(socket, link);
    }
}

int zl_socket_next_due_ms(const zl_socket *socket) {
    int64_t due =
        socket->listeners ? zl_listeners_due_ns(socket->listeners) : INT64_MAX;
    for (size_t i = 0; i < socket->link_count; i++) {
        const zl_link *link = &socket->links[i];
        if (link->retry_ns && link->retry_ns < due)
            due = link->retry_ns;
        if (link->probe_ns && link->probe_ns < due)
            due = link->probe_ns;
    }
    return zl_clock_left_ms(due);
}
