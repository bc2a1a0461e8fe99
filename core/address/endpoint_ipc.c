/* SPDX-License-Identifier: BSD-3-Clause */
/* Listening on a path. libzmq's own bind unlinks what lies there, be it a
 * file or the endpoint of a live publisher, and never removes what it made. So this
 * room makes the descriptor and hands it over. Knows files and unix sockets. */
#include "address/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 128
#define LOCK_TRIES 100

static socklen_t fill_address(struct sockaddr_un *address,
                              const zl_endpoint *endpoint) {
    size_t len = strlen(endpoint->path);

    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, endpoint->path, len);
    if (endpoint->abstract) {
        address->sun_path[0] = '\0';
        return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    }
    return (socklen_t)sizeof *address;
}

static int open_socket(void) {
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

#define PATH_BYTES sizeof((zl_endpoint *)0)->path

static void name_directory(const char *path, char directory[PATH_BYTES]) {
    const char *slash = strrchr(path, '/');
    size_t len = slash == path ? 1 : (size_t)(slash ? slash - path : 0);

    memcpy(directory, len ? path : ".", len ? len : 1);
    directory[len ? len : 1] = '\0';
}

/* We take a path over only if no socket listens on it. Between that question and our
 * own listen() another process could ask and get the same answer, and the later one
 * would silently steal the path. A lock on the directory makes the processes of this
 * library take turns. We wait for it for a moment only: a lock that another program
 * keeps must not keep this one from starting. */
static int lock_directory(const char *path) {
    const struct timespec nap = {0, 5 * 1000 * 1000};
    char directory[PATH_BYTES];
    int fd, tries;

    name_directory(path, directory);
    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (tries = 0; fd >= 0 && tries < LOCK_TRIES; tries++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
            break;
        nanosleep(&nap, NULL);
    }
    return fd;
}

/* Whether a socket listens on the socket file: 0 no, else the errno that says why
 * not to touch it. */
static int probe(const zl_endpoint *endpoint) {
    struct sockaddr_un address;
    socklen_t len = fill_address(&address, endpoint);
    int fd = open_socket();
    int error = 0;

    if (fd < 0)
        return errno;
    if (connect(fd, (const struct sockaddr *)&address, len) == 0)
        error = EADDRINUSE;
    else if (errno != ECONNREFUSED && errno != ENOENT)
        error = errno == EAGAIN ? EADDRINUSE : errno;
    close(fd);
    return error;
}

static const char *kind_of_file(mode_t mode) {
    if (S_ISREG(mode))
        return "a file";
    if (S_ISDIR(mode))
        return "a directory";
    if (S_ISLNK(mode))
        return "a symbolic link";
    return "not a socket";
}

static zmqlog_status clear_path(const zl_endpoint *endpoint, zl_errors *errors) {
    struct stat found;
    int error;

    if (lstat(endpoint->path, &found) != 0)
        return ZMQLOG_OK; /* bind() names what else is wrong */
    if (!S_ISSOCK(found.st_mode))
        return zl_fail(errors, ZMQLOG_EADDRINUSE,
                       "\"%s\": the path is %s, which is kept; choose another path or "
                       "remove it",
                       endpoint->text, kind_of_file(found.st_mode));
    error = probe(endpoint);
    if (error == EADDRINUSE || error == EPROTOTYPE)
        return zl_fail(
            errors, ZMQLOG_EADDRINUSE,
            "\"%s\": another program listens there; stop it or choose another "
            "path",
            endpoint->text);
    if (error == EACCES || error == EPERM)
        return zl_fail(errors, ZMQLOG_EADDRINUSE,
                       "\"%s\": the socket belongs to user %lu and may be in use; "
                       "choose another path or remove it",
                       endpoint->text, (unsigned long)found.st_uid);
    if (error)
        return zl_fail(errors, ZMQLOG_EIO,
                       "\"%s\": cannot tell whether it is in use: %s", endpoint->text,
                       strerrordesc_np(error));
    if (unlink(endpoint->path) != 0 && errno != ENOENT)
        return zl_fail(
            errors, ZMQLOG_EACCESS,
            "\"%s\": cannot remove the socket that a program left behind: %s",
            endpoint->text, strerrordesc_np(errno));
    return ZMQLOG_OK;
}

/* bind() answers ENOENT, too, where a file system takes no sockets, such as /proc. */
static zmqlog_status fail_missing(zl_errors *errors, const zl_endpoint *endpoint) {
    char directory[PATH_BYTES];
    struct stat found;

    name_directory(endpoint->path, directory);
    if (stat(directory, &found) == 0 && S_ISDIR(found.st_mode))
        return zl_fail(errors, ZMQLOG_EADDRNOTAVAIL,
                       "\"%s\": no socket can be made in this directory",
                       endpoint->text);
    return zl_fail(errors, ZMQLOG_EADDRNOTAVAIL,
                   "\"%s\": the directory does not exist%s", endpoint->text,
                   endpoint->path[0] == '/'
                       ? ""
                       : "; the path is relative, an absolute one has three "
                         "slashes: ipc:///run/app.log");
}

static zmqlog_status fail_bind(zl_errors *errors, const zl_endpoint *endpoint,
                               int error) {
    switch (error) {
    case EADDRINUSE:
        return zl_fail(errors, ZMQLOG_EADDRINUSE,
                       "\"%s\": another program listens there", endpoint->text);
    case ENOENT:
        return fail_missing(errors, endpoint);
    case ENOTDIR:
        return zl_fail(errors, ZMQLOG_EADDRNOTAVAIL,
                       "\"%s\": something in the path is not a directory",
                       endpoint->text);
    case EACCES:
    case EPERM:
    case EROFS:
        return zl_fail(errors, ZMQLOG_EACCESS,
                       "\"%s\": not allowed to create a socket there: %s",
                       endpoint->text, strerrordesc_np(error));
    default:
        return zl_fail(errors, ZMQLOG_EIO, "\"%s\": cannot listen: %s", endpoint->text,
                       strerrordesc_np(error));
    }
}

/* The umask may have taken bits away. Nobody gets in meanwhile: connecting is
 * refused until listen(). */
static int apply_mode(const char *path, int mode) {
    struct stat made;

    if (lstat(path, &made) != 0)
        return -1;
    if ((made.st_mode & 0777) == (mode_t)mode)
        return 0;
    if (fchmodat(AT_FDCWD, path, (mode_t)mode, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    return errno == EOPNOTSUPP ? chmod(path, (mode_t)mode) : -1;
}

/* Returns the descriptor or -1 with errno. */
static int listen_on(const zl_endpoint *endpoint, int mode) {
    struct sockaddr_un address;
    socklen_t len = fill_address(&address, endpoint);
    int fd = open_socket();
    int error;

    if (fd < 0)
        return -1;
    /* On Linux the file is made with the mode of the descriptor, never wider. */
    (void)fchmod(fd, (mode_t)mode);
    if (bind(fd, (const struct sockaddr *)&address, len) != 0) {
        error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    if ((!endpoint->abstract && apply_mode(endpoint->path, mode) != 0) ||
        listen(fd, BACKLOG) != 0) {
        error = errno;
        if (!endpoint->abstract)
            unlink(endpoint->path);
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

zmqlog_status zl_endpoint_listen_ipc(const zl_endpoint *endpoint, zl_errors *errors,
                                     int mode, int *fd) {
    zmqlog_status status = ZMQLOG_OK;
    int lock = -1;

    *fd = -1;
    if (!endpoint->abstract) {
        lock = lock_directory(endpoint->path);
        status = clear_path(endpoint, errors);
    }
    if (status == ZMQLOG_OK) {
        *fd = listen_on(endpoint, mode);
        if (*fd < 0)
            status = fail_bind(errors, endpoint, errno);
    }
    if (lock >= 0)
        close(lock);
    return status;
}

void zl_endpoint_unlink_ipc(const char *path, uint64_t dev, uint64_t ino) {
    struct stat found;

    if (lstat(path, &found) == 0 && S_ISSOCK(found.st_mode) &&
        (uint64_t)found.st_dev == dev && (uint64_t)found.st_ino == ino)
        unlink(path);
}
