/* SPDX-License-Identifier: BSD-3-Clause */
/* What somebody meant who mistyped a word. Pure; stands in a header because the command
 * asks it, too, and sees nothing else of the library's inside. */
#ifndef ZL_NEAREST_H
#define ZL_NEAREST_H

#include <string.h>

#define ZL_NEAREST_LONGEST 32 /* letters of a word that can be a slip */

static inline int zl_nearest_least(int a, int b, int c) {
    int ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* How many letters must be added, taken away, changed or swapped with their neighbour;
 * ZL_NEAREST_LONGEST for words that are too long. */
static inline int zl_nearest_edits(const char *from, const char *to) {
    int row[3][ZL_NEAREST_LONGEST];
    size_t from_len = strlen(from), to_len = strlen(to);
    if (from_len >= ZL_NEAREST_LONGEST || to_len >= ZL_NEAREST_LONGEST)
        return ZL_NEAREST_LONGEST;
    for (size_t j = 0; j <= to_len; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= from_len; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= to_len; j++) {
            now[j] = zl_nearest_least(last[j] + 1, now[j - 1] + 1,
                                      last[j - 1] + (from[i - 1] != to[j - 1]));
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                now[j] = zl_nearest_least(now[j], now[j], before[j - 2] + 1);
        }
    }
    return row[from_len % 3][to_len];
}

/* --colour is as near to --color as two slips; a longer word may have more. */
static inline int zl_nearest_is_near(int edits, size_t len) {
    return edits <= (len < 4 ? 1 : len < 9 ? 2 : 3);
}

/* The word of the list (NULL-terminated) that takes the fewest edits to become; NULL:
 * none is near. */
static inline const char *zl_nearest(const char *mistyped, const char *const *words) {
    const char *nearest = NULL;
    int fewest = ZL_NEAREST_LONGEST;
    for (; *words; words++) {
        int edits = zl_nearest_edits(mistyped, *words);
        if (edits < fewest && zl_nearest_is_near(edits, strlen(mistyped))) {
            fewest = edits;
            nearest = *words;
        }
    }
    return nearest;
}

#endif
