/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the subscriber share. Nobody else includes this. */
#ifndef ZL_SUBSCRIBER_INTERNAL_H
#define ZL_SUBSCRIBER_INTERNAL_H

#include "zmqlog.h"
#include "receive/alert.h"
#include "base/errors.h"
#include "receive/gaps.h"
#include "receive/interests.h"
#include "name/level.h"
#include "receive/pump.h"
#include "socket/openings.h"
#include "base/span.h"
#include "name/topic.h"

#define ZL_ROOTS_MAX 1024

struct zmqlog_subscriber {
    /* immutable once there is a pump */
    unsigned forks; /* of the process that made it */
    size_t queue_bytes;
    int hwm, policy, block_ms;
    zmqlog_auth *auth;
    zl_level_names names;
    /* the application's thread */
    zl_pump *pump; /* NULL until opened; made and stopped under lock */
    int exact;
    int all_from; /* level of all programs; 0: only what interests say */
    zl_interests interests;
    zl_span *roots;
    size_t root_count;
    zl_openings openings;
    zl_gaps gaps;
    /* any thread */
    zl_errors errors;
    pthread_mutex_t lock;
    int is_stopped; /* the pump was told to; under lock */
    _Atomic int is_closed;
    _Atomic int is_woken;
    zl_alert alert;
    zl_pump_counts pumped;
    _Atomic uint64_t received, lost, duplicates, not_filled;
};

/* Whether it was made by another process than this one. */
int zl_subscriber_is_inherited(const zmqlog_subscriber *subscriber);
/* OK when a call may go on: EINVAL for NULL, EFORKED, ECLOSED. */
zmqlog_status zl_subscriber_check(zmqlog_subscriber *subscriber);
/* ECLOSED, with its detail. */
zmqlog_status zl_subscriber_fail_closed(zmqlog_subscriber *subscriber);
/* Brings the socket, if there is one, in line with the interests. */
zmqlog_status zl_subscriber_sync(zmqlog_subscriber *subscriber);
/* subscriber_all.c: tells a new pump; whether it was asked for; its parts. */
zmqlog_status zl_subscriber_follow_all(zmqlog_subscriber *subscriber);
int zl_subscriber_wants(const zmqlog_subscriber *subscriber, zl_span topic);
zl_topic_parts zl_subscriber_parse(const zmqlog_subscriber *subscriber, zl_span topic);

#endif
