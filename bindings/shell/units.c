/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers with units. Owns the names of the units; their callers decide what is too
 * small or too large. */
#include "units.h"
#include "options.h"

#include <string.h>

typedef struct unit {
    const char *name;
    int64_t factor;
} unit;

static int64_t read_number(const char *text, const unit *units) {
    size_t len = strspn(text, "0123456789");
    char digits[20];
    long long number;

    if (len == 0 || len >= sizeof digits)
        return -1;
    memcpy(digits, text, len);
    digits[len] = '\0';
    for (; units->name; units++)
        if (strcmp(text + len, units->name) == 0)
            return options_read_count(digits, 0, INT64_MAX / units->factor, &number) < 0
                       ? -1
                       : number * units->factor;
    return -1;
}

int64_t units_bytes(const char *text) {
    static const unit units[] = {{"", 1},          {"B", 1},           {"K", 1 << 10},
                                 {"k", 1 << 10},   {"M", 1 << 20},     {"G", 1 << 30},
                                 {"T", 1LL << 40}, {"KiB", 1 << 10},   {"MiB", 1 << 20},
                                 {"GiB", 1 << 30}, {"TiB", 1LL << 40}, {NULL, 0}};

    return read_number(text, units);
}

int64_t units_seconds(const char *text) {
    static const unit units[] = {{"s", 1},     {"m", 60},     {"h", 3600},
                                 {"d", 86400}, {"w", 604800}, {NULL, 0}};

    return read_number(text, units);
}
