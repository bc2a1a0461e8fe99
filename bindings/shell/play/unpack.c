/* SPDX-License-Identifier: BSD-3-Clause */
/* zstd, if it was there when this was built. */
#include "unpack.h"
#include "interrupt.h"

#include <errno.h>
#include <stdlib.h>

#ifdef SHELL_HAS_ZSTD

#include <string.h>
#include <unistd.h>
#include <zstd.h>

#define CHUNK_BYTES 131072

struct unpack {
    ZSTD_DCtx *context;
    ZSTD_inBuffer in;
    char data[CHUNK_BYTES];
};

int unpack_is_there(void) {
    return 1;
}

unpack *unpack_new(const char *start, size_t len) {
    unpack *with = malloc(sizeof *with);

    if (!with || len > CHUNK_BYTES) {
        free(with);
        return NULL;
    }
    with->context = ZSTD_createDCtx();
    if (!with->context) {
        free(with);
        return NULL;
    }
    memcpy(with->data, start, len);
    with->in = (ZSTD_inBuffer){with->data, len, 0};
    return with;
}

void unpack_free(unpack *with) {
    if (with)
        ZSTD_freeDCtx(with->context);
    free(with);
}

static ssize_t refill(unpack *with, int fd) {
    ssize_t got = interrupt_read(fd, with->data, CHUNK_BYTES);

    with->in.size = got > 0 ? (size_t)got : 0;
    with->in.pos = 0;
    return got;
}

ssize_t unpack_read(unpack *with, int fd, char *to, size_t room) {
    ZSTD_outBuffer out = {to, room, 0};

    while (out.pos == 0) {
        if (ZSTD_isError(ZSTD_decompressStream(with->context, &out, &with->in)))
            return UNPACK_DAMAGED;
        if (out.pos == 0 && with->in.pos == with->in.size) {
            ssize_t got = refill(with, fd);
            /* A file that ends in the middle of a frame ends there. */
            if (got <= 0)
                return got;
        }
    }
    return (ssize_t)out.pos;
}

#else

int unpack_is_there(void) {
    return 0;
}

unpack *unpack_new(const char *start, size_t len) {
    (void)start;
    (void)len;
    return NULL;
}

void unpack_free(unpack *with) {
    (void)with;
}

ssize_t unpack_read(unpack *with, int fd, char *to, size_t room) {
    (void)with;
    (void)fd;
    (void)to;
    (void)room;
    errno = ENOTSUP;
    return -1;
}

#endif
