/* SPDX-License-Identifier: BSD-3-Clause */
/* Which connections make no progress and which send what no listener needs, by what the
 * kernel tells of their descriptors; and cutting them. */
#include "socket/listeners_internal.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* Frames that are never completed, or that libzmq deals with itself (PING), are not
 * told to us. A listener may send as much of them: */
#define UNSEEN_BYTES (1024u * 1024u)
#define UNSEEN_BYTES_EACH_SECOND 1024u
/* How often a wait looks. */
#define OBSERVE_MOST_NS INT64_C(50000000)
#define OBSERVE_LEAST_NS INT64_C(1000000)

/* Between the end of a connection and its event another connection may get the
 * number; that one must not be harmed. */
static int is_its_descriptor(const zl_listener *listener) {
    struct stat file;
    return listener->inode && fstat(listener->fd, &file) == 0 &&
           S_ISSOCK(file.st_mode) && file.st_ino == listener->inode;
}

void zl_listener_cut(zl_listeners *book, zl_listener *listener) {
    (void)book;
    if (listener->is_cut || !is_its_descriptor(listener))
        return;
    listener->is_cut = 1;
    shutdown(listener->fd, SHUT_RDWR);
}

static int read_tcp(const zl_listener *listener, struct tcp_info *info) {
    socklen_t size = sizeof *info;
    memset(info, 0, sizeof *info);
    return getsockopt(listener->fd, IPPROTO_TCP, TCP_INFO, info, &size) == 0;
}

/* Whether its peer has taken anything since the last look. Where nothing waits in the
 * kernel the peer is not to blame; where nothing can be told neither. */
static int has_moved(zl_listener *listener) {
    int unsent = 0;
    struct tcp_info info;
    int moved;
    if (ioctl(listener->fd, SIOCOUTQ, &unsent) != 0 || unsent <= 0)
        return 1;
    if (!listener->is_tcp || !read_tcp(listener, &info))
        info.tcpi_bytes_acked = 0;
    moved = listener->unsent != (uint64_t)unsent ||
            listener->acknowledged != info.tcpi_bytes_acked;
    listener->unsent = (uint64_t)unsent;
    listener->acknowledged = info.tcpi_bytes_acked;
    return moved;
}

static void observe(zl_listeners *book, zl_listener *listener, int64_t now_ns) {
    if (listener->is_cut)
        return;
    if (has_moved(listener) || !is_its_descriptor(listener)) {
        listener->still_ns = 0;
        return;
    }
    if (!listener->still_ns)
        listener->still_ns = now_ns;
    if (now_ns - listener->still_ns < book->stall_ns)
        return;
    zl_listener_cut(book, listener);
    book->cut += (uint64_t)listener->is_cut;
}

static int64_t observe_every(const zl_listeners *book) {
    int64_t every = book->stall_ns / 8;
    if (every > OBSERVE_MOST_NS)
        return OBSERVE_MOST_NS;
    return every < OBSERVE_LEAST_NS ? OBSERVE_LEAST_NS : every;
}

void zl_listeners_observe(zl_listeners *book, zl_span topic, int64_t now_ns) {
    if (now_ns - book->observed_ns < observe_every(book))
        return;
    book->observed_ns = now_ns;
    for (zl_listener *at = book->first; at; at = at->next)
        if (zl_prefix_holder_matches(&at->prefixes, topic))
            observe(book, at, now_ns);
}

static int floods(const zl_listener *listener, int64_t now_ns) {
    uint64_t seconds = (uint64_t)(now_ns - listener->opened_ns) / 1000000000u;
    uint64_t allowed =
        listener->accounted_bytes + UNSEEN_BYTES + seconds * UNSEEN_BYTES_EACH_SECOND;
    struct tcp_info info;
    return listener->is_tcp && read_tcp(listener, &info) &&
           info.tcpi_bytes_received > allowed;
}

void zl_listeners_check(zl_listeners *book, int64_t now_ns) {
    if (now_ns - book->checked_ns < ZL_LISTENERS_CHECK_NS)
        return;
    book->checked_ns = now_ns;
    for (zl_listener *at = book->first; at; at = at->next) {
        if (at->still_ns)
            observe(book, at, now_ns);
        if (floods(at, now_ns))
            zl_listener_cut(book, at);
    }
}

void zl_listeners_cut_largest(zl_listeners *book) {
    zl_listener *largest = NULL;
    for (zl_listener *at = book->first; at; at = at->next)
        if (!largest || at->prefixes.count > largest->prefixes.count)
            largest = at;
    if (largest)
        zl_listener_cut(book, largest);
}

int64_t zl_listeners_due_ns(const zl_listeners *book) {
    for (const zl_listener *at = book->first; at; at = at->next)
        if ((at->is_tcp || at->still_ns) && !at->is_cut)
            return book->checked_ns + ZL_LISTENERS_CHECK_NS;
    return INT64_MAX;
}

size_t zl_listeners_revoke(zl_listeners *book,
                           int (*permits)(const char *key, void *context),
                           void *context) {
    size_t count = 0;
    for (zl_listener *at = book->first; at; at = at->next) {
        if (!at->listens || at->is_cut || permits(at->key, context))
            continue;
        zl_listener_cut(book, at);
        count += (size_t)at->is_cut;
    }
    return count;
}
