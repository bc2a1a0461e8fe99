/* SPDX-License-Identifier: BSD-3-Clause */
/* Appending to a file. Owns the descriptor and what happens to a block that does not
 * fit on the disk. */
#include "logfile.h"
#include "complain.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void logfile_init(logfile *file, const char *path) {
    file->path = path;
    file->fd = -1;
    file->size = 0;
}

int logfile_open(logfile *file) {
    struct stat about;

    file->fd =
        open(file->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
    if (file->fd < 0)
        return errno;
    if (fstat(file->fd, &about) < 0 || S_ISFIFO(about.st_mode)) {
        logfile_close(file);
        return EINVAL;
    }
    file->size = about.st_size;
    return 0;
}

void logfile_close(logfile *file) {
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
}

/* Looks what others have done to it since the last write. */
static void look_again(logfile *file) {
    struct stat about;

    if (file->fd < 0 || fstat(file->fd, &about) < 0)
        return;
    if (about.st_nlink == 0) {
        logfile_close(file);
        return;
    }
    if (about.st_size < file->size && S_ISREG(about.st_mode))
        complain("%s: it was truncated; what was written while somebody copied it may "
                 "be in no copy (rename it instead, and send SIGHUP)",
                 file->path);
    file->size = about.st_size;
}

/* The bytes that did go out are taken back. */
static int cut_off(logfile *file, int error) {
    if (ftruncate(file->fd, file->size) < 0 && errno != EINVAL)
        logfile_close(file);
    return error;
}

int logfile_ready(logfile *file) {
    look_again(file);
    return file->fd < 0 ? logfile_open(file) : 0;
}

int logfile_write(void *self, const char *data, size_t len) {
    logfile *file = self;
    size_t done = 0;
    int error = logfile_ready(file);

    if (error)
        return error;
    while (done < len) {
        ssize_t written = write(file->fd, data + done, len - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return cut_off(file, written < 0 ? errno : EIO);
        done += (size_t)written;
    }
    file->size += (int64_t)len;
    return 0;
}
