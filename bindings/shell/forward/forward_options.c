/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog forward. Owns its own options; the source's are the
 * source's, and addresses are read by the sinks. */
#include "forward/forward.h"
#include "commands.h"
#include "complain.h"
#include "units.h"

#include <limits.h>
#include <stdlib.h>

enum { OPT_TO = 1, OPT_ON_FULL, OPT_QUEUE, OPT_SAVE, OPT_LINGER, OPT_QUIET };

static const option_spec specs[] = {
    {OPT_TO, "to", 0, OPTION_NEEDS},
    {OPT_ON_FULL, "on-full", 0, OPTION_NEEDS},
    {OPT_QUEUE, "queue", 0, OPTION_NEEDS},
    {OPT_SAVE, "save", 0, OPTION_NEEDS},
    {OPT_LINGER, "linger", 0, OPTION_NEEDS},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    HELP_OPTION,
    SOURCE_OPTIONS,
    NATS_READ_OPTIONS,
    {0},
};

static int read_on_full(forward_options *options, const char *value) {
    options->waits = strcmp(value, "wait") == 0;
    if (options->waits || strcmp(value, "drop") == 0)
        return 0;
    complain_usage("--on-full takes drop or wait, not \"%s\"", value);
    return -1;
}

static int read_queue(forward_options *options, const char *value) {
    options->queue_bytes = units_bytes(value);
    if (options->queue_bytes >= 64 << 10 && options->queue_bytes <= 64LL << 30)
        return 0;
    complain_usage("--queue takes bytes from 64K to 64G, such as 256M, not \"%s\"",
                   value);
    return -1;
}

static int read_linger(forward_options *options, const char *value) {
    if (options_read_seconds(value, &options->linger_ms) == 0)
        return 0;
    complain_usage("--linger takes seconds from 0 to %d, not \"%s\"", INT_MAX, value);
    return -1;
}

static int collect_sink(forward_options *options, const char *value) {
    for (int i = 0; i < options->sinks.count; i++)
        if (strcmp(options->sinks.items[i], value) == 0) {
            complain_usage("--to %s: it was given before", value);
            return -1;
        }
    if (options->sinks.count < FORWARD_SINKS_MOST)
        return options_collect(&options->sinks, value);
    complain_usage("--to: at most %d sinks", FORWARD_SINKS_MOST);
    return -1;
}

static int take(void *into, int id, const char *value) {
    forward_options *options = into;

    switch (id) {
    case OPT_TO:
        return collect_sink(options, value);
    case OPT_ON_FULL:
        return read_on_full(options, value);
    case OPT_QUEUE:
        return read_queue(options, value);
    case OPT_SAVE:
        options->save = value;
        return 0;
    case OPT_LINGER:
        return read_linger(options, value);
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    default:
        return source_option(&options->source, id, value);
    }
}

int forward_read_options(forward_options *options, char **words) {
    int ends;

    options->queue_bytes = 64 << 20;
    options->linger_ms = 5000;
    ends = command_read("forward", specs, words, take, options);
    if (ends >= 0)
        return ends;
    if (options->sinks.count == 0)
        return complain_usage("forward to what? For example --to journald:");
    return source_check(&options->source);
}

void forward_release_options(forward_options *options) {
    options_release(&options->sinks);
    source_release(&options->source);
}
