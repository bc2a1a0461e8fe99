/* SPDX-License-Identifier: BSD-3-Clause */
/* zstd, if it was there when this was built. Owns the frames; the layout of blocks
 * that pack_measure follows is that of RFC 8878. */
#include "pack.h"

#include <errno.h>
#include <stdlib.h>

#ifdef SHELL_HAS_ZSTD

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL 3
#define HEADER_MOST 18 /* bytes of a frame's header */
#define WINDOW_LOG 18  /* 256 KiB: many files may be open */

struct pack {
    ZSTD_CCtx *context;
    char *data;
    size_t room;
};

int pack_is_there(void) {
    return 1;
}

pack *pack_new(void) {
    pack *with = calloc(1, sizeof *with);

    if (!with)
        return NULL;
    with->context = ZSTD_createCCtx();
    if (!with->context) {
        free(with);
        return NULL;
    }
    ZSTD_CCtx_setParameter(with->context, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(with->context, ZSTD_c_windowLog, WINDOW_LOG);
    return with;
}

void pack_free(pack *with) {
    if (!with)
        return;
    ZSTD_freeCCtx(with->context);
    free(with->data);
    free(with);
}

void pack_reset(pack *with) {
    ZSTD_CCtx_reset(with->context, ZSTD_reset_session_only);
}

int pack_block(pack *with, const char *data, size_t len, const char **packed,
               size_t *packed_len) {
    ZSTD_inBuffer in = {data, len, 0};
    size_t most = ZSTD_compressBound(len) + 64, left;

    if (most > with->room) {
        char *grown = realloc(with->data, most);
        if (!grown)
            return ENOMEM;
        with->data = grown;
        with->room = most;
    }
    ZSTD_outBuffer out = {with->data, with->room, 0};
    do {
        left = ZSTD_compressStream2(with->context, &out, &in, ZSTD_e_flush);
        if (ZSTD_isError(left) || (left > 0 && out.pos == out.size))
            return EIO;
    } while (left > 0);
    *packed = with->data;
    *packed_len = out.pos;
    return 0;
}

/* Length of the frame's header at `at`; 0 when there is no whole one. */
static int64_t header_at(int fd, int64_t at) {
    unsigned char start[HEADER_MOST];
    ssize_t got = pread(fd, start, sizeof start, at);
    static const unsigned char window_bytes[] = {0, 1, 2, 4},
                               size_bytes[] = {0, 2, 4, 8};
    int64_t len = 5;

    if (got < 5 || memcmp(start, "\x28\xb5\x2f\xfd", 4) != 0)
        return 0;
    len += !(start[4] & 0x20) + window_bytes[start[4] & 3] + size_bytes[start[4] >> 6];
    if ((start[4] & 0x20) && start[4] >> 6 == 0)
        len++;
    return got >= len ? len : 0;
}

/* Walks the blocks behind a header. *end: where the last whole one ends. Returns 1
 * when the frame is complete. */
static int walk_frame(int fd, int64_t size, int64_t *end) {
    for (;;) {
        unsigned char head[3];
        if (pread(fd, head, 3, *end) != 3)
            return 0;
        uint32_t word = head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16;
        int64_t len = (word >> 1 & 3) == 1 ? 1 : (int64_t)(word >> 3);
        if (*end + 3 + len > size)
            return 0;
        *end += 3 + len;
        if (word & 1)
            return 1;
    }
}

int pack_measure(int fd, int64_t *end, int *is_open) {
    struct stat about;
    int64_t header;

    *end = 0;
    *is_open = 0;
    if (fstat(fd, &about) < 0)
        return errno;
    while (*end < about.st_size && (header = header_at(fd, *end)) > 0) {
        int64_t at = *end + header;
        if (!walk_frame(fd, about.st_size, &at)) {
            /* Of a frame without any block nothing is kept. */
            *is_open = at > *end + header;
            if (*is_open)
                *end = at;
            return 0;
        }
        *end = at;
    }
    return 0;
}

#else

int pack_is_there(void) {
    return 0;
}

pack *pack_new(void) {
    return NULL;
}

void pack_free(pack *with) {
    (void)with;
}

void pack_reset(pack *with) {
    (void)with;
}

int pack_block(pack *with, const char *data, size_t len, const char **packed,
               size_t *packed_len) {
    (void)with;
    (void)data;
    (void)len;
    (void)packed;
    (void)packed_len;
    return ENOTSUP;
}

int pack_measure(int fd, int64_t *end, int *is_open) {
    (void)fd;
    (void)end;
    (void)is_open;
    return ENOTSUP;
}

#endif
