/* SPDX-License-Identifier: BSD-3-Clause */
/* The I/O thread itself: its loop, how it rests, how it begins and ends. */
#include "publish/sender.h"

#include "thread/background.h"
#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>

/* ZAP and monitor are looked at this often while there is traffic. */
#define SERVE_EVERY_NS INT64_C(2000000)
/* Pages of the queue kept resident ahead of the producers. */
#define TOUCH_AHEAD_BYTES (512u * 1024u)
#define HOLD_TICK_MS 10
#define UNWRITTEN_NS INT64_C(100000000)
#define UNWRITTEN_NAP_NS INT64_C(50000)

static void count_peers(zl_sender *sender) {
    atomic_store_explicit(&sender->peers, sender->listeners.peers,
                          memory_order_relaxed);
    atomic_store_explicit(&sender->refused_peers, zl_socket_refused(sender->socket),
                          memory_order_relaxed);
    atomic_store_explicit(&sender->peers_lost, sender->listeners.peers_lost,
                          memory_order_relaxed);
}

/* What the last poll has found. */
static void serve(zl_sender *sender, int64_t now_ns) {
    sender->served_ns = now_ns;
    zl_socket_serve(sender->socket);
    count_peers(sender);
}

void zl_sender_serve_all(zl_sender *sender) {
    zl_socket_serve_all(sender->socket);
    count_peers(sender);
}

/* Each look costs a system call; while there is traffic it is taken now and then. */
void zl_sender_serve_when_due(zl_sender *sender, int64_t now_ns) {
    if (now_ns - sender->served_ns < SERVE_EVERY_NS)
        return;
    zl_socket_poll(sender->socket, -1, 0);
    serve(sender, now_ns);
}

static void touch_ahead(zl_sender *sender) {
    zl_ring *ring = &sender->queue->ring;
    uint64_t wanted = (uint64_t)ring->read_position * 8 + TOUCH_AHEAD_BYTES;
    while (ring->touched < ring->capacity && ring->touched < wanted &&
           zl_ring_touch_ahead(ring))
        ;
}

static int is_drained(zl_sender *sender) {
    return zl_ring_is_empty(&sender->queue->ring);
}

/* Soonest time at which something is due by itself, as a timeout in ms. */
static int rest_timeout_ms(zl_sender *sender) {
    int64_t due = INT64_MAX;
    int socket_ms = zl_socket_next_due_ms(sender->socket);
    int ms;
    if (sender->hold.active)
        due = zl_hold_end_ns(&sender->hold);
    if (atomic_load(&sender->closing)) {
        int64_t deadline = atomic_load(&sender->close_deadline_ns);
        due = deadline < due ? deadline : due;
    }
    if (atomic_load_explicit(&sender->counters->any_lost, memory_order_relaxed) &&
        sender->options.drop_notice && !sender->hold.active && sender->notice_ns < due)
        due = sender->notice_ns;
    if (zl_sender_announce_due_ns(sender) < due)
        due = zl_sender_announce_due_ns(sender);
    if (zl_sender_page_due_ns(sender) < due)
        due = zl_sender_page_due_ns(sender);
    ms = zl_clock_left_ms(due);
    if (socket_ms >= 0 && (ms < 0 || socket_ms < ms))
        ms = socket_ms;
    /* Nobody wakes a thread that holds records back; where it alone may make
     * room, it must look by itself. */
    if (sender->hold.active && sender->queue->policy == ZMQLOG_OVERFLOW_DROP_OLDEST &&
        (ms < 0 || ms > HOLD_TICK_MS))
        ms = HOLD_TICK_MS;
    return ms;
}

static void sleep_for(zl_sender *sender, int64_t length_ns) {
    zl_event *wake = sender->queue->wake;
    if (zl_socket_poll(sender->socket, zl_event_fd(wake), length_ns) & ZL_FD_READY)
        zl_event_clear(wake);
}

static void nap(zl_sender *sender, int64_t length_ns) {
    atomic_store(&sender->queue->napping, 1);
    sleep_for(sender, length_ns);
    atomic_store(&sender->queue->napping, 0);
}

