/* SPDX-License-Identifier: BSD-3-Clause */
/* Any bytes, sent to an open handler as a stranger would, before the handshake and
 * after it. A listener beside it goes on receiving each record. */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "zmqlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PATIENCE_MS 10000

static zmqlog_handler *handler;
static zmqlog_subscriber *subscriber;
static zmqlog_record *record;
static struct sockaddr_un address = {.sun_family = AF_UNIX};
static socklen_t address_len;

static void check(int right) {
    if (!right)
        abort();
}

static void open_once(void) {
    char endpoint[64];
    if (handler)
        return;
    snprintf(endpoint, sizeof endpoint, "ipc://@zmqlog-fuzz-%d", (int)getpid());
    address.sun_path[0] = '\0';
    memcpy(address.sun_path + 1, endpoint + 7, strlen(endpoint + 7));
    address_len =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(endpoint + 7));
    handler = zmqlog_handler_new();
    subscriber = zmqlog_subscriber_new();
    record = zmqlog_record_new();
    check(handler && subscriber && record);
    check(zmqlog_handler_set_root_topic(handler, "app") == ZMQLOG_OK);
    check(zmqlog_handler_bind(handler, endpoint) == ZMQLOG_OK);
    check(zmqlog_subscriber_subscribe(subscriber, "app") == ZMQLOG_OK);
    check(zmqlog_subscriber_connect(subscriber, endpoint) == ZMQLOG_OK);
    check(zmqlog_handler_wait_subscriber(handler, "app", PATIENCE_MS) == ZMQLOG_OK);
}

/* A SUB of ZMTP 3.0 without security. */
static const char greeting[] =
    "\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL\0\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    "\0\0\0\0\0";
#define GREETING_BYTES 64
static const char ready[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03SUB";

static void put(int fd, const void *data, size_t len) {
    if (send(fd, data, len, MSG_NOSIGNAL) < 0)
        check(errno == EPIPE || errno == ECONNRESET || errno == EAGAIN);
}

/* Until the handler has answered, so that what follows finds the handshake done. */
static void await_answer(int fd) {
    struct pollfd one = {fd, POLLIN, 0};
    char answer[512];
    if (poll(&one, 1, PATIENCE_MS) > 0)
        (void)!recv(fd, answer, sizeof answer, MSG_DONTWAIT);
}

static void be_stranger(const uint8_t *data, size_t size) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unsigned how = data[0] % 3;
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)&address, address_len) != 0) {
        close(fd);
        return;
    }
    if (how > 0)
        put(fd, greeting, GREETING_BYTES);
    if (how > 1) {
        put(fd, ready, sizeof ready - 1);
        await_answer(fd);
    }
    put(fd, data + 1, size - 1);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static unsigned turn;
    if (size < 1)
        return 0;
    open_once();
    be_stranger(data, size);
    if (++turn % 8 == 0) {
        check(zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "still here", 10) ==
              ZMQLOG_OK);
        check(zmqlog_subscriber_recv(subscriber, record, PATIENCE_MS) == ZMQLOG_OK);
    }
    return 0;
}
