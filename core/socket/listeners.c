/* SPDX-License-Identifier: BSD-3-Clause */
/* The connections in the book, and their prefixes. Progress and floods are the room of
 * listeners_progress.c. */
#include "socket/listeners_internal.h"

#include "base/clock.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* What frames and encryption add to a subscription, at most. */
#define FRAME_OVERHEAD 100

void zl_listeners_init(zl_listeners *book, int64_t stall_ns) {
    memset(book, 0, sizeof *book);
    pthread_mutex_init(&book->lock, NULL);
    zl_prefixes_init(&book->prefixes);
    book->nameless.fd = -1;
    book->stall_ns = stall_ns;
}

static zl_listener *find(const zl_listeners *book, int fd) {
    return fd >= 0 && (size_t)fd < book->by_fd_count ? book->by_fd[fd] : NULL;
}

static int make_room(zl_listeners *book, int fd) {
    size_t count = ((size_t)fd | 63) + 1;
    zl_listener **by_fd;
    if ((size_t)fd < book->by_fd_count)
        return 1;
    by_fd = realloc(book->by_fd, count * sizeof(zl_listener *));
    if (!by_fd)
        return 0;
    memset(by_fd + book->by_fd_count, 0,
           (count - book->by_fd_count) * sizeof(zl_listener *));
    book->by_fd = by_fd;
    book->by_fd_count = count;
    return 1;
}

static void forget(zl_listeners *book, zl_listener *listener) {
    zl_prefixes_drop(&book->prefixes, &listener->prefixes);
    if (listener->listens) {
        book->peers--;
        book->peers_lost++;
    }
    *listener->link = listener->next;
    if (listener->next)
        listener->next->link = listener->link;
    book->by_fd[listener->fd] = NULL;
    free(listener);
}

static void add(zl_listeners *book, int fd) {
    zl_listener *listener = make_room(book, fd) ? calloc(1, sizeof *listener) : NULL;
    struct stat file;
    int domain = 0;
    socklen_t size = sizeof domain;
    if (!listener) {
        zl_prefixes_go_blind(&book->prefixes);
        return;
    }
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    listener->is_tcp = domain == AF_INET || domain == AF_INET6;
    listener->fd = fd;
    listener->inode = fstat(fd, &file) == 0 && S_ISSOCK(file.st_mode) ? file.st_ino : 0;
    listener->opened_ns = zl_clock_monotonic_ns();
    listener->next = book->first;
    listener->link = &book->first;
    if (book->first)
        book->first->link = &listener->next;
    book->first = listener;
    book->by_fd[fd] = listener;
}

/* libzmq does not tell of connections that we end ourselves; a number that comes again
 * tells that the one before has ended. */
void zl_listeners_opened(zl_listeners *book, int fd) {
    if (fd < 0)
        return;
    pthread_mutex_lock(&book->lock);
    if (find(book, fd))
        forget(book, find(book, fd));
    add(book, fd);
    pthread_mutex_unlock(&book->lock);
}

void zl_listeners_ended(zl_listeners *book, int fd) {
    zl_listener *listener = find(book, fd);
    if (!listener)
        return;
    pthread_mutex_lock(&book->lock);
    forget(book, listener);
    pthread_mutex_unlock(&book->lock);
}

void zl_listeners_clear(zl_listeners *book) {
    pthread_mutex_lock(&book->lock);
    while (book->first)
        forget(book, book->first);
    zl_prefixes_drop(&book->prefixes, &book->nameless.prefixes);
    pthread_mutex_unlock(&book->lock);
}

void zl_listeners_destroy(zl_listeners *book) {
    zl_listeners_clear(book);
    free(book->by_fd);
    pthread_mutex_destroy(&book->lock);
}

/* What a connection sent may be handed out after its end, when another one has its
 * descriptor already. All of it comes before what that one sends. So once that one
 * speaks, what it had before was not its own. */
static void begin_anew(zl_listeners *book, zl_listener *listener) {
    pthread_mutex_lock(&book->lock);
    zl_prefixes_drop(&book->prefixes, &listener->prefixes);
    if (listener->listens) {
        listener->listens = 0;
        book->peers--;
        book->peers_lost++;
    }
    pthread_mutex_unlock(&book->lock);
    listener->strays = 0;
}

