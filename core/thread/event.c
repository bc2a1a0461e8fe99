/* SPDX-License-Identifier: BSD-3-Clause */
/* The eventfd behind an event. */
#include "thread/event.h"

#include <errno.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

void zl_event_init(zl_event *event) {
    atomic_init(&event->fd.number, -1);
    event->fd.link = NULL;
}

int zl_event_open(zl_event *event) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0)
        return -1;
    zl_forks_own(&event->fd, fd);
    return 0;
}

void zl_event_close(zl_event *event) {
    int fd = zl_event_fd(event);
    zl_forks_disown(&event->fd);
    if (fd >= 0)
        syscall(SYS_close, fd);
}

static void move_count(zl_event *event, long call, uint64_t *count) {
    int saved = errno, fd = zl_event_fd(event);
    while (fd >= 0 && syscall(call, fd, count, sizeof *count) < 0 && errno == EINTR)
        ;
    errno = saved;
}

void zl_event_signal(zl_event *event) {
    uint64_t one = 1; /* it can only be full, and then it is readable already */
    move_count(event, SYS_write, &one);
}

void zl_event_clear(zl_event *event) {
    uint64_t count;
    move_count(event, SYS_read, &count);
}
