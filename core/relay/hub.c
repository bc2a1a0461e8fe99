/* SPDX-License-Identifier: BSD-3-Clause */
/* The loop of a relay's thread: how it begins, what it hands on, how long it waits for
 * a slow subscriber, how it ends. */
#include "relay/hub.h"

#include "base/clock.h"

#include <errno.h>

#define BATCH 256
#define SUBSCRIBER_HWM 10000
#define PUBLISHER_HWM 100000
#define STALL_NS INT64_C(60000000000)
#define BUDGET_MS 300
#define SHARE_PERCENT 5
#define CREDIT_WAIT_NS INT64_C(5000000)
#define HELLO_AGAIN_MS 20

static void count(_Atomic uint64_t *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static void store(_Atomic uint64_t *counter, uint64_t value) {
    atomic_store_explicit(counter, value, memory_order_relaxed);
}

static void count_peers(zl_hub *hub) {
    zl_hub_counts *counts = hub->options.counts;
    const zl_listeners *book = &hub->listeners;
    const zl_socket *publishers = hub->side[ZMQLOG_RELAY_PUBLISHERS];
    store(&counts->publishers, zl_socket_peers(publishers));
    store(&counts->subscribers, book->peers);
    store(&counts->refused, zl_socket_refused(publishers) +
                                zl_socket_refused(hub->side[ZMQLOG_RELAY_SUBSCRIBERS]));
    store(&counts->lost, book->peers_lost + zl_socket_peers_lost(publishers));
    store(&counts->prefixes, book->prefixes.distinct);
    atomic_fetch_add(&counts->malformed, book->strays - hub->strays);
    atomic_fetch_add(&counts->slow, book->cut - hub->cuts);
    hub->strays = book->strays;
    hub->cuts = book->cut;
}

static void serve(zl_hub *hub, int64_t timeout_ns) {
    zl_event *wake = zl_worker_event(hub->worker);
    zl_socket *publishers = hub->side[ZMQLOG_RELAY_PUBLISHERS];
    zl_socket *subscribers = hub->side[ZMQLOG_RELAY_SUBSCRIBERS];
    if (zl_socket_poll_both(publishers, subscribers, zl_event_fd(wake), timeout_ns) &
        ZL_FD_READY)
        zl_event_clear(wake);
    zl_socket_serve(publishers);
    zl_socket_serve(subscribers);
    count_peers(hub);
}

/* ---- records ---- */

/* Some subscriber is full. It may keep the others waiting within the budget, which is
 * theirs and the publishers': then libzmq skips it until it has drained. */
static int wait_and_pass(zl_hub *hub, zl_span topic) {
    zl_socket *from = hub->side[ZMQLOG_RELAY_PUBLISHERS];
    zl_socket *to = hub->side[ZMQLOG_RELAY_SUBSCRIBERS];
    zl_slow_begin(&hub->slow, zl_clock_monotonic_ns());
    for (;;) {
        int64_t now = zl_clock_monotonic_ns();
        int64_t left = zl_slow_left(&hub->slow, now, 1);
        int error;
        zl_listeners_observe(&hub->listeners, topic, now);
        serve(hub, 0);
        zl_worker_take_commands(hub->worker);
        zl_hub_follow(hub);
        error = zl_socket_pass_on(to, from, 0);
        if (error != EAGAIN)
            return error;
        if (left <= 0)
            break;
        zl_socket_wait_credit(to, left < CREDIT_WAIT_NS ? left : CREDIT_WAIT_NS);
    }
    count(&hub->options.counts->slow);
    return zl_socket_pass_on(to, from, 1);
}

static void pass(zl_hub *hub, zl_span topic) {
    zl_hub_counts *counts = hub->options.counts;
    int error = zl_socket_pass_on(hub->side[ZMQLOG_RELAY_SUBSCRIBERS],
                                  hub->side[ZMQLOG_RELAY_PUBLISHERS], 0);
    if (error == EAGAIN)
        error = wait_and_pass(hub, topic);
    count(error ? &counts->failed : &counts->sent);
}

/* How many messages there were. */
static int pass_batch(zl_hub *hub) {
    zl_socket *from = hub->side[ZMQLOG_RELAY_PUBLISHERS];
    zl_span topic, body;
    int done = 0, got;
    while (done < BATCH && (got = zl_socket_receive(from, &topic, &body)) != 0) {
        done++;
        if (got < 0) {
            count(&hub->options.counts->malformed);
            continue;
        }
        if (zl_hub_is_loop(hub, topic, body))
            continue;
        count(&hub->options.counts->received);
        pass(hub, topic);
    }
    return done;
}

/* ---- the thread ---- */

static int64_t rest_ns(const zl_hub *hub) {
    int a = zl_socket_next_due_ms(hub->side[ZMQLOG_RELAY_PUBLISHERS]);
    int b = zl_socket_next_due_ms(hub->side[ZMQLOG_RELAY_SUBSCRIBERS]);
    if (hub->hello_owed_ns && (b < 0 || b > HELLO_AGAIN_MS))
        b = HELLO_AGAIN_MS;
    return zl_clock_ms_as_ns(a < 0 || (b >= 0 && b < a) ? b : a);
}

/* What has come is handed on, but publishers that send on must not keep us. */
static void finish(zl_hub *hub) {
    int64_t deadline = zl_clock_deadline(hub->options.linger_ms);
    zl_worker_shut(hub->worker);
    zl_worker_take_commands(hub->worker);
    while (pass_batch(hub) > 0 && zl_clock_left_ms(deadline) > 0)
        serve(hub, 0);
    hub->listeners.prefixes.changed = NULL;
    hub->listeners.asked = NULL;
    zl_socket_close(hub->side[ZMQLOG_RELAY_PUBLISHERS], 0);
    zl_socket_close(hub->side[ZMQLOG_RELAY_SUBSCRIBERS], zl_clock_left_ms(deadline));
    zl_listeners_clear(&hub->listeners);
    zl_prefixes_drop(&hub->passed, &hub->upstream);
    store(&hub->options.counts->publishers, 0);
    store(&hub->options.counts->subscribers, 0);
    store(&hub->options.counts->prefixes, 0);
    for (int side = 1; side < ZL_SIDES; side++)
        zl_auth_unuse(hub->options.auth[side]);
}

static void run(void *owner) {
    zl_hub *hub = owner;
    while (!atomic_load(&hub->is_stopping)) {
        int busy = zl_worker_take_commands(hub->worker);
        busy |= zl_hub_follow(hub);
        busy |= pass_batch(hub) > 0;
        zl_hub_say_hello(hub);
        serve(hub, busy ? 0 : rest_ns(hub));
    }
    finish(hub);
    zl_bell_ring(hub->options.news);
}

/* ---- beginning and end ---- */

static zmqlog_status open_sides(zl_hub *hub) {
    zl_socket_options to_publishers = {.kind = ZL_SUBSCRIBING,
                                       .hwm = PUBLISHER_HWM,
                                       .auth =
                                           hub->options.auth[ZMQLOG_RELAY_PUBLISHERS],
                                       .wake = zl_worker_event(hub->worker),
                                       .is_relay = 1};
    zl_socket_options to_subscribers = {.kind = ZL_PUBLISHING,
                                        .hwm = SUBSCRIBER_HWM,
                                        .auth =
                                            hub->options.auth[ZMQLOG_RELAY_SUBSCRIBERS],
                                        .wake = zl_worker_event(hub->worker),
                                        .listeners = &hub->listeners};
    zmqlog_status status = zl_socket_open(&hub->side[ZMQLOG_RELAY_PUBLISHERS],
                                          hub->options.errors, &to_publishers);
    if (status == ZMQLOG_OK)
        status = zl_socket_open(&hub->side[ZMQLOG_RELAY_SUBSCRIBERS],
                                hub->options.errors, &to_subscribers);
    return status;
}

zmqlog_status zl_hub_start(zl_hub *hub, const zl_hub_options *options) {
    zmqlog_status status;
    memset(hub, 0, sizeof *hub);
    hub->options = *options;
    status = zl_worker_open(&hub->worker, options->errors, "zmqlog/relay");
    if (status != ZMQLOG_OK)
        return status;
    zl_listeners_init(&hub->listeners, STALL_NS);
    zl_slow_init(&hub->slow, BUDGET_MS, SHARE_PERCENT, zl_clock_monotonic_ns());
    status = open_sides(hub);
    if (status == ZMQLOG_OK) {
        zl_hub_prepare_upstream(hub);
        for (int side = 1; side < ZL_SIDES; side++)
            zl_auth_use(options->auth[side]);
        status = zl_worker_start(hub->worker, options->errors, run, hub);
        for (int side = 1; side < ZL_SIDES && status != ZMQLOG_OK; side++)
            zl_auth_unuse(options->auth[side]);
    }
    if (status == ZMQLOG_OK)
        return ZMQLOG_OK;
    for (int side = 1; side < ZL_SIDES; side++)
        zl_socket_close(hub->side[side], 0);
    zl_prefixes_drop(&hub->passed, &hub->upstream);
    zl_hub_destroy(hub);
    return status;
}

void zl_hub_stop(zl_hub *hub) {
    atomic_store(&hub->is_stopping, 1);
    zl_event_signal(zl_worker_event(hub->worker));
}

void zl_hub_destroy(zl_hub *hub) {
    zl_listeners_destroy(&hub->listeners);
    zl_worker_release(hub->worker);
}
