/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of bound addresses, and the search through a child's descriptors for those
 * that have one of them. */
#include "socket/listening.h"

#include "thread/forks.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
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

static int is_bound_by_us(int fd) {
    struct sockaddr_storage address;
    socklen_t len = sizeof address, size = sizeof(int);
    int type = 0;
    memset(&address, 0, sizeof address);
    /* The program may have a datagram socket of the same number. */
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0)
        return 0;
    for (const zl_listening *note = noted; note; note = note->next)
        if (is_same(&address, len, note))
            return 1;
    return 0;
}

static void close_if_ours(int fd) {
    if (is_bound_by_us(fd))
        syscall(SYS_close, fd);
}

static void close_named(const char *name) {
    int fd = 0;
    if (*name < '0' || *name > '9')
        return;
    for (; *name >= '0' && *name <= '9'; name++)
        fd = fd * 10 + (*name - '0');
    close_if_ours(fd);
}

/* Without /proc, or without a descriptor left to read it: one by one. */
static void close_numbered(void) {
    struct rlimit limit = {NUMBERS_TRIED, NUMBERS_TRIED};
    getrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 0; fd < NUMBERS_TRIED && (rlim_t)fd < limit.rlim_cur; fd++)
        close_if_ours(fd);
}

struct kernel_dirent64 {
    uint64_t inode;
    int64_t offset;
    uint16_t record_len;
    uint8_t type;
    char name[];
};

static void close_listed(int directory) {
    _Alignas(struct kernel_dirent64) char bytes[4096];
    long len;
    while ((len = syscall(SYS_getdents64, directory, bytes, sizeof bytes)) > 0)
        for (long at = 0; at < len;) {
            const struct kernel_dirent64 *entry = (const void *)(bytes + at);
            close_named(entry->name);
            at += entry->record_len;
        }
}

static void in_child(void) {
    int directory;
    if (!noted)
        return;
    directory = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/fd",
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        close_numbered();
    } else {
        close_listed(directory);
        syscall(SYS_close, directory);
    }
    noted = NULL; /* what it was stays with the parent's socket */
}

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
