/* SPDX-License-Identifier: BSD-3-Clause */
/* A connection over which messages are written. Owns connecting in bounded time, and
 * messages that leave in pieces. */
#include "forward/stream.h"
#include "forward/forward.h"
#include "moment.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 5000
/* A peer whose machine is gone is noticed after this time. */
#define GONE_MS 30000

static const char *copy(char *into, size_t size, const char *from, size_t len) {
    if (len == 0 || len >= size)
        return "it must be HOST:PORT";
    memcpy(into, from, len);
    into[len] = '\0';
    return NULL;
}

static const char *read_address(stream *of, const char *address, int may_be_path,
                                int is_insecure) {
    const char *colon = strrchr(address, ':');
    size_t len = colon ? (size_t)(colon - address) : 0;

    of->fd = -1;
    if (may_be_path && address[0] == '/')
        return copy(of->host, sizeof of->host, address, strlen(address));
    if (!colon || copy(of->port, sizeof of->port, colon + 1, strlen(colon + 1)))
        return "it must be HOST:PORT";
    if (len > 2 && address[0] == '[' && address[len - 1] == ']') {
        address++;
        len -= 2;
    }
    const char *problem = copy(of->host, sizeof of->host, address, len);
    if (!problem && !is_insecure && !sink_is_local_host(of->host))
        return "that is beyond this machine, and the records would travel in the "
               "clear: "
               "use 127.0.0.1, or, if anybody may read them, --insecure";
    return problem;
}

const char *stream_make(sink *to, size_t size, const char *address, int may_be_path) {
    to->state = calloc(1, size);
    if (!to->state)
        return "out of memory";
    return read_address(to->state, address, may_be_path,
                        to->options->source.security.insecure);
}

void stream_shut(sink *to) {
    stream_close(to->state);
    to->fd = -1;
}

void stream_free(sink *to) {
    free(to->state);
}

/* Waits until the descriptor has one of the events; 0, or an errno. */
static int await(int fd, short events, int64_t until) {
    struct pollfd polled = {.fd = fd, .events = events};
    int ready;

    do
        ready = poll(&polled, 1, moment_left_ms(until));
    while (ready < 0 && errno == EINTR);
    return ready < 0 ? errno : ready == 0 ? ETIMEDOUT : 0;
}

static int finish_connecting(int fd, int64_t until) {
    int error = await(fd, POLLOUT, until);
    socklen_t len = sizeof error;

    if (error == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        error = errno;
    return error;
}

/* 0, or an errno. */
static int connect_one(stream *of, const struct sockaddr *address, socklen_t len) {
    int64_t until = moment_now() + PATIENCE_MS * MOMENT_MS;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error = 0;

    if (fd < 0)
        return errno;
    if (connect(fd, address, len) < 0)
        error = errno == EINPROGRESS ? finish_connecting(fd, until) : errno;
    if (error)
        close(fd);
    else
        of->fd = fd;
    return error;
}

static int connect_path(stream *of) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(of->host) >= sizeof address.sun_path)
        return ENAMETOOLONG;
    strcpy(address.sun_path, of->host);
    return connect_one(of, (struct sockaddr *)&address, sizeof address);
}

static int connect_host(stream *of, sink *to) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    unsigned gone_ms = GONE_MS;
    int code = getaddrinfo(of->host, of->port, &hints, &found), error = 0, on = 1;

    if (code) {
        sink_fail(to, 0, "%s: %s", of->host, gai_strerror(code));
        return -1;
    }
    for (struct addrinfo *at = found; at && of->fd < 0; at = at->ai_next)
        error = connect_one(of, at->ai_addr, at->ai_addrlen);
    freeaddrinfo(found);
    if (of->fd < 0)
        return error;
    setsockopt(of->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(of->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(of->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &gone_ms, sizeof gone_ms);
    return 0;
}

int stream_connect(stream *of, sink *to) {
    int error = *of->port ? connect_host(of, to) : connect_path(of);

    of->done = 0;
    of->bytes = 0;
    if (error > 0)
        sink_fail(to, error, "connecting");
    return error ? -1 : 0;
}

void stream_close(stream *of) {
    if (of->fd >= 0)
        close(of->fd);
    of->fd = -1;
}

static ssize_t write_from(const stream *of, const char *header, size_t header_len,
                          const char *data, size_t len) {
    struct iovec pieces[2];
    struct msghdr message = {.msg_iov = pieces};

    if (of->done < header_len)
        pieces[message.msg_iovlen++] = (struct iovec){
            (void *)(uintptr_t)(header + of->done), header_len - of->done};
    size_t start = of->done > header_len ? of->done - header_len : 0;
    pieces[message.msg_iovlen++] =
        (struct iovec){(void *)(uintptr_t)(data + start), len - start};
    return sendmsg(of->fd, &message, MSG_NOSIGNAL);
}

sink_result stream_put(stream *of, sink *to, const char *header, size_t header_len,
                       const char *data, size_t len) {
    while (of->done < header_len + len) {
        ssize_t written = write_from(of, header, header_len, data, len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == EAGAIN)
            return SINK_FULL;
        if (written < 0) {
            sink_fail(to, errno, "the connection ended");
            return SINK_LOST;
        }
        of->done += (size_t)written;
        of->bytes += (size_t)written;
    }
    of->done = 0;
    return SINK_DONE;
}

ssize_t stream_read(stream *of, char *data, size_t size) {
    ssize_t count;

    do
        count = recv(of->fd, data, size, 0);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return errno == EAGAIN ? -1 : -2;
    return count;
}

int stream_expect(stream *of, sink *to, char *data, size_t len) {
    int64_t until = moment_now() + PATIENCE_MS * MOMENT_MS;

    while (len > 0) {
        int error = await(of->fd, POLLIN, until);
        ssize_t count = error ? -2 : stream_read(of, data, len);
        if (count > 0) {
            data += count;
            len -= (size_t)count;
        } else if (count != -1) {
            sink_fail(to,
                      count == 0 ? 0
                      : error    ? error
                                 : errno,
                      count == 0 ? "the peer ended the connection" : "no answer");
            return -1;
        }
    }
    return 0;
}

int stream_is_acknowledged(const stream *of) {
    int left;

    return ioctl(of->fd, SIOCOUTQ, &left) == 0 && left == 0;
}
