/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of bound addresses, and the search through a child's descriptors for those
 * that have one of them. */
#include "socket/listening.h"

#include "thread/forks.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NUMBERS_TRIED 65536

struct zl_listening {
    struct sockaddr_storage address;
    socklen_t len; /* 0: unknown */
    zl_listening *next;
};

static zl_listening *noted; /* guarded by the lock of forks */

static int is_same(const struct sockaddr_storage *a, socklen_t a_len,
                   const zl_listening *note) {
    const struct sockaddr_storage *b = &note->address;
    const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;
    const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;
    if (note->len == 0 || a->ss_family != b->ss_family)
        return 0;
    if (a->ss_family == AF_INET)
        return a4->sin_port == b4->sin_port &&
               (b4->sin_addr.s_addr == INADDR_ANY ||
                a4->sin_addr.s_addr == b4->sin_addr.s_addr);
    if (a->ss_family == AF_INET6)
        return a6->sin6_port == b6->sin6_port &&
               (memcmp(&b6->sin6_addr, &in6addr_any, sizeof in6addr_any) == 0 ||
                memcmp(&a6->sin6_addr, &b6->sin6_addr, sizeof in6addr_any) == 0);
    return a_len == note->len && memcmp(a, b, a_len) == 0;
}

/* The local address of a stream socket; 0 when it is none. The program may have a
 * datagram socket of the same number. */
static socklen_t address_of(int fd, struct sockaddr_storage *address) {
    socklen_t len = sizeof *address, size = sizeof(int);
    int type = 0;
    memset(address, 0, sizeof *address);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM ||
        getsockname(fd, (struct sockaddr *)address, &len) != 0)
        return 0;
    return len;
}

static void close_if_ours(int fd, void *unused) {
    struct sockaddr_storage address;
    socklen_t len = address_of(fd, &address);
    (void)unused;
    for (const zl_listening *note = noted; note && len; note = note->next)
        if (is_same(&address, len, note)) {
            syscall(SYS_close, fd);
            return;
        }
}

/* ---- all descriptors of this process, with plain system calls ---- */

typedef void visitor(int fd, void *context);

static void visit_named(const char *name, visitor *visit, void *context) {
    int fd = 0;
    if (*name < '0' || *name > '9')
        return;
    for (; *name >= '0' && *name <= '9'; name++)
        fd = fd * 10 + (*name - '0');
    visit(fd, context);
}

/* Without /proc, or without a descriptor left to read it: one by one. */
static void visit_numbered(visitor *visit, void *context) {
    struct rlimit limit = {NUMBERS_TRIED, NUMBERS_TRIED};
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 0; fd < NUMBERS_TRIED && (rlim_t)fd < limit.rlim_cur; fd++)
        visit(fd, context);
}

struct kernel_dirent64 {
    uint64_t inode;
    int64_t offset;
    uint16_t record_len;
    uint8_t type;
    char name[];
};

static void visit_listed(int directory, visitor *visit, void *context) {
    _Alignas(struct kernel_dirent64) char bytes[4096];
    long len;
    while ((len = syscall(SYS_getdents64, directory, bytes, sizeof bytes)) > 0)
        for (long at = 0; at < len;) {
            const struct kernel_dirent64 *entry = (const void *)(bytes + at);
            visit_named(entry->name, visit, context);
            at += entry->record_len;
        }
}

static void visit_all(visitor *visit, void *context) {
    int directory = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/fd",
                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        visit_numbered(visit, context);
        return;
    }
    visit_listed(directory, visit, context);
    syscall(SYS_close, directory);
}

static void in_child(void) {
    if (noted)
        visit_all(close_if_ours, NULL);
    noted = NULL; /* what it was stays with the parent's socket */
}

/* ---- what was accepted at one address ---- */

typedef struct survey {
    const zl_listening *note;
    int is_cutting, count;
    int64_t unsent;
} survey;

static void look_at(int fd, void *context) {
    survey *all = context;
    struct sockaddr_storage address;
    socklen_t len = address_of(fd, &address), size = sizeof(int);
    int is_listener = 1, unsent = 0;
    if (!len || !is_same(&address, len, all->note) ||
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listener, &size) != 0 ||
        is_listener)
        return;
    all->count++;
    if (ioctl(fd, SIOCOUTQ, &unsent) == 0)
        all->unsent += unsent;
    if (all->is_cutting)
        shutdown(fd, SHUT_RDWR);
}

int zl_listening_accepted(const zl_listening *note, int64_t *unsent) {
    survey all = {.note = note};
    visit_all(look_at, &all);
    *unsent = all.unsent;
    return all.count;
}

void zl_listening_cut(const zl_listening *note) {
    survey all = {.note = note, .is_cutting = 1};
    visit_all(look_at, &all);
}

/* ---- notes ---- */

zl_listening *zl_listening_begin(void) {
    static zl_fork_hook hook = {.child = in_child};
    zl_listening *note = calloc(1, sizeof *note);
    if (!note)
        return NULL;
    zl_forks_add(&hook);
    zl_forks_lock();
    return note;
}

zl_listening *zl_listening_end(zl_listening *note, const zl_endpoint *endpoint,
                               const char *actual) {
    if (actual) {
        note->len = zl_endpoint_address(endpoint, actual, &note->address);
        note->next = noted;
        noted = note;
    }
    zl_forks_unlock();
    if (actual)
        return note;
    free(note);
    return NULL;
}

void zl_listening_forget(zl_listening *note) {
    if (!note)
        return;
    zl_forks_lock();
    for (zl_listening **at = &noted; *at; at = &(*at)->next)
        if (*at == note) {
            *at = note->next;
            break;
        }
    zl_forks_unlock();
    free(note);
}
