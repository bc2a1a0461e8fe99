/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of open endpoints, and the command that opens one. */
#include "socket/openings.h"

#include "base/clock.h"
#include "thread/forks.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

struct zl_opening {
    zl_endpoint endpoint;
    zl_endpoint_use use;
    char *given;      /* as the caller wrote it */
    const char *name; /* as endpoint() names it */
};

struct zl_opening_name {
    zl_opening_name *next;
    char text[];
};

static void drop(zl_opening *opening) {
    if (opening)
        free(opening->given);
    free(opening);
}

void zl_openings_free(zl_openings *list) {
    for (int i = 0; i < list->count; i++)
        drop(list->items[i]);
    for (zl_opening_name *name = list->names, *next; name; name = next) {
        next = name->next;
        free(name);
    }
    free(list->items);
}

/* ---- on the socket's thread ---- */

typedef struct request {
    zl_opener opener;
    zl_endpoint endpoint;
    zl_endpoint_use use;
    char actual[ZL_ENDPOINT_MAX_BYTES];
} request;

static zmqlog_status open_task(void *owner, void *argument) {
    request *wanted = argument;
    zl_opener *opener = &wanted->opener;
    (void)owner;
    if (wanted->use == ZL_BIND)
        return zl_socket_bind(opener->socket, opener->errors, &wanted->endpoint,
                              wanted->actual);
    memcpy(wanted->actual, wanted->endpoint.text, sizeof wanted->actual);
    return zl_socket_connect(opener->socket, opener->errors, &wanted->endpoint);
}

static zmqlog_status open_there(const zl_opener *opener, const zl_opening *opening,
                                char *actual) {
    zl_command *command = zl_command_new(open_task, sizeof(request), NULL);
    request *wanted;
    zmqlog_status status;
    if (!command)
        return zl_fail(opener->errors, ZMQLOG_ENOMEM, "out of memory");
    wanted = zl_command_argument(command);
    wanted->opener = *opener;
    wanted->endpoint = opening->endpoint;
    wanted->use = opening->use;
    status = zl_worker_call(opener->worker, command);
    memcpy(actual, wanted->actual, sizeof wanted->actual);
    zl_command_release(command);
    return status;
}

/* ---- the list ---- */

/* Room for one more, so that one that was opened can be named. */
static int make_room(zl_openings *list) {
    size_t bytes = ((size_t)list->count + 1) * sizeof *list->items;
    zl_opening **grown;
    zl_forks_lock();
    grown = realloc(list->items, bytes);
    if (grown)
        list->items = grown;
    zl_forks_unlock();
    return grown != NULL;
}

/* The same text is kept once, however often it is opened and closed. */
static zl_opening_name *find_name(const zl_openings *list, const char *text) {
    for (zl_opening_name *name = list->names; name; name = name->next)
        if (strcmp(name->text, text) == 0)
            return name;
    return NULL;
}

static void append(zl_openings *list, zl_opening *opening, zl_opening_name *name,
                   const char *actual) {
    zl_opening_name *known = find_name(list, actual);
    if (known) {
        free(name);
        name = known;
    } else {
        memcpy(name->text, actual, strlen(actual) + 1);
        name->next = list->names;
    }
    zl_forks_lock();
    list->names = known ? list->names : name;
    opening->name = name->text;
    list->items[list->count++] = opening;
    zl_forks_unlock();
}

/* libzmq would connect a publisher twice, and end both connections together. */
static int is_connected(const zl_openings *list, const zl_endpoint *endpoint) {
    int found = 0;
    for (int i = 0; i < list->count && !found; i++)
        found = list->items[i]->use == ZL_CONNECT &&
                strcmp(list->items[i]->endpoint.text, endpoint->text) == 0;
    return found;
}

static zmqlog_status open_new(zl_openings *list, const zl_opener *opener,
                              const zl_endpoint *endpoint, zl_endpoint_use use,
                              const char *given) {
    zl_opening *opening = calloc(1, sizeof *opening);
    zl_opening_name *name = calloc(1, sizeof *name + ZL_ENDPOINT_MAX_BYTES);
    char actual[ZL_ENDPOINT_MAX_BYTES];
    zmqlog_status status = ZMQLOG_ENOMEM;
    if (opening && name && (opening->given = strdup(given)) && make_room(list)) {
        opening->endpoint = *endpoint;
        opening->use = use;
        status = open_there(opener, opening, actual);
    } else {
        zl_fail(opener->errors, status, "out of memory");
    }
    if (status == ZMQLOG_OK) {
        append(list, opening, name, actual);
    } else {
        drop(opening);
        free(name);
    }
    return status;
}

zmqlog_status zl_openings_open(zl_openings *list, const zl_opener *opener,
                               const zl_endpoint *endpoint, zl_endpoint_use use,
                               const char *given) {
    if (use == ZL_CONNECT && is_connected(list, endpoint))
        return ZMQLOG_OK;
    return open_new(list, opener, endpoint, use, given);
}

zmqlog_status zl_openings_connect_again(zl_openings *list, const zl_opener *opener) {
    char actual[ZL_ENDPOINT_MAX_BYTES];
    zmqlog_status status = ZMQLOG_OK;
    for (int i = 0; i < list->count && status == ZMQLOG_OK; i++)
        if (list->items[i]->use == ZL_CONNECT)
            status = open_there(opener, list->items[i], actual);
    return status;
}

