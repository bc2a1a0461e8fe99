/* SPDX-License-Identifier: BSD-3-Clause */
/* The handle of a relay: made, opened, waited for, stopped, freed; what it tells. The
 * work is its thread's (hub.h). */
#include "relay/hub.h"

#include "base/clock.h"
#include "socket/openings.h"
#include "thread/cancel.h"
#include "thread/forks.h"

#include <stdlib.h>

#define LINGER_MS 1000

struct zmqlog_relay {
    unsigned forks; /* of the process that made it */
    zl_errors errors;
    zl_hub_counts counts;
    zl_bell news;
    _Atomic uint64_t loops;
    _Atomic uint64_t told_loops; /* that run has answered */
    _Atomic int is_stopped;      /* stop was called */
    _Atomic int is_started;      /* the hub is there */
    pthread_mutex_t lock;        /* options, opening */
    zmqlog_auth *auth[ZL_SIDES];
    int has_side[ZL_SIDES];
    zl_openings openings;
    zl_hub hub;
};

zmqlog_relay *zmqlog_relay_new(void) {
    zmqlog_relay *relay = calloc(1, sizeof *relay);
    if (!relay)
        return NULL;
    zl_forks_watch();
    relay->forks = zl_forks_count();
    zl_errors_init(&relay->errors);
    pthread_mutex_init(&relay->lock, NULL);
    return relay;
}

static int is_inherited(const zmqlog_relay *relay) {
    return relay->forks != zl_forks_count();
}

static zmqlog_status fail_closed(zmqlog_relay *relay) {
    return zl_fail(&relay->errors, ZMQLOG_ECLOSED, "the relay was stopped");
}

static zmqlog_status check(zmqlog_relay *relay) {
    if (!relay)
        return ZMQLOG_EINVAL;
    if (is_inherited(relay))
        return ZMQLOG_EFORKED;
    return atomic_load(&relay->is_stopped) ? fail_closed(relay) : ZMQLOG_OK;
}

zmqlog_status zmqlog_relay_set_auth(zmqlog_relay *relay, int side, zmqlog_auth *auth) {
    zmqlog_status status = check(relay);
    if (status == ZMQLOG_OK)
        status = zl_check_range(&relay->errors, "set_auth", "side", side,
                                ZMQLOG_RELAY_PUBLISHERS, ZMQLOG_RELAY_SUBSCRIBERS);
    if (status != ZMQLOG_OK)
        return status;
    pthread_mutex_lock(&relay->lock);
    if (atomic_load(&relay->is_started)) {
        status = zl_fail(&relay->errors, ZMQLOG_ESTATE,
                         "set_auth: possible only before the relay is opened");
    } else {
        zmqlog_auth *before = relay->auth[side];
        relay->auth[side] = zl_auth_hold(auth);
        zl_auth_release(before);
    }
    pthread_mutex_unlock(&relay->lock);
    return status;
}

/* ---- opening ---- */

static zmqlog_status start(zmqlog_relay *relay) {
    zl_hub_options options = {.linger_ms = LINGER_MS,
                              .errors = &relay->errors,
                              .counts = &relay->counts,
                              .news = &relay->news,
                              .loops = &relay->loops};
    zmqlog_status status;
    memcpy(options.auth, relay->auth, sizeof options.auth);
    status = zl_hub_start(&relay->hub, &options);
    if (status == ZMQLOG_OK)
        atomic_store(&relay->is_started, 1);
    /* A stop that came before saw nothing to stop. */
    if (status == ZMQLOG_OK && atomic_load(&relay->is_stopped))
        zl_hub_stop(&relay->hub);
    return status;
}

static void end(zmqlog_relay *relay) {
    zl_hub_stop(&relay->hub);
    zl_worker_wait_ended(relay->hub.worker);
}

/* Takes back a start whose first endpoint could not be opened. */
static void undo_start(zmqlog_relay *relay) {
    atomic_store(&relay->is_started, 0);
    end(relay);
    zl_hub_destroy(&relay->hub);
}