/* NULL when the connection has ended meanwhile. */
static zl_listener *sender_of(zl_listeners *book, const zl_listener_frame *from,
                              size_t bytes) {
    zl_listener *listener = from->fd < 0 ? &book->nameless : find(book, from->fd);
    if (!listener)
        return NULL;
    if (from->fd >= 0 && listener->origin && listener->origin != from->origin)
        begin_anew(book, listener);
    listener->origin = from->origin;
    listener->accounted_bytes += bytes + FRAME_OVERHEAD;
    return listener;
}

static void copy(char *to, size_t size, const char *text) {
    size_t len = text ? strlen(text) : 0;
    if (len >= size)
        len = size - 1;
    if (len)
        memcpy(to, text, len);
    to[len] = '\0';
}

static void welcome(zl_listeners *book, zl_listener *listener,
                    const zl_listener_frame *from) {
    if (listener->listens || listener == &book->nameless)
        return;
    listener->listens = 1;
    listener->since_ns = zl_clock_realtime_ns();
    copy(listener->address, sizeof listener->address, from->address);
    copy(listener->key, sizeof listener->key, from->key);
    book->peers++;
}

static int may_listen(const zl_listeners *book, const zl_listener *listener,
                      const zl_listener_frame *from) {
    return listener->listens || !book->permits || !from->key ||
           book->permits(from->key, book->permits_context);
}

static int has_too_many(const zl_listener *listener) {
    return listener->prefixes.count > ZL_LISTENER_PREFIXES_MAX ||
           listener->prefixes.bytes > ZL_LISTENER_PREFIX_BYTES_MAX;
}

/* Where there is no memory for a prefix, its records must not count as unheard: from
 * then on everything is taken for wanted. */
void zl_listeners_subscribed(zl_listeners *book, const zl_listener_frame *from,
                             zl_span prefix) {
    zl_listener *listener = sender_of(book, from, prefix.len);
    uint64_t before = book->prefixes.generation;
    if (!listener || listener->is_cut)
        return;
    if (book->prefix_most && prefix.len > book->prefix_most) {
        zl_listeners_strayed(book, from);
        return;
    }
    if (!may_listen(book, listener, from)) {
        zl_listener_cut(book, listener);
        return;
    }
    pthread_mutex_lock(&book->lock);
    welcome(book, listener, from);
    if (book->request.len && zl_span_is_prefix(book->request, prefix))
        book->requests++;
    if (zl_prefixes_add(&book->prefixes, &listener->prefixes, prefix) < 0)
        zl_prefixes_go_blind(&book->prefixes);
    if (book->asked)
        book->asked(book->context, from, prefix, book->prefixes.generation == before);
    if (has_too_many(listener))
        zl_listener_cut(book, listener);
    pthread_mutex_unlock(&book->lock);
}

static void take_away(zl_listeners *book, zl_listener *listener, zl_span prefix) {
    zl_prefix *held = zl_prefixes_find(&book->prefixes, &listener->prefixes, prefix);
    if (!held || (listener == &book->nameless && --held->times > 0))
        return;
    pthread_mutex_lock(&book->lock);
    zl_prefixes_remove(&book->prefixes, held);
    pthread_mutex_unlock(&book->lock);
}

/* Any peer can send a cancel for what others want. Of a known connection only what it
 * has itself is cancelled. Of the nameless ones only their end is believed, which no
 * peer can send; so is the end of a known one, which takes nothing here since its
 * prefixes went with it. */
void zl_listeners_cancelled(zl_listeners *book, const zl_listener_frame *from,
                            zl_span prefix) {
    zl_listener *listener = sender_of(book, from, prefix.len);
    if (listener && from->is_explicit == (listener != &book->nameless))
        take_away(book, listener, prefix);
}

void zl_listeners_strayed(zl_listeners *book, const zl_listener_frame *from) {
    zl_listener *listener = sender_of(book, from, 0);
    book->strays++;
    if (listener && listener != &book->nameless &&
        ++listener->strays > ZL_LISTENER_STRAYS_MAX)
        zl_listener_cut(book, listener);
}

void zl_listeners_each(zl_listeners *book,
                       void (*visit)(const zl_listener *listener, void *context),
                       void *context) {
    pthread_mutex_lock(&book->lock);
    for (const zl_listener *at = book->first; at; at = at->next)
        if (at->listens)
            visit(at, context);
    pthread_mutex_unlock(&book->lock);
}
