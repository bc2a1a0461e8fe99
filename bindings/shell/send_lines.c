/* SPDX-License-Identifier: BSD-3-Clause */
/* The input of zmqlog send: bytes pass through unchanged, lines become records.
 * Owns where a line ends and when reading does; what is written comes before what
 * is published, so that nobody downstream waits for the network. */
#include "complain.h"
#include "interrupt.h"
#include "moment.h"
#include "output.h"
#include "send.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK_BYTES 65536
/* After a request to end: reading goes on while more comes, but not for long. */
#define SILENCE_MS 500
#define GRACE_MS 2000

/* The beginning of a line whose end has not come yet. */
typedef struct line {
    char *data;
    size_t len, capacity;
    size_t whole; /* its length, of which len bytes are kept */
    int is_open;  /* something of it was there, if only a byte */
} line;

static output tee;
static char chunk[CHUNK_BYTES];

/* The front of it: a line may be longer than memory. */
static void keep(line *open, bytes part) {
    size_t most = SEND_LINE_MOST - open->len;

    open->is_open = 1;
    open->whole += part.len;
    if (open->len + part.len < open->whole)
        return; /* there is a gap already */
    if (part.len > most)
        part.len = most;
    if (part.len > open->capacity - open->len) {
        size_t wanted = (open->len + part.len) * 2;
        if (wanted > SEND_LINE_MOST)
            wanted = SEND_LINE_MOST;
        char *grown = realloc(open->data, wanted);
        if (!grown)
            return;
        open->data = grown;
        open->capacity = wanted;
    }
    if (part.len > 0)
        memcpy(open->data + open->len, part.data, part.len);
    open->len += part.len;
}

static void finish(publisher *to, line *open) {
    bytes front = bytes_make(open->data ? open->data : "", open->len);

    if (open->whole > open->len)
        publisher_put_front(to, front, open->whole);
    else
        publisher_put(to, front);
    open->len = open->whole = 0;
    open->is_open = 0;
}

static void publish_lines(publisher *to, line *open, bytes input) {
    while (input.len > 0) {
        const char *end = memchr(input.data, '\n', input.len);
        if (!end) {
            keep(open, input);
            return;
        }
        bytes whole = bytes_make(input.data, (size_t)(end - input.data));
        if (open->is_open) {
            keep(open, whole);
            finish(to, open);
        } else {
            publisher_put(to, whole);
        }
        input = bytes_from(input, whole.len + 1);
    }
}

/* Length of what was read; 0 at the end, -1 for errors. */
static ssize_t read_some(int fd) {
    ssize_t got;

    do {
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        got = read(fd, chunk, sizeof chunk);
        /* Somebody else reads the same input, and was faster. */
        if (got < 0 && errno == EAGAIN && poll(&readable, 1, SILENCE_MS) >= 0)
            errno = EINTR;
    } while (got < 0 && errno == EINTR && interrupt_count() < 2);
    if (got < 0)
        complain("standard input: %s", strerror(errno));
    return got;
}

/* Whether there is something to read; 0 when it is time to end. */
static int wait_for_input(const publisher *to, int fd, int64_t *grace_ends) {
    struct pollfd polled[3] = {{.fd = fd, .events = POLLIN},
                               {.fd = interrupt_fd(), .events = POLLIN},
                               {.fd = to->options->tee ? STDOUT_FILENO : -1}};

    for (;;) {
        int timeout = -1;
        if (interrupt_requested()) {
            if (*grace_ends == MOMENT_NEVER)
                *grace_ends = moment_now() + GRACE_MS * MOMENT_MS;
            timeout = moment_left_ms(*grace_ends);
            if (timeout > SILENCE_MS)
                timeout = SILENCE_MS;
            if (timeout == 0 || interrupt_count() > 1 || isatty(fd))
                return 0;
            polled[1].fd = -1;
        }
        int ready = poll(polled, 3, timeout);
        if (ready == 0 || (ready < 0 && errno != EINTR))
            return 0;
        if (ready > 0 && polled[2].revents)
            return 0;
        if (ready > 0 && polled[0].revents)
            return 1;
    }
}

static int pass_through(bytes input) {
    output_put_bytes(&tee, input);
    if (output_flush(&tee) == 0)
        return EXIT_OK;
    /* As with any filter whose reader has seen enough. */
    if (tee.failed != EPIPE)
        complain("standard output: %s", strerror(tee.failed));
    return EXIT_FAILED;
}

/* A reader of what passes through need not wait for what is published. */
static int end_tee(void) {
    if (tee.failed || close(STDOUT_FILENO) == 0)
        return EXIT_OK;
    complain("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}

int send_lines(publisher *to, int fd) {
    line open = {0};
    int64_t grace_ends = MOMENT_NEVER;
    int code = EXIT_OK;
    ssize_t len = 0;

    output_open(&tee, STDOUT_FILENO);
    while (code == EXIT_OK && wait_for_input(to, fd, &grace_ends) &&
           (len = read_some(fd)) > 0) {
        bytes input = bytes_make(chunk, (size_t)len);
        if (to->options->tee)
            code = pass_through(input);
        publish_lines(to, &open, input);
    }
    if (to->options->tee && end_tee() != EXIT_OK)
        code = EXIT_FAILED;
    if (open.is_open)
        finish(to, &open);
    free(open.data);
    if (len < 0)
        code = EXIT_FAILED;
    return tee.failed == EPIPE ? EXIT_OK : code;
}
