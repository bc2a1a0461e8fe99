/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers that speak another protocol, or an old one: no record reaches them. */
#include "site.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

static int dial(const char *endpoint) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_port = htons((uint16_t)atoi(strrchr(endpoint, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* What a stranger receives until the site hangs up, while the site keeps publishing.
 * Fails the test when the site does not hang up. */
static size_t listen_in(site *s, int fd, char *heard, size_t size) {
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    size_t len = 0;

    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    while (zl_clock_left_ms(deadline) > 0) {
        ssize_t got;
        assert_int_not_equal(step(s), ADMITTED);
        zmq_send(s->xpub, "app.INFO", 8, ZMQ_SNDMORE | ZMQ_DONTWAIT);
        zmq_send(s->xpub, "confidential", 12, ZMQ_DONTWAIT);
        got = read(fd, heard + len, size - len);
        if (got == 0 || (got < 0 && errno != EAGAIN))
            return len;
        if (got > 0)
            len += (size_t)got;
        assert_true(len < size);
    }
    fail_msg("the stranger is still connected");
    return 0;
}

static const struct says {
    const char *bytes;
    size_t len;
} says[] = {
#define BYTES(literal)                                                                 \
    { literal, sizeof(literal) - 1 }
    /* ZMTP 1.0 without and with an identity, and 2.0 */
    BYTES("\x01\x00"),
    BYTES("\x05\x00"
          "abcd"),
    BYTES("\xff\0\0\0\0\0\0\0\x01\x7f\x00\x02\0\0"),
    BYTES("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello tls"),
    /* ZMTP 3.0 with a mechanism that is not offered */
    BYTES("\xff\0\0\0\0\0\0\0\x01\x7f\x03\0PLAIN\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
          "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
};

#define SAYINGS (sizeof says / sizeof says[0])

static void hears_nothing(site *s, int fd, const struct says *what) {
    char heard[65536];
    size_t len;

    assert_int_equal(write(fd, what->bytes, what->len), what->len);
    len = listen_in(s, fd, heard, sizeof heard);
    assert_null(memmem(heard, len, "confidential", 12));
    assert_null(memmem(heard, len, "app.INFO", 8));
    close(fd);
}

static void visit_all(site *s) {
    size_t i;

    for (i = 0; i < SAYINGS; i++)
        hears_nothing(s, dial(s->endpoint), &says[i]);
    assert_int_equal(s->zap.accepted, 0);
}

TEST(stranger__gets_nothing_without_auth) {
    site s;

    site_open(&s, NULL);
    site_bind(&s, "tcp://127.0.0.1:*");
    visit_all(&s);
    site_close(&s);
}

TEST_WITH(stranger__gets_nothing_with_curve, vault_open, vault_close) {
    vault *v = *state;

    visit_all(&v->s);
}

static int listen_on(char endpoint[64]) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(endpoint, 64, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

TEST(stranger__that_we_connect_to_gets_nothing) {
    char endpoint[64];
    size_t i;
    site s;

    for (i = 0; i < SAYINGS; i++) {
        int fd = listen_on(endpoint);
        site_open(&s, NULL);
        assert_int_equal(zl_auth_apply(NULL, s.xpub, ZL_CONNECT), 0);
        assert_int_equal(zmq_connect(s.xpub, endpoint), 0);
        hears_nothing(&s, accept(fd, NULL, NULL), &says[i]);
        close(fd);
        site_close(&s);
    }
}
