/* SPDX-License-Identifier: BSD-3-Clause */
/* The thread that reads a subscribing socket into a ring, so that subscriptions
 * and connections are looked after while the application is busy. It moves
 * frames and does not read them; it never wakes up without a reason. */
#ifndef ZL_PUMP_H
#define ZL_PUMP_H

#include "name/control.h"
#include "receive/alert.h"
#include "receive/programs.h"
#include "thread/ring.h"
#include "socket/socket.h"
#include "thread/worker.h"

#include <pthread.h>

typedef struct zl_pump_counts {
    _Atomic uint64_t malformed, dropped, peers, refused_peers;
    _Atomic uint64_t strangers; /* 1 while everything is subscribed to for them */
} zl_pump_counts;

typedef struct zl_pump_options {
    size_t queue_bytes;
    int hwm;
    int policy; /* ZMQLOG_OVERFLOW_* */
    int block_ms;
    zmqlog_auth *auth;
    zl_errors *errors;
    zl_alert *alert; /* told of each batch of messages */
    zl_pump_counts *counts;
} zl_pump_options;

typedef struct zl_pump {
    /* immutable after start */
    zl_socket *socket;
    zl_pump_options options;
    zl_worker *worker;
    /* producer: the pump, consumer: the application */
    zl_ring ring;
    pthread_mutex_t take_lock; /* with DROP_OLDEST the pump consumes too */
    _Atomic int wants_room;
    /* the pump only: a message that found no room */
    int has_pending;
    zl_span topic, body;
    int64_t give_up_ns; /* when it and those after it are dropped; 0: room is there */
    /* all programs; the pump only, but that others read topics under the lock */
    int min_level; /* 0: not asked for */
    int takes_everything;
    pthread_mutex_t programs_lock;
    zl_programs programs;
} zl_pump;

typedef struct zl_message {
    zl_span topic, body;
    int64_t received_ns;
    uint64_t number; /* from 1, dropped oldest ones included */
} zl_message;

/* OK; ENOMEM, EIO. The thread runs with all signals blocked. */
zmqlog_status zl_pump_start(zl_pump *pump, const zl_pump_options *options);
/* Any thread, once: ends the thread and closes the socket. Calls that wait and
 * later ones answer ECLOSED. What is in the ring can still be taken. */
void zl_pump_stop(zl_pump *pump);
void zl_pump_destroy(zl_pump *pump);

/* Application: the next message, which stays until zl_pump_done; 1, or 0 when
 * there is none (then there is nothing to be done with). */
int zl_pump_take(zl_pump *pump, zl_message *message);
void zl_pump_done(zl_pump *pump);
/* Application: subscribes to this level and above of all programs, from now on. OK,
 * ENOMEM, ECLOSED (no detail). */
zmqlog_status zl_pump_follow_all(zl_pump *pump, int min_level);
/* Reads a topic of a program that has said hello; 0 when it is none's. */
int zl_pump_parse(zl_pump *pump, zl_span topic, zl_topic_parts *parts);
/* Application: the number of the message that came last. */
uint64_t zl_pump_position(zl_pump *pump);

#endif
