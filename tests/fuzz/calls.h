/* SPDX-License-Identifier: BSD-3-Clause */
/* What calls.c makes of its input: handles, arguments taken from it byte by byte, and
 * what answers must be. */
#ifndef CALLS_H
#define CALLS_H

#include "zmqlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS 3

typedef struct program {
    const uint8_t *at, *end;
    zmqlog_handler *handler[SLOTS];
    zmqlog_logger *logger[SLOTS];
    zmqlog_record *record[SLOTS];
    zmqlog_subscriber *subscriber[SLOTS];
    zmqlog_auth *auth[SLOTS];
    zmqlog_keypair *keypair;
    void *context, *socket; /* the caller's own, for attach */
} program;

/* ---- arguments ------------------------------------------------------------- */

static inline int below(program *p, int limit) {
    return p->at < p->end ? *p->at++ % limit : 0;
}

static inline int number(program *p) {
    static const int numbers[] = {0,    1,     2,     10,    20,      30,       50,
                                  63,   64,    -1,    100,   256,     4096,     16384,
                                  1000, 60000, 60001, 65536, 3600000, INT32_MAX};
    return numbers[below(p, sizeof numbers / sizeof *numbers)];
}

/* Mostly one that may be heard. */
static inline int level(program *p) {
    return below(p, 4) ? ZMQLOG_LEVEL_INFO : number(p);
}

static inline int moment(program *p) {
    static const int ms[] = {0, 0, 1, 5};
    return ms[below(p, 4)];
}

static inline const char *word(program *p) {
    static const char *const words[] = {
        "",          "app",       "a.b",
        "app.INFO",  "INFO",      "sub.topic",
        "%(x)s",     "json",      "plain",
        "pyzmq",     "key",       "time",
        "\xff\xfe",  "a\nb",      "default",
        "*",         "127.0.0.1", "10.0.0.0/8",
        "{\"a\":1}", "[1,2",      "%(asctime)s %(name)s %(message)s",
        NULL};
    return words[below(p, sizeof words / sizeof *words)];
}

static inline const char *bytes(program *p, size_t *len) {
    static char text[70000];
    static const size_t lens[] = {0, 1, 5, 60, 300, 5000, 70000};
    memset(text, 'x', sizeof text);
    memcpy(text, below(p, 2) ? "sub::text" : "plain text", 9);
    *len = lens[below(p, sizeof lens / sizeof *lens)];
    return below(p, 16) == 15 ? NULL : text;
}

static inline const char *endpoint(program *p) {
    static char name[64];
    static const char *const endpoints[] = {"tcp://127.0.0.1:*",
                                            "tcp://[::1]:*",
                                            "tcp://127.0.0.1:9",
                                            "tcp://0.0.0.0:*",
                                            "ipc://",
                                            "nonsense",
                                            "inproc://x",
                                            NULL};
    int chosen = below(p, 12);
    if (chosen < 8)
        return endpoints[chosen];
    snprintf(name, sizeof name, "ipc://@zmqlog-fuzz-%d-%d", (int)getpid(), chosen);
    return name;
}

/* ---- answers --------------------------------------------------------------- */

static inline void demand(int truth) {
    if (!truth)
        abort();
}

static inline int is_soft(zmqlog_status status) {
    return status == ZMQLOG_EAGAIN || status == ZMQLOG_ETIMEDOUT ||
           status == ZMQLOG_EINTERRUPTED;
}

static inline void known(zmqlog_status status) {
    demand(strcmp(zmqlog_status_name(status), "UNKNOWN") != 0);
}

static inline void told(zmqlog_status status, const void *handle, const char *errmsg) {
    known(status);
    demand(!handle || status == ZMQLOG_OK || is_soft(status) || errmsg[0]);
}

static inline void told_h(zmqlog_handler *h, zmqlog_status status) {
    told(status, h, zmqlog_handler_errmsg(h));
}

static inline void told_s(zmqlog_subscriber *s, zmqlog_status status) {
    told(status, s, zmqlog_subscriber_errmsg(s));
}

static inline void told_a(zmqlog_auth *a, zmqlog_status status) {
    told(status, a, zmqlog_auth_errmsg(a));
}

/* After a flush every record is counted somewhere; QUEUED may already count later
 * records. */
static inline void accounts_add_up(zmqlog_handler *h) {
    int64_t sum = 0;
    for (int which = ZMQLOG_COUNT_SENT; which <= ZMQLOG_COUNT_QUEUED; which++)
        sum += zmqlog_handler_count(h, which);
    demand(sum == zmqlog_handler_count(h, ZMQLOG_COUNT_ACCEPTED));
}

#endif
