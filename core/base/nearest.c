/* SPDX-License-Identifier: BSD-3-Clause */
/* How many edits are between words of a few letters. */
#include "base/nearest.h"

#define LONGEST 32

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Letters that have changed places are one edit. */
static int is_swap(zl_span from, zl_span to, size_t i, size_t j) {
    return i > 1 && j > 1 && from.data[i - 1] == to.data[j - 2] &&
           from.data[i - 2] == to.data[j - 1];
}

static size_t edits(zl_span from, zl_span to) {
    size_t cost[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= from.len; i++)
        cost[i][0] = i;
    for (size_t j = 0; j <= to.len; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= from.len; i++)
        for (size_t j = 1; j <= to.len; j++) {
            size_t here = cost[i - 1][j - 1] + (from.data[i - 1] != to.data[j - 1]);
            here = least(here, least(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (is_swap(from, to, i, j))
                here = least(here, cost[i - 2][j - 2] + 1);
            cost[i][j] = here;
        }
    return cost[from.len][to.len];
}

int zl_nearest(zl_span mistyped, const char *const *words, size_t count) {
    size_t fewest = LONGEST;
    int nearest = -1;
    if (mistyped.len > LONGEST)
        return -1;
    for (size_t i = 0; i < count; i++) {
        zl_span word = zl_span_of(words[i]);
        size_t needed = word.len > LONGEST ? LONGEST : edits(mistyped, word);
        if (needed < fewest && needed * 2 <= word.len) {
            fewest = needed;
            nearest = (int)i;
        }
    }
    return nearest;
}
