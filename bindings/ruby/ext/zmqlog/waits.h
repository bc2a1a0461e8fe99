/* SPDX-License-Identifier: BSD-3-Clause */
/* The blocking calls, without the interpreter's lock, so that other threads run
 * meanwhile, and ended by what ends a Ruby thread: Timeout, Thread#kill, signals.
 * What SWIG generates calls these instead of the library's own, see the end. */
#ifndef ZMQLOG_RUBY_WAITS_H
#define ZMQLOG_RUBY_WAITS_H

#include <ruby/thread.h>
#include <time.h>

#define WAIT_STRETCH_MS 200

/* One blocking call. The list of them is guarded by the interpreter's lock;
 * `wanted` is set from anywhere, also in signal handlers. */
typedef struct wait_call {
    struct wait_call *next;
    zmqlog_status (*run)(struct wait_call *wait);
    zmqlog_status (*wake)(void *handle);
    void *handle;
    const char *topic;
    zmqlog_record *record;
    size_t bytes;
    int timeout_ms;
    zmqlog_status status;
    int wanted;
    int goes_on; /* after a wakeup that was not for this thread */
} wait_call;

static wait_call *wait_calls;

static void *wait_without_lock(void *data) {
    wait_call *wait = (wait_call *)data;

    wait->status = wait->run(wait);
    return NULL;
}

/* Unblocks: Ruby may call it in a signal handler. */
static void wait_interrupt(void *data) {
    wait_call *wait = (wait_call *)data;

    __atomic_store_n(&wait->wanted, 1, __ATOMIC_SEQ_CST);
    wait->wake(wait->handle);
}

static void wait_leave(const wait_call *wait) {
    wait_call **link = &wait_calls;

    while (*link && *link != wait)
        link = &(*link)->next;
    if (*link)
        *link = wait->next;
}

/* A wakeup ends one wait of a handle, whichever comes first. If it was another's,
 * it goes back. */
static void wait_give_back(const wait_call *wait) {
    const wait_call *other;

    if (__atomic_load_n(&wait->wanted, __ATOMIC_SEQ_CST))
        return;
    for (other = wait_calls; other; other = other->next)
        if (other->handle == wait->handle &&
            __atomic_load_n(&other->wanted, __ATOMIC_SEQ_CST)) {
            wait->wake(wait->handle);
            return;
        }
}

