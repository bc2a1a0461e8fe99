/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog watch. Owns the options that are its own; must not
 * know how a watch runs. */
#include "commands.h"
#include "complain.h"
#include "watch.h"

#include <limits.h>
#include <string.h>

enum { OPT_COUNT = 1, OPT_TIMEOUT, OPT_OUTPUT, OPT_QUIET };

static const option_spec specs[] = {
    SOURCE_OPTIONS,
    NATS_READ_OPTIONS,
    LOOK_OPTIONS,
    {OPT_COUNT, "count", 'n', OPTION_NEEDS},
    {OPT_TIMEOUT, "timeout", 0, OPTION_NEEDS},
    {OPT_OUTPUT, "output", 'o', OPTION_NEEDS},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    HELP_OPTION,
    {0},
};

static int read_count(watch_options *options, const char *value) {
    if (options_read_count(value, 1, INT64_MAX, &options->count) == 0)
        return 0;
    complain_usage("--count takes a number from 1, not \"%s\"", value);
    return -1;
}

static int read_timeout(watch_options *options, const char *value) {
    if (options_read_seconds(value, &options->timeout_ms) == 0 &&
        options->timeout_ms > 0)
        return 0;
    complain_usage("--timeout takes seconds from 0.001 to %d, not \"%s\"", INT_MAX,
                   value);
    return -1;
}

/* -1: has been complained about. */
static int take(void *into, int id, const char *value) {
    watch_options *options = into;

    if (look_has(id))
        return look_option(&options->look, id, value);
    switch (id) {
    case OPT_COUNT:
        return read_count(options, value);
    case OPT_TIMEOUT:
        return read_timeout(options, value);
    case OPT_OUTPUT:
        options->output = value;
        return 0;
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    default:
        return source_option(&options->source, id, value);
    }
}

/* Without an endpoint it is the programs of this machine. */
static int is_local(const source_options *from) {
    for (int i = 0; i < from->endpoints.count; i++)
        if (strstr(from->endpoints.items[i], "://"))
            return 0;
    return !from->bind;
}

int watch_read_options(watch_options *options, char **words) {
    int ends;

    options->timeout_ms = -1;
    ends = command_read("watch", specs, words, take, options);
    if (ends >= 0)
        return ends;
    options->source.local = is_local(&options->source);
    ends = source_check_nats_keys(&options->source);
    if (ends >= 0)
        return ends;
    return options->source.local ? source_check_filters(&options->source)
                                 : source_check(&options->source);
}
