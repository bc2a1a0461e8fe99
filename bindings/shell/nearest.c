/* SPDX-License-Identifier: BSD-3-Clause */
/* The name that a mistyped one most likely means. Pure. */
#include "options.h"

#include <string.h>

#define LONGEST 32

static int least(int a, int b, int c) {
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* How many characters must be added, taken away, changed or swapped with their
 * neighbour; LONGEST for words too long to be a slip. */
static int distance(const char *a, const char *b) {
    int row[3][LONGEST + 1];
    int a_len = (int)strlen(a), b_len = (int)strlen(b);

    if (a_len >= LONGEST || b_len >= LONGEST)
        return LONGEST;
    for (int j = 0; j <= b_len; j++)
        row[0][j] = j;
    for (int i = 1; i <= a_len; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= b_len; j++) {
            now[j] = least(last[j] + 1, now[j - 1] + 1,
                           last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
    }
    return row[a_len % 3][b_len];
}

/* --colour is as near to --color as two slips; a longer word may have more. */
static int is_near(int slips, size_t len) {
    return slips <= (len < 4 ? 1 : len < 9 ? 2 : 3);
}

const char *options_nearest(const char *mistyped, const char *const *names) {
    const char *nearest = NULL;
    int fewest = LONGEST;

    for (; *names; names++) {
        int slips = distance(mistyped, *names);
        if (slips < fewest && is_near(slips, strlen(mistyped))) {
            fewest = slips;
            nearest = *names;
        }
    }
    return nearest;
}
