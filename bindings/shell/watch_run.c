/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of a watch: receive while there is something, write when there is
 * not, sleep on descriptors otherwise. Owns when things happen and what ends the
 * watch; must not know how records look. */
#include "complain.h"
#include "interrupt.h"
#include "watch.h"

#include <errno.h>
#include <poll.h>

/* While records come in quick succession they leave in blocks: not sooner after
 * one another than this. A record that comes alone leaves at once. */
#define FLUSH_MS 2
/* How often a stream without a pause is interrupted to look at the clock. */
#define CLOCK_EVERY 256

#define GO_ON -1

/* After the end was asked for, what has arrived is still written for so long. */
#define DRAIN_MS 1000
#define SILENCE_MS 20 /* nothing more is on its way */

static void show(watcher *watch, const view *seen) {
    look_show(&watch->look, &watch->out, seen);
    output_end_record(&watch->out);
    watch->shown++;
    watch->hints = MOMENT_NEVER;
}

/* Exit code, or GO_ON. */
static int end_of_output(const watcher *watch) {
    if (watch->out.failed == EPIPE || watch->out.failed == EINTR)
        return EXIT_OK;
    complain("standard output: %s", strerror(watch->out.failed));
    return EXIT_FAILED;
}

static int take(watcher *watch) {
    view seen;

    view_take(&seen, watch->from.record, watch->look.parses);
    if (seen.lost > 0)
        watch_tell_losses(watch, &seen);
    if (source_wants(&watch->from, &seen))
        show(watch, &seen);
    if (watch->out.failed)
        return end_of_output(watch);
    if (watch->options->count && watch->shown == (uint64_t)watch->options->count)
        return EXIT_OK;
    return GO_ON;
}

static int timed_out(const watcher *watch) {
    return watch->options->count || watch->shown == 0 ? EXIT_TIMED_OUT : EXIT_OK;
}

/* Whole records went to the old file. */
static void take_hangup(watcher *watch) {
    source_reload_keys(&watch->from);
    if (!watch->options->output)
        return;
    output_flush(&watch->out);
    logfile_close(&watch->file);
    logfile_ready(&watch->file);
}

/* What the clock asks for. */
static int on_time(watcher *watch) {
    int64_t now = moment_now();

    if (now >= output_due(&watch->out, FLUSH_MS) && output_flush(&watch->out))
        return end_of_output(watch);
    if (interrupt_took_hangup())
        take_hangup(watch);
    locals_follow(&watch->locals);
    if (!watch->options->quiet)
        source_tell_strangers(&watch->from);
    watch_tell_left_out(watch);
    if (now >= watch->hints) {
        watch_tell_hint(watch);
        watch->hints = MOMENT_NEVER;
    }
    problems_tell(&watch->problems, now);
    return now >= watch->ends ? timed_out(watch) : GO_ON;
}

static int sleep_until_something(watcher *watch) {
    struct pollfd polled[4] = {
        {.fd = watch->fd, .events = POLLIN},
        {.fd = interrupt_fd(), .events = POLLIN},
        /* Only to learn that nobody reads any more. */
        {.fd = watch->out.write ? -1 : watch->out.fd},
        {.fd = watch->locals.notify, .events = POLLIN},
    };
    int64_t until = moment_earlier(watch->ends, watch->hints);

    until = moment_earlier(until, watch->locals.again);
    until = moment_earlier(until, problems_due(&watch->problems));
    until = moment_earlier(until, output_due(&watch->out, FLUSH_MS));
    if (poll(polled, 4, moment_left_ms(until)) < 0 && errno != EINTR) {
        complain("poll: %s", strerror(errno));
        return EXIT_FAILED;
    }
    if (polled[2].revents & (POLLERR | POLLHUP | POLLNVAL)) {
        watch->out.failed = EPIPE;
        return EXIT_OK;
    }
    return on_time(watch);
}

static int loop(watcher *watch) {
    unsigned turns = 0;
    int code = GO_ON;

    watch->fd = source_fd(&watch->from);
    if (watch->fd < 0)
        return source_refuse(&watch->from, "", watch->fd);
    while (code == GO_ON && !interrupt_requested()) {
        zmqlog_status status = source_receive(&watch->from);
        if (status == ZMQLOG_OK)
            code = take(watch);
        else if (status == ZMQLOG_EAGAIN || status == ZMQLOG_EINTERRUPTED)
            code = sleep_until_something(watch);
        else
            code = source_refuse(&watch->from, "", status);
        if (code == GO_ON && ++turns % CLOCK_EVERY == 0)
            code = on_time(watch);
    }
    return code == GO_ON ? EXIT_OK : code;
}

/* Whether what has arrived is still to be written: not on a terminal, where one wants
 * to see the end, and not when it is of no use. */
static int writes_rest(const watcher *watch) {
    return !watch->out.failed && !watch->out.is_terminal && interrupt_count() < 2;
}

/* The records that arrived before the end, and where they went. */
static void drain(watcher *watch) {
    int64_t until = moment_now() + DRAIN_MS * MOMENT_MS;
    view seen;

    while (moment_now() < until &&
           source_receive_within(&watch->from, SILENCE_MS) == ZMQLOG_OK) {
        view_take(&seen, watch->from.record, watch->look.parses);
        if (!source_wants(&watch->from, &seen))
            continue;
        if (writes_rest(watch))
            show(watch, &seen);
        else
            output_miss(&watch->out, 1);
    }
}

int watch_run(watcher *watch) {
    int code = loop(watch);
    int has_all =
        watch->options->count && watch->shown == (uint64_t)watch->options->count;

    output_flush(&watch->out);
    if (!has_all)
        drain(watch);
    output_give_up(&watch->out);
    if (watch->out.failed && code != EXIT_FAILED)
        code = end_of_output(watch);
    if (watch->options->output && watch->out.unwritten > 0)
        code = EXIT_FAILED;
    watch_tell_summary(watch, interrupt_requested() || watch->out.failed);
    return code;
}
