/* SPDX-License-Identifier: BSD-3-Clause */
/* The worker's life and its mailbox. */
#include "thread/worker.h"

#include "thread/bell.h"
#include "thread/detached.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct zl_command {
    zl_command *next;
    zl_task *task;
    void (*drop)(void *argument);
    zmqlog_status status;
    _Atomic int done;
    _Atomic int references; /* the caller's, the mailbox's */
    _Alignas(max_align_t) char argument[];
};

struct zl_worker {
    /* immutable once started */
    const char *name;
    void (*run)(void *owner);
    void *owner;
    /* any thread */
    zl_event wake;
    zl_bell answers; /* also rung at the end */
    _Atomic int references;
    _Atomic int has_commands, is_shut, has_ended;
    /* guarded by lock */
    pthread_mutex_t lock;
    zl_command *first;
};

/* ---- commands ---- */

zl_command *zl_command_new(zl_task *task, size_t size, void (*drop)(void *argument)) {
    zl_command *command = calloc(1, sizeof *command + size);
    if (!command)
        return NULL;
    command->task = task;
    command->drop = drop;
    atomic_init(&command->references, 1);
    return command;
}

void *zl_command_argument(zl_command *command) {
    return command->argument;
}

void zl_command_release(zl_command *command) {
    if (!command || atomic_fetch_sub(&command->references, 1) > 1)
        return;
    if (command->drop)
        command->drop(command->argument);
    free(command);
}

static int post(zl_worker *worker, zl_command *command) {
    zl_command **last = &worker->first;
    int is_shut;
    pthread_mutex_lock(&worker->lock);
    is_shut = atomic_load(&worker->is_shut);
    if (!is_shut) {
        while (*last)
            last = &(*last)->next;
        atomic_fetch_add(&command->references, 1);
        *last = command;
        atomic_store(&worker->has_commands, 1);
    }
    pthread_mutex_unlock(&worker->lock);
    return !is_shut;
}

zmqlog_status zl_worker_call(zl_worker *worker, zl_command *command) {
    if (!post(worker, command))
        return ZMQLOG_ECLOSED;
    zl_event_signal(&worker->wake);
    for (;;) {
        uint32_t seen = zl_bell_look(&worker->answers);
        if (atomic_load(&command->done))
            return command->status;
        zl_bell_wait(&worker->answers, seen, ZL_NO_DEADLINE);
    }
}

zmqlog_status zl_worker_do(zl_worker *worker, zl_errors *errors, zl_task *task,
                           void *argument, size_t size) {
    zl_command *command = zl_command_new(task, size, NULL);
    zmqlog_status status;
    if (!command)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    memcpy(command->argument, argument, size);
    status = zl_worker_call(worker, command);
    memcpy(argument, command->argument, size);
    zl_command_release(command);
    return status;
}

int zl_worker_has_commands(const zl_worker *worker) {
    return atomic_load(&worker->has_commands);
}

int zl_worker_take_commands(zl_worker *worker) {
    zl_command *command, *next;
    if (!zl_worker_has_commands(worker))
        return 0;
    pthread_mutex_lock(&worker->lock);
    command = worker->first;
    worker->first = NULL;
    atomic_store(&worker->has_commands, 0);
    pthread_mutex_unlock(&worker->lock);
    for (; command; command = next) {
        next = command->next;
        command->status = command->task(worker->owner, command->argument);
        atomic_store(&command->done, 1);
        zl_command_release(command);
    }
    zl_bell_ring(&worker->answers);
    return 1;
}

/* ---- the thread ---- */

zmqlog_status zl_worker_open(zl_worker **out, zl_errors *errors, const char *name) {
    zl_worker *worker = *out = calloc(1, sizeof *worker);
    if (worker) {
        worker->name = name;
        atomic_init(&worker->references, 1);
        pthread_mutex_init(&worker->lock, NULL);
        zl_event_init(&worker->wake);
        if (zl_event_open(&worker->wake) == 0)
            return ZMQLOG_OK;
    }
    int error = errno;
    zl_worker_release(worker);
    *out = NULL;
    return zl_fail(errors, error == ENOMEM ? ZMQLOG_ENOMEM : ZMQLOG_EIO,
                   "could not make what wakes a thread: %s", strerror(error));
}

void zl_worker_release(zl_worker *worker) {
    if (!worker || atomic_fetch_sub(&worker->references, 1) > 1)
        return;
    zl_event_close(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

void zl_worker_abandon(zl_worker *worker) {
    free(worker);
}

static void *run(void *argument) {
    zl_worker *worker = argument;
    pthread_setname_np(pthread_self(), worker->name); /* for top and debuggers */
    worker->run(worker->owner);
    atomic_store(&worker->has_ended, 1);
    zl_bell_ring(&worker->answers);
    zl_worker_release(worker);
    return NULL;
}

zmqlog_status zl_worker_start(zl_worker *worker, zl_errors *errors,
                              void (*body)(void *owner), void *owner) {
    int error;
    worker->run = body;
    worker->owner = owner;
    atomic_fetch_add(&worker->references, 1);
    error = zl_detached_start(run, worker);
    if (!error)
        return ZMQLOG_OK;
    atomic_fetch_sub(&worker->references, 1);
    return zl_fail(errors, error == ENOMEM ? ZMQLOG_ENOMEM : ZMQLOG_EIO,
                   "could not start a thread: %s", strerror(error));
}

zl_event *zl_worker_event(zl_worker *worker) {
    return &worker->wake;
}

void zl_worker_shut(zl_worker *worker) {
    pthread_mutex_lock(&worker->lock);
    atomic_store(&worker->is_shut, 1);
    pthread_mutex_unlock(&worker->lock);
    zl_event_signal(&worker->wake);
}

int zl_worker_is_shut(const zl_worker *worker) {
    return atomic_load(&worker->is_shut);
}

void zl_worker_wait_ended(zl_worker *worker) {
    for (;;) {
        uint32_t seen = zl_bell_look(&worker->answers);
        if (atomic_load(&worker->has_ended))
            return;
        zl_bell_wait(&worker->answers, seen, ZL_NO_DEADLINE);
    }
}
