/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog relay; must not know how a relay runs. */
#include "commands.h"
#include "complain.h"
#include "relay.h"

enum { OPT_PUBLISHERS = 1, OPT_SUBSCRIBERS, OPT_UPSTREAM, OPT_DOWNSTREAM, OPT_QUIET };

static const option_spec specs[] = {
    {OPT_PUBLISHERS, "publishers", 0, OPTION_NEEDS},
    {OPT_SUBSCRIBERS, "subscribers", 0, OPTION_NEEDS},
    {OPT_UPSTREAM, "upstream", 0, OPTION_NEEDS},
    {OPT_DOWNSTREAM, "downstream", 0, OPTION_NEEDS},
    SECURITY_OPTIONS,
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    HELP_OPTION,
    {0},
};

/* -1: has been complained about. */
static int take(void *into, int id, const char *value) {
    relay_options *options = into;

    switch (id) {
    case OPTION_OPERAND:
        complain_usage("%s: which side? --publishers, --subscribers, --upstream or "
                       "--downstream",
                       value);
        return -1;
    case OPT_PUBLISHERS:
        return options_collect(&options->publishers, value);
    case OPT_SUBSCRIBERS:
        return options_collect(&options->subscribers, value);
    case OPT_UPSTREAM:
        return options_collect(&options->upstream, value);
    case OPT_DOWNSTREAM:
        return options_collect(&options->downstream, value);
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    default:
        security_option(&options->security, id, value);
        return 0;
    }
}

int relay_read_options(relay_options *options, char **words) {
    int ends = command_read("relay", specs, words, take, options);

    if (ends >= 0)
        return ends;
    if (options->publishers.count + options->upstream.count == 0)
        return complain_usage("from where? --publishers ENDPOINT or --upstream "
                              "ENDPOINT");
    if (options->subscribers.count + options->downstream.count == 0)
        return complain_usage("to where? --subscribers ENDPOINT or --downstream "
                              "ENDPOINT");
    return -1;
}

void relay_release_options(relay_options *options) {
    options_release(&options->publishers);
    options_release(&options->subscribers);
    options_release(&options->upstream);
    options_release(&options->downstream);
}
