/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog record. Owns its options. */
#include "commands.h"
#include "complain.h"
#include "pack.h"
#include "record.h"
#include "units.h"

#include <stdlib.h>

enum { OPT_DIR = 1, OPT_PER, OPT_ROTATE, OPT_RETAIN, OPT_ZSTD, OPT_QUIET };

static const option_spec specs[] = {
    SOURCE_OPTIONS,
    NATS_READ_OPTIONS,
    {OPT_DIR, "dir", 0, OPTION_NEEDS},
    {OPT_PER, "per", 0, OPTION_NEEDS},
    {OPT_ROTATE, "rotate", 0, OPTION_NEEDS},
    {OPT_RETAIN, "retain", 0, OPTION_NEEDS},
    {OPT_ZSTD, "zstd", 0, OPTION_ALONE},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    HELP_OPTION,
    {0},
};

static int read_rotate(folder_limits *limits, const char *value) {
    int64_t size = units_bytes(value), time = units_seconds(value);

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
    int64_t size = units_bytes(value);
    long long count;

    if (options_read_count(value, 1, INT64_MAX, &count) == 0)
        limits->retain_files = count;
    else if (size > 0)
        limits->retain_bytes = size;
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
static int take(void *into, int id, const char *value) {
    record_options *options = into;

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
    int ends = source_check_nats_keys(&options->source);
    return ends < 0 ? source_check(&options->source) : ends;
}

int record_read_options(record_options *options, char **words) {
    int ends = command_read("record", specs, words, take, options);
    return ends < 0 ? check(options) : ends;
}
