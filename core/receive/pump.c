/* SPDX-License-Identifier: BSD-3-Clause */
/* The pump's life: start, its loop, commands, stop. What it does with messages
 * is pump_queue.c. */
#include "receive/pump_internal.h"

#include "base/clock.h"

#include <errno.h>

/* What arrives while the queue is full is held, so many times the queue's bytes. */
#define HOLD_QUEUES 4

static int sooner_ms(int a, int b) {
    return a < 0 || (b >= 0 && b < a) ? b : a;
}

static void count_peers(zl_pump *pump) {
    atomic_store_explicit(&pump->options.counts->refused_peers,
                          zl_socket_refused(pump->socket), memory_order_relaxed);
    atomic_store_explicit(&pump->options.counts->peers, zl_socket_peers(pump->socket),
                          memory_order_relaxed);
}

void zl_pump_serve(zl_pump *pump) {
    zl_socket_serve_all(pump->socket);
    count_peers(pump);
}

/* Sleeps until there is something to do; whether messages can be read. */
static int wait_for_work(zl_pump *pump) {
    zl_event *wake = zl_worker_event(pump->worker);
    int due =
        sooner_ms(zl_socket_next_due_ms(pump->socket), zl_pump_strangers_due_ms(pump));
    int events;

    if (pump->has_pending) {
        due = sooner_ms(due, zl_clock_left_ms(pump->give_up_ns));
        events = zl_socket_poll_aside(pump->socket, zl_event_fd(wake),
                                      zl_clock_ms_as_ns(due));
    } else {
        events =
            zl_socket_poll(pump->socket, zl_event_fd(wake), zl_clock_ms_as_ns(due));
    }
    if (events & ZL_FD_READY)
        zl_event_clear(wake);
    return pump->has_pending || (events & ZL_SOCKET_READY);
}

static void run(void *argument) {
    zl_pump *pump = argument;

    while (!zl_worker_is_shut(pump->worker)) {
        int readable = wait_for_work(pump);

        zl_socket_serve(pump->socket);
        count_peers(pump);
        zl_worker_take_commands(pump->worker);
        if (readable)
            zl_pump_move(pump);
        zl_pump_look_for_strangers(pump);
    }
    zl_worker_take_commands(pump->worker); /* the last ones */
    atomic_store(&pump->options.counts->peers, 0);
    zl_socket_close(pump->socket, 0);
}

static zmqlog_status open_parts(zl_pump *pump) {
    zl_errors *errors = pump->options.errors;
    zl_socket_options socket = {.kind = ZL_SUBSCRIBING,
                                .hwm = pump->options.hwm,
                                .auth = pump->options.auth,
                                .hold_bytes = HOLD_QUEUES * pump->options.queue_bytes};
    zmqlog_status status;

    if (zl_ring_init(&pump->ring, pump->options.queue_bytes) != 0)
        return zl_fail(errors, ZMQLOG_ENOMEM, "no memory for a queue of %zu bytes",
                       pump->options.queue_bytes);
    status = zl_worker_open(&pump->worker, errors, "zmqlog/pump");
    if (status != ZMQLOG_OK)
        return status;
    socket.wake = zl_worker_event(pump->worker);
    status = zl_socket_open(&pump->socket, errors, &socket);
    if (status != ZMQLOG_OK)
        return status;
    if (zl_worker_start(pump->worker, NULL, run, pump) != ZMQLOG_OK)
        return zl_fail(errors, ZMQLOG_EIO, "the system started no thread");
    return ZMQLOG_OK;
}

zmqlog_status zl_pump_start(zl_pump *pump, const zl_pump_options *options) {
    zmqlog_status status;

    memset(pump, 0, sizeof *pump);
    pump->options = *options;
    pthread_mutex_init(&pump->take_lock, NULL);
    pthread_mutex_init(&pump->programs_lock, NULL);
    status = open_parts(pump);
    if (status != ZMQLOG_OK) {
        zl_socket_close(pump->socket, 0);
        pump->socket = NULL;
        zl_pump_destroy(pump);
    }
    return status;
}

void zl_pump_stop(zl_pump *pump) {
    zl_worker_shut(pump->worker);
    zl_worker_wait_ended(pump->worker);
}

void zl_pump_destroy(zl_pump *pump) {
    zl_worker_release(pump->worker);
    zl_ring_destroy(&pump->ring);
    pthread_mutex_destroy(&pump->take_lock);
    pthread_mutex_destroy(&pump->programs_lock);
    zl_programs_free(&pump->programs);
}
