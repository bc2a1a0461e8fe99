/* SPDX-License-Identifier: BSD-3-Clause */
/* The subscriber's life: making, opening, closing, counters. Its options are
 * subscriber_options.c, what it is subscribed to subscriber_interest.c, receiving
 * subscriber_receive.c. */
#include "receive/subscriber_internal.h"

#include "thread/cancel.h"
#include "thread/forks.h"

#include <stdlib.h>

#define DEFAULT_QUEUE_BYTES ((size_t)8 << 20)
#define DEFAULT_HWM 100000

zmqlog_subscriber *zmqlog_subscriber_new(void) {
    zmqlog_subscriber *subscriber = calloc(1, sizeof *subscriber);

    if (!subscriber)
        return NULL;
    zl_forks_watch();
    subscriber->forks = zl_forks_count();
    subscriber->queue_bytes = DEFAULT_QUEUE_BYTES;
    subscriber->hwm = DEFAULT_HWM;
    subscriber->policy = ZMQLOG_OVERFLOW_BLOCK;
    subscriber->block_ms = -1;
    zl_level_names_preset(&subscriber->names, "default");
    zl_interests_init(&subscriber->interests);
    zl_gaps_init(&subscriber->gaps);
    zl_errors_init(&subscriber->errors);
    zl_alert_init(&subscriber->alert);
    pthread_mutex_init(&subscriber->lock, NULL);
    return subscriber;
}

int zl_subscriber_is_inherited(const zmqlog_subscriber *subscriber) {
    return subscriber->forks != zl_forks_count();
}

zmqlog_status zl_subscriber_fail_closed(zmqlog_subscriber *subscriber) {
    return zl_fail(&subscriber->errors, ZMQLOG_ECLOSED, "the subscriber is closed");
}

zmqlog_status zl_subscriber_check(zmqlog_subscriber *subscriber) {
    if (!subscriber)
        return ZMQLOG_EINVAL;
    if (zl_subscriber_is_inherited(subscriber))
        return ZMQLOG_EFORKED;
    return atomic_load(&subscriber->is_closed) ? zl_subscriber_fail_closed(subscriber)
                                               : ZMQLOG_OK;
}

/* ---- opening ----------------------------------------------------------- */

static zmqlog_status make_pump(zmqlog_subscriber *subscriber) {
    zl_pump_options options = {
        .queue_bytes = subscriber->queue_bytes,
        .hwm = subscriber->hwm,
        .policy = subscriber->policy,
        .block_ms = subscriber->block_ms,
        .auth = subscriber->auth,
        .errors = &subscriber->errors,
        .alert = &subscriber->alert,
        .counts = &subscriber->pumped,
    };
    zl_pump *pump = malloc(sizeof *pump);
    zmqlog_status status;

    if (!pump)
        return zl_fail(&subscriber->errors, ZMQLOG_ENOMEM, "out of memory");
    status = zl_pump_start(pump, &options);
    if (status != ZMQLOG_OK) {
        free(pump);
        return status;
    }
    subscriber->pump = pump;
    subscriber->is_stopped = 0;
    zl_auth_use(subscriber->auth); /* until it is stopped */
    return ZMQLOG_OK;
}

static zmqlog_status need_pump(zmqlog_subscriber *subscriber) {
    zmqlog_status status = ZMQLOG_OK;

    if (subscriber->pump)
        return ZMQLOG_OK;
    pthread_mutex_lock(&subscriber->lock);
    /* close() sets is_closed before it takes the lock. */
    if (atomic_load(&subscriber->is_closed))
        status = zl_subscriber_fail_closed(subscriber);
    else
        status = make_pump(subscriber);
    pthread_mutex_unlock(&subscriber->lock);
    if (status != ZMQLOG_OK)
        return status;
    zl_interests_touch_all(&subscriber->interests);
    status = zl_subscriber_sync(subscriber);
    return status == ZMQLOG_OK ? zl_subscriber_follow_all(subscriber) : status;
}

static void stop_pump(zmqlog_subscriber *subscriber) {
    pthread_mutex_lock(&subscriber->lock);
    if (subscriber->pump && !subscriber->is_stopped) {
        subscriber->is_stopped = 1;
        zl_pump_stop(subscriber->pump);
        zl_auth_unuse(subscriber->auth);
    }
    pthread_mutex_unlock(&subscriber->lock);
}

/* Back to not open, also for the options. */
static void discard_pump(zmqlog_subscriber *subscriber) {
    zl_pump *pump = subscriber->pump;
    size_t i;

    if (!pump)
        return;
    stop_pump(subscriber);
    pthread_mutex_lock(&subscriber->lock);
    subscriber->pump = NULL;
    pthread_mutex_unlock(&subscriber->lock);
    zl_pump_destroy(pump);
    free(pump);
    for (i = 0; i < subscriber->interests.count; i++)
        subscriber->interests.items[i]->live = 0;
}

static zl_opener opener(zmqlog_subscriber *subscriber) {
    zl_pump *pump = subscriber->pump;
    return (zl_opener){pump ? pump->worker : NULL, pump ? pump->socket : NULL,
                       &subscriber->errors, NULL};
}

static zmqlog_status open_parsed(zmqlog_subscriber *subscriber,
                                 const zl_endpoint *endpoint, zl_endpoint_use use,
                                 const char *given) {
    int is_fresh = !subscriber->pump; /* otherwise it may have records */
    zmqlog_status status = need_pump(subscriber);
    zl_opener with;

    if (status == ZMQLOG_OK) {
        with = opener(subscriber);
        status = zl_openings_open(&subscriber->openings, &with, endpoint, use, given);
    }
    if (status == ZMQLOG_ECLOSED)
        zl_subscriber_fail_closed(subscriber);
    if (status != ZMQLOG_OK && is_fresh)
        discard_pump(subscriber);
    return status;
}

