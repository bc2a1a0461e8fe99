/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of all counters, and the counters of one handler: relaxed atomics that
 * any thread adds to and reads. What was lost is kept per level too, for the drop
 * notices. Knows neither handlers nor subscribers. */
#ifndef ZL_COUNTERS_H
#define ZL_COUNTERS_H

#include "zmqlog.h"

#include <stdatomic.h>

/* Each counter: its macro without ZMQLOG_COUNT_, its name, what it counts. A new one
 * needs its number in zmqlog.h and its row here; names, texts, constants and the
 * bindings' lists follow. */
#define ZL_COUNTERS_OF_HANDLER(X)                                                      \
    X(ACCEPTED, "accepted", "Calls that passed gate and checks")                       \
    X(SENT, "sent", "Handed to libzmq")                                                \
    X(UNHEARD, "unheard", "Nobody had subscribed to it")                               \
    X(DROPPED_QUEUE, "dropped_queue", "Queue full, newest dropped")                    \
    X(DROPPED_OLDEST, "dropped_oldest", "Discarded for newer ones")                    \
    X(DROPPED_TIMEOUT, "dropped_timeout", "Blocked too long, or left at close")        \
    X(DROPPED_INTERNAL, "dropped_internal", "libzmq refused it, or no memory")         \
    X(QUEUED, "queued", "Waiting in queue or backlog now")                             \
    X(DROPPED_CLOSED, "dropped_closed", "Logged after close; not accepted")            \
    X(DROPPED_FORKED, "dropped_forked", "Logged in a forked child; not accepted")      \
    X(REFUSED, "refused", "Bad arguments or not open; not accepted")                   \
    X(NOTICES, "notices", "Our own drop notices sent")                                 \
    X(TRUNCATED, "truncated", "Cuts of bodies, subtopics, names")                      \
    X(SLOW_EPISODES, "slow_episodes", "Slow subscribers skipped or cut")               \
    X(PEER_LOST, "peer_lost", "Connections that ended")                                \
    X(PEERS, "peers", "Connections now (handler, subscriber)")                         \
    X(SUBSCRIPTIONS, "subscriptions", "Distinct live prefixes (handler)")              \
    X(MALFORMED, "malformed", "Frames no peer should send; both ends")                 \
    X(REFUSED_PEERS, "refused_peers", "Refused for key or address; both ends")

#define ZL_COUNTERS_OF_SUBSCRIBER(X)                                                   \
    X(RECEIVED, "received", "Records handed to the application")                       \
    X(DROPPED, "dropped", "Records the local queue had no room for")                   \
    X(LOST, "lost", "Missing sequence numbers (style json)")                           \
    X(DUPLICATES, "duplicates", "Repeated sequence numbers; delivered")                \
    X(STRANGERS, "strangers", "1 while everything comes, for subscribe_all")

#define ZL_COUNTERS_OF_RELAY(X)                                                        \
    X(PUBLISHERS, "publishers", "Connections of publishers now (relay)")

/* The handler's numbers are below this, the subscriber's from here on. */
#define ZL_COUNTERS_MAX 32

/* Accepted records that never reached the queue: with those that did, what
 * ACCEPTED is derived from. */
#define ZL_COUNT_NOT_QUEUED 0

typedef struct zl_counters {
    _Atomic uint64_t value[ZL_COUNTERS_MAX];
    _Atomic uint32_t lost[ZMQLOG_GATE_BYTES]; /* not announced yet, per level */
    _Atomic uint32_t slow[ZMQLOG_GATE_BYTES]; /* subscribers skipped or cut, likewise */
    _Atomic int any_lost;                     /* of both */
} zl_counters;

#define ZL_CHECK_NUMBER(name, lower, text)                                             \
    _Static_assert(ZMQLOG_COUNT_##name > ZL_COUNT_NOT_QUEUED &&                        \
                       ZMQLOG_COUNT_##name < ZL_COUNTERS_MAX,                          \
                   "ZMQLOG_COUNT_" #name " has no place among a handler's counters");
ZL_COUNTERS_OF_HANDLER(ZL_CHECK_NUMBER)
#undef ZL_CHECK_NUMBER

static inline void zl_count_add(zl_counters *counters, int which, uint64_t more) {
    atomic_fetch_add_explicit(&counters->value[which], more, memory_order_relaxed);
}

/* There is something to announce. */
static inline void zl_count_notice(zl_counters *counters) {
    atomic_store_explicit(&counters->any_lost, 1, memory_order_release);
}

static inline void zl_count(zl_counters *counters, int which) {
    zl_count_add(counters, which, 1);
}

/* For a counter that only one thread at a time adds to: no locked instruction. */
static inline void zl_count_alone(zl_counters *counters, int which) {
    _Atomic uint64_t *value = &counters->value[which];
    atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + 1,
                          memory_order_relaxed);
}

static inline uint64_t zl_count_of(const zl_counters *counters, int which) {
    return atomic_load_explicit(&counters->value[which], memory_order_relaxed);
}

/* One accepted record of this level was lost. */
static inline void zl_count_lost(zl_counters *counters, int which, int level) {
    zl_count(counters, which);
    atomic_fetch_add_explicit(&counters->lost[level], 1, memory_order_relaxed);
    atomic_store_explicit(&counters->any_lost, 1, memory_order_release);
}

/* A record of this level went to all but a subscriber that was full. */
static inline void zl_count_slow(zl_counters *counters, int level) {
    zl_count(counters, ZMQLOG_COUNT_SLOW_EPISODES);
    atomic_fetch_add_explicit(&counters->slow[level], 1, memory_order_relaxed);
    atomic_store_explicit(&counters->any_lost, 1, memory_order_release);
}

#endif