static int64_t wait_now_ms(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One stretch of waiting. It never leaves by an exception, since the list points to
 * this frame: with INTR_FAIL Ruby does not look at interrupts, or does not call at
 * all when there are some. */
static zmqlog_status wait_once(wait_call *wait) {
    wait->wanted = 0;
    wait->status = ZMQLOG_EINTERRUPTED;
    wait->next = wait_calls;
    wait_calls = wait;
    rb_nogvl(wait_without_lock, wait, wait_interrupt, wait,
             RB_NOGVL_UBF_ASYNC_SAFE | RB_NOGVL_INTR_FAIL);
    wait_leave(wait);
    return wait->status;
}

/* What is there already, without giving up the lock. */
static zmqlog_status wait_look(wait_call *wait) {
    int timeout_ms = wait->timeout_ms;
    zmqlog_status status;

    wait->timeout_ms = 0;
    status = wait->run(wait);
    if (status == ZMQLOG_EINTERRUPTED && wait->goes_on) {
        wait_give_back(wait);
        status = wait->run(wait);
    }
    wait->timeout_ms = timeout_ms;
    return status;
}

static int wait_is_over(const wait_call *wait, zmqlog_status status) {
    if (status == ZMQLOG_EAGAIN || status == ZMQLOG_ETIMEDOUT)
        return wait->timeout_ms == 0;
    return status != ZMQLOG_EINTERRUPTED || !wait->goes_on;
}

/* How long the next stretch may be. A signal that comes when there are several
 * threads unblocks nobody, if none of them happens to sleep in Ruby's own way: so
 * then one has to look now and then. */
static int wait_stretch(int has_end, int64_t until) {
    int64_t left = has_end ? until - wait_now_ms() : -1;

    if (has_end && left < 0)
        return 0;
    if (!rb_thread_alone() && (left < 0 || left > WAIT_STRETCH_MS))
        return WAIT_STRETCH_MS;
    return (int)left;
}

static zmqlog_status wait_for(wait_call *wait) {
    int64_t until = wait_now_ms() + wait->timeout_ms;
    int has_end = wait->timeout_ms > 0;
    zmqlog_status status = wait_look(wait);

    if (wait_is_over(wait, status))
        return status;
    for (;;) {
        wait->timeout_ms = wait_stretch(has_end, until);
        status = wait_once(wait);
        if (status == ZMQLOG_EAGAIN || status == ZMQLOG_ETIMEDOUT) {
            if (has_end && wait_now_ms() >= until)
                return ZMQLOG_ETIMEDOUT;
        } else if (status != ZMQLOG_EINTERRUPTED) {
            return status;
        } else {
            wait_give_back(wait);
        }
        rb_thread_check_ints();
        if (status == ZMQLOG_EINTERRUPTED && !wait->goes_on)
            return status;
    }
}

/* ---- the calls ---------------------------------------------------------- */

static zmqlog_status wait_wake_handler(void *handle) {
    return zmqlog_handler_wakeup((zmqlog_handler *)handle);
}

static zmqlog_status wait_wake_subscriber(void *handle) {
    return zmqlog_subscriber_wakeup((zmqlog_subscriber *)handle);
}

static zmqlog_status wait_run_flush(wait_call *wait) {
    return zmqlog_handler_flush((zmqlog_handler *)wait->handle, wait->timeout_ms);
}

static zmqlog_status wait_run_subscriber(wait_call *wait) {
    return zmqlog_handler_wait_subscriber((zmqlog_handler *)wait->handle, wait->topic,
                                          wait->timeout_ms);
}

static zmqlog_status wait_run_room(wait_call *wait) {
    return zmqlog_handler_wait_room((zmqlog_handler *)wait->handle, wait->bytes,
                                    wait->timeout_ms);
}

static zmqlog_status wait_run_receive(wait_call *wait) {
    return zmqlog_subscriber_recv((zmqlog_subscriber *)wait->handle, wait->record,
                                  wait->timeout_ms);
}

static zmqlog_status wait_run_close(wait_call *wait) {
    return zmqlog_handler_close((zmqlog_handler *)wait->handle, wait->timeout_ms);
}

static zmqlog_status flush_unlocked(zmqlog_handler *handler, int timeout_ms) {
    wait_call wait = {.run = wait_run_flush,
                      .wake = wait_wake_handler,
                      .goes_on = 1,
                      .handle = handler,
                      .timeout_ms = timeout_ms};

    return wait_for(&wait);
}

/* While the lock is not held, another thread may change the string. */
static zmqlog_status wait_subscriber_unlocked(zmqlog_handler *handler,
                                              const char *topic, int timeout_ms) {
    volatile VALUE copy = topic ? rb_str_new_cstr(topic) : Qnil;
    wait_call wait = {.run = wait_run_subscriber,
                      .wake = wait_wake_handler,
                      .goes_on = 1,
                      .handle = handler,
                      .topic = topic ? StringValueCStr(*(VALUE *)&copy) : NULL,
                      .timeout_ms = timeout_ms};
    zmqlog_status status = wait_for(&wait);

    RB_GC_GUARD(copy);
    return status;
}

static zmqlog_status wait_room_unlocked(zmqlog_handler *handler, size_t bytes,
                                        int timeout_ms) {
    wait_call wait = {.run = wait_run_room,
                      .wake = wait_wake_handler,
                      .goes_on = 1,
                      .handle = handler,
                      .bytes = bytes,
                      .timeout_ms = timeout_ms};

    return wait_for(&wait);
}

/* Ends with EINTERRUPTED after any wakeup: the Ruby side knows whether it was one of
 * its own. */
static zmqlog_status recv_unlocked(zmqlog_subscriber *subscriber, zmqlog_record *record,
                                   int timeout_ms) {
    wait_call wait = {.run = wait_run_receive,
                      .wake = wait_wake_subscriber,
                      .handle = subscriber,
                      .record = record,
                      .timeout_ms = timeout_ms};

    return wait_for(&wait);
}

/* Closing knows no wakeup; it ends by its own timeout. */
static zmqlog_status close_unlocked(zmqlog_handler *handler, int timeout_ms) {
    wait_call wait = {
        .run = wait_run_close, .handle = handler, .timeout_ms = timeout_ms};

    rb_nogvl(wait_without_lock, &wait, NULL, NULL, 0);
    return wait.status;
}

#define zmqlog_handler_flush(handler, timeout_ms) flush_unlocked(handler, timeout_ms)
#define zmqlog_handler_wait_subscriber(handler, topic, timeout_ms)                     \
    wait_subscriber_unlocked(handler, topic, timeout_ms)
#define zmqlog_handler_wait_room(handler, bytes, timeout_ms)                           \
    wait_room_unlocked(handler, bytes, timeout_ms)
#define zmqlog_handler_close(handler, timeout_ms) close_unlocked(handler, timeout_ms)
#define zmqlog_subscriber_recv(subscriber, record, timeout_ms)                         \
    recv_unlocked(subscriber, record, timeout_ms)

#endif
