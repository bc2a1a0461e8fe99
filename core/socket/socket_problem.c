/* SPDX-License-Identifier: BSD-3-Clause */
/* Why an endpoint brings or takes nothing: when a connect is probed, and the one text
 * for each cause, with what to do about it. */
#include "socket/socket_internal.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>

/* A connection that is not there after so long is looked at, and again later. */
#define FIRST_PROBE_NS INT64_C(300000000)
/* One that is there, but has not greeted, may be busy. */
#define GREETING_NS INT64_C(2000000000)
#define NEXT_PROBE_NS INT64_C(1000000000)
#define LAST_PROBE_NS INT64_C(30000000000)
#define PROBE_LOOK_NS INT64_C(20000000)
/* So long a publisher may say nothing before that is worth a word. */
#define QUIET_NS INT64_C(2000000000)

/* Its subscriptions come a moment after a peer. */
#define SETTLED_NS INT64_C(500000000)

/* ---- when ---- */

void zl_problem_begin(zl_link *link) {
    if (link->use == ZL_CONNECT)
        link->probe_ns = zl_clock_monotonic_ns() + FIRST_PROBE_NS;
}

static void forget_finding(zl_link *link) {
    zl_problem_end(link);
    link->finding = ZL_NOT_KNOWN;
    link->is_unwelcome = 0;
    link->has_failed = 0;
}

void zl_problem_is_shared(zl_link *link) {
    forget_finding(link);
    link->up_ns = 0;
}

void zl_problem_is_down(zl_link *link) {
    int64_t soon = zl_clock_monotonic_ns() + FIRST_PROBE_NS;
    link->up_ns = 0;
    link->has_failed = 1;
    if (link->probe || link->probe_wait_ns)
        return;
    if (!link->probe_ns || link->probe_ns > soon)
        link->probe_ns = soon;
}

void zl_problem_is_greeting(zl_link *link) {
    if (!link->up_ns && !link->probe && !link->has_failed)
        link->probe_ns = zl_clock_monotonic_ns() + GREETING_NS;
}

void zl_problem_is_up(zl_link *link) {
    forget_finding(link);
    link->is_nameless = 0;
    link->has_delivered = 0;
    link->up_ns = zl_clock_monotonic_ns();
}

void zl_problem_end(zl_link *link) {
    zl_probe_end(link->probe);
    link->probe = NULL;
    link->probe_ns = 0;
    link->probe_wait_ns = 0;
}

static void plan_next(zl_link *link) {
    link->probe_wait_ns = link->probe_wait_ns ? link->probe_wait_ns * 2 : NEXT_PROBE_NS;
    if (link->probe_wait_ns > LAST_PROBE_NS)
        link->probe_wait_ns = LAST_PROBE_NS;
    link->probe_ns = zl_clock_monotonic_ns() + link->probe_wait_ns;
}

static void take_finding(zl_link *link) {
    zl_finding found = zl_probe_finding(link->probe, link->word);
    if (found == ZL_NOT_KNOWN) {
        link->probe_ns = zl_clock_monotonic_ns() + PROBE_LOOK_NS;
        return;
    }
    link->finding = found;
    zl_probe_end(link->probe);
    link->probe = NULL;
    plan_next(link);
}

/* A peer that refuses us has told why; a name without an address cannot be probed. */
static void begin_probe(zl_socket *socket, zl_link *link) {
    if (!link->is_unwelcome && link->text[0])
        link->probe = zl_probe_begin(link->text, zl_auth_has_client(socket->auth),
                                     socket->kind == ZL_PUBLISHING);
    if (link->probe)
        link->probe_ns = zl_clock_monotonic_ns() + PROBE_LOOK_NS;
    else
        plan_next(link);
}

void zl_problem_look(zl_socket *socket) {
    int64_t now = zl_clock_monotonic_ns();
    for (size_t i = 0; i < socket->link_count; i++) {
        zl_link *link = &socket->links[i];
        if (!link->probe_ns || link->probe_ns > now)
            continue;
        if (link->probe)
            take_finding(link);
        else
            begin_probe(socket, link);
    }
}

void zl_socket_note_source(zl_socket *socket) {
    int is_known = 1, fd;
    for (size_t i = 0; i < socket->link_count; i++)
        is_known &= !socket->links[i].up_ns || socket->links[i].has_delivered;
    if (is_known)
        return;
    fd = zmq_msg_get(&socket->frame[0], ZMQ_SRCFD);
    for (size_t i = 0; i < socket->link_count; i++)
        if (socket->links[i].fd == fd)
            socket->links[i].has_delivered = 1;
}

