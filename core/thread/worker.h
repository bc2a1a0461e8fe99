/* SPDX-License-Identifier: BSD-3-Clause */
/* A thread of the library and its mailbox: started with all signals blocked and a
 * name, woken, asked to do something, ended. What it does all day is the owner's.
 *
 * A command belongs to the worker and its caller together, never to the stack of a
 * thread that may go; the thread takes a lock for moments only, so that no caller can
 * keep it. */
#ifndef ZL_WORKER_H
#define ZL_WORKER_H

#include "base/errors.h"
#include "thread/event.h"

#include <stddef.h>

typedef struct zl_worker zl_worker;

/* Without a thread yet. OK; ENOMEM; EIO (no descriptor). */
zmqlog_status zl_worker_open(zl_worker **out, zl_errors *errors, const char *name);
/* The thread runs `run(owner)` and ends. OK; ENOMEM; EIO (no thread). */
zmqlog_status zl_worker_start(zl_worker *worker, zl_errors *errors,
                              void (*run)(void *owner), void *owner);
/* The owner's reference; the thread has one of its own until it has ended. */
void zl_worker_release(zl_worker *worker);
/* In a forked child, where the thread is not: frees what was inherited. */
void zl_worker_abandon(zl_worker *worker);

/* ---- any thread ---- */
zl_event *zl_worker_event(zl_worker *worker); /* wakes it */
/* No command is taken from now on; those taken are still carried out. Wakes it. */
void zl_worker_shut(zl_worker *worker);
void zl_worker_wait_ended(zl_worker *worker);

typedef struct zl_command zl_command;
typedef zmqlog_status zl_task(void *owner, void *argument);
/* With an argument of `size` zero bytes, which `drop` (NULL: nothing) empties in the
 * end, on either side. NULL without memory. */
zl_command *zl_command_new(zl_task *task, size_t size, void (*drop)(void *argument));
void *zl_command_argument(zl_command *command);
void zl_command_release(zl_command *command);
/* Has the thread do it and waits for the answer, which is the task's; ECLOSED when it
 * is shut. The argument may be looked at afterwards, until the release. */
zmqlog_status zl_worker_call(zl_worker *worker, zl_command *command);
/* The same with an argument that needs no emptying: the thread works on a copy, which
 * is copied back. Also ENOMEM, which is told to `errors` (NULL: to nobody). */
zmqlog_status zl_worker_do(zl_worker *worker, zl_errors *errors, zl_task *task,
                           void *argument, size_t size);

/* ---- the thread itself ---- */
int zl_worker_is_shut(const zl_worker *worker);
int zl_worker_has_commands(const zl_worker *worker);
/* Carries out what waits in the mailbox; whether there was anything. */
int zl_worker_take_commands(zl_worker *worker);

#endif
