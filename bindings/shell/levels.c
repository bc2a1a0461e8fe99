/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels on the command line. Owns the syntax NUMBER=NAME; which names are legal
 * is the library's to say. */
#include "levels.h"
#include "complain.h"

#include "zmqlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int levels_collect(option_list *names, const char *definition) {
    const char *equals = strchr(definition, '=');
    char digits[8];
    long long level;

    if (equals && equals[1]) {
        snprintf(digits, sizeof digits, "%.*s", (int)(equals - definition), definition);
        if (options_read_count(digits, ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX, &level) == 0)
            return options_collect(names, definition);
    }
    complain_usage(
        "--level-name takes NUMBER=NAME with a number from 1 to 63, not \"%s\"",
        definition);
    return -1;
}

int levels_split(const char *definition, const char **name) {
    *name = strchr(definition, '=') + 1;
    return (int)strtol(definition, NULL, 10);
}

int levels_find(const option_list *names, const char *wanted) {
    int level;

    for (int i = 0; i < names->count; i++) {
        const char *name;
        level = levels_split(names->items[i], &name);
        if (strcasecmp(name, wanted) == 0)
            return level;
    }
    level = zmqlog_level_number(wanted);
    if (level == 0)
        complain_usage(
            "--level %s: no such level; for example debug, info, warn, error, "
            "critical, a name given by --level-name, or a number from 1 to 63",
            wanted);
    return level;
}