static zmqlog_status open_locked(zmqlog_relay *relay, int side,
                                 const zl_endpoint *endpoint, zl_endpoint_use use,
                                 const char *given) {
    int is_fresh = !atomic_load(&relay->is_started);
    zmqlog_status status = is_fresh ? start(relay) : ZMQLOG_OK;
    zl_opener with = {relay->hub.worker, relay->hub.side[side], &relay->errors, NULL};
    if (status != ZMQLOG_OK)
        return status;
    status = zl_openings_open(&relay->openings, &with, endpoint, use, given);
    if (status == ZMQLOG_ECLOSED)
        fail_closed(relay);
    if (status != ZMQLOG_OK && is_fresh)
        undo_start(relay);
    if (status == ZMQLOG_OK)
        relay->has_side[side] = 1;
    return status;
}

/* Publishers are where a subscriber's are, and subscribers where a handler's are. */
static zmqlog_status open_on(zmqlog_relay *relay, int side, const char *text,
                             zl_endpoint_use use) {
    ZL_UNCANCELLED;
    zmqlog_status status = check(relay);
    zl_endpoint endpoint;
    if (status != ZMQLOG_OK)
        return status;
    if (!text)
        return zl_fail(&relay->errors, ZMQLOG_EINVAL, "the endpoint is NULL");
    status = zl_endpoint_parse(&endpoint, &relay->errors, text, use);
    if (status != ZMQLOG_OK)
        return status;
    pthread_mutex_lock(&relay->lock);
    status = zl_auth_check_open(relay->auth[side], &relay->errors, &endpoint, use,
                                side == ZMQLOG_RELAY_PUBLISHERS);
    if (status == ZMQLOG_OK)
        status = open_locked(relay, side, &endpoint, use, text);
    pthread_mutex_unlock(&relay->lock);
    return status;
}

zmqlog_status zmqlog_relay_bind_publishers(zmqlog_relay *relay, const char *endpoint) {
    return open_on(relay, ZMQLOG_RELAY_PUBLISHERS, endpoint, ZL_BIND);
}

zmqlog_status zmqlog_relay_connect_publishers(zmqlog_relay *relay,
                                              const char *endpoint) {
    return open_on(relay, ZMQLOG_RELAY_PUBLISHERS, endpoint, ZL_CONNECT);
}

zmqlog_status zmqlog_relay_connect_upstream(zmqlog_relay *relay, const char *endpoint) {
    return open_on(relay, ZMQLOG_RELAY_PUBLISHERS, endpoint, ZL_CONNECT);
}

zmqlog_status zmqlog_relay_bind_subscribers(zmqlog_relay *relay, const char *endpoint) {
    return open_on(relay, ZMQLOG_RELAY_SUBSCRIBERS, endpoint, ZL_BIND);
}

zmqlog_status zmqlog_relay_connect_subscribers(zmqlog_relay *relay,
                                               const char *endpoint) {
    return open_on(relay, ZMQLOG_RELAY_SUBSCRIBERS, endpoint, ZL_CONNECT);
}

/* ---- running ---- */

static zmqlog_status check_sides(zmqlog_relay *relay) {
    static const char *const missing[] = {
        [ZMQLOG_RELAY_PUBLISHERS] =
            "run: nothing is open for publishers; use bind_publishers, "
            "connect_publishers or connect_upstream",
        [ZMQLOG_RELAY_SUBSCRIBERS] =
            "run: nothing is open for subscribers; use bind_subscribers or "
            "connect_subscribers",
    };
    zmqlog_status status = ZMQLOG_OK;
    pthread_mutex_lock(&relay->lock);
    for (int side = 1; side < ZL_SIDES && status == ZMQLOG_OK; side++)
        if (!relay->has_side[side])
            status = zl_fail(&relay->errors, ZMQLOG_ESTATE, "%s", missing[side]);
    pthread_mutex_unlock(&relay->lock);
    return status;
}

