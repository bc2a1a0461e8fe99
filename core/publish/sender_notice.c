/* SPDX-License-Identifier: BSD-3-Clause */
/* Notices under <root>.<LEVEL>.zmqlog: when pressure has ended, each level that lost
 * records says so once, and the first record whose style drops its fields does. */
#include "publish/sender.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>

#define NOTICE_EVERY_NS INT64_C(1000000000)

/* Composes one and sends it. Whether it is dealt with: not when a listener is full. A
 * notice does not wait, and it must not be sent without waiting either: libzmq would
 * skip the full listener from then on. */
__attribute__((format(printf, 3, 0))) static int
send_notice(zl_sender *sender, int level, const char *format, unsigned count) {
    zl_composer *composer = &sender->composer;
    char text[160];
    int len = snprintf(text, sizeof text, format, count);
    zl_span topic, body;
    int error;
    memset(&composer->view, 0, sizeof composer->view);
    composer->view.level = level;
    composer->view.subtopic = zl_span_of("zmqlog");
    composer->view.logger = zl_span_of("zmqlog");
    composer->view.text = zl_span_make(text, (size_t)len);
    composer->timed = 0;
    if (zl_composer_take(composer) != 0 ||
        !zl_prefixes_match(&sender->listeners.prefixes, composer->view.topic) ||
        zl_composer_frames(composer, &topic, &body) != 0)
        return 1;
    error = zl_socket_send(sender->socket, topic, body, 0);
    if (error)
        return error != EAGAIN;
    zl_composer_sent(composer);
    zl_count(sender->counters, ZMQLOG_COUNT_NOTICES);
    return 1;
}

static int is_under_pressure(const zl_sender *sender) {
    return zl_ring_used(&sender->queue->ring) > sender->queue->ring.capacity / 2;
}

/* Announces what is counted there; what could not be sent is counted again. */
__attribute__((format(printf, 4, 0))) static void
announce(zl_sender *sender, int level, _Atomic uint32_t *count, const char *format) {
    unsigned taken = atomic_exchange_explicit(count, 0, memory_order_relaxed);
    if (taken == 0 || send_notice(sender, level, format, taken))
        return;
    atomic_fetch_add_explicit(count, taken, memory_order_relaxed);
    zl_count_notice(sender->counters);
}

#define HIDDEN_FIELDS                                                                  \
    "fields were given that this style does not show: style json or logfmt, or a "     \
    "format with %%(fields)s, does"

/* In errmsg at once, on the wire at the next turn for notices: a program that ends
 * before needs no advice. */
static void announce_hidden_fields(zl_sender *sender) {
    int level = sender->composer.hides_level;
    if (level == 0 || sender->told_of_fields == 2)
        return;
    if (sender->told_of_fields == 0) {
        zl_fail(sender->errors, ZMQLOG_OK, HIDDEN_FIELDS);
        sender->told_of_fields = 1;
    } else if (send_notice(sender, level, HIDDEN_FIELDS, 0)) {
        sender->told_of_fields = 2;
        return;
    }
    zl_count_notice(sender->counters);
}

void zl_sender_send_notices(zl_sender *sender, int even_early) {
    zl_counters *counters = sender->counters;
    int64_t now;
    if (!atomic_load_explicit(&counters->any_lost, memory_order_relaxed) ||
        !sender->options.drop_notice || sender->hold.active)
        return;
    now = zl_clock_monotonic_ns();
    if (!even_early && (is_under_pressure(sender) || now < sender->notice_ns))
        return;
    sender->notice_ns = now + NOTICE_EVERY_NS;
    atomic_exchange_explicit(&counters->any_lost, 0, memory_order_acquire);
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        announce(sender, level, &counters->lost[level],
                 "records of this level dropped: %u");
        announce(sender, level, &counters->slow[level],
                 "a slow subscriber was given up %u times; it may have missed "
                 "records of any level");
    }
    if (!even_early)
        announce_hidden_fields(sender);
}
