/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading lines of any length. Owns the buffer; what is compressed is told by its
 * first bytes, not by its name. */
#include "recording.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK_BYTES 65536
#define ZSTD_MAGIC "\x28\xb5\x2f\xfd"

void recording_init(recording *from, const char *path) {
    memset(from, 0, sizeof *from);
    from->path = path;
    from->fd = -1;
}

void recording_close(recording *from) {
    if (from->fd > STDIN_FILENO)
        close(from->fd);
    from->fd = -1;
    free(from->data);
    from->data = NULL;
    from->at = from->len = from->room = 0;
    unpack_free(from->with);
    from->with = NULL;
    from->is_ended = 1;
}

static int fail(const recording *from, const char *why) {
    complain("%s: %s", from->path, why);
    return -1;
}

static int start(recording *from) {
    from->is_started = 1;
    from->fd = strcmp(from->path, "-") == 0 ? STDIN_FILENO
                                            : open(from->path, O_RDONLY | O_CLOEXEC);
    return from->fd < 0 ? fail(from, strerror(errno)) : 0;
}

/* Room for one more chunk behind what is there. */
static int make_room(recording *from) {
    if (from->at > 0) {
        memmove(from->data, from->data + from->at, from->len - from->at);
        from->len -= from->at;
        from->at = 0;
    }
    if (from->room - from->len < CHUNK_BYTES) {
        size_t room = from->room * 2 + CHUNK_BYTES;
        char *grown = realloc(from->data, room);
        if (!grown)
            return fail(from, "out of memory");
        from->data = grown;
        from->room = room;
    }
    return 0;
}

static ssize_t read_plain(recording *from) {
    return interrupt_read(from->fd, from->data + from->len, from->room - from->len);
}

/* What the file begins with was read as if it were plain. */
static int begin_unpacking(recording *from) {
    if (from->len < 4 || memcmp(from->data, ZSTD_MAGIC, 4) != 0)
        return 0;
    from->with = unpack_new(from->data, from->len);
    from->len = 0;
    return from->with ? 0
                      : fail(from, unpack_is_there()
                                       ? "out of memory"
                                       : "this zmqlog was built without libzstd-dev");
}

/* 1 when there is more, 0 at the end. */
static int read_more(recording *from) {
    int is_first = !from->is_started;
    ssize_t got;

    if (is_first && start(from) < 0)
        return -1;
    if (make_room(from) < 0)
        return -1;
    if (from->with)
        got = unpack_read(from->with, from->fd, from->data + from->len,
                          from->room - from->len);
    else
        got = read_plain(from);
    if (got == UNPACK_DAMAGED)
        return fail(from,
                    "the compressed data is damaged; what stands before was read");
    if (got < 0)
        return fail(from, strerror(errno));
    from->len += (size_t)got;
    if (is_first && begin_unpacking(from) < 0)
        return -1;
    return got > 0;
}

int recording_next(recording *from, bytes *line, int *is_whole) {
    size_t searched = 0;

    for (;;) {
        const char *start = from->data + from->at;
        size_t have = from->len - from->at;
        const char *end =
            have > searched ? memchr(start + searched, '\n', have - searched) : NULL;
        *is_whole = end != NULL;
        /* An interrupted read says nothing about the rest of the line. */
        if (end || (from->is_ended && have > 0 && !interrupt_requested())) {
            *line = bytes_make(start, end ? (size_t)(end - start) : have);
            from->at += line->len + (end != NULL);
            return 1;
        }
        if (from->is_ended)
            return 0;
        searched = have;
        int more = read_more(from);
        if (more <= 0)
            from->is_ended = 1;
        if (more < 0)
            return -1;
    }
}