int zl_openings_have_connects(const zl_openings *list) {
    int found = 0;
    for (int i = 0; i < list->count; i++)
        found |= list->items[i]->use == ZL_CONNECT;
    return found;
}

int zl_openings_count(const zl_openings *list) {
    int count;
    zl_forks_lock();
    count = list->count;
    zl_forks_unlock();
    return count;
}

const char *zl_openings_name(const zl_openings *list, int index) {
    const char *name = NULL;
    zl_forks_lock();
    if (index >= 0 && index < list->count)
        name = list->items[index]->name;
    zl_forks_unlock();
    return name;
}

/* ---- taking back ---- */

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

/* One try; what is left over is in `last`. */
static zmqlog_status try_to_close(farewell *last) {
    zl_command *command = zl_command_new(close_task, sizeof *last, NULL);
    zmqlog_status status = ZMQLOG_ENOMEM;
    if (!command)
        return zl_fail(last->opener.errors, status, "out of memory");
    memcpy(zl_command_argument(command), last, sizeof *last);
    status = zl_worker_call(last->opener.worker, command);
    memcpy(last, zl_command_argument(command), sizeof *last);
    zl_command_release(command);
    return status;
}

/* The thread of the socket looks and goes on with its work in between. */
static zmqlog_status close_there(farewell *last) {
    int64_t deadline = zl_clock_deadline(last->linger_ms);
    zmqlog_status status;
    while ((status = try_to_close(last)) == ZMQLOG_EAGAIN) {
        int64_t now = zl_clock_monotonic_ns();
        last->leaving.must_go = (now >= deadline) + (now >= deadline + GRACE_NS);
        poll(NULL, 0, LOOK_EVERY_MS);
    }
    return status;
}

static int find_opening(const zl_openings *list, const char *text,
                        zl_endpoint_use use) {
    for (int i = list->count; i-- > 0;)
        if (list->items[i]->use == use && (strcmp(list->items[i]->name, text) == 0 ||
                                           strcmp(list->items[i]->given, text) == 0))
            return i;
    return -1;
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

static void remove_item(zl_openings *list, int index) {
    zl_opening *gone = list->items[index];
    zl_forks_lock();
    list->count--;
    memmove(&list->items[index], &list->items[index + 1],
            (size_t)(list->count - index) * sizeof(zl_opening *));
    zl_forks_unlock();
    drop(gone);
}

zmqlog_status zl_openings_close(zl_openings *list, const zl_opener *opener,
                                const char *call, const char *text, zl_endpoint_use use,
                                int linger_ms) {
    farewell last = {.opener = *opener, .use = use, .linger_ms = linger_ms};
    int index = find_opening(list, text, use);
    zmqlog_status status;
    if (index < 0)
        return fail_unknown(list, opener, call, text, use);
    /* libzmq knows a bind by what it got and a connect by what it was given. */
    const char *known =
        use == ZL_BIND ? list->items[index]->name : list->items[index]->endpoint.text;
    memcpy(last.text, known, strlen(known) + 1);
    status = close_there(&last);
    if (status != ZMQLOG_OK)
        return status;
    remove_item(list, index);
    if (!last.leaving.has_cut_short)
        return ZMQLOG_OK;
    return zl_fail(opener->errors, ZMQLOG_ETIMEDOUT,
                   "%s: %s is closed, but a listener had not taken all within %d ms",
                   call, last.text, linger_ms);
}

/* ---- problems ---- */

typedef struct question {
    zl_socket *socket;
    zl_endpoint_use use;
    int is_up;
    char name[ZL_ENDPOINT_MAX_BYTES];
    char answer[ZL_ENDPOINT_MAX_BYTES];
} question;

static zmqlog_status ask_task(void *owner, void *argument) {
    question *asked = argument;
    (void)owner;
    asked->is_up = zl_socket_problem(asked->socket, asked->name, asked->use,
                                     asked->answer, sizeof asked->answer);
    return ZMQLOG_OK;
}

const char *zl_openings_keep(zl_openings *list, const char *text) {
    zl_opening_name *kept = find_name(list, text);
    if (kept)
        return kept->text;
    kept = calloc(1, sizeof *kept + strlen(text) + 1);
    if (!kept)
        return "";
    memcpy(kept->text, text, strlen(text));
    zl_forks_lock();
    kept->next = list->names;
    list->names = kept;
    zl_forks_unlock();
    return kept->text;
}

const char *zl_openings_problem(zl_openings *list, const zl_opener *opener, int index,
                                int *is_up) {
    const zl_opening *opening;
    const char *known;
    question asked;
    *is_up = 0;
    if (index < 0 || index >= list->count)
        return NULL;
    opening = list->items[index];
    known = opening->use == ZL_BIND ? opening->name : opening->endpoint.text;
    asked = (question){.socket = opener->socket, .use = opening->use};
    memcpy(asked.name, known, strlen(known) + 1);
    if (zl_worker_do(opener->worker, ask_task, &asked, sizeof asked) != ZMQLOG_OK)
        return "";
    *is_up = asked.is_up;
    return zl_openings_keep(list, asked.answer);
}
