/* SPDX-License-Identifier: BSD-3-Clause */
/* What a forwarder says about its sinks on stderr. Changes nothing but when it spoke
 * last. */
#include "complain.h"
#include "forward/forward.h"
#include "moment.h"

#include <inttypes.h>

#define DROP_NOTE_MS 10000

static void tell_one(const sink *to, const queue_counts *counts) {
    complain("%s: %" PRIu64 " taken, %" PRIu64 " delivered, %" PRIu64
             " waiting, %" PRIu64 " dropped, %" PRIu64 " refused, %" PRIu64 " resent",
             to->name, counts->taken, counts->delivered, counts->waiting,
             counts->dropped, counts->refused, counts->again);
}

/* What never came to the queues. */
static void tell_source(const forwarder *forward) {
    const zmqlog_subscriber *from = forward->from.subscriber;
    int64_t lost = zmqlog_subscriber_count(from, ZMQLOG_COUNT_LOST),
            dropped = zmqlog_subscriber_count(from, ZMQLOG_COUNT_DROPPED),
            malformed = zmqlog_subscriber_count(from, ZMQLOG_COUNT_MALFORMED);

    if (lost > 0 || dropped > 0 || malformed > 0)
        complain("before the queues: %" PRId64 " lost, %" PRId64 " dropped, %" PRId64
                 " malformed",
                 lost, dropped, malformed);
}

void forward_tell(forwarder *forward) {
    tell_source(forward);
    for (int i = 0; i < forward->count; i++) {
        queue_counts counts = queue_count(&forward->sinks[i].queue);
        tell_one(&forward->sinks[i], &counts);
    }
}

int forward_tell_end(forwarder *forward) {
    int code = EXIT_OK;

    tell_source(forward);
    for (int i = 0; i < forward->count; i++) {
        sink *to = &forward->sinks[i];
        queue_counts counts = queue_count(&to->queue);
        if (!forward->options->quiet || counts.waiting || counts.dropped ||
            counts.refused)
            tell_one(to, &counts);
        if (counts.waiting == 0 || forward->saves.path)
            continue;
        complain("%s: %" PRIu64 " records are left that are not known to have arrived",
                 to->name, counts.waiting);
        code = EXIT_FAILED;
    }
    return code;
}

void forward_tell_drop(const forwarder *forward, sink *to) {
    int64_t now = moment_now();

    if (forward->options->quiet ||
        (to->drop_told && now - to->drop_told < DROP_NOTE_MS * MOMENT_MS))
        return;
    to->drop_told = now;
    complain("%s: the queue of %lld bytes is full, records are dropped; %" PRIu64
             " so far",
             to->name, forward->options->queue_bytes, queue_count(&to->queue).dropped);
}
