/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog record. Owns its options and how sizes and times are
 * written. */
#include "commands.h"
#include "complain.h"
#include "pack.h"
#include "record.h"

#include <stdlib.h>

enum { OPT_DIR = 1, OPT_PER, OPT_ROTATE, OPT_RETAIN, OPT_ZSTD, OPT_QUIET, OPT_HELP };

static const option_spec specs[] = {
    SOURCE_OPTIONS,
    {OPT_DIR, "dir", 0, OPTION_NEEDS},
    {OPT_PER, "per", 0, OPTION_NEEDS},
    {OPT_ROTATE, "rotate", 0, OPTION_NEEDS},
    {OPT_RETAIN, "retain", 0, OPTION_NEEDS},
    {OPT_ZSTD, "zstd", 0, OPTION_ALONE},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    {OPT_HELP, "help", 'h', OPTION_ALONE},
    {0},
};

typedef struct unit {
    const char *name;
    int64_t factor;
} unit;

static const unit sizes[] = {{"K", 1 << 10},   {"M", 1 << 20},   {"G", 1 << 30},
                             {"T", 1LL << 40}, {"k", 1 << 10},   {"KiB", 1 << 10},
                             {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1LL << 40},
                             {"B", 1},         {NULL, 0}};
static const unit times[] = {{"s", 1},     {"m", 60},     {"h", 3600},
                             {"d", 86400}, {"w", 604800}, {NULL, 0}};

/* A number from 1 with one of the units; 0 when it is something else. */
static int64_t read_with_unit(const char *value, const unit *units) {
    size_t digits = strspn(value, "0123456789");
    char number[20];
    long long count;

    if (digits == 0 || digits >= sizeof number)
        return 0;
    memcpy(number, value, digits);
    number[digits] = '\0';
    for (; units->name; units++)
        if (strcmp(value + digits, units->name) == 0)
            return options_read_count(number, 1, INT64_MAX / units->factor, &count) < 0
                       ? 0
                       : count * units->factor;
    return 0;
}

static int read_rotate(folder_limits *limits, const char *value) {
    int64_t size = read_with_unit(value, sizes), time = read_with_unit(value, times);
    long long plain;

    if (size == 0 && options_read_count(value, 1, INT64_MAX, &plain) == 0)
        size = plain;
    if (size > 0)
        limits->rotate_bytes = size;
    else if (time > 0)
        limits->rotate_seconds = time;
    else {
        complain_usage("--rotate takes a size such as 64M or a time such as 1h (s, m, "
                       "h, d), not \"%s\"",
                       value);
        return -1;
    }
    return 0;
}

static int read_retain(folder_limits *limits, const char *value) {
    int64_t size = read_with_unit(value, sizes);
    long long count;

    if (size > 0)
        limits->retain_bytes = size;
    else if (options_read_count(value, 1, INT64_MAX, &count) == 0)
        limits->retain_files = count;
    else {
        complain_usage("--retain takes a number of files such as 24 or a size such as "
                       "10G, not \"%s\"",
                       value);
        return -1;
    }
    return 0;
}

static int read_per(record_options *options, const char *value) {
    options->per_root = strcmp(value, "root") == 0;
    if (options->per_root)
        return 0;
    complain_usage("--per takes root, not \"%s\"", value);
    return -1;
}

/* -1: has been complained about. */
static int take(record_options *options, int id, const char *value) {
    switch (id) {
    case OPT_DIR:
        options->dir = value;
        return 0;
    case OPT_PER:
        return read_per(options, value);
    case OPT_ROTATE:
        return read_rotate(&options->limits, value);
    case OPT_RETAIN:
        return read_retain(&options->limits, value);
    case OPT_ZSTD:
        options->zstd = 1;
        return 0;
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    default:
        return source_option(&options->source, id, value);
    }
}

static int check(record_options *options) {
    const folder_limits *limits = &options->limits;

    if (!options->dir)
        return complain_usage("where to? Give --dir DIR");
    if ((limits->retain_files || limits->retain_bytes) && !limits->rotate_bytes &&
        !limits->rotate_seconds)
        return complain_usage("--retain removes finished files, and without --rotate "
                              "none is ever finished");
    if (options->zstd && !pack_is_there())
        return complain_usage("--zstd: this zmqlog was built without libzstd-dev");
    return source_check(&options->source);
}

int record_read_options(record_options *options, char **words) {
    option_reader reader;
    const char *value;
    int id;

    options_begin(&reader, specs, words);
    while ((id = options_next(&reader, &value)) != OPTION_END) {
        if (id == OPT_HELP)
            return help_print("record");
        if (take(options, id, value) < 0)
            return EXIT_USAGE;
    }
    return check(options);
}
