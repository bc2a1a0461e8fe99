/* SPDX-License-Identifier: BSD-3-Clause */
/* The subscriptions to publishers: each prefix that some subscriber has, once; again
 * only where it is a question to all programs. And loops: if an upstream leads back to
 * this relay, so does a subscription that only this relay makes. It then sends a record
 * for that subscription, and ends the connection that brings this record. */
#include "relay/hub.h"

#include "base/clock.h"

#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#define FRAMES_AT_ONCE 1024
/* libzmq 4.3.4 loses track of a connection with prefixes of 246 to 255 bytes. */
#define PREFIX_MOST 245
/* One connection may have 16384 at a publisher, and this is one. */
#define PREFIXES_MOST 15000
#define PREFIX_BYTES_MOST (768u * 1024u)
#define REPEATS_A_SECOND 100

static void make_id(char *id) {
    uint64_t number = 0;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number)
        number = (uint64_t)zl_clock_realtime_ns() ^ (uint64_t)(uintptr_t)id;
    snprintf(id, ZL_HUB_ID_CHARS + 1, "%016llx", (unsigned long long)number);
}

static int is_own(const zl_hub *hub, zl_span prefix) {
    return zl_span_equal(prefix, zl_span_of(hub->own));
}

static zl_socket *publishers(const zl_hub *hub) {
    return hub->side[ZMQLOG_RELAY_PUBLISHERS];
}

static void tell(zl_hub *hub, zl_span prefix) {
    if (zl_prefixes_add(&hub->passed, &hub->upstream, prefix) >= 0)
        zl_socket_subscribe(publishers(hub), prefix);
}

/* To publishers this is the subscription once more. libzmq counts how often it was
 * told, and takes one of these back without a word to them. */
static void tell_again(zl_hub *hub, zl_span prefix) {
    zl_socket_subscribe(publishers(hub), prefix);
    zl_socket_unsubscribe(publishers(hub), prefix);
}

/* As often as libzmq was told: twice where there was no memory to know of it. */
static void take_back(zl_hub *hub, zl_span prefix) {
    zl_prefix *known = zl_prefixes_find(&hub->passed, &hub->upstream, prefix);
    if (!known)
        return;
    for (uint32_t times = known->times; times > 0; times--)
        zl_socket_unsubscribe(publishers(hub), prefix);
    zl_prefixes_remove(&hub->passed, known);
}

static void changed(void *context, zl_span prefix, int is_there) {
    zl_hub *hub = context;
    if (is_own(hub, prefix))
        return;
    if (is_there)
        tell(hub, prefix);
    else
        take_back(hub, prefix);
}

/* A stranger that asks without end must not make all publishers answer. */
static int may_repeat(zl_hub *hub) {
    int64_t now = zl_clock_monotonic_ns();
    if (now - hub->repeats_ns >= 1000000000) {
        hub->repeats_ns = now;
        hub->repeats_left = REPEATS_A_SECOND;
    }
    return hub->repeats_left > 0 && hub->repeats_left--;
}

/* ---- loops ---- */

static void name_own_end(char *out, size_t size, int fd) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_un local;
    } address = {.any.sa_family = AF_UNSPEC};
    socklen_t len = sizeof address;
    char host[INET6_ADDRSTRLEN] = "";
    snprintf(out, size, "an endpoint of its own");
    if (fd < 0 || getsockname(fd, &address.any, &len) != 0)
        return;
    if (address.any.sa_family == AF_INET)
        snprintf(out, size, "tcp://%s:%d",
                 inet_ntop(AF_INET, &address.v4.sin_addr, host, sizeof host),
                 ntohs(address.v4.sin_port));
    else if (address.any.sa_family == AF_INET6)
        snprintf(out, size, "tcp://[%s]:%d",
                 inet_ntop(AF_INET6, &address.v6.sin6_addr, host, sizeof host),
                 ntohs(address.v6.sin6_port));
    else if (address.any.sa_family == AF_UNIX)
        snprintf(out, size, "ipc://%.*s", (int)sizeof address.local.sun_path,
                 address.local.sun_path);
}

