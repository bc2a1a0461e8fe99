/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of live handlers, the flush at exit, and the handlers of fork. */
#include "publish/lifecycle.h"

#include "base/clock.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t live_lock = PTHREAD_MUTEX_INITIALIZER;
static zmqlog_handler *live;
static int is_ending; /* the process is; guarded by live_lock */
static zl_bell live_bell;
static pthread_once_t registered = PTHREAD_ONCE_INIT;

/* libzmq needs a moment after the linger to let go of its sockets. */
#define EXIT_GRACE_NS INT64_C(500000000)
#define NUMBERS_TRIED 65536

/* Others are attached, or another thread is opening them at this moment. */
static int is_draining(const zmqlog_handler *handler) {
    return atomic_load(&handler->state) == ZL_CLOSED;
}

static int64_t close_all(void) {
    int64_t last = 0;
    pthread_mutex_lock(&live_lock);
    is_ending = 1;
    for (zmqlog_handler *h = live; h; h = h->next_live) {
        int64_t deadline = zl_clock_deadline(h->linger_ms);
        int open = ZL_OPEN;
        if (atomic_compare_exchange_strong(&h->state, &open, ZL_CLOSED)) {
            zl_ring_close(&h->queue.ring);
            zl_sender_close(&h->sender, deadline);
        }
        if (is_draining(h))
            last = deadline > last ? deadline : last;
    }
    pthread_mutex_unlock(&live_lock);
    return last;
}

static int any_thread_left(void) {
    int found = 0;
    pthread_mutex_lock(&live_lock);
    for (zmqlog_handler *h = live; h && !found; h = h->next_live)
        found = is_draining(h);
    pthread_mutex_unlock(&live_lock);
    return found;
}

/* All handlers drain side by side, so the end takes the longest linger, not the
 * sum. */
static void flush_at_exit(void) {
    int64_t deadline = close_all() + EXIT_GRACE_NS;
    for (;;) {
        uint32_t seen = zl_bell_look(&live_bell);
        if (!any_thread_left() || zl_clock_monotonic_ns() >= deadline)
            return;
        zl_bell_wait(&live_bell, seen, deadline);
    }
}

static void before_fork(void) {
    pthread_mutex_lock(&live_lock);
}

static void in_parent(void) {
    pthread_mutex_unlock(&live_lock);
}

static int same_address(const struct sockaddr_storage *a, socklen_t a_len,
                        const struct sockaddr_storage *bound, socklen_t bound_len) {
    const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)bound;
    const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)bound;
    if (a->ss_family != bound->ss_family)
        return 0;
    if (a->ss_family == AF_INET)
        return a4->sin_port == b4->sin_port &&
               (b4->sin_addr.s_addr == INADDR_ANY ||
                a4->sin_addr.s_addr == b4->sin_addr.s_addr);
    if (a->ss_family == AF_INET6)
        return a6->sin6_port == b6->sin6_port &&
               (memcmp(&b6->sin6_addr, &in6addr_any, sizeof in6addr_any) == 0 ||
                memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof in6addr_any) == 0);
    return a_len == bound_len && memcmp(a, bound, bound_len) == 0;
}

static int is_bound_by_us(int fd) {
    struct sockaddr_storage address;
    socklen_t len = sizeof address, size = sizeof(int);
    int type = 0;
    memset(&address, 0, sizeof address);
    /* The program may have a datagram socket of the same number. */
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    for (zmqlog_handler *h = live; h; h = h->next_live)
        for (int i = 0; i < atomic_load(&h->opened_count); i++) {
            const zl_opened *opened = h->opened[i];
            if (opened->address_len &&
                same_address(&address, len, &opened->address, opened->address_len))
                return 1;
        }
    return 0;
}

static void close_named(const char *name) {
    int fd = 0;
    if (*name < '0' || *name > '9')
        return;
    for (; *name >= '0' && *name <= '9'; name++)
        fd = fd * 10 + (*name - '0');
    if (is_bound_by_us(fd))
        close(fd);
}

/* Without /proc, or without a descriptor left to read it: one by one. */
static void close_numbered(void) {
    struct rlimit limit = {NUMBERS_TRIED, NUMBERS_TRIED};
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 0; fd < NUMBERS_TRIED && (rlim_t)fd < limit.rlim_cur; fd++)
        if (is_bound_by_us(fd))
            close(fd);
}

