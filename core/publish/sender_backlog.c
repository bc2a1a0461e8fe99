/* SPDX-License-Identifier: BSD-3-Clause */
/* The backlog of a handler: which records are kept because nobody hears them, and when
 * they are sent. A new listener is given a moment to name all of its prefixes, and
 * newer records wait meanwhile; then the list is walked through, oldest first. */
#include "publish/sender.h"

#include "base/clock.h"

#include <stdlib.h>

#define BATCH 256
/* So long a new subscription may wait for others; then the walk begins. One that comes
 * during a walk begins all of it anew. */
#define PATIENCE_MS 100

int zl_sender_hold_in_hand(zl_sender *sender, const zl_entry *entry, size_t len) {
    zl_backlog *backlog = &sender->backlog;
    if (backlog->limit == 0 || backlog->next)
        return 0;
    backlog->in_hand = zl_kept_new(entry, len, sender->composer.view.root);
    return backlog->in_hand ? 0 : -1;
}

void zl_sender_keep(zl_sender *sender, const zl_entry *entry, size_t len) {
    zl_backlog *backlog = &sender->backlog;
    zl_kept *kept = backlog->in_hand;
    backlog->in_hand = NULL;
    if (!kept && backlog->limit)
        kept = zl_kept_new(entry, len, sender->composer.view.root);
    zl_count_add(sender->counters, ZMQLOG_COUNT_UNHEARD, zl_backlog_add(backlog, kept));
}

void zl_sender_let_go(zl_sender *sender) {
    free(sender->backlog.in_hand);
    sender->backlog.in_hand = NULL;
}

int zl_sender_keeps(const zl_sender *sender, int level) {
    const zl_backlog *backlog = &sender->backlog;
    return backlog->limit && (backlog->is_owed || level >= backlog->level);
}

/* Subscriptions have changed. */
void zl_sender_owe_backlog(zl_sender *sender) {
    int64_t now = zl_clock_monotonic_ns();
    if (!sender->backlog.first || sender->listeners.prefixes.distinct == 0)
        return;
    sender->backlog.is_owed = 1;
    if (!sender->hold.active)
        zl_hold_begin(&sender->hold, now, PATIENCE_MS);
    zl_hold_subscription(&sender->hold, now, 1);
}

int zl_sender_owes_backlog(const zl_sender *sender) {
    return sender->backlog.is_owed || sender->backlog.next;
}

/* One that nobody hears stays. */
static void send_next(zl_sender *sender) {
    zl_backlog *backlog = &sender->backlog;
    zl_kept *kept = *backlog->next;
    if (zl_sender_send_record(sender, &kept->entry, kept->len, kept->root))
        zl_backlog_remove(backlog, backlog->next);
    else if (kept->entry.level < backlog->level && !backlog->is_owed) {
        /* It only waited for its turn behind older ones. */
        zl_count_alone(sender->counters, ZMQLOG_COUNT_UNHEARD);
        zl_backlog_remove(backlog, backlog->next);
    } else
        backlog->next = &kept->next;
    if (!*backlog->next)
        backlog->next = NULL;
}

int zl_sender_send_backlog(zl_sender *sender) {
    zl_backlog *backlog = &sender->backlog;
    if (backlog->is_owed)
        backlog->next = backlog->first ? &backlog->first : NULL;
    backlog->is_owed = 0;
    if (!backlog->next)
        return 0;
    for (int i = 0; i < BATCH && backlog->next && !backlog->is_owed; i++)
        send_next(sender);
    atomic_store(&sender->stuck, 0);
    zl_bell_ring(&sender->queue->progress);
    return 1;
}

/* What a listener waits for is late, the rest has none. */
void zl_sender_drop_backlog(zl_sender *sender) {
    zl_backlog *backlog = &sender->backlog;
    while (backlog->first) {
        const zl_kept *kept = backlog->first;
        if (zl_sender_is_record_heard(sender, &kept->entry, kept->root)) {
            zl_count_lost(sender->counters, ZMQLOG_COUNT_DROPPED_TIMEOUT,
                          kept->entry.level);
            atomic_store(&sender->left_over, 1);
        } else {
            zl_count_alone(sender->counters, ZMQLOG_COUNT_UNHEARD);
        }
        zl_backlog_remove(backlog, &backlog->first);
    }
}