/* The sign: no publisher upstream can make it, for it does not know the secret. */
static void send_sign(zl_hub *hub, int fd) {
    char body[ZL_HUB_ID_CHARS + 1 + 160];
    make_id(hub->secret);
    memcpy(body, hub->secret, ZL_HUB_ID_CHARS);
    name_own_end(body + ZL_HUB_ID_CHARS, sizeof body - ZL_HUB_ID_CHARS, fd);
    zl_socket_send(hub->side[ZMQLOG_RELAY_SUBSCRIBERS], zl_span_of(hub->own),
                   zl_span_of(body), 1);
}

/* One sign ends one loop: what leads back here through others gets another. */
static void seek_more_loops(zl_hub *hub) {
    zl_listeners *book = &hub->listeners;
    for (zl_listener *at = book->first; at; at = at->next)
        if (zl_prefixes_find(&book->prefixes, &at->prefixes, zl_span_of(hub->own))) {
            send_sign(hub, at->fd);
            return;
        }
}

static int is_sign(const zl_hub *hub, zl_span topic, zl_span body) {
    return is_own(hub, topic) && hub->secret[0] && body.len > ZL_HUB_ID_CHARS &&
           memcmp(body.data, hub->secret, ZL_HUB_ID_CHARS) == 0;
}

int zl_hub_is_loop(zl_hub *hub, zl_span topic, zl_span body) {
    char upstream[ZL_ENDPOINT_MAX_BYTES], own[160];
    if (!is_own(hub, topic))
        return 0;
    if (!is_sign(hub, topic, body))
        return 1;
    hub->secret[0] = '\0';
    snprintf(own, sizeof own, "%.*s", (int)(body.len - ZL_HUB_ID_CHARS),
             body.data + ZL_HUB_ID_CHARS);
    zl_socket_drop_source(publishers(hub), upstream, sizeof upstream);
    zl_fail(hub->options.errors, ZMQLOG_EREFUSED,
            "a loop: %.120s leads back to this relay's own %.120s; it is disconnected, "
            "connect to a relay or publisher that does not listen to this one",
            upstream, own);
    atomic_fetch_add(hub->options.loops, 1);
    zl_bell_ring(hub->options.news);
    seek_more_loops(hub);
    return 1;
}

/* ---- following ---- */

static void asked(void *context, const zl_listener_frame *from, zl_span prefix,
                  int is_repeat) {
    zl_hub *hub = context;
    if (is_own(hub, prefix))
        send_sign(hub, from->fd);
    else if (is_repeat && zl_span_is_prefix(zl_span_of(ZL_HUB_ASKS), prefix) &&
             may_repeat(hub))
        tell_again(hub, prefix);
    if (zl_span_is_prefix(zl_span_of(ZL_HUB_HELLO), prefix))
        zl_hub_owe_hello(hub);
}

int zl_hub_follow(zl_hub *hub) {
    int frames = zl_socket_follow(hub->side[ZMQLOG_RELAY_SUBSCRIBERS], FRAMES_AT_ONCE);
    if (hub->listeners.prefixes.distinct > PREFIXES_MOST ||
        hub->upstream.bytes > PREFIX_BYTES_MOST)
        zl_listeners_cut_largest(&hub->listeners);
    return frames > 0;
}

void zl_hub_prepare_upstream(zl_hub *hub) {
    char id[ZL_HUB_ID_CHARS + 1];
    make_id(id);
    snprintf(hub->own, sizeof hub->own, ZL_HUB_OWN "%s", id);
    zl_prefixes_init(&hub->passed);
    hub->listeners.prefix_most = PREFIX_MOST;
    hub->listeners.asked = asked;
    hub->listeners.context = hub;
    hub->listeners.prefixes.changed = changed;
    hub->listeners.prefixes.context = hub;
    tell(hub, zl_span_of(hub->own));
}
