/* SPDX-License-Identifier: BSD-3-Clause */
/* The buffer of records and its account. Owns when bytes leave and which records
 * were written; must not know what they say. */
#include "output.h"
#include "complain.h"
#include "interrupt.h"
#include "moment.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define GIVE_UP_MS 1000
#define AGAIN_MS 500
/* What one large record has made of the buffer is not kept. */
#define KEPT_BYTES (4 * OUTPUT_BYTES)

void output_open(output *out, int fd) {
    struct stat about;

    memset(out, 0, sizeof *out);
    out->fd = fd;
    out->is_terminal = isatty(fd);
    out->may_block =
        out->is_terminal || (fstat(fd, &about) == 0 &&
                             (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode)));
}

void output_open_file(output *out, output_write *write, void *file,
                      output_trouble *trouble, size_t held) {
    memset(out, 0, sizeof *out);
    out->fd = -1;
    out->write = write;
    out->file = file;
    out->trouble = trouble;
    out->held = held;
}

void output_close(output *out) {
    free(out->data);
    free(out->ends);
    out->data = NULL;
    out->ends = NULL;
    out->len = out->capacity = out->whole = out->count = out->room = 0;
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

/* *written: how far it came. */
static int write_all(output *out, const char *data, size_t len, size_t *written) {
    int64_t give_up = MOMENT_NEVER;

    for (*written = 0; *written < len;) {
        size_t piece = len - *written;
        if (out->may_block) {
            int why = wait_for_room(out, &give_up);
            if (why)
                return why;
            /* A ready pipe takes this much without blocking. */
            if (piece > PIPE_BUF)
                piece = PIPE_BUF;
        }
        ssize_t done = write(out->fd, data + *written, piece);
        if (done >= 0)
            *written += (size_t)done;
        else if (errno == EAGAIN)
            out->may_block = 1;
        else if (errno != EINTR)
            return errno;
    }
    return 0;
}

/* Takes the first bytes out of the buffer; the records that end there are accounted
 * for by the caller. */
static void forget(output *out, size_t gone) {
    out->len -= gone;
    if (out->len > 0)
        memmove(out->data, out->data + gone, out->len);
    out->whole = 0;
    out->count = 0;
    if (out->capacity > KEPT_BYTES && out->len == 0) {
        free(out->data);
        out->data = NULL;
        out->capacity = 0;
    }
}

/* Tried once more, and then it is over. */
void output_give_up(output *out) {
    out->again = 0;
    output_flush(out);
    out->unwritten += out->count;
    forget(out, out->whole);
}

/* Nothing is written any more. */
static void fail(output *out, int error, size_t written) {
    out->failed = error;
    for (size_t i = 0; i < out->count; i++)
        if (out->ends[i] <= written)
            out->written++;
        else
            out->unwritten++;
    forget(out, out->len);
}

static void begin_trouble(output *out, int error) {
    output_trouble *trouble = out->trouble;

    if (!out->in_trouble && trouble->files++ == 0) {
        trouble->missed = 0;
        trouble->error = 0;
    }
    out->in_trouble = 1;
    out->again = moment_now() + AGAIN_MS * MOMENT_MS;
    if (trouble->error != error)
        complain("%s: %s; records wait until it can be written, and those that find no "
                 "room are counted",
                 trouble->name, strerror(error));
    trouble->error = error;
}

static void end_trouble(output *out) {
    output_trouble *trouble = out->trouble;

    out->in_trouble = 0;
    if (--trouble->files == 0)
        complain("%s: written again; %" PRIu64 " records found no room", trouble->name,
                 trouble->missed);
}

static void flush_file(output *out) {
    int error;

    if (out->in_trouble && moment_now() < out->again)
        return;
    error = out->write(out->file, out->data, out->whole);
    if (error) {
        begin_trouble(out, error);
        return;
    }
    if (out->in_trouble)
        end_trouble(out);
    out->written += out->count;
    forget(out, out->whole);
}

static void flush_descriptor(output *out) {
    size_t written;
    int error = write_all(out, out->data, out->len, &written);

    if (error) {
        fail(out, error, written);
        return;
    }
    out->written += out->count;
    forget(out, out->len);
}

int output_flush(output *out) {
    if (!out->failed && out->len > 0) {
        if (!out->write)
            flush_descriptor(out);
        else if (out->whole > 0)
            flush_file(out);
    }
    out->flushed = moment_now();
    return out->failed;
}

int64_t output_due(const output *out, int after_ms) {
    if (out->len == 0)
        return MOMENT_NEVER;
    return out->in_trouble ? out->again : out->flushed + after_ms * MOMENT_MS;
}

/* The record in hand grows; only whole ones are written. */
void output_put_slowly(output *out, const char *data, size_t len) {
    size_t wanted = out->capacity ? out->capacity * 2 : OUTPUT_BYTES;
    char *grown;

    if (out->failed || out->is_short)
        return;
    while (wanted < out->len + len)
        wanted *= 2;
    grown = realloc(out->data, wanted);
    if (!grown) {
        out->is_short = 1;
        return;
    }
    out->data = grown;
    out->capacity = wanted;
    memcpy(out->data + out->len, data, len);
    out->len += len;
}

void output_fill(output *out, char c, size_t count) {
    static const char blanks[64] = "                                "
                                   "                                ";
    for (; c != ' ' && count > 0; count--)
        output_put_char(out, c);
    for (size_t piece; count > 0; count -= piece) {
        piece = count < sizeof blanks ? count : sizeof blanks;
        output_put(out, blanks, piece);
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

/* Room for one more end. */
static int reserve_end(output *out) {
    size_t room = out->room ? out->room * 2 : 1024;
    size_t *grown;

    if (out->count < out->room)
        return 0;
    grown = realloc(out->ends, room * sizeof *grown);
    if (!grown)
        return -1;
    out->ends = grown;
    out->room = room;
    return 0;
}

/* A record that cannot be kept leaves nothing behind. */
static void drop_record(output *out) {
    out->len = out->whole;
    out->is_short = 0;
    out->unwritten++;
    if (out->in_trouble)
        out->trouble->missed++;
}

void output_end_record(output *out) {
    int is_full = out->in_trouble && out->whole > 0 && out->len > out->held;

    if (out->failed || out->is_short || is_full || reserve_end(out) < 0) {
        drop_record(out);
    } else {
        out->whole = out->len;
        out->ends[out->count++] = out->len;
    }
    if (out->is_terminal || out->whole >= OUTPUT_BYTES)
        output_flush(out);
}
