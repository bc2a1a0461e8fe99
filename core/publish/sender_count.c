/* SPDX-License-Identifier: BSD-3-Clause */
/* The counters of a handler that has an I/O thread: those that are counted, and those
 * that follow from the queue and the book. Any thread. */
#include "publish/sender.h"

uint64_t zl_sender_reserved(const zl_sender *sender) {
    return zl_ring_extend_count(atomic_load(&sender->done),
                                zl_ring_head_count(&sender->queue->ring));
}

static uint64_t queued(const zl_sender *sender) {
    /* In this order, so that a record finished in between counts as queued. */
    uint64_t done = atomic_load(&sender->done);
    return zl_sender_reserved(sender) - done + atomic_load(&sender->backlog.count);
}

int64_t zl_sender_count(const zl_sender *sender, int which) {
    switch (which) {
    case ZMQLOG_COUNT_ACCEPTED:
        return (int64_t)(zl_count_of(sender->counters, ZL_COUNT_NOT_QUEUED) +
                         zl_sender_reserved(sender));
    case ZMQLOG_COUNT_QUEUED:
        return (int64_t)queued(sender);
    case ZMQLOG_COUNT_PEERS:
        return (int64_t)atomic_load(&sender->peers);
    case ZMQLOG_COUNT_PEER_LOST:
        return (int64_t)atomic_load(&sender->peers_lost);
    case ZMQLOG_COUNT_REFUSED_PEERS:
        return (int64_t)atomic_load(&sender->refused_peers);
    case ZMQLOG_COUNT_SUBSCRIPTIONS:
        return (int64_t)atomic_load(&sender->subscriptions);
    default:
        return (int64_t)zl_count_of(sender->counters, which);
    }
}
