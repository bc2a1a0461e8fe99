/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of what is to be done around a fork. In the child of a program with
 * threads only plain system calls are safe, so nothing here allocates. */
#include "thread/forks.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t registered = PTHREAD_ONCE_INIT;
static _Atomic unsigned forks;
static zl_fork_hook *hooks;
static zl_owned_fd *owned_fds;

static void prepare(void) {
    pthread_mutex_lock(&lock);
    for (zl_fork_hook *hook = hooks; hook; hook = hook->next)
        if (hook->prepare)
            hook->prepare();
}

static void in_parent(void) {
    for (zl_fork_hook *hook = hooks; hook; hook = hook->next)
        if (hook->parent)
            hook->parent();
    pthread_mutex_unlock(&lock);
}

/* "/proc/self/fdinfo/" and a number. */
static void name_fdinfo(char *to, int number) {
    static const char start[] = "/proc/self/fdinfo/";
    char digits[12];
    size_t count = 0;
    memcpy(to, start, sizeof start - 1);
    to += sizeof start - 1;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *to++ = digits[--count];
    *to = '\0';
}

/* What no two open eventfds share; -1 where there is none or it cannot be read. */
static int64_t event_id(int number) {
    static const char key[] = "eventfd-id:";
    char path[40], text[512];
    const char *at;
    int64_t id = 0;
    long len;
    int file;
    name_fdinfo(path, number);
    file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return -1;
    len = syscall(SYS_read, file, text, sizeof text - 1);
    syscall(SYS_close, file);
    text[len > 0 ? len : 0] = '\0';
    at = strstr(text, key);
    if (!at)
        return -1;
    for (at += sizeof key - 1; *at == ' '; at++)
        ;
    for (; *at >= '0' && *at <= '9'; at++)
        id = id * 10 + (*at - '0');
    return id;
}

static void close_inherited(void) {
    zl_owned_fd *next;
    for (zl_owned_fd *fd = owned_fds; fd; fd = next) {
        int number = atomic_exchange(&fd->number, -1);
        next = fd->next;
        fd->link = NULL;
        if (fd->id >= 0 && event_id(number) == fd->id)
            syscall(SYS_close, number);
    }
    owned_fds = NULL;
}

static void in_child(void) {
    atomic_fetch_add_explicit(&forks, 1, memory_order_relaxed);
    close_inherited();
    for (zl_fork_hook *hook = hooks; hook; hook = hook->next)
        if (hook->child)
            hook->child();
    pthread_mutex_init(&lock, NULL);
}

static void register_once(void) {
    pthread_atfork(prepare, in_parent, in_child);
}

void zl_forks_watch(void) {
    pthread_once(&registered, register_once);
}

unsigned zl_forks_count(void) {
    return atomic_load_explicit(&forks, memory_order_relaxed);
}

void zl_forks_lock(void) {
    zl_forks_watch();
    pthread_mutex_lock(&lock);
}

void zl_forks_unlock(void) {
    pthread_mutex_unlock(&lock);
}

void zl_forks_add(zl_fork_hook *hook) {
    zl_forks_lock();
    if (!hook->is_added) {
        hook->is_added = 1;
        hook->next = hooks;
        hooks = hook;
    }
    zl_forks_unlock();
}

void zl_forks_own(zl_owned_fd *owned, int number) {
    int64_t id = event_id(number);
    zl_forks_lock();
    owned->id = id;
    owned->next = owned_fds;
    owned->link = &owned_fds;
    if (owned_fds)
        owned_fds->link = &owned->next;
    owned_fds = owned;
    atomic_store(&owned->number, number);
    zl_forks_unlock();
}

void zl_forks_disown(zl_owned_fd *owned) {
    zl_forks_lock();
    if (owned->link) {
        *owned->link = owned->next;
        if (owned->next)
            owned->next->link = owned->link;
        owned->link = NULL;
    }
    atomic_store(&owned->number, -1);
    zl_forks_unlock();
}
