/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink syslog+zmq: one RFC 5424 message a frame, from a PUSH socket to the PULL
 * socket of rsyslog's imczmq. Speaks ZMTP by itself: libzmq would take records for sent
 * that its buffers lose when rsyslogd ends. A PONG says that everything before its PING
 * has been read from the connection; what can still wait inside the other socket, at
 * most its high-water mark, is kept until later ones push it out. */
#include "forward/forward.h"
#include "forward/kinds.h"
#include "forward/zmtp.h"
#include "moment.h"

#define PING_EVERY_BYTES (64 << 10)
/* No more than this is on its way without a PONG. */
#define AHEAD_BYTES (1 << 20)
/* czmq's high-water mark, and a time in which its reader takes what is there. */
#define READER_RECORDS 1000
#define READER_MS 1000

typedef struct pusher {
    stream stream;
    zmtp_answers answers;
    uint64_t put, pinged, ponged;      /* numbers of records */
    uint64_t pinged_bytes, read_bytes; /* of the stream, at the last PING and PONG */
    int64_t ponged_at;                 /* moment */
    int is_pinging;                    /* `ping` has to be written first */
    char ping[ZMTP_PING_BYTES];
} pusher;

static const char *check(sink *to, const char *address) {
    return stream_make(to, sizeof(pusher), address, 1);
}

static int open_link(sink *to) {
    pusher *link = to->state;

    if (stream_connect(&link->stream, to) < 0)
        return -1;
    if (zmtp_greet(&link->stream, to, "PUSH", "PULL") < 0) {
        stream_close(&link->stream);
        return -1;
    }
    *link = (pusher){.stream = link->stream};
    to->fd = link->stream.fd;
    return 0;
}

static sink_result ping(sink *to) {
    pusher *link = to->state;
    sink_result result;

    if (!link->is_pinging) {
        link->pinged = link->put;
        link->pinged_bytes = link->stream.bytes;
        zmtp_ping(link->ping, link->pinged, link->pinged_bytes);
        link->is_pinging = 1;
    }
    result = stream_put(&link->stream, to, NULL, 0, link->ping, sizeof link->ping);
    if (result == SINK_DONE)
        link->is_pinging = 0;
    return result;
}

static sink_result put(sink *to, const queue_item *item) {
    pusher *link = to->state;
    char header[STREAM_HEADER_BYTES];
    sink_result result = link->is_pinging ? ping(to) : SINK_DONE;

    if (result != SINK_DONE)
        return result;
    if (link->stream.bytes - link->read_bytes >= AHEAD_BYTES)
        return SINK_BUSY;
    size_t len = zmtp_message(header, item->len);
    result = stream_put(&link->stream, to, header, len, item->data, item->len);
    if (result != SINK_DONE)
        return result;
    link->put = item->number;
    if (link->stream.bytes - link->pinged_bytes >= PING_EVERY_BYTES &&
        ping(to) == SINK_LOST)
        return SINK_LOST;
    return SINK_DONE;
}

/* The end of what there is wants its PONG, too. */
static sink_result ping_when_idle(sink *to) {
    pusher *link = to->state;
    int is_between = link->is_pinging || link->stream.done == 0;

    if (!is_between || (!link->is_pinging && link->put == link->pinged))
        return SINK_DONE;
    if (!link->is_pinging && queue_next(&to->queue))
        return SINK_DONE;
    return ping(to);
}

static void settle(sink *to) {
    pusher *link = to->state;
    int is_quiet = link->ponged == link->put &&
                   moment_now() - link->ponged_at >= READER_MS * MOMENT_MS;

    if (is_quiet || (sink_is_ending(to) && link->ponged == link->put))
        queue_settle(&to->queue, link->ponged);
    else if (link->ponged > READER_RECORDS)
        queue_settle(&to->queue, link->ponged - READER_RECORDS);
}

static sink_result turn(sink *to) {
    pusher *link = to->state;
    uint64_t number, position;
    int got;

    if (ping_when_idle(to) == SINK_LOST)
        return SINK_LOST;
    while ((got = zmtp_next_pong(&link->answers, &link->stream, to, &number,
                                 &position)) > 0) {
        if (number > link->ponged)
            link->ponged_at = moment_now();
        link->ponged = number;
        link->read_bytes = position;
    }
    settle(to);
    return got < 0 ? SINK_LOST : SINK_DONE;
}

const sink_kind sink_syslog_zmq = {
    .scheme = "syslog+zmq://",
    .check = check,
    .pack = syslog_pack_modern,
    .open = open_link,
    .put = put,
    .turn = turn,
    .shut = stream_shut,
    .free = stream_free,
};
