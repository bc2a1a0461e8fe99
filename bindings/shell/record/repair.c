/* SPDX-License-Identifier: BSD-3-Clause */
/* Repairing the end of a file: back to the last newline, or to the last complete
 * block of a compressed one, which is closed there. */
#include "repair.h"
#include "complain.h"
#include "pack.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES 65536

/* Behind the last newline; -1 with errno. */
static int64_t end_of_lines(int fd, int64_t size) {
    static char piece[PIECE_BYTES];

    while (size > 0) {
        size_t len = size < PIECE_BYTES ? (size_t)size : PIECE_BYTES;
        ssize_t got = pread(fd, piece, len, size - (int64_t)len);
        if (got != (ssize_t)len)
            return -1;
        const char *last = memrchr(piece, '\n', len);
        if (last)
            return size - (int64_t)len + (last - piece) + 1;
        size -= (int64_t)len;
    }
    return 0;
}

/* Both return what is kept of the file, or -1 with errno. */
static int64_t repair_plain(int fd, int64_t size) {
    int64_t end = end_of_lines(fd, size);

    if (end < 0 || (end < size && ftruncate(fd, end) < 0))
        return -1;
    return end;
}

static int64_t repair_packed(int fd, int64_t size) {
    int64_t end;
    int is_open, error = pack_measure(fd, &end, &is_open);

    if (error || (end < size && ftruncate(fd, end) < 0))
        return -1;
    if (is_open && pwrite(fd, PACK_SEAL, PACK_SEAL_BYTES, end) != PACK_SEAL_BYTES)
        return -1;
    return end;
}

static int64_t repair_open(const char *path, int fd, int is_packed) {
    struct stat about;
    int64_t kept;

    if (fstat(fd, &about) < 0)
        return -1;
    kept =
        is_packed ? repair_packed(fd, about.st_size) : repair_plain(fd, about.st_size);
    if (kept >= 0 && kept < about.st_size)
        complain("%s: %" PRId64 " bytes of an incomplete record were cut off", path,
                 (int64_t)about.st_size - kept);
    return kept < 0 || fstat(fd, &about) < 0 ? -1 : about.st_size;
}

int64_t repair(const char *path, int is_packed) {
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    int64_t size = fd < 0 ? -1 : repair_open(path, fd, is_packed);

    if (size < 0)
        complain("%s: %s; a new file is begun", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return size;
}
