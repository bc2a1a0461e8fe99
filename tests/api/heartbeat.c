/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether a handler pings: seen by a peer that speaks ZMTP 3.1 itself. */
#include "support.h"

#include "peer.h"

#include "strangers.h"

#include <poll.h>

static int open_listener(int heartbeat_ms, zmqlog_handler **handler) {
    int fd;
    *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_heartbeat_ms(*handler, heartbeat_ms));
    assert_ok(zmqlog_handler_bind(*handler, "tcp://127.0.0.1:*"));
    make_greeting(null_greeting, "NULL");
    null_greeting[11] = 1; /* 3.1 */
    fd = raw_connect(zmqlog_handler_endpoint(*handler, 0));
    ready(fd);
    SAY(fd, "\0\1\1");
    assert_ok(zmqlog_handler_wait_subscriber(*handler, NULL, PATIENCE_MS));
    return fd;
}

/* What the handler says within the time, until "PING" or "the end" is in it. */
static int hears(int fd, const char *text, int timeout_ms) {
    char all[4096];
    size_t len = 0;
    struct pollfd news = {fd, POLLIN, 0};
    while (len < sizeof all && poll(&news, 1, timeout_ms) == 1) {
        ssize_t got = recv(fd, all + len, sizeof all - len, 0);
        if (got <= 0)
            return 0;
        len += (size_t)got;
        if (memmem(all, len, text, strlen(text)))
            return 1;
    }
    return 0;
}

TEST(heartbeat__pings_a_peer_where_it_is_on) {
    zmqlog_handler *handler;
    int fd = open_listener(20, &handler);
    assert_true(hears(fd, "\4PING", PATIENCE_MS));
    close(fd);
    zmqlog_handler_free(handler);
}

TEST(heartbeat__is_off_by_default) {
    zmqlog_handler *handler;
    int fd = open_listener(0, &handler);
    assert_false(hears(fd, "\4PING", 200));
    log_text(handler, ZMQLOG_LEVEL_INFO, "the end");
    assert_true(hears(fd, "the end", PATIENCE_MS));
    close(fd);
    zmqlog_handler_free(handler);
}

TEST(heartbeat__is_chosen_before_opening) {
    zmqlog_handler *handler;
    int fd = open_listener(0, &handler);
    assert_status(zmqlog_handler_set_heartbeat_ms(handler, 20), ZMQLOG_ESTATE);
    close(fd);
    zmqlog_handler_free(handler);
}
