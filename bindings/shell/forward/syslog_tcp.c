/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink syslog+tcp: RFC 6587, octet counting. Syslog over TCP has no answers, so a
 * connection is what gets acknowledged: this end closes its half, and the server
 * closes the other when it has read everything. Until then its records are kept.
 * Owns when a connection has been long enough. */
#include "forward/forward.h"
#include "forward/kinds.h"
#include "forward/stream.h"
#include "moment.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

/* So much, or so long a silence, ends a connection. What it carried waits in the queue
 * until then, and needs not more than a quarter of it. */
#define CONNECTION_BYTES (8 << 20)
#define QUEUE_SHARE 4
#define SILENCE_MS 2000
/* A server that never closes its half has read what its system acknowledged. */
#define NEVER_MS 60000

typedef struct tcp {
    stream stream;
    uint64_t enough;  /* bytes of a connection */
    uint64_t put;     /* the last one that was written */
    int64_t put_at;   /* moment */
    int64_t ended_at; /* moment our half was closed; 0: it is open */
} tcp;

static const char *check(sink *to, const char *address) {
    const char *problem = stream_make(to, sizeof(tcp), address, 0);
    tcp *link = to->state;

    if (problem)
        return problem;
    link->enough = (uint64_t)to->options->queue_bytes / QUEUE_SHARE;
    if (link->enough > CONNECTION_BYTES)
        link->enough = CONNECTION_BYTES;
    return NULL;
}

static int open_link(sink *to) {
    tcp *link = to->state;

    if (stream_connect(&link->stream, to) < 0)
        return -1;
    to->fd = link->stream.fd;
    link->ended_at = 0;
    link->put_at = moment_now();
    return 0;
}

static void end_half(tcp *link) {
    shutdown(link->stream.fd, SHUT_WR);
    link->ended_at = moment_now();
}

static sink_result put(sink *to, const queue_item *item) {
    tcp *link = to->state;
    char header[STREAM_HEADER_BYTES];

    if (link->stream.fd < 0 && open_link(to) < 0)
        return SINK_LOST;
    if (link->ended_at)
        return SINK_BUSY;
    int len = snprintf(header, sizeof header, "%zu ", item->len);
    sink_result result =
        stream_put(&link->stream, to, header, (size_t)len, item->data, item->len);
    if (result != SINK_DONE)
        return result;
    link->put = item->number;
    link->put_at = moment_now();
    if (link->stream.bytes >= link->enough)
        end_half(link);
    return SINK_DONE;
}

/* The connection has done its work: the next record opens another. */
static sink_result arrive(sink *to) {
    tcp *link = to->state;

    queue_settle(&to->queue, link->put);
    stream_shut(to);
    return SINK_DONE;
}

static sink_result look_for_end(sink *to) {
    tcp *link = to->state;
    char answer[512];
    ssize_t count = stream_read(&link->stream, answer, sizeof answer);

    if (count == 0 && link->ended_at)
        return arrive(to);
    if (count == 0 || count == -2) {
        sink_fail(to, count == 0 ? 0 : errno, "the server ended the connection");
        return SINK_LOST;
    }
    if (link->ended_at && moment_now() - link->ended_at >= NEVER_MS * MOMENT_MS &&
        stream_is_acknowledged(&link->stream))
        return arrive(to);
    return SINK_DONE;
}

static sink_result turn(sink *to) {
    tcp *link = to->state;

    if (link->stream.fd < 0)
        return SINK_DONE;
    if (!link->ended_at && !queue_next(&to->queue) && link->stream.bytes > 0 &&
        (sink_is_ending(to) || moment_now() - link->put_at >= SILENCE_MS * MOMENT_MS))
        end_half(link);
    return look_for_end(to);
}

const sink_kind sink_syslog_tcp = {
    .scheme = "syslog+tcp://",
    .check = check,
    .pack = syslog_pack_modern,
    .open = open_link,
    .put = put,
    .turn = turn,
    .shut = stream_shut,
    .free = stream_free,
};
