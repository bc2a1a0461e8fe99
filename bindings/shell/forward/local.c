/* SPDX-License-Identifier: BSD-3-Clause */
/* Datagrams to a socket of this machine. Owns how one learns that they were read:
 * the system counts what waits in the peer's queue. That queue is empty, too, when
 * the peer is gone, so a sign of life that came later is needed as well. */
#include "forward/local.h"
#include "forward/forward.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SEND_BUFFER_BYTES (8 << 20)
#define USUAL_QUEUE_LIMIT 512 /* what systemd sets */

typedef struct local {
    struct sockaddr_un address;
    local_long how;
    buffer scratch;
    struct stat socket; /* which one the path led to when it was opened */
    uint64_t put;       /* the last one that was sent */
    uint64_t read;      /* those up to this are known to have been read */
    uint64_t most;      /* datagrams that a peer's queue can hold */
} local;

const char *local_make(sink *to, const char *path, local_long how) {
    local *link = calloc(1, sizeof *link);

    if (!link)
        return "out of memory";
    to->state = link;
    link->how = how;
    link->address.sun_family = AF_UNIX;
    if (path[0] != '/')
        return "the socket's path must begin with /";
    if (strlen(path) >= sizeof link->address.sun_path)
        return "the socket's path is too long";
    strcpy(link->address.sun_path, path);
    return NULL;
}

void local_free(sink *to) {
    local *link = to->state;

    if (link)
        buffer_free(&link->scratch);
    free(link);
}

buffer *local_scratch(sink *to) {
    return &((local *)to->state)->scratch;
}

static int connect_to(const local *link) {
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0 ||
        connect(fd, (const struct sockaddr *)&link->address, sizeof link->address) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* A peer's socket may be older than today's limit. */
static uint64_t queue_limit(void) {
    FILE *file = fopen("/proc/sys/net/unix/max_dgram_qlen", "re");
    unsigned long limit = 0;

    if (file && fscanf(file, "%lu", &limit) != 1)
        limit = 0;
    if (file)
        fclose(file);
    return limit + USUAL_QUEUE_LIMIT;
}

int local_open(sink *to) {
    local *link = to->state;
    int size = SEND_BUFFER_BYTES;

    to->fd = connect_to(link);
    if (to->fd < 0 || stat(link->address.sun_path, &link->socket) < 0) {
        sink_fail(to, errno, "%s", link->address.sun_path);
        local_shut(to);
        return -1;
    }
    /* Beyond the system's limit for those who may. */
    if (setsockopt(to->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0)
        setsockopt(to->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    link->put = link->read = 0;
    link->most = queue_limit();
    return 0;
}

/* How many bytes wait in the peer's queue; -1: not known. */
static int waiting(const sink *to) {
    int size;

    return ioctl(to->fd, SIOCOUTQ, &size) < 0 ? -1 : size;
}

static int write_whole(int fd, const char *data, size_t len) {
    while (len > 0) {
        ssize_t written = write(fd, data, len);
        if (written < 0)
            return -1;
        data += written;
        len -= (size_t)written;
    }
    return 0;
}

static int make_file(const queue_item *item) {
    int fd = memfd_create("zmqlog-record", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

    if (fd < 0)
        return -1;
    if (write_whole(fd, item->data, item->len) == 0 &&
        fcntl(fd, F_ADD_SEALS, seals) == 0)
        return fd;
    close(fd);
    return -1;
}

static ssize_t send_file(const sink *to, int file) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control = {{0}};
    struct msghdr message = {.msg_control = control.space,
                             .msg_controllen = sizeof control.space};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);

    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof file);
    memcpy(CMSG_DATA(header), &file, sizeof file);
    return sendmsg(to->fd, &message, MSG_NOSIGNAL);
}

static ssize_t send_item(const sink *to, const queue_item *item) {
    const local *link = to->state;
    ssize_t sent;

    do {
        sent = send(to->fd, item->data, item->len, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent >= 0 || errno != EMSGSIZE || link->how == LOCAL_LONG_REFUSED)
        return sent;
    int file = make_file(item);
    if (file < 0)
        return -1;
    do {
        sent = send_file(to, file);
    } while (sent < 0 && errno == EINTR);
    int error = errno;
    close(file);
    errno = error;
    return sent;
}

static void note_put(sink *to, uint64_t number, int was_empty) {
    local *link = to->state;

    /* The peer took this one, so it lived when its queue was empty. */
    if (was_empty)
        queue_settle(&to->queue, link->put);
    else if (number > link->most)
        queue_settle(&to->queue, number - link->most);
    link->put = number;
}

sink_result local_put(sink *to, const queue_item *item) {
    int was_empty = waiting(to) == 0;

    if (send_item(to, item) >= 0) {
        note_put(to, item->number, was_empty);
        return SINK_DONE;
    }
    if (errno == EAGAIN)
        return SINK_FULL;
    if (errno == ENOBUFS || errno == ENOMEM)
        return SINK_BUSY; /* the system has no memory for it now */
    if (errno == EMSGSIZE)
        return SINK_REFUSED;
    sink_fail(to, errno, "%s", ((local *)to->state)->address.sun_path);
    return SINK_LOST;
}

/* Whether the socket that was opened is still the one behind the path, with a
 * process that has it open. */
static int is_alive(const local *link) {
    struct stat now;
    int fd = connect_to(link);

    if (fd < 0)
        return 0;
    close(fd);
    return stat(link->address.sun_path, &now) == 0 &&
           now.st_ino == link->socket.st_ino && now.st_dev == link->socket.st_dev &&
           now.st_ctim.tv_sec == link->socket.st_ctim.tv_sec &&
           now.st_ctim.tv_nsec == link->socket.st_ctim.tv_nsec;
}

sink_result local_turn(sink *to) {
    local *link = to->state;

    if (link->put == link->read || waiting(to) != 0)
        return SINK_DONE;
    if (!is_alive(link)) {
        sink_fail(to, 0, "%s: nobody listens there any more", link->address.sun_path);
        return SINK_LOST;
    }
    link->read = link->put;
    queue_settle(&to->queue, link->put);
    return SINK_DONE;
}

void local_shut(sink *to) {
    if (to->fd >= 0)
        close(to->fd);
    to->fd = -1;
}
