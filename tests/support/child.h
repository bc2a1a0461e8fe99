/* SPDX-License-Identifier: BSD-3-Clause */
/* Something that is done in a forked child, which must end. */
#ifndef CHILD_H
#define CHILD_H

#include "support.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

/* AddressSanitizer of GCC 12 does not hold the locks of its allocator over a fork: if
 * another thread of the parent is in there at that moment, the child waits forever at
 * its next allocation. So under AddressSanitizer a child gets several tries. A deadlock
 * of ours would show in each of them, and in the plain build, which has one try. */
#if defined(__SANITIZE_ADDRESS__)
#define CHILD_TRIES 10
#define CHILD_SECONDS 8
#else
#define CHILD_TRIES 1
#define CHILD_SECONDS (PATIENCE_MS / 1000)
#endif

/* Whether the child ends by itself. SIGKILL otherwise: opening a handle blocks all
 * other signals. */
static inline int child_ends(pid_t child, int *status) {
    for (int i = 0; i < CHILD_SECONDS * 100; i++) {
        pid_t ended = waitpid(child, status, WNOHANG);
        assert_true(ended == 0 || ended == child);
        if (ended == child)
            return 1;
        poll(NULL, 0, 10);
    }
    kill(child, SIGKILL);
    assert_int_equal(child, waitpid(child, status, 0));
    return 0;
}

/* Runs `body` in a forked child; its result is the child's exit status. */
static inline int in_child(int (*body)(void *), void *argument) {
    int status = -1;
    for (int i = 0; i < CHILD_TRIES; i++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(body(argument));
        if (child_ends(child, &status))
            break;
    }
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#endif
