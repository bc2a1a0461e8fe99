/* SPDX-License-Identifier: BSD-3-Clause */
/* What other threads ask of the I/O thread: commands that are answered, changes
 * of the root in the order of the records, and the end. */
#include "publish/sender.h"

#include <stdlib.h>

zmqlog_status zl_sender_call(zl_sender *sender, zl_command *command) {
    zl_command **last;
    pthread_mutex_lock(&sender->lock);
    if (atomic_load(&sender->closing)) {
        pthread_mutex_unlock(&sender->lock);
        return ZMQLOG_ECLOSED;
    }
    for (last = &sender->first_command; *last; last = &(*last)->next)
        ;
    *last = command;
    atomic_store(&sender->has_commands, 1);
    pthread_mutex_unlock(&sender->lock);
    zl_queue_wake(sender->queue);
    for (;;) {
        uint32_t seen = zl_bell_look(&sender->queue->progress);
        if (atomic_load(&command->done))
            return command->status;
        zl_bell_wait(&sender->queue->progress, seen, ZL_NO_DEADLINE);
    }
}

int zl_sender_take_commands(zl_sender *sender) {
    zl_command *command, *next;
    if (!atomic_load_explicit(&sender->has_commands, memory_order_acquire))
        return 0;
    pthread_mutex_lock(&sender->lock);
    command = sender->first_command;
    sender->first_command = NULL;
    atomic_store(&sender->has_commands, 0);
    pthread_mutex_unlock(&sender->lock);
    for (; command; command = next) {
        next = command->next; /* it is the caller's again once it is done */
        command->run(sender, command);
        atomic_store(&command->done, 1);
    }
    zl_bell_ring(&sender->queue->progress);
    return 1;
}

void zl_sender_run_open(zl_sender *sender, zl_command *command) {
    if (command->use == ZL_BIND) {
        command->status = zl_socket_bind(sender->socket, sender->errors,
                                         command->endpoint, command->actual);
        return;
    }
    command->status =
        zl_socket_connect(sender->socket, sender->errors, command->endpoint);
    memcpy(command->actual, command->endpoint->text, ZL_ENDPOINT_MAX_BYTES);
}

void zl_sender_run_style(zl_sender *sender, zl_command *command) {
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        if (!command->formats[level])
            continue;
        zl_composer_set_format(&sender->composer, level, command->formats[level]);
        command->formats[level] = NULL;
    }
    command->status = ZMQLOG_OK;
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
    zl_queue_wake(sender->queue);
    zl_bell_ring(&sender->queue->progress); /* for those who wait for a subscriber */
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
    if (changed)
        zl_sender_note_interest(sender);
}

void zl_sender_close(zl_sender *sender, int64_t deadline_ns) {
    pthread_mutex_lock(&sender->lock);
    if (!atomic_load(&sender->closing) ||
        deadline_ns < atomic_load(&sender->close_deadline_ns))
        atomic_store(&sender->close_deadline_ns, deadline_ns);
    atomic_store(&sender->closing, 1);
    zl_gate_open_all(sender->gate, 0);
    pthread_mutex_unlock(&sender->lock);
    /* Whoever waits for room or a subscriber learns that there will be none. */
    zl_bell_ring(&sender->queue->progress);
    zl_bell_ring(&sender->queue->room);
    zl_queue_wake(sender->queue);
}
