/* SPDX-License-Identifier: BSD-3-Clause */
/* The publishing end of zmqlog send, once it is open. Owns the handler: the wait for a
 * subscriber, what happens when its queue is full, and its end. */
#include "complain.h"
#include "interrupt.h"
#include "moment.h"
#include "problems.h"
#include "send.h"

#include <inttypes.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLICE_MS 200 /* how soon a signal is noticed in a wait */
#define LOOK_MS 5    /* between two looks at the subscriptions */
#define FLUSH_MS 10000
#define CLOSE_MS 1000
/* Longer texts are cut by the library, so that is all the room they need. */
#define ROOM_MOST (1u << 20)

/* The topic that the records will have; "" when only they know. */
static void name_topic(const publisher *to, char *topic, size_t size) {
    const send_options *options = to->options;
    const char *root = options->root ? options->root : "";
    const char *sub = options->topic ? options->topic : "";

    topic[0] = '\0';
    if (!options->scan)
        snprintf(topic, size, "%s%s%s%s%s", root, *root ? "." : "",
                 zmqlog_handler_level_name(to->handler, options->level),
                 *sub ? "." : "", sub);
}

/* Frames may have any topic, so any subscription counts. */
static zmqlog_status wait_for_any(const publisher *to, int slice_ms) {
    struct pollfd polled = {.fd = interrupt_fd(), .events = POLLIN};

    if (zmqlog_handler_count(to->handler, ZMQLOG_COUNT_SUBSCRIPTIONS) > 0)
        return ZMQLOG_OK;
    poll(&polled, 1, slice_ms < LOOK_MS ? slice_ms : LOOK_MS);
    return ZMQLOG_ETIMEDOUT;
}

int publisher_wait(publisher *to) {
    long long wait_ms = to->options->wait_ms;
    int64_t until = wait_ms < 0 ? MOMENT_NEVER : moment_now() + wait_ms * MOMENT_MS;
    zmqlog_status status = ZMQLOG_ETIMEDOUT;
    char topic[ZMQLOG_TOPIC_MAX_BYTES + 1];
    problems waiting_for;

    problems_begin(&waiting_for, moment_now(), to->options->quiet);
    waiting_for.handler = to->handler;
    name_topic(to, topic, sizeof topic);
    while (status == ZMQLOG_ETIMEDOUT && !interrupt_requested()) {
        int left = moment_left_ms(until);
        int slice = left < 0 || left > SLICE_MS ? SLICE_MS : left;
        status = to->options->passes_frames
                     ? wait_for_any(to, slice)
                     : zmqlog_handler_wait_subscriber(to->handler, topic, slice);
        problems_tell(&waiting_for, moment_now());
        if (left == 0)
            break;
    }
    if (status == ZMQLOG_OK)
        return EXIT_OK;
    if (status != ZMQLOG_ETIMEDOUT)
        return publisher_refuse(to, "--wait", status);
    if (interrupt_requested()) {
        complain("interrupted while waiting for a listener");
        return EXIT_FAILED;
    }
    complain("nobody listens to %s", *topic ? topic : "this");
    return EXIT_TIMED_OUT;
}

static zmqlog_status log_text(publisher *to, bytes text) {
    int level = to->options->level;

    if (to->options->scan)
        return zmqlog_logger_log(to->logger, level, text.data, text.len);
    return zmqlog_logger_log_topic(to->logger, level, NULL, 0, text.data, text.len);
}

/* Whether there may be room now; 0 when that was not worth the wait. */
static int wait_room(publisher *to, size_t needed) {
    int64_t start = moment_now();
    int slice = SLICE_MS;

    /* The first request to end still lets the queue empty itself. */
    if (interrupt_count() > 1)
        return 0;
    if (to->options->overflow == SEND_DROP) {
        int64_t left_ms = budget_left(&to->patience, start) / MOMENT_MS;
        if (left_ms <= 0)
            return 0;
        if (left_ms < slice)
            slice = (int)left_ms;
    }
    zmqlog_handler_wait_room(to->handler, needed, slice);
    budget_spend(&to->patience, start, moment_now());
    return 1;
}

