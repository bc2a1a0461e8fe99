/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of a play: one record after the other, each when its time has come. Owns
 * the pace. */
#include "complain.h"
#include "interrupt.h"
#include "moment.h"
#include "play.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>

#define FLUSH_MS 2
#define CLOCK_EVERY 256

static int64_t due_of(const player *play, int64_t time_ns) {
    return play->start +
           (int64_t)((double)(time_ns - play->start_ns) / play->options->speed);
}

/* Sleeps until a record's time has come. 0 when a signal ends it first. */
static int wait_for(player *play, int64_t time_ns) {
    struct pollfd polled = {.fd = interrupt_fd(), .events = POLLIN};
    int64_t left;

    if (play->options->speed <= 0)
        return !interrupt_requested();
    if (play->played == 0) {
        play->start = moment_now();
        play->start_ns = time_ns;
    }
    while ((left = due_of(play, time_ns) - moment_now()) > 0) {
        struct timespec rest = {left / 1000000000, left % 1000000000};
        output_flush(&play->out);
        if (interrupt_requested() ||
            (ppoll(&polled, 1, &rest, NULL) < 0 && errno != EINTR))
            return 0;
    }
    return !interrupt_requested();
}

static void play_one(player *play, const kept *at, const view *seen) {
    if (play->options->publishes) {
        publisher_put_frames(&play->to, at->topic, at->body);
    } else {
        look_show(&play->look, &play->out, seen);
        output_end_record(&play->out);
    }
    play->played++;
}

static int is_in_time(const player *play, const kept *at) {
    return at->received_ns >= play->options->from_ns &&
           at->received_ns <= play->options->to_ns;
}

/* Whether the filters let it pass. */
static int is_wanted(player *play, const kept *at, view *seen) {
    zmqlog_status status;

    if (!is_in_time(play, at))
        return 0;
    status = zmqlog_subscriber_decode(play->from.subscriber, play->from.record,
                                      at->topic.data, at->topic.len, at->body.data,
                                      at->body.len, at->received_ns);
    if (status != ZMQLOG_OK)
        return 0;
    view_take(seen, play->from.record, play->parses);
    seen->lost = at->lost;
    return source_wants(&play->from, seen);
}

static void flush_when_due(player *play) {
    if (output_due(&play->out, FLUSH_MS) <= moment_now())
        output_flush(&play->out);
}

static void loop(player *play) {
    const kept *at;
    unsigned turns = 0;
    view seen;

    while ((at = tracks_next(&play->files)) && !play->out.failed &&
           !interrupt_requested()) {
        if (is_wanted(play, at, &seen)) {
            if (!wait_for(play, at->received_ns))
                return;
            play_one(play, at, &seen);
        }
        tracks_advance(&play->files);
        if (++turns % CLOCK_EVERY == 0)
            flush_when_due(play);
    }
}

static int end_of_output(const player *play) {
    if (!play->out.failed || play->out.failed == EPIPE || play->out.failed == EINTR)
        return EXIT_OK;
    complain("standard output: %s", strerror(play->out.failed));
    return EXIT_FAILED;
}

int play_run(player *play) {
    int code;

    loop(play);
    output_flush(&play->out);
    code = end_of_output(play);
    if (play->options->publishes && publisher_close(&play->to) != EXIT_OK)
        code = EXIT_FAILED;
    if (!play->options->quiet) {
        tracks_tell(&play->files);
        if (play->options->publishes || interrupt_requested())
            complain("%" PRIu64 " records played", play->played);
    }
    return play->files.failed ? EXIT_FAILED : code;
}
