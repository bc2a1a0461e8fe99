/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard output with a buffer of its own. Owns when and how bytes reach a
 * descriptor; must not know what they say. */
#include "output.h"
#include "interrupt.h"
#include "moment.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define GIVE_UP_MS 1000

void output_open(output *out, int fd) {
    struct stat about;

    out->fd = fd;
    out->is_terminal = isatty(fd);
    out->may_block =
        out->is_terminal || (fstat(fd, &about) == 0 &&
                             (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode)));
    out->failed = 0;
    out->flushed = 0;
    out->len = 0;
}

/* Waits until a small write cannot block. Returns 0, or an errno: EINTR when a
 * signal has asked to end and nobody makes room. */
static int wait_for_room(output *out, int64_t *give_up) {
    struct pollfd polled[2] = {{.fd = out->fd, .events = POLLOUT},
                               {.fd = interrupt_fd(), .events = POLLIN}};

    for (;;) {
        int stopping = interrupt_requested();
        if (stopping && *give_up == MOMENT_NEVER)
            *give_up = moment_now() + GIVE_UP_MS * MOMENT_MS;
        int ready = poll(polled, stopping ? 1 : 2, moment_left_ms(*give_up));
        if (ready < 0 && errno != EINTR)
            return errno;
        if (ready > 0 && polled[0].revents)
            return 0;
        if (ready == 0 && stopping)
            return EINTR;
    }
}

static int write_all(output *out, const char *data, size_t len) {
    int64_t give_up = MOMENT_NEVER;

    while (len > 0) {
        size_t piece = len;
        if (out->may_block) {
            int why = wait_for_room(out, &give_up);
            if (why)
                return why;
            /* A ready pipe takes this much without blocking. */
            if (piece > PIPE_BUF)
                piece = PIPE_BUF;
        }
        ssize_t written = write(out->fd, data, piece);
        if (written < 0) {
            if (errno == EAGAIN)
                out->may_block = 1;
            else if (errno != EINTR)
                return errno;
            continue;
        }
        data += written;
        len -= (size_t)written;
    }
    return 0;
}

int output_flush(output *out) {
    if (!out->failed && out->len > 0)
        out->failed = write_all(out, out->data, out->len);
    out->len = 0;
    out->flushed = moment_now();
    return out->failed;
}

void output_put_slowly(output *out, const char *data, size_t len) {
    output_flush(out);
    if (len < OUTPUT_BYTES)
        output_put(out, data, len);
    else if (!out->failed)
        out->failed = write_all(out, data, len);
}

void output_fill(output *out, char c, size_t count) {
    while (count > 0) {
        size_t piece = OUTPUT_BYTES - out->len;
        if (piece == 0) {
            output_flush(out);
            continue;
        }
        if (piece > count)
            piece = count;
        memset(out->data + out->len, c, piece);
        out->len += piece;
        count -= piece;
    }
}

void output_printf(output *out, const char *format, ...) {
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len > 0)
        output_put(out, text,
                   (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

void output_end_record(output *out) {
    if (out->is_terminal)
        output_flush(out);
}
