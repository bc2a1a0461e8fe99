/* SPDX-License-Identifier: BSD-3-Clause */
/* Strangers of every kind, each over a connection of its own: what they send to a
 * handler before, in and after the handshake. After peer.h. */
#ifndef STRANGERS_H
#define STRANGERS_H

#include <sys/time.h>

#define GREETING_BYTES 64
#define READY_SUB "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3SUB"

static char null_greeting[GREETING_BYTES], curve_greeting[GREETING_BYTES];

static inline void make_greeting(char *to, const char *mechanism) {
    memset(to, 0, GREETING_BYTES);
    memcpy(to, "\xff\0\0\0\0\0\0\0\1\x7f\3\0", 12);
    strcpy(to + 12, mechanism);
}

static inline void say(int fd, const void *data, size_t len) {
    (void)!send(fd, data, len, MSG_NOSIGNAL);
}
#define SAY(fd, literal) say((fd), literal, sizeof(literal) - 1)

static inline void say_noise(int fd, size_t len) {
    unsigned dice = 12345;
    char some[4096];
    while (len > 0) {
        size_t part = len < sizeof some ? len : sizeof some;
        for (size_t i = 0; i < part; i++)
            some[i] = (char)((dice = dice * 1103515245u + 12345u) >> 16);
        say(fd, some, part);
        len -= part;
    }
}

/* Reads what the handler sends meanwhile, as a peer would. */
static inline void greet(int fd, const char *greeting) {
    char theirs[GREETING_BYTES];
    say(fd, greeting, GREETING_BYTES);
    (void)!recv(fd, theirs, sizeof theirs, MSG_WAITALL);
}

static inline void ready(int fd) {
    char theirs[255];
    greet(fd, null_greeting);
    SAY(fd, READY_SUB);
    (void)!recv(fd, theirs, sizeof theirs, 0);
}

/* ---- before or without a handshake --------------------------------------- */

static inline void http(int fd) {
    SAY(fd,
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:5556\r\nUser-Agent: curl/7.88.1\r\n\r\n");
}

static inline void tls(int fd) {
    SAY(fd, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    say_noise(fd, 500);
}

static inline void ssh(int fd) {
    SAY(fd, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n");
}

static inline void garbage(int fd) {
    say_noise(fd, 3000);
}

static inline void nothing(int fd) {
    (void)fd;
}

static inline void half_signature(int fd) {
    SAY(fd, "\xff\0\0\0\0");
}

static inline void half_greeting(int fd) {
    say(fd, null_greeting, 40);
}

static inline void zmtp_1(int fd) {
    SAY(fd, "\x01\0\x04\0\1app");
}

static inline void zmtp_2(int fd) {
    SAY(fd, "\xff\0\0\0\0\0\0\0\1\x7f\1\2\0\0\0\4\1app");
}

static inline void unknown_mechanism(int fd) {
    static char greeting[GREETING_BYTES];
    make_greeting(greeting, "PLAIN");
    greet(fd, greeting);
    SAY(fd, "\x04\x0a\x05HELLO\1a\1b");
}

/* ---- in the handshake ---------------------------------------------------- */

static inline void wrong_type(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3REQ");
    SAY(fd, "\0\4\1app");
}

static inline void unknown_type(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3XYZ");
}

static inline void error_command(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x0d\x05"
            "ERROR\6go awa");
}

static inline void unknown_command(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x08\x07WHATNOT");
}

static inline void message_for_handshake(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\0\4\1app");
}

static inline void oversize_handshake(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x06\0\0\0\0\0\1\0\0\x05READY");
    say_noise(fd, 65536);
}

static inline void truncated_handshake(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x19\x05READY\x0bSocket-");
}

static inline void lying_lengths(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x19\x05READY\xffSocket-Type\0\0\0\3SUB");
}

static inline void huge_property(int fd) {
    greet(fd, null_greeting);
    SAY(fd, "\x04\x19\x05READY\x0bSocket-Type\x7f\xff\xff\xffSUB");
}

static inline void curve_hello_of_noise(int fd) {
    greet(fd, curve_greeting);
    SAY(fd, "\x04\xc8\x05HELLO\1\0");
    say_noise(fd, 192);
}

static inline void curve_initiate_first(int fd) {
    greet(fd, curve_greeting);
    SAY(fd, "\x06\0\0\0\0\0\0\1\x01\x08INITIATE");
    say_noise(fd, 248);
}

/* ---- after the handshake ------------------------------------------------- */

static inline void silent_peer(int fd) {
    ready(fd);
}

static inline void user_frames(int fd) {
    ready(fd);
    for (int i = 0; i < 100; i++)
        SAY(fd, "\0\5hello");
}

static inline void more_without_end(int fd) {
    static char frames[100 * 257];
    ready(fd);
    for (int i = 0; i < 100; i++)
        memcpy(frames + i * 257, "\1\xff", 2);
    for (int i = 0; i < 20; i++)
        say(fd, frames, sizeof frames);
}

static inline void pings(int fd) {
    char answers[4096];
    ready(fd);
    for (int i = 0; i < 2000; i++) {
        SAY(fd, "\4\7\4PING\0\1");
        (void)!recv(fd, answers, sizeof answers, MSG_DONTWAIT);
    }
}

static inline void cancels(int fd) {
    ready(fd);
    for (int i = 0; i < 3000; i++)
        SAY(fd, "\0\4\0app"); /* what the listener has */
}

static inline void cancel_commands(int fd) {
    ready(fd);
    for (int i = 0; i < 1000; i++)
        SAY(fd, "\4\x0a\6CANCELapp");
}

static inline void bad_flags(int fd) {
    ready(fd);
    SAY(fd, "\xf8\4xapp");
}

static inline void giant_frame(int fd) {
    ready(fd);
    SAY(fd, "\2\0\0\0\0\x50\0\0\0\1");
    say_noise(fd, 65536);
}

static inline void noise_after_handshake(int fd) {
    ready(fd);
    SAY(fd, "\x05");
    say_noise(fd, 2000);
}

typedef struct stranger {
    const char *name;
    void (*visit)(int fd);
} stranger;

#define KIND(visit)                                                                    \
    { #visit, visit }
static const stranger kinds[] = {
    KIND(http),
    KIND(tls),
    KIND(ssh),
    KIND(garbage),
    KIND(nothing),
    KIND(half_signature),
    KIND(half_greeting),
    KIND(zmtp_1),
    KIND(zmtp_2),
    KIND(unknown_mechanism),
    KIND(wrong_type),
    KIND(unknown_type),
    KIND(error_command),
    KIND(unknown_command),
    KIND(message_for_handshake),
    KIND(oversize_handshake),
    KIND(truncated_handshake),
    KIND(lying_lengths),
    KIND(huge_property),
    KIND(curve_hello_of_noise),
    KIND(curve_initiate_first),
    KIND(silent_peer),
    KIND(user_frames),
    KIND(more_without_end),
    KIND(pings),
    KIND(cancels),
    KIND(cancel_commands),
    KIND(bad_flags),
    KIND(giant_frame),
    KIND(noise_after_handshake),
};

#define STRANGERS (sizeof kinds / sizeof kinds[0])

__attribute__((constructor)) static void make_greetings(void) {
    make_greeting(null_greeting, "NULL");
    make_greeting(curve_greeting, "CURVE");
}

/* No stranger waits long for an answer. */
static inline int stranger_connect(const char *endpoint) {
    struct timeval short_time = {0, 30000};
    int fd = raw_connect(endpoint);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &short_time, sizeof short_time);
    return fd;
}

#endif
