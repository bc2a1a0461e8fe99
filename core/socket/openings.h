/* SPDX-License-Identifier: BSD-3-Clause */
/* The endpoints that a handle has open, in their order: opened on the thread that owns
 * the socket, named for everybody. Handler, subscriber and relay have one each. Names
 * that were handed out live as long as the list; answers to questions live until many
 * others have been given. */
#ifndef ZL_OPENINGS_H
#define ZL_OPENINGS_H

#include "socket/socket.h"
#include "thread/worker.h"

#include <pthread.h>

/* So many different answers are kept. */
#define ZL_ANSWERS_KEPT 128

typedef struct zl_opening zl_opening;
typedef struct zl_opening_name zl_opening_name;

/* All zero: empty. */
typedef struct zl_openings {
    /* guarded by the lock of forks */
    zl_opening **items;
    int count;
    zl_opening_name *names; /* all that were ever handed out */
    /* one call at a time */
    zl_opening_name *answers[ZL_ANSWERS_KEPT];
    unsigned next_answer;
} zl_openings;

/* The thread and the socket, and where details of failures go. */
typedef struct zl_opener {
    zl_worker *worker;
    zl_socket *socket; /* its thread's */
    zl_errors *errors;
    pthread_mutex_t *lock; /* the caller's, let go while a call waits; NULL: none */
} zl_opener;

void zl_openings_free(zl_openings *list);

/* One call at a time. A status of socket.h, ENOMEM, ECLOSED (no detail then). OK
 * without a change where it is connected there already. */
zmqlog_status zl_openings_open(zl_openings *list, const zl_opener *opener,
                               const zl_endpoint *endpoint, zl_endpoint_use use,
                               const char *given);
/* Takes the last one of this use back that was given as `text` or is named so. What was
 * sent goes on going out for linger_ms at most; meanwhile the opener's lock is free,
 * and others may open and close. `call` begins the detail. OK; EINVAL when there is
 * none, or no longer; ETIMEDOUT: taken back, but a listener had not taken all; ENOMEM,
 * ECLOSED. */
zmqlog_status zl_openings_close(zl_openings *list, const zl_opener *opener,
                                const char *call, const char *text, zl_endpoint_use use,
                                int linger_ms);
/* In a forked child: all connects again, with a socket of its own. */
zmqlog_status zl_openings_connect_again(zl_openings *list, const zl_opener *opener);
/* Whether there are such; for what is done in the fork itself. */
int zl_openings_have_connects(const zl_openings *list);

/* One call at a time: why an endpoint brings nothing, "" when all is well or nothing is
 * open; NULL beyond the last. *is_up: it is a connect, and that is up. */
const char *zl_openings_problem(zl_openings *list, const zl_opener *opener, int index,
                                int *is_up);
/* Keeps a text until ZL_ANSWERS_KEPT different ones have come after it, or the list
 * goes; "" without memory. One call at a time. */
const char *zl_openings_keep(zl_openings *list, const char *text);

/* ---- any thread ---- */
int zl_openings_count(const zl_openings *list);
/* The real endpoint, NULL beyond the last. */
const char *zl_openings_name(const zl_openings *list, int index);

#endif
