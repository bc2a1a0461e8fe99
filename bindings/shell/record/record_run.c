/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of a recorder: receive while there is something, write when there is not.
 * Owns when things happen, what ends it and what is said at the end. */
#include "complain.h"
#include "interrupt.h"
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>

#define FLUSH_MS 20
#define CLOCK_EVERY 64
/* After the end was asked for, what has arrived is still written for so long. */
#define DRAIN_MS 1000
#define SILENCE_MS 20 /* nothing more is on its way */

#define GO_ON -1

/* The body as it came: reading it as JSON replaces the text. 0, or -1. */
static int keep_body(recorder *to, bytes *body) {
    if (body->len > to->body_room) {
        char *grown = realloc(to->body, body->len);
        if (!grown)
            return -1;
        to->body = grown;
        to->body_room = body->len;
    }
    if (body->len > 0)
        memcpy(to->body, body->data, body->len);
    body->data = to->body;
    return 0;
}

static stream *stream_for(recorder *to, const view *seen) {
    stream *found;

    if (!to->options->per_root)
        found = stream_of(&to->streams, bytes_of("zmqlog"));
    else
        found = stream_of(&to->streams, seen->root);
    if (found && stream_prepare(found, seen->received_ns) == 0)
        return found;
    return NULL;
}

static int take(recorder *to) {
    bytes body;
    view seen;

    body.data = zmqlog_record_text(to->from.record, &body.len);
    if (body.len > 0 && body.data[0] == '{' && keep_body(to, &body) < 0) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    view_take(&seen, to->from.record, 1);
    if (!source_wants(&to->from, &seen))
        return GO_ON;
    stream *into = stream_for(to, &seen);
    if (!into) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    render_recorded(&to->look, &into->out, &seen, body);
    output_end_record(&into->out);
    return GO_ON;
}

static void on_time(recorder *to) {
    source_tell_strangers(&to->from);
    if (interrupt_took_hangup()) {
        source_reload_keys(&to->from);
        stream_renew(&to->streams);
    }
    to->flushes = stream_tick(&to->streams, FLUSH_MS);
}

static int sleep_until_something(recorder *to) {
    struct pollfd polled[2] = {{.fd = to->fd, .events = POLLIN},
                               {.fd = interrupt_fd(), .events = POLLIN}};

    on_time(to);
    if (poll(polled, 2, moment_left_ms(to->flushes)) < 0 && errno != EINTR) {
        complain("poll: %s", strerror(errno));
        return EXIT_FAILED;
    }
    return GO_ON;
}

static int loop(recorder *to) {
    unsigned turns = 0;
    int code = GO_ON;

    to->fd = source_fd(&to->from);
    if (to->fd < 0)
        return source_refuse(&to->from, "", to->fd);
    while (code == GO_ON && !interrupt_requested()) {
        zmqlog_status status = source_receive(&to->from);
        if (status == ZMQLOG_OK)
            code = take(to);
        else if (status == ZMQLOG_EAGAIN || status == ZMQLOG_EINTERRUPTED)
            code = sleep_until_something(to);
        else
            code = source_refuse(&to->from, "", status);
        if (code == GO_ON && ++turns % CLOCK_EVERY == 0 &&
            (interrupt_requested() || moment_now() >= to->flushes || turns % 4096 == 0))
            on_time(to);
    }
    return code == GO_ON ? EXIT_OK : code;
}

static void drain(recorder *to) {
    int64_t until = moment_now() + DRAIN_MS * MOMENT_MS;

    while (moment_now() < until && interrupt_count() < 2 &&
           source_receive_within(&to->from, SILENCE_MS) == ZMQLOG_OK &&
           take(to) == GO_ON) {
    }
}

static int64_t count(const recorder *to, int which) {
    return zmqlog_subscriber_count(to->from.subscriber, which);
}

int record_run(recorder *to) {
    uint64_t written = 0, unwritten = 0;
    int code = loop(to);

    drain(to);
    stream_end(&to->streams, &written, &unwritten);
    if (!to->options->quiet)
        complain("%" PRId64 " received, %" PRIu64 " recorded, %" PRId64
                 " malformed, %" PRId64 " lost, %" PRId64 " duplicates, %" PRId64
                 " dropped, %" PRIu64 " not written",
                 source_received(&to->from), written, count(to, ZMQLOG_COUNT_MALFORMED),
                 count(to, ZMQLOG_COUNT_LOST), count(to, ZMQLOG_COUNT_DUPLICATES),
                 count(to, ZMQLOG_COUNT_DROPPED), unwritten);
    return unwritten > 0 ? EXIT_FAILED : code;
}