void publisher_put(publisher *to, bytes text) {
    size_t room = text.len < ROOM_MOST ? text.len : ROOM_MOST;

    while (log_text(to, text) == ZMQLOG_EAGAIN)
        if (!wait_room(to, room + ZMQLOG_TOPIC_MAX_BYTES)) {
            to->given_up++;
            return;
        }
}

/* The library looks at the front of a text that is too long, and counts the rest. So
 * the rest needs addresses, but no memory. */
void publisher_put_front(publisher *to, bytes front, size_t len) {
    char *all = mmap(NULL, len, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (all == MAP_FAILED) {
        complain("a line of %zu bytes was cut to %zu: %s", len, front.len,
                 strerror(errno));
        publisher_put(to, front);
        return;
    }
    memcpy(all, front.data, front.len);
    publisher_put(to, bytes_make(all, len));
    munmap(all, len);
}

void publisher_put_frames(publisher *to, bytes topic, bytes body) {
    while (zmqlog_handler_log_frames(to->handler, topic.data, topic.len, body.data,
                                     body.len) == ZMQLOG_EAGAIN)
        if (!wait_room(to, topic.len + body.len)) {
            to->given_up++;
            return;
        }
}

static int64_t count_dropped(const publisher *to) {
    static const int reasons[] = {
        ZMQLOG_COUNT_DROPPED_QUEUE, ZMQLOG_COUNT_DROPPED_OLDEST,
        ZMQLOG_COUNT_DROPPED_TIMEOUT, ZMQLOG_COUNT_DROPPED_INTERNAL};
    int64_t sum = (int64_t)to->given_up;

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        sum += zmqlog_handler_count(to->handler, reasons[i]);
    return sum;
}

static zmqlog_status flush_and_close(publisher *to) {
    int64_t until = moment_now() + FLUSH_MS * MOMENT_MS;
    zmqlog_status status;

    do {
        status = zmqlog_handler_flush(to->handler, SLICE_MS);
    } while (status == ZMQLOG_ETIMEDOUT && interrupt_count() < 2 &&
             moment_left_ms(until) > 0);
    return zmqlog_handler_close(to->handler, CLOSE_MS);
}

static const char *records_were(int64_t count) {
    return count == 1 ? "record was" : "records were";
}

/* With --tee what passes through is what counts: only a terminal is told. */
static int is_silence_told(const publisher *to) {
    return !to->options->tee || isatty(STDERR_FILENO);
}

static void tell_notes(const publisher *to, int is_heard) {
    int64_t cut = zmqlog_handler_count(to->handler, ZMQLOG_COUNT_TRUNCATED);
    int64_t unheard = zmqlog_handler_count(to->handler, ZMQLOG_COUNT_UNHEARD);
    int64_t slow = zmqlog_handler_count(to->handler, ZMQLOG_COUNT_SLOW_EPISODES);

    if (to->options->quiet)
        return;
    if (cut > 0 && is_heard)
        complain("%" PRId64 " %s cut: too long", cut, records_were(cut));
    if (slow > 0)
        complain("a listener was too slow and has missed records (%" PRId64 " time%s)",
                 slow, slow == 1 ? "" : "s");
    if (unheard > 0 && !is_heard && is_silence_told(to))
        complain("nobody listened (--wait waits for somebody)");
}

int publisher_close(publisher *to) {
    zmqlog_status status = flush_and_close(to);
    int is_heard = zmqlog_handler_count(to->handler, ZMQLOG_COUNT_SENT) > 0;
    /* Where nobody ever listened, nobody missed what the queue had no room for. */
    int64_t dropped = is_heard ? count_dropped(to) : 0;

    tell_notes(to, is_heard);
    if (dropped > 0)
        complain("%" PRId64 " %s dropped: more came than could be sent", dropped,
                 records_were(dropped));
    else if (status != ZMQLOG_OK)
        complain("the last records may not have arrived: %s", zmqlog_strerror(status));
    /* What passes through is what counts with --tee. */
    if (to->options->tee)
        return EXIT_OK;
    return dropped > 0 || status != ZMQLOG_OK ? EXIT_FAILED : EXIT_OK;
}

void publisher_free(publisher *to) {
    zmqlog_logger_free(to->logger);
    zmqlog_handler_free(to->handler);
}