static void sleep_armed(zl_sender *sender) {
    zl_queue *queue = sender->queue;
    atomic_store(&queue->armed, !sender->hold.active);
    if ((!sender->hold.active && !is_drained(sender)) ||
        zl_worker_has_commands(sender->worker) || atomic_load(&sender->gate_stale)) {
        atomic_store(&queue->armed, 0);
        return;
    }
    sleep_for(sender, zl_clock_ms_as_ns(rest_timeout_ms(sender)));
    atomic_store(&queue->armed, 0);
}

static void rest(zl_sender *sender) {
    int64_t now = zl_clock_monotonic_ns();
    int64_t length;
    touch_ahead(sender);
    length = zl_nap_take(&sender->nap, now);
    /* A record that is reserved but not written yet will be there at once. */
    if (length == 0 && !sender->hold.active && !is_drained(sender))
        length = UNWRITTEN_NAP_NS;
    if (length)
        nap(sender, length);
    else
        sleep_armed(sender);
    serve(sender, zl_clock_monotonic_ns());
}

static void end_hold_when_due(zl_sender *sender, int64_t now) {
    int64_t end = zl_hold_end_ns(&sender->hold);
    if (atomic_load(&sender->closing)) {
        int64_t deadline = atomic_load(&sender->close_deadline_ns);
        end = deadline < end ? deadline : end;
    }
    if (now < end)
        return;
    sender->hold.active = 0;
    atomic_store(&sender->gate_stale, 1);
}

/* One turn; whether anything was done. */
static int turn(zl_sender *sender) {
    int64_t now = zl_clock_monotonic_ns();
    int busy = zl_worker_take_commands(sender->worker);
    busy |= zl_sender_take_events(sender);
    if (atomic_load_explicit(&sender->has_roots, memory_order_acquire))
        zl_sender_take_roots(sender, sender->queue->ring.read_count);
    if (sender->hold.active)
        end_hold_when_due(sender, now);
    if (atomic_load_explicit(&sender->gate_stale, memory_order_relaxed))
        zl_sender_refresh_gate(sender);
    busy |= zl_sender_send_batch(sender);
    zl_sender_send_notices(sender, 0);
    zl_sender_serve_when_due(sender, now);
    zl_sender_keep_page(sender, now);
    return busy;
}

static int may_end(zl_sender *sender) {
    /* In this order: a mailbox that is shut gets no command that is not seen here. */
    if (!zl_worker_is_shut(sender->worker) || zl_worker_has_commands(sender->worker))
        return 0;
    /* Also in the hold: no more can come. */
    if (is_drained(sender) && !zl_sender_owes_backlog(sender))
        return 1;
    return zl_clock_monotonic_ns() >= atomic_load(&sender->close_deadline_ns) &&
           !sender->hold.active;
}

/* What is still in the queue when the time is over is lost, and counted. A
 * record that is reserved but never written (its thread was killed in between)
 * must not keep us. */
static void drop_rest(zl_sender *sender) {
    size_t len;
    zl_entry *entry;
    int64_t until = zl_clock_monotonic_ns() + UNWRITTEN_NS;
    while (!is_drained(sender) && zl_clock_monotonic_ns() < until) {
        while ((entry = zl_ring_read(&sender->queue->ring, &len))) {
            zl_count_lost(sender->counters, ZMQLOG_COUNT_DROPPED_TIMEOUT, entry->level);
            atomic_fetch_add(&sender->done, 1);
            atomic_store(&sender->left_over, 1);
        }
        zl_ring_release(&sender->queue->ring);
    }
}

static void finish(zl_sender *sender) {
    int64_t deadline = atomic_load(&sender->close_deadline_ns);
    int left_ms;
    drop_rest(sender);
    zl_sender_drop_backlog(sender);
    zl_sender_send_notices(sender, 1);
    left_ms = zl_clock_left_ms(deadline);
    /* Whatever is asked for, libzmq must not be waited for without end. */
    if (zl_socket_close(sender->socket, left_ms < 0 ? 1000 : left_ms))
        atomic_store(&sender->left_over, 1);
    zl_listeners_clear(&sender->listeners);
    zl_composer_destroy(&sender->composer);
    zl_buffer_free(&sender->asked.body);
    zl_sender_close_page(sender);
    atomic_store(&sender->peers, 0);
    atomic_store(&sender->subscriptions, 0);
    zl_auth_unuse(sender->options.auth);
    atomic_store(&sender->closed, 1);
    zl_bell_ring(&sender->queue->progress);
    zl_bell_ring(&sender->queue->room);
}

