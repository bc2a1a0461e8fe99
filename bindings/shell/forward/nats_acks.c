/* SPDX-License-Identifier: BSD-3-Clause */
/* Which messages a stream has acknowledged. Owns the window and the reading of
 * answers; must not know records. */
#include "forward/nats_acks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* The server's codes: over the stream's limit, and not behind the named id or place. */
#define TOO_LARGE 10054
#define NOT_BEHIND_ID 10070
#define NOT_BEHIND_PLACE 10071

int nats_acks_init(nats_acks *of) {
    pthread_mutex_init(&of->lock, NULL);
    of->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return of->event < 0 ? -1 : 0;
}

void nats_acks_free(nats_acks *of) {
    if (of->event >= 0)
        close(of->event);
    pthread_mutex_destroy(&of->lock);
}

void nats_acks_begin(nats_acks *of, uint64_t instance, uint64_t stored_at) {
    pthread_mutex_lock(&of->lock);
    of->connections++;
    of->is_failed = 0;
    of->first = 0;
    of->highest = of->stored_at = stored_at;
    of->settled = of->put;
    snprintf(of->inbox, sizeof of->inbox, "_INBOX.%016" PRIx64 ".%u", instance,
             of->connections);
    pthread_mutex_unlock(&of->lock);
}

void nats_acks_end(nats_acks *of) {
    pthread_mutex_lock(&of->lock);
    of->first = 0;
    of->inbox[0] = '\0';
    pthread_mutex_unlock(&of->lock);
}

static void mark(nats_acks *of, uint64_t number, queue_fate fate) {
    if (!of->first || number < of->first || number - of->first >= NATS_WINDOW)
        return;
    of->answered += !of->answers[number % NATS_WINDOW];
    of->answers[number % NATS_WINDOW] = (unsigned char)fate;
}

/* Only when the sink's thread has something to do: it looks now and then anyway. */
static void signal_look(nats_acks *of) {
    uint64_t open = of->first ? of->put + 1 - of->first - of->answered : 0;

    if (of->is_signalled ||
        (!of->is_failed && open > (of->is_full ? NATS_WINDOW / 2 : 0)))
        return;
    of->is_signalled = 1;
    queue_signal(of->event);
}

int nats_acks_expect(nats_acks *of, uint64_t number) {
    int fits = 1;

    pthread_mutex_lock(&of->lock);
    /* The first one after a new connection says where the window begins. */
    if (!of->first) {
        of->first = number;
        of->settled = of->put = number - 1;
        of->answered = 0;
        memset(of->answers, QUEUE_OPEN, sizeof of->answers);
    }
    of->is_full = number - of->first >= (of->is_full ? NATS_WINDOW / 2 : NATS_WINDOW);
    if (of->is_full) {
        fits = 0;
    } else {
        /* What is left out in between gets no answer: its fate is known. */
        while (++of->put < number)
            mark(of, of->put, QUEUE_ARRIVED);
    }
    pthread_mutex_unlock(&of->lock);
    return fits;
}

void nats_acks_give(nats_acks *of, uint64_t number) {
    pthread_mutex_lock(&of->lock);
    mark(of, number, QUEUE_ARRIVED);
    pthread_mutex_unlock(&of->lock);
}

int nats_acks_look(nats_acks *of, uint64_t *refused, char problem[256]) {
    *refused = 0;
    pthread_mutex_lock(&of->lock);
    if (of->is_signalled)
        queue_clear_signal(of->event);
    of->is_signalled = 0;
    while (of->first && of->answers[of->first % NATS_WINDOW] && !*refused) {
        if (of->answers[of->first % NATS_WINDOW] == QUEUE_NEVER)
            *refused = of->first;
        of->answers[of->first % NATS_WINDOW] = QUEUE_OPEN;
        of->answered--;
        of->settled = of->first++;
    }
    of->stored_at = of->highest;
    int is_well = !of->is_failed;
    snprintf(problem, 256, "%s", of->problem);
    pthread_mutex_unlock(&of->lock);
    return is_well;
}

static void note_failure(nats_acks *of, const char *problem, int len) {
    if (!of->is_failed)
        snprintf(of->problem, sizeof of->problem, "%.*s", len, problem);
    of->is_failed = 1;
}

/* What stands behind a key; it ends before the answer does. NULL: no such key. */
static const char *behind(const char *answer, size_t len, const char *key) {
    const char *at = memmem(answer, len, key, strlen(key));

    return at ? at + strlen(key) : NULL;
}

static uint64_t number_behind(const char *answer, size_t len, const char *key) {
    const char *at = behind(answer, len, key);

    return at ? strtoull(at, NULL, 10) : 0;
}

/* The server's words, without what is for programs. */
static void note_refusal(nats_acks *of, const char *answer, size_t len) {
    const char *words = behind(answer, len, "\"description\":\"");

    if (words)
        note_failure(of, words, (int)strcspn(words, "\""));
    else
        note_failure(of, answer, (int)len);
}

static void note_error(nats_acks *of, uint64_t number, const char *answer, size_t len) {
    uint64_t code = number_behind(answer, len, "\"err_code\":");

    if (code == TOO_LARGE)
        mark(of, number, QUEUE_NEVER);
    else if (code == NOT_BEHIND_ID || code == NOT_BEHIND_PLACE)
        note_failure(of, "the stream's last record is not the one before", 256);
    else
        note_refusal(of, answer, len);
}

static void note_stored(nats_acks *of, uint64_t number, uint64_t stored_at) {
    mark(of, number, QUEUE_ARRIVED);
    if (stored_at > of->highest)
        of->highest = stored_at;
}

/* An answer is {"stream":"S","seq":1}, or {"error":{...}}. It ends with a NUL: libnats
 * puts one behind. */
static void read_answer(nats_acks *of, uint64_t number, natsMsg *message) {
    const char *answer = natsMsg_GetData(message);
    size_t len = (size_t)natsMsg_GetDataLength(message);

    if (natsMsg_IsNoResponders(message)) {
        note_failure(of, "no stream takes the subject now", 256);
    } else if (len == 0) {
        note_failure(of, "an answer without words", 256);
    } else if (memmem(answer, len, "\"error\"", 7)) {
        note_error(of, number, answer, len);
    } else {
        note_stored(of, number, number_behind(answer, len, "\"seq\":"));
    }
}

void nats_acks_on_answer(natsConnection *connection, natsSubscription *subscription,
                         natsMsg *message, void *closure) {
    nats_acks *of = closure;
    const char *subject = natsMsg_GetSubject(message);

    (void)connection;
    (void)subscription;
    pthread_mutex_lock(&of->lock);
    size_t len = strlen(of->inbox);
    if (len > 0 && strncmp(subject, of->inbox, len) == 0 && subject[len] == '.')
        read_answer(of, strtoull(subject + len + 1, NULL, 10), message);
    signal_look(of);
    pthread_mutex_unlock(&of->lock);
    natsMsg_Destroy(message);
}

void nats_acks_on_closed(natsConnection *connection, void *closure) {
    nats_acks *of = closure;

    (void)connection;
    pthread_mutex_lock(&of->lock);
    if (of->inbox[0])
        note_failure(of, "the connection ended", 256);
    signal_look(of);
    pthread_mutex_unlock(&of->lock);
}
