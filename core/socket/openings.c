/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of open endpoints, and the commands that open one and ask after it. */
#include "socket/openings_internal.h"

#include "thread/forks.h"

#include <stdlib.h>

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
    for (unsigned i = 0; i < ZL_ANSWERS_KEPT; i++)
        free(list->answers[i]);
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
    /* libzmq would connect a publisher twice, and end both connections together. */
    if (zl_socket_connects_to(opener->socket, wanted->endpoint.text))
        return ZMQLOG_OK;
    return zl_socket_connect(opener->socket, opener->errors, &wanted->endpoint);
}

static zmqlog_status open_there(const zl_opener *opener, const zl_opening *opening,
                                char *actual) {
    request wanted = {
        .opener = *opener, .endpoint = opening->endpoint, .use = opening->use};
    zmqlog_status status =
        zl_worker_do(opener->worker, opener->errors, open_task, &wanted, sizeof wanted);
    memcpy(actual, wanted.actual, sizeof wanted.actual);
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

int zl_openings_find(const zl_openings *list, const char *known, zl_endpoint_use use) {
    for (int i = 0; i < list->count; i++)
        if (list->items[i]->use == use &&
            strcmp(zl_opening_known_as(list->items[i]), known) == 0)
            return i;
    return -1;
}

void zl_openings_remove(zl_openings *list, int index) {
    zl_opening *gone = list->items[index];
    zl_forks_lock();
    list->count--;
    memmove(&list->items[index], &list->items[index + 1],
            (size_t)(list->count - index) * sizeof(zl_opening *));
    zl_forks_unlock();
    drop(gone);
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
    int listed = use == ZL_CONNECT ? zl_openings_find(list, endpoint->text, use) : -1;
    char actual[ZL_ENDPOINT_MAX_BYTES];
    if (listed >= 0) /* the socket may have ended it by itself */
        return open_there(opener, list->items[listed], actual);
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
    zl_opening_name *kept, **oldest;
    if (!*text)
        return "";
    for (unsigned i = 0; i < ZL_ANSWERS_KEPT && list->answers[i]; i++)
        if (strcmp(list->answers[i]->text, text) == 0)
            return list->answers[i]->text;
    kept = calloc(1, sizeof *kept + strlen(text) + 1);
    if (!kept)
        return "";
    memcpy(kept->text, text, strlen(text));
    oldest = &list->answers[list->next_answer++ % ZL_ANSWERS_KEPT];
    free(*oldest);
    *oldest = kept;
    return kept->text;
}

const char *zl_openings_problem(zl_openings *list, const zl_opener *opener, int index,
                                int *is_up) {
    const zl_opening *opening;
    question asked;
    *is_up = 0;
    if (index < 0 || index >= list->count)
        return NULL;
    opening = list->items[index];
    asked = (question){.socket = opener->socket, .use = opening->use};
    memcpy(asked.name, zl_opening_known_as(opening),
           strlen(zl_opening_known_as(opening)) + 1);
    if (zl_worker_do(opener->worker, NULL, ask_task, &asked, sizeof asked) != ZMQLOG_OK)
        return "";
    *is_up = asked.is_up;
    return zl_openings_keep(list, asked.answer);
}
