/* SPDX-License-Identifier: BSD-3-Clause */
/* The registry of what must be done around a fork. In the child of a program with
 * threads only plain system calls are safe, so nothing here allocates. */
#include "thread/forks.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
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

/* What marks a file as ours: the signal that it would send if it were asked to send
 * any, which it is not. The mark is the open file's own, whatever number it has. */
#define MARK 61

static int is_ours(int number) {
    return fcntl(number, F_GETSIG) == MARK;
}

static void close_inherited(void) {
    zl_owned_fd *next;
    for (zl_owned_fd *fd = owned_fds; fd; fd = next) {
        int number = atomic_exchange(&fd->number, -1);
        next = fd->next;
        fd->link = NULL;
        if (is_ours(number))
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
    fcntl(number, F_SETSIG, MARK);
    zl_forks_lock();
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