static void run(void *argument) {
    zl_sender *sender = argument;
    zl_background_enter();
    while (!may_end(sender))
        if (!turn(sender) && !may_end(sender))
            rest(sender);
    finish(sender);
    sender->released(sender->owner);
}

void zl_sender_destroy(zl_sender *sender) {
    zl_root_change *change, *next;
    for (change = sender->first_root; change; change = next) {
        next = change->next;
        free(change);
    }
    zl_listeners_destroy(&sender->listeners);
    pthread_mutex_destroy(&sender->lock);
    zl_worker_release(sender->worker);
}

static void fill(zl_sender *sender, const zl_sender_options *options) {
    int64_t now = zl_clock_monotonic_ns();
    sender->options = *options;
    pthread_mutex_init(&sender->lock, NULL);
    zl_listeners_init(&sender->listeners, (int64_t)options->stall_ms * 1000000);
    sender->listeners.request = zl_span_of(ZL_ASKS_HELLO);
    zl_slow_init(&sender->slow, options->budget_ms, options->share_percent, now);
    sender->nap.next_ns = ZL_NAP_FIRST_NS;
    zl_backlog_init(&sender->backlog, options->backlog_level, options->backlog_bytes);
    atomic_init(&sender->close_deadline_ns, ZL_NO_DEADLINE);
}

zmqlog_status zl_sender_start(zl_sender *sender, const zl_sender_options *options,
                              zl_queue *queue, zl_gate *gate, zl_counters *counters,
                              zl_errors *errors, const zl_level_names *names,
                              zl_span root, zl_format **formats,
                              void (*released)(void *), void *owner) {
    zl_socket_options socket_options = {.kind = ZL_PUBLISHING,
                                        .hwm = options->hwm,
                                        .auth = options->auth,
                                        .listeners = &sender->listeners,
                                        .heartbeat_ms = options->heartbeat_ms};
    zmqlog_status status;
    memset((char *)sender + sizeof sender->floor, 0,
           sizeof *sender - sizeof sender->floor);
    sender->queue = queue;
    sender->gate = gate;
    sender->counters = counters;
    sender->errors = errors;
    sender->names = names;
    sender->released = released;
    sender->owner = owner;
    status = zl_worker_open(&sender->worker, errors, "zmqlog/handler");
    if (status != ZMQLOG_OK)
        return status;
    queue->wake = zl_worker_event(sender->worker);
    socket_options.wake = queue->wake;
    fill(sender, options);
    zl_auth_use(options->auth);
    status = zl_socket_open(&sender->socket, errors, &socket_options);
    if (status != ZMQLOG_OK) {
        zl_auth_unuse(options->auth);
        zl_sender_destroy(sender);
        return status;
    }
    if (zl_composer_init(&sender->composer, names, counters, options->max_body_bytes,
                         options->start_ns) != 0)
        status = zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    else
        sender->epoch = sender->composer.topics->next_epoch;
    sender->composer.root = root;
    zl_hold_begin(&sender->hold, zl_clock_monotonic_ns(), options->hold_ms);
    zl_gate_open_all(gate, atomic_load(&sender->floor));
    if (!sender->hold.active)
        atomic_store(&sender->gate_stale, 1);
    if (status == ZMQLOG_OK) {
        memcpy(sender->composer.format, formats, sizeof sender->composer.format);
        status = zl_worker_start(sender->worker, sender->errors, run, sender);
    }
    if (status != ZMQLOG_OK) {
        memset(sender->composer.format, 0, sizeof sender->composer.format);
        zl_composer_destroy(&sender->composer);
        zl_socket_close(sender->socket, 0);
        zl_auth_unuse(options->auth);
        zl_sender_destroy(sender);
    }
    return status;
}
