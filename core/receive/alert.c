/* SPDX-License-Identifier: BSD-3-Clause */
/* The bell and the descriptor of a receiver. Knows neither what the news is nor
 * who brings it. */
#include "receive/alert.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

void zl_alert_init(zl_alert *alert) {
    static const zl_alert empty = {.fd = -1};
    *alert = empty;
}

void zl_alert_destroy(zl_alert *alert) {
    int fd = atomic_exchange(&alert->fd, -1);
    if (fd >= 0)
        close(fd);
}

int zl_alert_open_fd(zl_alert *alert) {
    int fd = atomic_load(&alert->fd);

    if (fd >= 0)
        return fd;
    fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd >= 0)
        atomic_store(&alert->fd, fd);
    return fd;
}

void zl_alert_arm(zl_alert *alert) {
    int fd = atomic_load_explicit(&alert->fd, memory_order_relaxed);
    uint64_t count;

    if (fd < 0)
        return;
    while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    /* Exchanged on both sides: either the other side finds it armed, or what it
     * did before is visible from here on. */
    atomic_exchange(&alert->armed, 1);
}

static void raise_fd(zl_alert *alert) {
    const uint64_t one = 1;
    int fd = atomic_load(&alert->fd);

    if (fd < 0)
        return;
    while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void zl_alert_news(zl_alert *alert) {
    zl_bell_ring(&alert->bell);
    if (atomic_exchange(&alert->armed, 0))
        raise_fd(alert);
}

void zl_alert_raise(zl_alert *alert) {
    int saved = errno;

    zl_bell_ring(&alert->bell);
    raise_fd(alert);
    errno = saved;
}