/* Each loop is reported once. */
static int take_loop(zmqlog_relay *relay) {
    uint64_t told = atomic_load(&relay->told_loops);
    return told < atomic_load(&relay->loops) &&
           atomic_compare_exchange_strong(&relay->told_loops, &told, told + 1);
}

static zmqlog_status wait_for_end(zmqlog_relay *relay, int64_t deadline) {
    for (;;) {
        uint32_t seen = zl_bell_look(&relay->news);
        if (take_loop(relay))
            return ZMQLOG_EREFUSED;
        if (atomic_load(&relay->is_stopped))
            break;
        if (zl_clock_left_ms(deadline) == 0)
            return ZMQLOG_ETIMEDOUT;
        zl_bell_wait(&relay->news, seen, deadline);
    }
    zl_worker_wait_ended(relay->hub.worker);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_relay_run(zmqlog_relay *relay, int timeout_ms) {
    ZL_UNCANCELLED;
    int64_t deadline = zl_clock_deadline(timeout_ms);
    zmqlog_status status;
    if (!relay)
        return ZMQLOG_EINVAL;
    if (is_inherited(relay))
        return ZMQLOG_EFORKED;
    status = check_sides(relay);
    return status == ZMQLOG_OK ? wait_for_end(relay, deadline) : status;
}

void zmqlog_relay_stop(zmqlog_relay *relay) {
    if (!relay || is_inherited(relay))
        return;
    atomic_store(&relay->is_stopped, 1);
    if (atomic_load(&relay->is_started))
        zl_hub_stop(&relay->hub);
    zl_bell_ring(&relay->news);
}

void zmqlog_relay_free(zmqlog_relay *relay) {
    if (!relay || is_inherited(relay))
        return;
    if (atomic_load(&relay->is_started)) {
        end(relay);
        zl_hub_destroy(&relay->hub);
    }
    for (int side = 1; side < ZL_SIDES; side++)
        zl_auth_release(relay->auth[side]);
    zl_openings_free(&relay->openings);
    zl_errors_destroy(&relay->errors);
    pthread_mutex_destroy(&relay->lock);
    free(relay);
}

/* ---- looking ---- */

static const _Atomic uint64_t *find_counter(const zl_hub_counts *counts, int which) {
    switch (which) {
    case ZMQLOG_COUNT_RECEIVED:
        return &counts->received;
    case ZMQLOG_COUNT_SENT:
        return &counts->sent;
    case ZMQLOG_COUNT_DROPPED_INTERNAL:
        return &counts->failed;
    case ZMQLOG_COUNT_SLOW_EPISODES:
        return &counts->slow;
    case ZMQLOG_COUNT_MALFORMED:
        return &counts->malformed;
    case ZMQLOG_COUNT_REFUSED_PEERS:
        return &counts->refused;
    case ZMQLOG_COUNT_PEERS:
        return &counts->subscribers;
    case ZMQLOG_COUNT_PUBLISHERS:
        return &counts->publishers;
    case ZMQLOG_COUNT_PEER_LOST:
        return &counts->lost;
    case ZMQLOG_COUNT_SUBSCRIPTIONS:
        return &counts->prefixes;
    default:
        return NULL;
    }
}

int64_t zmqlog_relay_count(const zmqlog_relay *relay, int which) {
    const _Atomic uint64_t *counter;
    if (!relay)
        return ZMQLOG_EINVAL;
    if (is_inherited(relay))
        return ZMQLOG_EFORKED;
    counter = find_counter(&relay->counts, which);
    return counter ? (int64_t)atomic_load_explicit(counter, memory_order_relaxed)
                   : ZMQLOG_EINVAL;
}

const char *zmqlog_relay_endpoint(const zmqlog_relay *relay, int index) {
    return relay ? zl_openings_name(&relay->openings, index) : NULL;
}

const char *zmqlog_relay_errmsg(const zmqlog_relay *relay) {
    /* The lock may have been held when the process was forked. */
    if (relay && is_inherited(relay))
        return "the relay was inherited by fork: make a new one in the child";
    return zl_errors_last(relay ? &relay->errors : NULL);
}
