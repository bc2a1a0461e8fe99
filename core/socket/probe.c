/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread of a probe: connects, greets (ZMTP 3.0, NULL mechanism), reads. */
#include "socket/probe.h"

#include "base/clock.h"
#include "thread/detached.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECT_MS 3000
#define ANSWER_MS 1000
#define GREETING_BYTES 64
/* Signature and version: after these the other side sends its whole greeting, and after
 * more it may end the connection, for the mechanism. */
#define BEGINNING_BYTES 11
#define MECHANISM_AT 12
#define MECHANISM_BYTES 20

struct zl_probe {
    _Atomic int holders;
    _Atomic int finding;
    int has_keys, publishes;
    char word[ZL_PROBE_WORD];
    char endpoint[];
};

void zl_probe_end(zl_probe *probe) {
    if (probe && atomic_fetch_sub(&probe->holders, 1) == 1)
        free(probe);
}

/* ---- connecting ---- */

static int open_ipc(const char *path, struct sockaddr_un *address, socklen_t *len) {
    size_t size = strlen(path);
    if (size >= sizeof address->sun_path)
        return -1;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, size);
    *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
    if (path[0] == '@')
        address->sun_path[0] = '\0';
    else
        *len += 1;
    return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* HOST:PORT or [HOST]:PORT. */
