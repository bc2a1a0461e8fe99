/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels as syslog and journald number them. */
#include "forward/kinds.h"

int severity_of(const view *seen) {
    static const struct {
        int level, severity;
    } steps[] = {{50, 2}, {40, 3}, {30, 4}, {25, 5}, {20, 6}, {1, 7}};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (seen->level >= steps[i].level)
            return steps[i].severity;
    return 5;
}