/* ---- what ---- */

typedef struct text {
    char *to;
    size_t size;
} text;

__attribute__((format(printf, 2, 3))) static void write_text(const text *out,
                                                             const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(out->to, out->size, format, arguments);
    va_end(arguments);
}

/* %1$s: what ought to be there; %2$s: what is. */
static const char *const findings[] = {
    [ZL_REFUSED] = "connection refused: nothing listens there; start the %1$s, or "
                   "check the address",
    [ZL_NO_FILE] = "there is no such socket file; start the %1$s, or check the path",
    [ZL_DENIED] = "permission denied: the socket file belongs to another user; its "
                  "owner can allow more",
    [ZL_UNREACHABLE] = "unreachable: no answer; the machine is down, or a firewall or "
                       "the network drops what is sent there",
    [ZL_SILENT] = "it accepts the connection but says nothing; check the port, and "
                  "whether the program there hangs",
    [ZL_HANGS_UP] = "it accepts the connection and ends it at once; check the port",
    [ZL_HTTP] = "it speaks HTTP, not ZMTP; check the port",
    [ZL_OLD_ZMTP] = "it speaks ZMTP 1 or 2, which has no keys; update libzmq there to "
                    "4.0 or later",
    [ZL_NO_ZMTP] = "it does not speak ZMTP; check the port",
    [ZL_WANTS_KEYS] = "it asks for keys, and none are set here; set the server's key "
                      "and a key pair",
    [ZL_WANTS_NO_KEYS] =
        "keys are set here, but it uses none; give it a server key, or "
        "set none here",
    [ZL_OTHER_MECHANISM] =
        "it asks for %2$s, which is not supported; use CURVE or no keys",
    [ZL_WRONG_TYPE] = "it is a %2$s socket, not that of a %1$s; check the port",
};

static const char wrong_server_key[] =
    "the handshake fails: the server key that is set here is not the key of the "
    "server; compare them";

static void write_finding(const zl_socket *socket, const zl_link *link,
                          const text *out) {
    const char *side = socket->kind == ZL_PUBLISHING ? "subscriber" : "publisher";
    if (link->finding > ZL_NOTHING_WRONG)
        write_text(out, findings[link->finding], side, link->word);
    else if (link->finding == ZL_NOTHING_WRONG && zl_auth_has_client(socket->auth))
        write_text(out, "%s", wrong_server_key);
}

static void write_connected(const zl_socket *socket, const zl_link *link,
                            const text *out) {
    int64_t quiet = zl_clock_monotonic_ns() - link->up_ns;
    if (socket->kind == ZL_SUBSCRIBING && !link->has_delivered && quiet > QUIET_NS)
        write_text(out, "connected, but no record has come that matches what is "
                        "subscribed to; check root topic and level, and whether the "
                        "program logs");
}

static void write_refused_peers(const zl_socket *socket, const text *out) {
    const zl_zap *zap = &socket->zap;
    if (zap->refused)
        write_text(out, "%llu refused, the last from %s%s%s: %s",
                   (unsigned long long)zap->refused, zap->last_address,
                   zap->last_key[0] ? " with key " : "", zap->last_key,
                   zap->last_reason);
}

static void write_connect(const zl_socket *socket, const zl_link *link,
                          const text *out) {
    if (link->up_ns)
        write_connected(socket, link, out);
    else if (link->is_nameless)
        write_text(out, "the name %.100s has no address; check the name, or DNS",
                   link->host);
    else if (link->is_unwelcome)
        write_text(out, zl_auth_has_client(socket->auth)
                            ? "it refuses this key or address; have it allow them"
                            : "it refuses this address or user; have it allow it");
    else
        write_finding(socket, link, out);
}

int zl_socket_problem(zl_socket *socket, const char *name, zl_endpoint_use use,
                      char *out, size_t size) {
    const text to = {out, size};
    const zl_link *link = zl_link_find(socket, name, use);
    out[0] = '\0';
    if (!link)
        return 0;
    link = zl_link_holder(socket, link);
    if (use == ZL_CONNECT)
        write_connect(socket, link, &to);
    else
        write_refused_peers(socket, &to);
    return use == ZL_CONNECT && link->up_ns &&
           zl_clock_monotonic_ns() - link->up_ns > SETTLED_NS;
}
