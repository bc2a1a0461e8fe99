/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog send. Owns its options and their values' syntax;
 * must not know how records are published. */
#include "commands.h"
#include "complain.h"
#include "levels.h"
#include "send.h"

#include <limits.h>
#include <string.h>

enum {
    OPT_BIND = 1,
    OPT_CONNECT,
    OPT_ROOT,
    OPT_LEVEL,
    OPT_LEVEL_NAME,
    OPT_TOPIC,
    OPT_STYLE,
    OPT_SCAN,
    OPT_TEE,
    OPT_WAIT,
    OPT_OVERFLOW,
    OPT_QUIET
};

static const option_spec specs[] = {
    {OPT_BIND, "bind", 0, OPTION_NEEDS},
    {OPT_CONNECT, "connect", 0, OPTION_NEEDS},
    {OPT_ROOT, "root", 0, OPTION_NEEDS},
    {OPT_LEVEL, "level", 'l', OPTION_NEEDS},
    {OPT_LEVEL_NAME, "level-name", 0, OPTION_NEEDS},
    {OPT_TOPIC, "topic", 't', OPTION_NEEDS},
    {OPT_STYLE, "style", 0, OPTION_NEEDS},
    {OPT_SCAN, "scan", 0, OPTION_ALONE},
    {OPT_TEE, "tee", 0, OPTION_ALONE},
    {OPT_WAIT, "wait", 0, OPTION_MAY},
    {OPT_OVERFLOW, "overflow", 0, OPTION_NEEDS},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    HELP_OPTION,
    SECURITY_OPTIONS,
    {0},
};

int send_read_wait(send_options *options, const char *value) {
    options->waits = 1;
    options->wait_ms = -1;
    if (!value || options_read_count(value, 0, INT_MAX, &options->wait_ms) == 0)
        return 0;
    complain_usage("--wait takes milliseconds from 0 to %d, not \"%s\"", INT_MAX,
                   value);
    return -1;
}

static int read_overflow(send_options *options, const char *value) {
    if (strcmp(value, "block") == 0)
        options->overflow = SEND_BLOCK;
    else if (strcmp(value, "drop") == 0)
        options->overflow = SEND_DROP;
    else {
        complain_usage("--overflow takes block or drop, not \"%s\"", value);
        return -1;
    }
    return 0;
}

/* -1: has been complained about. */
static int take_value(send_options *options, int id, const char *value) {
    switch (id) {
    case OPTION_BAD:
        return -1;
    case OPTION_OPERAND:
        return options_collect(&options->words, value);
    case OPT_BIND:
        return options_collect(&options->binds, value);
    case OPT_CONNECT:
        return options_collect(&options->connects, value);
    case OPT_LEVEL_NAME:
        return levels_collect(&options->level_names, value);
    case OPT_WAIT:
        return send_read_wait(options, value);
    case OPT_OVERFLOW:
        return read_overflow(options, value);
    default:
        security_option(&options->security, id, value);
        return 0;
    }
}

static int take(void *into, int id, const char *value) {
    send_options *options = into;

    switch (id) {
    case OPT_ROOT:
        options->root = value;
        return 0;
    case OPT_LEVEL:
        options->level_name = value;
        return 0;
    case OPT_TOPIC:
        options->topic = value;
        return 0;
    case OPT_STYLE:
        options->style = value;
        return 0;
    case OPT_SCAN:
        options->scan = 1;
        return 0;
    case OPT_TEE:
        options->tee = 1;
        return 0;
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    default:
        return take_value(options, id, value);
    }
}

static int check(send_options *options) {
    if (options->binds.count + options->connects.count == 0)
        return complain_usage(
            "where to? Give --connect or --bind ENDPOINT, for example "
            "--connect tcp://127.0.0.1:5556");
    if (options->tee && options->words.count > 0)
        return complain_usage("--tee is for standard input, not for a MESSAGE");
    options->level = ZMQLOG_LEVEL_INFO;
    if (options->level_name)
        options->level = levels_find(&options->level_names, options->level_name);
    if (options->level == 0)
        return EXIT_USAGE;
    /* A filter must not hold up the program in front of it; a plain pipe may. */
    if (options->overflow == SEND_UNDECIDED)
        options->overflow = options->tee ? SEND_DROP : SEND_BLOCK;
    return -1;
}

int send_read_options(send_options *options, char **words) {
    int ends = command_read("send", specs, words, take, options);
    return ends < 0 ? check(options) : ends;
}

void send_release_options(send_options *options) {
    options_release(&options->binds);
    options_release(&options->connects);
    options_release(&options->words);
    options_release(&options->level_names);
}
