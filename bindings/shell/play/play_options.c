/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog play. Owns its options and their values' syntax. */
#include "commands.h"
#include "complain.h"
#include "play.h"
#include "when.h"

#include <stdlib.h>

enum { OPT_FROM = 1, OPT_TO, OPT_SPEED, OPT_BIND, OPT_CONNECT, OPT_WAIT, OPT_QUIET };

static const option_spec specs[] = {
    SOURCE_FILTERS,
    LOOK_OPTIONS,
    {OPT_FROM, "from", 0, OPTION_NEEDS},
    {OPT_TO, "to", 0, OPTION_NEEDS},
    {OPT_SPEED, "speed", 0, OPTION_NEEDS},
    {OPT_BIND, "bind", 0, OPTION_NEEDS},
    {OPT_CONNECT, "connect", 0, OPTION_NEEDS},
    {OPT_WAIT, "wait", 0, OPTION_MAY},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    HELP_OPTION,
    SECURITY_OPTIONS,
    {0},
};

static int read_time(const char *option, const char *value, int64_t *ns) {
    if (when_read(bytes_of(value), ns) == 0)
        return 0;
    complain_usage("%s takes a time such as 2026-01-02T03:04:05Z, \"2026-01-02 03:04\" "
                   "or 03:04 (local time), not \"%s\"",
                   option, value);
    return -1;
}

static int read_speed(play_options *options, const char *value) {
    char *end;

    options->has_speed = 1;
    options->speed = 0;
    if (strcmp(value, "max") == 0)
        return 0;
    options->speed = strtod(value, &end);
    if (*value >= '0' && *value <= '9' && !*end && options->speed >= 0.001 &&
        options->speed <= 1e6)
        return 0;
    complain_usage("--speed takes a number from 0.001 to 1000000 or max, not \"%s\"",
                   value);
    return -1;
}

/* -1: has been complained about. */
static int take(void *into, int id, const char *value) {
    play_options *options = into;

    if (look_has(id))
        return look_option(&options->look, id, value);
    switch (id) {
    case OPTION_OPERAND:
        return options_collect(&options->filters.endpoints, value);
    case OPT_FROM:
        return read_time("--from", value, &options->from_ns);
    case OPT_TO:
        return read_time("--to", value, &options->to_ns);
    case OPT_SPEED:
        return read_speed(options, value);
    case OPT_BIND:
        return options_collect(&options->send.binds, value);
    case OPT_CONNECT:
        return options_collect(&options->send.connects, value);
    case OPT_WAIT:
        return send_read_wait(&options->send, value);
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    default:
        return source_option(&options->filters, id, value);
    }
}

static int check(play_options *options) {
    send_options *send = &options->send;

    if (options->filters.endpoints.count == 0)
        return complain_usage("which FILE? One that zmqlog record wrote");
    if (options->from_ns > options->to_ns)
        return complain_usage("--from is later than --to: nothing is between");
    options->publishes = send->binds.count + send->connects.count > 0;
    if (!options->publishes && send->waits)
        return complain_usage("--wait is for --bind and --connect");
    /* One reads as fast as one can, and publishes at the pace of then. */
    if (!options->has_speed)
        options->speed = options->publishes ? 1 : 0;
    send->security = options->filters.security;
    send->quiet = options->quiet;
    send->overflow = SEND_BLOCK;
    send->level = ZMQLOG_LEVEL_INFO;
    send->scan = 1; /* topics are the records' own */
    send->passes_frames = 1;
    return source_check_filters(&options->filters);
}

int play_read_options(play_options *options, char **words) {
    int ends;

    options->from_ns = INT64_MIN;
    options->to_ns = INT64_MAX;
    ends = command_read("play", specs, words, take, options);
    return ends < 0 ? check(options) : ends;
}

void play_release_options(play_options *options) {
    source_release(&options->filters);
    options_release(&options->send.binds);
    options_release(&options->send.connects);
}