static zmqlog_status open_endpoint(zmqlog_subscriber *subscriber, const char *endpoint,
                                   zl_endpoint_use use) {
    ZL_UNCANCELLED;
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_endpoint parsed;

    if (status != ZMQLOG_OK)
        return status;
    if (!endpoint)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL, "the endpoint is NULL");
    status = zl_endpoint_parse(&parsed, &subscriber->errors, endpoint, use);
    if (status == ZMQLOG_OK)
        status =
            zl_auth_check_open(subscriber->auth, &subscriber->errors, &parsed, use, 1);
    return status == ZMQLOG_OK ? open_parsed(subscriber, &parsed, use, endpoint)
                               : status;
}

zmqlog_status zmqlog_subscriber_connect(zmqlog_subscriber *subscriber,
                                        const char *endpoint) {
    return open_endpoint(subscriber, endpoint, ZL_CONNECT);
}

zmqlog_status zmqlog_subscriber_bind(zmqlog_subscriber *subscriber,
                                     const char *endpoint) {
    return open_endpoint(subscriber, endpoint, ZL_BIND);
}

static zmqlog_status close_on(zmqlog_subscriber *subscriber, const char *call,
                              const char *endpoint, zl_endpoint_use use) {
    ZL_UNCANCELLED;
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_opener with;

    if (status != ZMQLOG_OK)
        return status;
    if (!endpoint)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL, "%s: the endpoint is NULL",
                       call);
    with = opener(subscriber);
    status = zl_openings_close(&subscriber->openings, &with, call, endpoint, use, 0);
    return status == ZMQLOG_ECLOSED ? zl_subscriber_fail_closed(subscriber) : status;
}

zmqlog_status zmqlog_subscriber_disconnect(zmqlog_subscriber *subscriber,
                                           const char *endpoint) {
    return close_on(subscriber, "disconnect", endpoint, ZL_CONNECT);
}

zmqlog_status zmqlog_subscriber_unbind(zmqlog_subscriber *subscriber,
                                       const char *endpoint) {
    return close_on(subscriber, "unbind", endpoint, ZL_BIND);
}

/* ---- closing ----------------------------------------------------------- */

zmqlog_status zmqlog_subscriber_close(zmqlog_subscriber *subscriber) {
    if (!subscriber)
        return ZMQLOG_EINVAL;
    if (zl_subscriber_is_inherited(subscriber))
        return ZMQLOG_EFORKED;
    atomic_store(&subscriber->is_closed, 1);
    zl_alert_raise(&subscriber->alert);
    stop_pump(subscriber);
    return ZMQLOG_OK;
}

void zmqlog_subscriber_free(zmqlog_subscriber *subscriber) {
    size_t i;

    if (!subscriber || zl_subscriber_is_inherited(subscriber))
        return;
    zmqlog_subscriber_close(subscriber);
    discard_pump(subscriber);
    zl_auth_release(subscriber->auth);
    zl_interests_free(&subscriber->interests);
    zl_gaps_free(&subscriber->gaps);
    for (i = 0; i < subscriber->root_count; i++)
        free((char *)subscriber->roots[i].data);
    free(subscriber->roots);
    zl_openings_free(&subscriber->openings);
    zl_alert_destroy(&subscriber->alert);
    zl_errors_destroy(&subscriber->errors);
    pthread_mutex_destroy(&subscriber->lock);
    free(subscriber);
}

/* ---- looking ----------------------------------------------------------- */

/* Negative numbers are statuses, and some of these come from strangers. */
static int64_t value_of(const _Atomic uint64_t *counter) {
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

int64_t zmqlog_subscriber_count(const zmqlog_subscriber *subscriber, int which) {
    if (!subscriber)
        return ZMQLOG_EINVAL;
    if (zl_subscriber_is_inherited(subscriber))
        return ZMQLOG_EFORKED;
    switch (which) {
    case ZMQLOG_COUNT_PEERS:
        return value_of(&subscriber->pumped.peers);
    case ZMQLOG_COUNT_REFUSED_PEERS:
        return value_of(&subscriber->pumped.refused_peers);
    case ZMQLOG_COUNT_MALFORMED:
        return value_of(&subscriber->pumped.malformed);
    case ZMQLOG_COUNT_RECEIVED:
        return value_of(&subscriber->received);
    case ZMQLOG_COUNT_DROPPED:
        return value_of(&subscriber->pumped.dropped) +
               value_of(&subscriber->not_filled);
    case ZMQLOG_COUNT_LOST:
        return value_of(&subscriber->lost);
    case ZMQLOG_COUNT_DUPLICATES:
        return value_of(&subscriber->duplicates);
    case ZMQLOG_COUNT_STRANGERS:
        return value_of(&subscriber->pumped.strangers);
    default:
        return ZMQLOG_EINVAL;
    }
}

const char *zmqlog_subscriber_endpoint(const zmqlog_subscriber *subscriber, int index) {
    return subscriber ? zl_openings_name(&subscriber->openings, index) : NULL;
}

const char *zmqlog_subscriber_errmsg(const zmqlog_subscriber *subscriber) {
    /* The lock may have been held when the process was forked. */
    if (subscriber && zl_subscriber_is_inherited(subscriber))
        return "the subscriber was inherited by fork: make a new one in the child";
    return zl_errors_last(subscriber ? &subscriber->errors : NULL);
}
