/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of a forwarder: receive, pack for each sink, queue. Owns what happens when
 * a queue is full, and how it all ends; must not know how sinks deliver. */
#include "complain.h"
#include "forward/forward.h"
#include "interrupt.h"
#include "moment.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* How often a stream of records without a pause is interrupted for questions. */
#define QUESTIONS_EVERY 1024

static void answer_questions(forwarder *forward) {
    struct signalfd_siginfo question;

    while (read(forward->asks, &question, sizeof question) > 0)
        forward_tell(forward);
    if (interrupt_took_hangup())
        source_reload_keys(&forward->from);
}

/* Sleeps until the descriptor is readable, a signal comes, or a moment. */
static void sleep_for(forwarder *forward, int fd, int64_t until) {
    struct pollfd polled[3] = {
        {.fd = fd, .events = POLLIN},
        {.fd = forward->asks, .events = POLLIN},
        {.fd = interrupt_requested() ? -1 : interrupt_fd(), .events = POLLIN},
    };

    if (poll(polled, 3, moment_left_ms(until)) > 0 &&
        (polled[1].revents || polled[2].revents))
        answer_questions(forward);
}

/* Until there is room or, once a signal asks to end, that moment. */
static void put_patiently(forwarder *forward, sink *to, bytes packed, int64_t *ends) {
    while (queue_put(&to->queue, packed) == QUEUE_FULL) {
        if (interrupt_requested() && *ends == MOMENT_NEVER)
            *ends = moment_now() + forward->options->linger_ms * MOMENT_MS;
        if (interrupt_count() > 1 || moment_now() >= *ends) {
            queue_count_drop(&to->queue);
            return;
        }
        /* Nobody tells when memory is there again. */
        sleep_for(forward, to->queue.room,
                  moment_earlier(*ends, moment_now() + 100 * MOMENT_MS));
        queue_clear_signal(to->queue.room);
    }
}

static void put(forwarder *forward, sink *to, bytes packed, int64_t *ends) {
    if (forward->options->waits) {
        put_patiently(forward, to, packed, ends);
    } else if (queue_put(&to->queue, packed) == QUEUE_FULL) {
        queue_count_drop(&to->queue);
        forward_tell_drop(forward, to);
    }
}

/* The body as it came, which reading it as JSON may replace. */
static bytes keep_body(forwarder *forward) {
    bytes body;

    body.data = zmqlog_record_text(forward->from.record, &body.len);
    if (!forward->parses)
        return body;
    buffer_clear(&forward->body);
    buffer_put_bytes(&forward->body, body);
    return bytes_make(forward->body.data, forward->body.len);
}

static void take(forwarder *forward, int64_t *ends) {
    bytes body = keep_body(forward);
    view seen;

    view_take(&seen, forward->from.record, forward->parses);
    if (!source_wants(&forward->from, &seen))
        return;
    for (int i = 0; i < forward->count; i++) {
        sink *to = &forward->sinks[i];
        buffer_clear(&forward->packed);
        to->kind->pack(to, &seen, body, &forward->packed);
        if (forward->packed.failed || forward->body.failed)
            queue_count_drop(&to->queue);
        else
            put(forward, to, bytes_make(forward->packed.data, forward->packed.len),
                ends);
    }
}

/* What came before the end was asked for is taken, too: until there is nothing, or
 * the moment. Returns an exit code. */
static int receive(forwarder *forward, int64_t *ends) {
    int fd = source_fd(&forward->from);
    unsigned turns = 0;

    if (fd < 0)
        return source_refuse(&forward->from, "", fd);
    for (;;) {
        zmqlog_status status = source_receive(&forward->from);
        if (interrupt_requested() && *ends == MOMENT_NEVER)
            *ends = moment_now() + forward->options->linger_ms * MOMENT_MS;
        if (status == ZMQLOG_OK)
            take(forward, ends);
        else if (status != ZMQLOG_EAGAIN && status != ZMQLOG_EINTERRUPTED)
            return source_refuse(&forward->from, "", status);
        else if (interrupt_requested())
            return EXIT_OK;
        else
            sleep_for(forward, fd, MOMENT_NEVER);
        source_tell_strangers(&forward->from);
        if (++turns % QUESTIONS_EVERY == 0)
            answer_questions(forward);
        if (interrupt_count() > 1 || moment_now() >= *ends)
            return EXIT_OK;
    }
}

static int is_settled(forwarder *forward) {
    for (int i = 0; i < forward->count; i++)
        if (!queue_is_settled(&forward->sinks[i].queue))
            return 0;
    return 1;
}

/* The sinks deliver what they have; a second signal ends that, too. */
static void finish(forwarder *forward, int64_t ends) {
    for (int i = 0; i < forward->count; i++)
        sink_end(&forward->sinks[i], ends);
    while (!is_settled(forward) && moment_now() < ends && interrupt_count() < 2)
        sleep_for(forward, -1, moment_earlier(ends, moment_now() + 10 * MOMENT_MS));
    for (int i = 0; i < forward->count; i++)
        sink_end(&forward->sinks[i], 0);
    for (int i = 0; i < forward->count; i++)
        sink_join(&forward->sinks[i]);
}

int forward_run(forwarder *forward) {
    int64_t ends = MOMENT_NEVER;
    int code = receive(forward, &ends);

    if (ends == MOMENT_NEVER)
        ends = moment_now() + forward->options->linger_ms * MOMENT_MS;
    finish(forward, ends);
    int left = forward_tell_end(forward);
    return code == EXIT_OK ? left : code;
}
