/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of live handlers, the flush at exit, and what becomes of them in a forked
 * child. */
#include "publish/lifecycle.h"

#include "base/clock.h"
#include "thread/forks.h"

#include <stdlib.h>

/* guarded by the lock of forks */
static zmqlog_handler *all, *live;
static int is_ending; /* the process is */
static zl_bell live_bell;
static pthread_once_t registered = PTHREAD_ONCE_INIT;

/* libzmq needs a moment after the linger to let go of its sockets. */
#define EXIT_GRACE_NS INT64_C(500000000)

/* Others are attached, or another thread is opening them at this moment. */
static int is_draining(const zmqlog_handler *handler) {
    return atomic_load(&handler->state) == ZL_CLOSED;
}

static int64_t close_all(void) {
    int64_t last = 0;
    zl_forks_lock();
    is_ending = 1;
    for (zmqlog_handler *h = live; h; h = h->next_live) {
        int64_t deadline = zl_clock_deadline(h->linger_ms);
        int open = ZL_OPEN;
        if (atomic_compare_exchange_strong(&h->state, &open, ZL_CLOSED)) {
            zl_ring_close(&h->queue.ring);
            zl_sender_close(&h->sender, deadline);
        }
        if (is_draining(h))
            last = deadline > last ? deadline : last;
    }
    zl_forks_unlock();
    return last;
}

static int any_thread_left(void) {
    int found = 0;
    zl_forks_lock();
    for (zmqlog_handler *h = live; h && !found; h = h->next_live)
        found = is_draining(h);
    zl_forks_unlock();
    return found;
}

/* All handlers drain side by side, so the end takes the longest linger, not the
 * sum. */
static void flush_at_exit(void) {
    int64_t deadline = close_all() + EXIT_GRACE_NS;
    for (;;) {
        uint32_t seen = zl_bell_look(&live_bell);
        if (!any_thread_left() || zl_clock_monotonic_ns() >= deadline)
            return;
        zl_bell_wait(&live_bell, seen, deadline);
    }
}

/* What belonged to the I/O thread is neither freed nor looked at any more. */
static void forget_sender(zmqlog_handler *handler) {
    atomic_store(&handler->has_queue, 0);
    atomic_store(&handler->sender.peers, 0);
    atomic_store(&handler->sender.peers_lost, 0);
    atomic_store(&handler->sender.backlog.count, 0);
    atomic_store(&handler->sender.subscriptions, 0);
    atomic_fetch_sub(&handler->references, 1);
}

static void make_inert(zmqlog_handler *handler) {
    int state = atomic_load(&handler->state);
    int reopens = state == ZL_OPEN && zl_openings_have_connects(&handler->openings);
    /* What is below the floor is not published by the child either. */
    zl_gate_open_all(&handler->gate, reopens ? atomic_load(&handler->sender.floor) : 0);
    if (state == ZL_OPEN || state == ZL_ATTACHED)
        atomic_store(&handler->state, reopens ? ZL_REOPEN : ZL_LOST);
    handler->holds_inherited = reopens;
    if (state != ZL_ATTACHED)
        forget_sender(handler);
    memset(&handler->counters, 0, sizeof handler->counters);
    handler->is_live = 0;
}

static void in_child(void) {
    zmqlog_handler *next;
    for (zmqlog_handler *h = all; h; h = h->next_of_all) {
        pthread_mutex_init(&h->lock, NULL);
        pthread_mutex_init(&h->attached_lock, NULL);
    }
    for (zmqlog_handler *h = live; h; h = next) {
        next = h->next_live;
        make_inert(h);
    }
    live = NULL;
}

static void register_once(void) {
    atexit(flush_at_exit);
}

void zl_lifecycle_begin(zmqlog_handler *handler) {
    static zl_fork_hook hook = {.child = in_child};
    zl_forks_add(&hook);
    zl_forks_lock();
    handler->next_of_all = all;
    handler->link_of_all = &all;
    if (all)
        all->link_of_all = &handler->next_of_all;
    all = handler;
    zl_forks_unlock();
}

void zl_lifecycle_end(zmqlog_handler *handler) {
    zl_forks_lock();
    *handler->link_of_all = handler->next_of_all;
    if (handler->next_of_all)
        handler->next_of_all->link_of_all = handler->link_of_all;
    zl_forks_unlock();
}

void zl_lifecycle_enter(zmqlog_handler *handler) {
    int too_late;
    pthread_once(&registered, register_once);
    zl_forks_lock();
    handler->next_live = live;
    handler->is_live = 1;
    live = handler;
    too_late = is_ending;
    is_ending = 0;
    zl_forks_unlock();
    /* Opened by an exit handler that runs after ours. */
    if (too_late)
        atexit(flush_at_exit);
}

void zl_lifecycle_leave(zmqlog_handler *handler) {
    zl_forks_lock();
    for (zmqlog_handler **at = &live; *at; at = &(*at)->next_live)
        if (*at == handler) {
            *at = handler->next_live;
            break;
        }
    handler->is_live = 0;
    zl_forks_unlock();
    zl_bell_ring(&live_bell);
}
