/* SPDX-License-Identifier: BSD-3-Clause */
/* The side of ZMTP 3.1 that sends. Owns greetings, headers and heartbeats. */
#include "forward/zmtp.h"

#include <errno.h>

#define GREETING_BYTES 64
#define FLAG_LONG 2
#define FLAG_COMMAND 4

static void put_number(char *into, uint64_t number, int width) {
    for (int i = 0; i < width; i++)
        into[i] = (char)(number >> 8 * (width - 1 - i) & 0xFF);
}

static uint64_t get_number(const char *from, int width) {
    uint64_t number = 0;

    for (int i = 0; i < width; i++)
        number = number << 8 | (unsigned char)from[i];
    return number;
}

static int refuse(sink *to, const char *why) {
    sink_fail(to, 0, "%s", why);
    return -1;
}

static int exchange_greetings(stream *of, sink *to) {
    static const char own[GREETING_BYTES] = "\xFF\0\0\0\0\0\0\0\0\x7F\3\1NULL";
    char theirs[GREETING_BYTES];

    if (stream_put(of, to, NULL, 0, own, sizeof own) != SINK_DONE ||
        stream_expect(of, to, theirs, sizeof theirs) < 0)
        return -1;
    if (theirs[0] != '\xFF' || !(theirs[9] & 1) || theirs[10] < 3)
        return refuse(to, "what listens there does not speak ZMTP 3");
    if (memcmp(theirs + 12, "NULL", 5) != 0)
        return refuse(to, "the socket there wants keys, which this sink has not");
    return 0;
}

static size_t put_property(char *into, const char *name, const char *value) {
    size_t name_len = strlen(name), value_len = strlen(value);

    into[0] = (char)name_len;
    memcpy(into + 1, name, name_len);
    put_number(into + 1 + name_len, value_len, 4);
    memcpy(into + 5 + name_len, value, value_len);
    return 5 + name_len + value_len;
}

static int send_ready(stream *of, sink *to, const char *own) {
    char ready[64] = "\4\0\5READY";
    size_t len = 8;

    len += put_property(ready + len, "Socket-Type", own);
    len += put_property(ready + len, "Identity", "");
    ready[1] = (char)(len - 2);
    return stream_put(of, to, NULL, 0, ready, len) == SINK_DONE ? 0 : -1;
}

/* Whether a READY has this socket type. */
static int has_type(const char *ready, size_t len, const char *type) {
    char wanted[64];
    size_t wanted_len = put_property(wanted, "Socket-Type", type);

    return len > 6 && memmem(ready + 6, len - 6, wanted, wanted_len) != NULL;
}

int zmtp_greet(stream *of, sink *to, const char *own, const char *peer) {
    char head[2], body[256];

    if (exchange_greetings(of, to) < 0 || send_ready(of, to, own) < 0 ||
        stream_expect(of, to, head, sizeof head) < 0)
        return -1;
    if (!(head[0] & FLAG_COMMAND) || head[0] & FLAG_LONG)
        return refuse(to, "the socket there began with something else than READY");
    size_t len = (unsigned char)head[1];
    if (stream_expect(of, to, body, len) < 0)
        return -1;
    if (len < 6 || memcmp(body, "\5READY", 6) != 0 || !has_type(body, len, peer)) {
        sink_fail(to, 0, "what listens there is no %s socket", peer);
        return -1;
    }
    of->bytes = 0;
    return 0;
}

size_t zmtp_message(char header[STREAM_HEADER_BYTES], size_t len) {
    int is_long = len > 255;

    header[0] = (char)(is_long ? FLAG_LONG : 0);
    put_number(header + 1, len, is_long ? 8 : 1);
    return is_long ? 9 : 2;
}

void zmtp_ping(char ping[ZMTP_PING_BYTES], uint64_t first, uint64_t second) {
    /* The two zeros: the peer need not expect more of them. */
    memcpy(ping, "\4\x17\4PING\0\0", 9);
    put_number(ping + 9, first, 8);
    put_number(ping + 17, second, 8);
}

/* The frame at the front of the answers: its size with the header, 0 when it is not
 * whole. */
static size_t frame_size(const zmtp_answers *answers, size_t *head) {
    if (answers->len < 2)
        return 0;
    *head = answers->data[0] & FLAG_LONG ? 9 : 2;
    if (answers->len < *head)
        return 0;
    uint64_t len = get_number(answers->data + 1, (int)*head - 1);
    if (len > sizeof answers->data)
        return SIZE_MAX;
    return *head + (size_t)len;
}

static int read_more(zmtp_answers *answers, stream *of, sink *to) {
    ssize_t count = stream_read(of, answers->data + answers->len,
                                sizeof answers->data - answers->len);

    if (count > 0) {
        answers->len += (size_t)count;
        return 1;
    }
    if (count == -1)
        return 0;
    sink_fail(to, count == 0 ? 0 : errno, "the peer ended the connection");
    return -1;
}

static void take_frame(zmtp_answers *answers, size_t size) {
    answers->len -= size;
    memmove(answers->data, answers->data + size, answers->len);
}

int zmtp_next_pong(zmtp_answers *answers, stream *of, sink *to, uint64_t *first,
                   uint64_t *second) {
    for (;;) {
        size_t head = 0, size = frame_size(answers, &head);
        if (size > sizeof answers->data)
            return refuse(to, "the peer sends what no PULL socket sends");
        if (size == 0 || size > answers->len) {
            int more = read_more(answers, of, to);
            if (more <= 0)
                return more;
            continue;
        }
        const char *body = answers->data + head;
        int is_pong = answers->data[0] & FLAG_COMMAND &&
                      size - head == 5 + ZMTP_CONTEXT_BYTES &&
                      memcmp(body, "\4PONG", 5) == 0;
        if (is_pong) {
            *first = get_number(body + 5, 8);
            *second = get_number(body + 13, 8);
        }
        take_frame(answers, size);
        if (is_pong)
            return 1;
    }
}
