/* SPDX-License-Identifier: BSD-3-Clause */
/* How long one may be held up by others: a second at a stretch, and a tenth of
 * the time in the long run. Pure: times are given. */
#ifndef SHELL_BUDGET_H
#define SHELL_BUDGET_H

#include <stdint.h>

#define BUDGET_MOST_NS INT64_C(1000000000)
#define BUDGET_REFILL 10 /* one part in so many of the time that passes */

typedef struct budget {
    int64_t left_ns;
    int64_t counted; /* moment up to which it has been refilled */
} budget;

static inline budget budget_start(int64_t now) {
    budget full = {BUDGET_MOST_NS, now};
    return full;
}

/* What may be spent now. */
static inline int64_t budget_left(budget *of, int64_t now) {
    of->left_ns += (now - of->counted) / BUDGET_REFILL;
    of->counted = now;
    if (of->left_ns > BUDGET_MOST_NS)
        of->left_ns = BUDGET_MOST_NS;
    return of->left_ns;
}

/* Takes the time from one moment to another. */
static inline void budget_spend(budget *of, int64_t from, int64_t to) {
    of->left_ns -= to - from;
}

#endif
