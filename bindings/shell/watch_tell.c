/* SPDX-License-Identifier: BSD-3-Clause */
/* What a watch says about itself on stderr: why nothing may be
 * coming, what was lost, and the summary. Changes nothing. */
#include "complain.h"
#include "escape.h"
#include "watch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define LOSS_NOTE_MS 1000

static int64_t count(const watcher *watch, int which) {
    return zmqlog_subscriber_count(watch->from.subscriber, which);
}

/* Appends to a text that may be cut, never overrun. */
__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size,
                                                         const char *format, ...) {
    size_t len = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + len, size - len, format, arguments);
    va_end(arguments);
}

static void describe_subscriptions(const watcher *watch, char *text, size_t size) {
    const option_list *topics = &watch->options->source.topics;
    const option_list *roots = &watch->options->source.roots;

    text[0] = '\0';
    if (watch->from.takes_everything) {
        append(text, size, "everything");
        return;
    }
    for (int i = 0; i < topics->count; i++)
        append(text, size, "%s\"%s\"", i ? ", " : "", topics->items[i]);
    for (int i = 0; topics->count == 0 && i < roots->count; i++)
        append(text, size, *roots->items[i] ? "%s\"%s\"%s%s" : "%sno root%s%s%s",
               i ? ", " : "", roots->items[i],
               watch->options->source.min_level ? " from level " : "",
               watch->options->source.min_level ? watch->options->source.level : "");
}

static const char *likely_reasons(const watcher *watch, int64_t peers) {
    if (source_received(&watch->from) > 0)
        return "records do come, but --level, --root or --grep holds them all back";
    if (peers == 0 && watch->options->source.bind)
        return "no publisher has connected: is it running, does it connect (not bind) "
               "to this endpoint, do its keys fit?";
    if (peers == 0)
        return "is the publisher running, is the endpoint right, does it bind there, "
               "do the keys fit?";
    if (count(watch, ZMQLOG_COUNT_MALFORMED) > 0)
        return "what comes has not the two frames of a log record: is it a log?";
    if (watch->from.takes_everything)
        return "perhaps nothing is being logged, or only below the publisher's level";
    return "perhaps nothing of that is being logged; topics begin with the root "
           "topic, and upper and lower case differ (try without --topic and --root)";
}

void watch_tell_hint(const watcher *watch) {
    char subscriptions[512];
    int64_t peers = count(watch, ZMQLOG_COUNT_PEERS);

    describe_subscriptions(watch, subscriptions, sizeof subscriptions);
    if (watch->from.stream) {
        complain("nothing yet in the stream; wanted is %s", subscriptions);
        return;
    }
    if (watch->options->source.local) {
        complain("nothing yet: %d programs on this machine; subscribed to %s",
                 watch->locals.program_count, subscriptions);
        return;
    }
    if (watch->options->source.bind)
        complain("nothing yet: %" PRId64 " connected; subscribed to %s; %s", peers,
                 subscriptions, likely_reasons(watch, peers));
    else
        complain("nothing yet: connected to %" PRId64 " of %d; subscribed to %s; %s",
                 peers, watch->options->source.endpoints.count, subscriptions,
                 likely_reasons(watch, peers));
}

void watch_tell_left_out(watcher *watch) {
    if (!watch->locals.is_full || watch->told_left_out || watch->options->quiet)
        return;
    watch->told_left_out = 1;
    complain("more than %d programs on this machine: the others are left out; name "
             "those that you mean",
             watch->locals.most);
}

/* At most one note a second, so that a flood of losses is not one of notes. */
void watch_tell_losses(watcher *watch, const view *seen) {
    int64_t now;

    watch->lost_untold += seen->lost;
    if (watch->options->quiet)
        return;
    now = moment_now();
    if (watch->lost_told && now - watch->lost_told < LOSS_NOTE_MS * MOMENT_MS)
        return;
    complain("%" PRIu64 " lost, the last before a record of %.*s", watch->lost_untold,
             (int)(seen->topic.len < 200 ? seen->topic.len : 200), seen->topic.data);
    watch->lost_untold = 0;
    watch->lost_told = now;
}

void watch_tell_summary(const watcher *watch, int always) {
    int64_t malformed = count(watch, ZMQLOG_COUNT_MALFORMED);
    int64_t lost = count(watch, ZMQLOG_COUNT_LOST);
    int64_t duplicates = count(watch, ZMQLOG_COUNT_DUPLICATES);
    int64_t dropped = count(watch, ZMQLOG_COUNT_DROPPED);
    uint64_t unwritten = watch->out.unwritten;

    if (watch->options->quiet ||
        (!always && !malformed && !lost && !duplicates && !dropped && !unwritten))
        return;
    complain("%" PRId64 " received, %" PRIu64 " shown, %" PRId64 " malformed, %" PRId64
             " lost, %" PRId64 " duplicates, %" PRId64 " dropped, %" PRIu64
             " not written",
             source_received(&watch->from), watch->out.written, malformed, lost,
             duplicates, dropped, unwritten);
}
