/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking at the endpoints: often at first, seldom later. */
#include "problems.h"
#include "complain.h"

#include <stdio.h>
#include <string.h>

#define LOOK_MS 250
#define FIRST_LOOKS 40
#define LATER_MS 10000
/* A text that goes on changing, since it counts, is told again so often. */
#define AGAIN_MS 60000

void problems_begin(problems *known, int64_t now, int quiet) {
    memset(known, 0, sizeof *known);
    known->next = quiet ? MOMENT_NEVER : now + LOOK_MS * MOMENT_MS;
}

int64_t problems_due(const problems *known) {
    return known->next;
}

static const char *ask(const problems *known, int index, const char **endpoint) {
    if (known->handler) {
        *endpoint = zmqlog_handler_endpoint(known->handler, index);
        return zmqlog_handler_problem(known->handler, index);
    }
    *endpoint = zmqlog_subscriber_endpoint(known->subscriber, index);
    return zmqlog_subscriber_problem(known->subscriber, index);
}

/* The same words with another number are the same cause. */
static int is_same_cause(const char *a, const char *b) {
    a += strspn(a, "0123456789");
    b += strspn(b, "0123456789");
    return strncmp(a, b, strcspn(a, ",:;")) == 0;
}

static void tell(problems *known, int index, const char *endpoint, const char *text,
                 int64_t now) {
    char *before = known->told[index].text;
    int is_told = *before && is_same_cause(before, text) &&
                  (strncmp(before, text, PROBLEM_BYTES - 1) == 0 ||
                   now - known->told[index].when < AGAIN_MS * MOMENT_MS);

    if (*text && is_told)
        return;
    snprintf(before, PROBLEM_BYTES, "%s", text);
    known->told[index].when = now;
    if (*text)
        complain("%s: %s", endpoint, text);
}

void problems_tell(problems *known, int64_t now) {
    const char *endpoint, *text;

    if (now < known->next)
        return;
    known->next = now + (++known->looks < FIRST_LOOKS ? LOOK_MS : LATER_MS) * MOMENT_MS;
    for (int i = 0; i < PROBLEMS_MOST && (text = ask(known, i, &endpoint)); i++)
        tell(known, i, endpoint, text, now);
}
