/* SPDX-License-Identifier: BSD-3-Clause */
/* Colours by level. Owns the palette and when it is used; levels between two
 * named ones look like the lower. */
#include "colors.h"

#include "zmqlog.h"

#include <stdlib.h>
#include <string.h>

int colors_wanted(color_choice choice, int is_terminal) {
    const char *refusal = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    return is_terminal && !(refusal && *refusal) && terminal &&
           strcmp(terminal, "dumb");
}

const char *colors_of_level(int level) {
    if (level >= ZMQLOG_LEVEL_CRITICAL)
        return "\x1b[1;31m"; /* bold red */
    if (level >= ZMQLOG_LEVEL_ERROR)
        return "\x1b[31m"; /* red */
    if (level >= ZMQLOG_LEVEL_WARN)
        return "\x1b[33m"; /* yellow */
    if (level >= ZMQLOG_LEVEL_INFO)
        return "\x1b[32m";                                /* green */
    return level >= ZMQLOG_LEVEL_MIN ? "\x1b[36m" : NULL; /* cyan */
}
