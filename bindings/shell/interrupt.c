/* SPDX-License-Identifier: BSD-3-Clause */
/* The signals that ask this program to end. Owns the handlers, their counters
 * and one eventfd; must not know what waits for it. */
#include "interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static volatile sig_atomic_t tolerated, requests, hangup_reopens, hangups;
static int event = -1;

static void note(int number) {
    int saved = errno;
    uint64_t one = 1;

    if (number == SIGINT && tolerated > 0) {
        tolerated--;
        return;
    }
    if (number == SIGHUP && hangup_reopens)
        hangups = 1;
    else
        requests++;
    if (write(event, &one, sizeof one) < 0) {
        /* A full counter is readable too. */
    }
    errno = saved;
}

/* Without SA_RESTART: a write that waits for a terminal must end. */
static int catch_unless_ignored(int number) {
    struct sigaction action = {.sa_handler = note}, before;

    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) < 0)
        return -1;
    return before.sa_handler == SIG_IGN ? 0 : sigaction(number, &action, NULL);
}

int interrupt_install(void) {
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (event < 0 || sigaction(SIGPIPE, &ignore, NULL) < 0)
        return -1;
    if (catch_unless_ignored(SIGINT) < 0 || catch_unless_ignored(SIGTERM) < 0)
        return -1;
    return catch_unless_ignored(SIGHUP);
}

/* Also where it was ignored, as under nohup: it has another meaning now. */
int interrupt_hangup_reopens(void) {
    struct sigaction action = {.sa_handler = note};

    hangup_reopens = 1;
    sigemptyset(&action.sa_mask);
    return sigaction(SIGHUP, &action, NULL);
}

int interrupt_took_hangup(void) {
    uint64_t count;

    if (!hangups)
        return 0;
    hangups = 0;
    if (!requests && read(event, &count, sizeof count) < 0) {
        /* It was read before. */
    }
    /* One that came in between must still be seen. */
    if (requests && write(event, &(uint64_t){1}, sizeof count) < 0) {
        /* A full counter is readable too. */
    }
    return 1;
}

void interrupt_tolerate(int keyboard) {
    tolerated = keyboard;
}

int interrupt_requested(void) {
    return requests > 0;
}

int interrupt_count(void) {
    return requests;
}

int interrupt_fd(void) {
    return event;
}

ssize_t interrupt_read(int fd, void *to, size_t room) {
    struct pollfd polled[2] = {{.fd = fd, .events = POLLIN},
                               {.fd = event, .events = POLLIN}};

    while (!interrupt_requested()) {
        int ready = poll(polled, 2, -1);
        if (ready < 0 && errno != EINTR)
            return -1;
        if (ready <= 0 || !polled[0].revents)
            continue;
        ssize_t got = read(fd, to, room);
        if (got >= 0 || errno != EINTR)
            return got;
    }
    return 0;
}
