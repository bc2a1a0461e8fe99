/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking an endpoint back: its listeners get time to take what is queued for them, and
 * neither the handle's other callers nor the socket's thread wait for that. */
#include "socket/openings_internal.h"

#include "base/clock.h"

#include <poll.h>
#include <stdio.h>

#define LOOK_EVERY_MS 2
/* After this libzmq is not waited for any longer. */
#define GRACE_NS INT64_C(1000000000)

typedef struct farewell {
    zl_opener opener;
    zl_endpoint_use use;
    int linger_ms;
    zl_leaving leaving;
    char text[ZL_ENDPOINT_MAX_BYTES];
} farewell;

static zmqlog_status close_task(void *owner, void *argument) {
    farewell *last = argument;
    (void)owner;
    if (last->use == ZL_BIND)
        return zl_socket_unbind(last->opener.socket, last->text, &last->leaving);
    return zl_socket_disconnect(last->opener.socket, last->text, &last->leaving);
}

/* Others may use the handle meanwhile. */
static void pause_unlocked(pthread_mutex_t *lock) {
    if (lock)
        pthread_mutex_unlock(lock);
    poll(NULL, 0, LOOK_EVERY_MS);
    if (lock)
        pthread_mutex_lock(lock);
}

/* The thread of the socket looks and goes on with its work in between. */
static zmqlog_status close_there(farewell *last) {
    int64_t deadline = zl_clock_deadline(last->linger_ms);
    zmqlog_status status;
    while ((status = zl_worker_do(last->opener.worker, last->opener.errors, close_task,
                                  last, sizeof *last)) == ZMQLOG_EAGAIN) {
        int64_t now = zl_clock_monotonic_ns();
        last->leaving.must_go = (now >= deadline) + (now >= deadline + GRACE_NS);
        pause_unlocked(last->opener.lock);
    }
    return status;
}

static const zl_opening *find_opening(const zl_openings *list, const char *text,
                                      zl_endpoint_use use) {
    for (int i = list->count; i-- > 0;)
        if (list->items[i]->use == use && (strcmp(list->items[i]->name, text) == 0 ||
                                           strcmp(list->items[i]->given, text) == 0))
            return list->items[i];
    return NULL;
}

static zmqlog_status fail_unknown(const zl_openings *list, const zl_opener *opener,
                                  const char *call, const char *text,
                                  zl_endpoint_use use) {
    char open[ZL_ERROR_BYTES] = "";
    size_t len = 0;
    for (int i = 0; i < list->count && len < sizeof open; i++)
        if (list->items[i]->use == use)
            len += (size_t)snprintf(open + len, sizeof open - len, "%s%s",
                                    len ? ", " : "", list->items[i]->name);
    return zl_fail(opener->errors, ZMQLOG_EINVAL, "%s: %.100s is not open; %s %s", call,
                   text, len ? "open are:" : "nothing", len ? open : "is");
}

zmqlog_status zl_openings_close(zl_openings *list, const zl_opener *opener,
                                const char *call, const char *text, zl_endpoint_use use,
                                int linger_ms) {
    farewell last = {.opener = *opener, .use = use, .linger_ms = linger_ms};
    const zl_opening *opening = find_opening(list, text, use);
    zmqlog_status status;
    int index;
    if (!opening)
        return fail_unknown(list, opener, call, text, use);
    memcpy(last.text, zl_opening_known_as(opening),
           strlen(zl_opening_known_as(opening)) + 1);
    status = close_there(&last);
    if (status != ZMQLOG_OK && status != ZMQLOG_EINVAL)
        return status;
    /* Others may have come and gone meanwhile; this one by another thread, too. */
    index = zl_openings_find(list, last.text, use);
    if (index < 0)
        return fail_unknown(list, opener, call, text, use);
    zl_openings_remove(list, index);
    if (!last.leaving.has_cut_short)
        return ZMQLOG_OK;
    return zl_fail(opener->errors, ZMQLOG_ETIMEDOUT,
                   "%s: %s is closed, but a listener had not taken all within %d ms",
                   call, last.text, linger_ms);
}