struct kernel_dirent64 {
    uint64_t inode;
    int64_t offset;
    uint16_t record_len;
    uint8_t type;
    char name[];
};

/* Our listening and accepted descriptors, else the parent's subscribers would not
 * see it close and nobody could bind its port. Plain system calls only: between
 * fork and exec of a program with threads nothing else is safe. */
static void close_inherited(void) {
    _Alignas(struct kernel_dirent64) char bytes[4096];
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long len;
    if (directory < 0) {
        close_numbered();
        return;
    }
    while ((len = syscall(SYS_getdents64, directory, bytes, sizeof bytes)) > 0)
        for (long at = 0; at < len;) {
            const struct kernel_dirent64 *entry = (const void *)(bytes + at);
            close_named(entry->name);
            at += entry->record_len;
        }
    close(directory);
}

static int has_connects(const zmqlog_handler *handler) {
    for (int i = 0; i < atomic_load(&handler->opened_count); i++)
        if (handler->opened[i]->use == ZL_CONNECT)
            return 1;
    return 0;
}

/* What belonged to the I/O thread is neither freed nor looked at any more. */
static void forget_sender(zmqlog_handler *handler) {
    atomic_store(&handler->has_queue, 0);
    atomic_store(&handler->sender.peers, 0);
    atomic_store(&handler->sender.peers_lost, 0);
    atomic_store(&handler->sender.subscriptions, 0);
    atomic_fetch_sub(&handler->references, 1);
}

static void make_inert(zmqlog_handler *handler) {
    int state = atomic_load(&handler->state);
    int reopens = state == ZL_OPEN && has_connects(handler);
    pthread_mutex_init(&handler->lock, NULL);
    pthread_mutex_init(&handler->attached_lock, NULL);
    pthread_mutex_init(&handler->errors.lock, NULL);
    /* What is below the floor is not published by the child either. */
    zl_gate_open_all(&handler->gate, reopens ? atomic_load(&handler->sender.floor) : 0);
    if (state == ZL_OPEN || state == ZL_ATTACHED)
        atomic_store(&handler->state, reopens ? ZL_REOPEN : ZL_LOST);
    if (state != ZL_ATTACHED)
        forget_sender(handler);
    memset(&handler->counters, 0, sizeof handler->counters);
    handler->is_live = 0;
}

static void in_child(void) {
    zmqlog_handler *next;
    pthread_mutex_init(&live_lock, NULL);
    close_inherited();
    for (zmqlog_handler *h = live; h; h = next) {
        next = h->next_live;
        make_inert(h);
    }
    live = NULL;
}

static void register_once(void) {
    pthread_atfork(before_fork, in_parent, in_child);
    atexit(flush_at_exit);
}

void zl_lifecycle_enter(zmqlog_handler *handler) {
    int too_late;
    pthread_once(&registered, register_once);
    pthread_mutex_lock(&live_lock);
    handler->next_live = live;
    handler->is_live = 1;
    live = handler;
    too_late = is_ending;
    is_ending = 0;
    pthread_mutex_unlock(&live_lock);
    /* Opened by an exit handler that runs after ours. */
    if (too_late)
        atexit(flush_at_exit);
}

void zl_lifecycle_leave(zmqlog_handler *handler) {
    pthread_mutex_lock(&live_lock);
    for (zmqlog_handler **at = &live; *at; at = &(*at)->next_live)
        if (*at == handler) {
            *at = handler->next_live;
            break;
        }
    handler->is_live = 0;
    pthread_mutex_unlock(&live_lock);
    zl_bell_ring(&live_bell);
}

static int is_live(zmqlog_handler *handler) {
    int found;
    pthread_mutex_lock(&live_lock);
    found = handler->is_live;
    pthread_mutex_unlock(&live_lock);
    return found;
}

void zl_lifecycle_wait_left(zmqlog_handler *handler) {
    for (;;) {
        uint32_t seen = zl_bell_look(&live_bell);
        if (!is_live(handler))
            return;
        zl_bell_wait(&live_bell, seen, ZL_NO_DEADLINE);
    }
}

void zl_lifecycle_add_opened(zmqlog_handler *handler, zl_opened *opened) {
    pthread_mutex_lock(&live_lock);
    handler->opened[atomic_load(&handler->opened_count)] = opened;
    atomic_fetch_add(&handler->opened_count, 1);
    pthread_mutex_unlock(&live_lock);
}
