/* SPDX-License-Identifier: BSD-3-Clause */
/* What other threads ask of the I/O thread: commands that are answered, changes
 * of the root in the order of the records, and the end. */
#include "publish/sender.h"

#include <stdlib.h>

static void drop_formats(void *argument) {
    zl_format **formats = argument;
    for (int level = 0; level < ZMQLOG_GATE_BYTES; level++)
        zl_format_free(formats[level]);
}

static zmqlog_status take_formats(void *owner, void *argument) {
    zl_sender *sender = owner;
    zl_format **formats = argument;
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        if (!formats[level])
            continue;
        zl_composer_set_format(&sender->composer, level, formats[level]);
        formats[level] = NULL;
    }
    return ZMQLOG_OK;
}

zmqlog_status zl_sender_set_formats(zl_sender *sender, zl_format **formats) {
    size_t size = ZMQLOG_GATE_BYTES * sizeof *formats;
    zl_command *command = zl_command_new(take_formats, size, drop_formats);
    zmqlog_status status;
    if (!command) {
        drop_formats(formats);
    } else {
        memcpy(zl_command_argument(command), formats, size);
    }
    memset(formats, 0, size);
    if (!command)
        return zl_fail(sender->errors, ZMQLOG_ENOMEM, "out of memory");
    status = zl_worker_call(sender->worker, command);
    zl_command_release(command);
    return status;
}

static void append_root(zl_sender *sender, zl_root_change *change) {
    *(sender->last_root ? &sender->last_root->next : &sender->first_root) = change;
    sender->last_root = change;
    atomic_store_explicit(&sender->has_roots, 1, memory_order_release);
}

int zl_sender_change_root(zl_sender *sender, zl_span root) {
    zl_root_change *change = malloc(sizeof *change);
    if (!change)
        return -1;
    change->next = NULL;
    change->root = root;
    pthread_mutex_lock(&sender->lock);
    if (!atomic_load(&sender->closing))
        zl_gate_open_all(sender->gate, atomic_load(&sender->floor));
    change->at = zl_ring_head_count(&sender->queue->ring);
    /* One for each record at most, however often it changes. */
    if (sender->last_root && sender->last_root->at == change->at) {
        sender->last_root->root = root;
        free(change);
    } else {
        append_root(sender, change);
    }
    pthread_mutex_unlock(&sender->lock);
    atomic_store(&sender->gate_stale, 1);
    zl_event_signal(sender->queue->wake);
    zl_bell_ring(&sender->queue->progress); /* for threads that wait for a subscriber */
    return 0;
}

void zl_sender_take_roots(zl_sender *sender, uint64_t number) {
    int changed = 0;
    pthread_mutex_lock(&sender->lock);
    while (sender->first_root &&
           zl_ring_extend_count(number, sender->first_root->at) <= number) {
        zl_root_change *change = sender->first_root;
        sender->first_root = change->next;
        if (!change->next)
            sender->last_root = NULL;
        sender->composer.root = change->root;
        free(change);
        changed = 1;
    }
    atomic_store(&sender->has_roots, sender->first_root != NULL);
    pthread_mutex_unlock(&sender->lock);
    if (!changed)
        return;
    zl_sender_note_interest(sender);
    zl_sender_owe_hello(sender);
}

void zl_sender_close(zl_sender *sender, int64_t deadline_ns) {
    pthread_mutex_lock(&sender->lock);
    if (!atomic_load(&sender->closing) ||
        deadline_ns < atomic_load(&sender->close_deadline_ns))
        atomic_store(&sender->close_deadline_ns, deadline_ns);
    atomic_store(&sender->closing, 1);
    zl_gate_open_all(sender->gate, 0);
    pthread_mutex_unlock(&sender->lock);
    /* Threads that wait for room or a subscriber learn that there will be none. */
    zl_bell_ring(&sender->queue->progress);
    zl_bell_ring(&sender->queue->room);
    zl_worker_shut(sender->worker);
}