static int open_tcp(const char *text, struct sockaddr_storage *address,
                    socklen_t *len) {
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    const char *port = strrchr(text, ':');
    char host[128] = "";
    size_t size = port ? (size_t)(port - text) : 0;
    if (text[0] == '[' && size > 2) {
        text++;
        size -= 2;
    }
    if (!port || size >= sizeof host)
        return -1;
    memcpy(host, text, size);
    if (getaddrinfo(host, port + 1, &wanted, &found) != 0)
        return -1;
    memcpy(address, found->ai_addr, found->ai_addrlen);
    *len = found->ai_addrlen;
    freeaddrinfo(found);
    return socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static int wait_for(int fd, short what, int timeout_ms) {
    struct pollfd one = {fd, what, 0};
    return poll(&one, 1, timeout_ms) > 0;
}

/* 0 or an error number. */
static int finish_connect(int fd) {
    int error = 0;
    socklen_t size = sizeof error;
    if (!wait_for(fd, POLLOUT, CONNECT_MS))
        return ETIMEDOUT;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

static zl_finding name_error(int error) {
    switch (error) {
    case ECONNREFUSED:
        return ZL_REFUSED;
    case ENOENT:
    case ENOTDIR:
        return ZL_NO_FILE;
    case EACCES:
    case EPERM:
        return ZL_DENIED;
    case EAGAIN: /* a full backlog of an ipc socket */
        return ZL_SILENT;
    default:
        return ZL_UNREACHABLE;
    }
}

static zl_finding open_connection(const char *endpoint, int *out) {
    union {
        struct sockaddr any;
        struct sockaddr_un local;
        struct sockaddr_storage storage;
    } address;
    socklen_t len = 0;
    int is_ipc = strncmp(endpoint, "ipc://", 6) == 0, error = 0;
    int fd = is_ipc ? open_ipc(endpoint + 6, &address.local, &len)
                    : open_tcp(endpoint + 6, &address.storage, &len);
    *out = fd;
    if (fd < 0)
        return ZL_NOT_KNOWN;
    if (connect(fd, &address.any, len) != 0)
        error = errno == EINPROGRESS ? finish_connect(fd) : errno;
    return error ? name_error(error) : ZL_NOTHING_WRONG;
}

/* ---- talking ---- */

/* What is there within the time, at most so many bytes; 0: nothing, -1: it hung up. */
static int read_some(int fd, char *to, size_t size, int timeout_ms) {
    ssize_t got;
    if (!wait_for(fd, POLLIN, timeout_ms))
        return 0;
    got = recv(fd, to, size, 0);
    return got > 0 ? (int)got : -1;
}

static int read_all(int fd, char *to, size_t size) {
    int64_t until = zl_clock_deadline(ANSWER_MS);
    size_t have = 0;
    while (have < size) {
        int got = read_some(fd, to + have, size - have, zl_clock_left_ms(until));
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return (int)have;
}

static void say(int fd, const void *data, size_t len) {
    (void)!send(fd, data, len, MSG_NOSIGNAL);
}

static int is_web(const char *text) {
    return strncmp(text, "HTTP/", 5) == 0 || strncasecmp(text, "<!doctype", 9) == 0 ||
           strncasecmp(text, "<html", 5) == 0;
}

/* A web server waits for the end of a line before it answers. */
static zl_finding look_at_silence(int fd) {
    char answer[16] = "";
    say(fd, "\r\n\r\n", 4);
    if (read_some(fd, answer, sizeof answer - 1, ANSWER_MS) > 0)
        return is_web(answer) ? ZL_HTTP : ZL_NO_ZMTP;
    return ZL_SILENT;
}

static int is_one_of(const char *type, const char *a, const char *b) {
    return strcmp(type, a) == 0 || strcmp(type, b) == 0;
}

static const char greeting[GREETING_BYTES] = "\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL";

/* The READY command of the other side: its socket's type is among the properties. */
static zl_finding look_at_type(zl_probe *probe, int fd) {
    static const char name[] = "\x0bSocket-Type";
    char sub[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3SUB";
    char got[256 + 1] = "";
    const char *at;
    int len;
    size_t size;
    memcpy(sub + sizeof sub - 4, probe->publishes ? "PUB" : "SUB", 3);
    say(fd, greeting + BEGINNING_BYTES, sizeof greeting - BEGINNING_BYTES);
    say(fd, sub, sizeof sub - 1);
    len = read_some(fd, got, sizeof got - 1, ANSWER_MS);
    at = len > 0 ? memmem(got, (size_t)len, name, sizeof name - 1) : NULL;
    if (!at || at + sizeof name - 1 + 4 >= got + len)
        return ZL_NOTHING_WRONG;
    at += sizeof name - 1 + 4;
    size = (unsigned char)at[-1];
    if (size >= sizeof probe->word || at + size > got + len)
        return ZL_NOTHING_WRONG;
    memcpy(probe->word, at, size);
    probe->word[size] = '\0';
    if (probe->publishes ? is_one_of(probe->word, "SUB", "XSUB")
                         : is_one_of(probe->word, "PUB", "XPUB"))
        return ZL_NOTHING_WRONG;
    return ZL_WRONG_TYPE;
}

static zl_finding look_at_mechanism(zl_probe *probe, int fd, const char *theirs) {
    char mechanism[MECHANISM_BYTES + 1] = "";
    memcpy(mechanism, theirs + MECHANISM_AT, MECHANISM_BYTES);
    if (strcmp(mechanism, "CURVE") == 0)
        return probe->has_keys ? ZL_NOTHING_WRONG : ZL_WANTS_KEYS;
    if (strcmp(mechanism, "NULL") == 0)
        return probe->has_keys ? ZL_WANTS_NO_KEYS : look_at_type(probe, fd);
    memcpy(probe->word, mechanism, sizeof mechanism);
    return ZL_OTHER_MECHANISM;
}

static zl_finding look_at_greeting(zl_probe *probe, int fd) {
    char theirs[GREETING_BYTES + 1] = "";
    int len;
    say(fd, greeting, BEGINNING_BYTES);
    len = read_some(fd, theirs, GREETING_BYTES, ANSWER_MS);
    if (len == 0)
        return look_at_silence(fd);
    if (len < 0)
        return ZL_HANGS_UP;
    if (is_web(theirs))
        return ZL_HTTP;
    if (theirs[0] == 1 || theirs[0] == 0) /* the length of an identity: ZMTP 1 */
        return ZL_OLD_ZMTP;
    if ((unsigned char)theirs[0] != 0xff)
        return ZL_NO_ZMTP;
    len += read_all(fd, theirs + len, (size_t)(GREETING_BYTES - len));
    if (len > 10 && theirs[10] < 3)
        return ZL_OLD_ZMTP;
    return len == GREETING_BYTES ? look_at_mechanism(probe, fd, theirs) : ZL_SILENT;
}

static void *run(void *argument) {
    zl_probe *probe = argument;
    int fd = -1;
    zl_finding found = open_connection(probe->endpoint, &fd);
    if (fd >= 0 && found == ZL_NOTHING_WRONG)
        found = look_at_greeting(probe, fd);
    if (fd >= 0)
        close(fd);
    /* What cannot be found out is nothing to complain about. */
    atomic_store(&probe->finding, found < 0 ? ZL_NOTHING_WRONG : (int)found);
    zl_probe_end(probe);
    return NULL;
}

zl_probe *zl_probe_begin(const char *endpoint, int has_keys, int publishes) {
    size_t len = strlen(endpoint);
    zl_probe *probe = calloc(1, sizeof *probe + len + 1);
    if (!probe)
        return NULL;
    memcpy(probe->endpoint, endpoint, len + 1);
    probe->has_keys = has_keys;
    probe->publishes = publishes;
    atomic_init(&probe->holders, 2);
    atomic_init(&probe->finding, ZL_NOT_KNOWN);
    if (zl_detached_start(run, probe) == 0)
        return probe;
    free(probe);
    return NULL;
}

zl_finding zl_probe_finding(const zl_probe *probe, char word[ZL_PROBE_WORD]) {
    zl_finding found = (zl_finding)atomic_load(&probe->finding);
    if (found != ZL_NOT_KNOWN)
        memcpy(word, probe->word, ZL_PROBE_WORD);
    return found;
}
