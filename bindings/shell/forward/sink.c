/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a sink's thread: connect, hand over, wait, and after a loss hand over
 * again what had not arrived. Knows no protocol. */
#include "forward/sink.h"
#include "complain.h"
#include "moment.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>

#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 5000
/* So many are handed over between two looks at what the peer says. */
#define PUTS_PER_TURN 256
/* How often a peer is looked at whose descriptor tells nothing. */
#define LOOK_MS 20

void sink_fail(sink *to, int error, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(to->problem, sizeof to->problem, format, arguments);
    va_end(arguments);
    size_t len = strlen(to->problem);
    if (error)
        snprintf(to->problem + len, sizeof to->problem - len, ": %s", strerror(error));
}

int sink_is_ending(const sink *to) {
    return to->is_ending;
}

static int is_over(sink *to) {
    if (!to->is_ending)
        return 0;
    return queue_is_settled(&to->queue) || moment_now() >= to->ends;
}

/* Sleeps until the descriptor, the queue or the end has something, or the time is
 * over. */
static void wait(sink *to, int timeout_ms) {
    struct pollfd polled[2] = {
        {.fd = to->queue.wake, .events = POLLIN},
        {.fd = to->is_open ? to->fd : -1,
         .events = (short)(POLLIN | (to->is_full ? POLLOUT : 0))},
    };
    int left = to->is_ending ? moment_left_ms(to->ends) : timeout_ms;

    if (timeout_ms < 0 || left < timeout_ms)
        timeout_ms = left;
    if (poll(polled, 2, timeout_ms) > 0 && polled[0].revents)
        queue_clear_signal(to->queue.wake);
}

static void tell_trouble(sink *to) {
    if (!to->is_in_trouble)
        complain("%s: %s; trying again", to->name, to->problem);
    to->is_in_trouble = 1;
}

/* Twice as long each time, until something arrives. */
static void pause_after_failure(sink *to) {
    int64_t until = moment_now() + to->pause_ms * MOMENT_MS;

    to->pause_ms *= 2;
    if (to->pause_ms > LONGEST_PAUSE_MS)
        to->pause_ms = LONGEST_PAUSE_MS;
    while (!is_over(to) && moment_now() < until)
        wait(to, moment_left_ms(until));
}

static void lose(sink *to) {
    to->kind->shut(to);
    to->is_open = 0;
    to->is_full = 0;
    to->fd = -1;
    queue_rewind(&to->queue);
    tell_trouble(to);
    pause_after_failure(to);
}

static void try_to_open(sink *to) {
    if (to->kind->open(to) == 0) {
        to->is_open = 1;
        return;
    }
    tell_trouble(to);
    pause_after_failure(to);
}

static void note_success(sink *to) {
    if (to->is_in_trouble)
        complain("%s: goes on, %" PRIu64 " waiting", to->name,
                 queue_count(&to->queue).waiting);
    to->is_in_trouble = 0;
    to->pause_ms = FIRST_PAUSE_MS;
}

/* DONE: there is nothing more, or it is the peer's turn. FULL and BUSY: it must be
 * waited for. */
static sink_result put_some(sink *to) {
    for (int i = 0; i < PUTS_PER_TURN; i++) {
        const queue_item *item = queue_next(&to->queue);
        if (!item)
            return SINK_DONE;
        sink_result result = to->kind->put(to, item);
        if (result != SINK_DONE && result != SINK_REFUSED)
            return result;
        queue_advance(&to->queue, result == SINK_REFUSED);
    }
    return SINK_DONE;
}

static void rest(sink *to, sink_result put) {
    int is_idle = put == SINK_DONE && queue_is_settled(&to->queue);

    to->is_full = put == SINK_FULL;
    if (put == SINK_DONE)
        queue_be_hungry(&to->queue);
    wait(to, is_idle ? -1 : LOOK_MS);
}

static sink_result step(sink *to) {
    uint64_t before = queue_count(&to->queue).delivered;
    sink_result put = put_some(to);

    if (put == SINK_LOST)
        return put;
    sink_result turned = to->kind->turn(to);
    if (turned == SINK_LOST)
        return turned;
    if (queue_count(&to->queue).delivered != before)
        note_success(to);
    else if (!is_over(to))
        rest(to, put);
    return SINK_DONE;
}

static void *work(void *argument) {
    sink *to = argument;

    to->pause_ms = FIRST_PAUSE_MS;
    while (!is_over(to)) {
        if (!to->is_open)
            try_to_open(to);
        else if (step(to) == SINK_LOST)
            lose(to);
    }
    if (to->is_open)
        to->kind->shut(to);
    return NULL;
}

int sink_start(sink *to) {
    int error = pthread_create(&to->thread, NULL, work, to);

    if (error) {
        complain("%s: no thread: %s", to->name, strerror(error));
        return EXIT_FAILED;
    }
    to->is_started = 1;
    return EXIT_OK;
}

void sink_end(sink *to, int64_t ends) {
    if (!to->kind) /* it was never made */
        return;
    to->ends = ends;
    to->is_ending = 1;
    queue_signal(to->queue.wake);
}

void sink_join(sink *to) {
    if (to->is_started)
        pthread_join(to->thread, NULL);
    to->is_started = 0;
}
