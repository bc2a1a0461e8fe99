/* SPDX-License-Identifier: BSD-3-Clause */
/* The pump's life: start, its loop, commands, stop. What it does with messages
 * is pump_queue.c. */
#include "receive/pump_internal.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct zl_pump_command {
    zl_pump_task *task;
    void *argument;
    zmqlog_status status;
    _Atomic int done;
    zl_pump_command *next;
};

void zl_pump_wake(zl_pump *pump) {
    const uint64_t one = 1;
    while (write(pump->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void clear_wake(zl_pump *pump) {
    uint64_t count;
    while (read(pump->wake_fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
}

static zl_pump_command *take_commands(zl_pump *pump, int ending) {
    zl_pump_command *first;

    pthread_mutex_lock(&pump->lock);
    first = pump->first_command;
    pump->first_command = NULL;
    if (ending)
        pump->ended = 1;
    pthread_mutex_unlock(&pump->lock);
    return first;
}

static void answer_commands(zl_pump *pump, int ending) {
    zl_pump_command *command = take_commands(pump, ending);
    zl_pump_command *next;

    if (!command)
        return;
    for (; command; command = next) {
        next = command->next; /* once it is done it is its owner's again */
        command->status =
            ending ? ZMQLOG_ECLOSED : command->task(pump->socket, command->argument);
        atomic_store(&command->done, 1);
    }
    zl_bell_ring(&pump->answers);
}

zmqlog_status zl_pump_call(zl_pump *pump, zl_pump_task *task, void *argument) {
    zl_pump_command command = {.task = task, .argument = argument};
    zl_pump_command **last;

    pthread_mutex_lock(&pump->lock);
    if (pump->ended) {
        pthread_mutex_unlock(&pump->lock);
        return ZMQLOG_ECLOSED;
    }
    for (last = &pump->first_command; *last; last = &(*last)->next)
        ;
    *last = &command;
    pthread_mutex_unlock(&pump->lock);
    zl_pump_wake(pump);
    for (;;) {
        uint32_t seen = zl_bell_look(&pump->answers);
        if (atomic_load(&command.done))
            return command.status;
        zl_bell_wait(&pump->answers, seen, ZL_NO_DEADLINE);
    }
}

static int sooner_ms(int a, int b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void count_peers(zl_pump *pump) {
    atomic_store_explicit(&pump->options.counts->peers, zl_socket_peers(pump->socket),
                          memory_order_relaxed);
}

void zl_pump_serve(zl_pump *pump) {
    zl_socket_serve_all(pump->socket);
    count_peers(pump);
}

/* Sleeps until there is something to do; whether messages can be read. */
static int wait_for_work(zl_pump *pump) {
    int due = zl_socket_next_due_ms(pump->socket);
    int events;

    if (pump->has_pending) {
        due = sooner_ms(due, zl_clock_left_ms(pump->give_up_ns));
        events =
            zl_socket_poll_aside(pump->socket, pump->wake_fd, zl_clock_ms_as_ns(due));
    } else {
        events = zl_socket_poll(pump->socket, pump->wake_fd, zl_clock_ms_as_ns(due));
    }
    if (events & ZL_FD_READY)
        clear_wake(pump);
    return pump->has_pending || (events & ZL_SOCKET_READY);
}

static void *run(void *argument) {
    zl_pump *pump = argument;

    while (!atomic_load(&pump->stopping)) {
        int readable = wait_for_work(pump);

        zl_socket_serve(pump->socket);
        count_peers(pump);
        answer_commands(pump, 0);
        if (readable)
            zl_pump_move(pump);
    }
    answer_commands(pump, 1);
    atomic_store(&pump->options.counts->peers, 0);
    zl_socket_close(pump->socket, 0);
    pump->socket = NULL;
    return NULL;
}

static int start_thread(zl_pump *pump) {
    sigset_t all, before;
    int rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rc = pthread_create(&pump->thread, NULL, run, pump);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0)
        pthread_setname_np(pump->thread, "zmqlog/pump");
    return rc;
}

static zmqlog_status open_parts(zl_pump *pump) {
    zl_errors *errors = pump->options.errors;
    zl_socket_options socket = {ZL_SUBSCRIBING, pump->options.hwm, pump->options.auth,
                                NULL};
    zmqlog_status status;

    if (zl_ring_init(&pump->ring, pump->options.queue_bytes) != 0)
        return zl_fail(errors, ZMQLOG_ENOMEM, "no memory for a queue of %zu bytes",
                       pump->options.queue_bytes);
    pump->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pump->wake_fd < 0)
        return zl_fail(errors, ZMQLOG_EIO, "eventfd failed: errno %d", errno);
    status = zl_socket_open(&pump->socket, errors, &socket);
    if (status != ZMQLOG_OK)
        return status;
    if (start_thread(pump) != 0)
        return zl_fail(errors, ZMQLOG_EIO, "the system started no thread");
    return ZMQLOG_OK;
}

zmqlog_status zl_pump_start(zl_pump *pump, const zl_pump_options *options) {
    zmqlog_status status;

    memset(pump, 0, sizeof *pump);
    pump->options = *options;
    pump->wake_fd = -1;
    pthread_mutex_init(&pump->lock, NULL);
    pthread_mutex_init(&pump->take_lock, NULL);
    status = open_parts(pump);
    if (status != ZMQLOG_OK) {
        zl_socket_close(pump->socket, 0);
        pump->socket = NULL;
        zl_pump_destroy(pump);
    }
    return status;
}

void zl_pump_stop(zl_pump *pump) {
    atomic_store(&pump->stopping, 1);
    zl_pump_wake(pump);
    pthread_join(pump->thread, NULL);
}

void zl_pump_destroy(zl_pump *pump) {
    if (pump->wake_fd >= 0)
        close(pump->wake_fd);
    zl_ring_destroy(&pump->ring);
    pthread_mutex_destroy(&pump->lock);
    pthread_mutex_destroy(&pump->take_lock);
}
