/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of zmqlog watch. Owns its options and their values' syntax;
 * must not know how a watch runs. */
#include "watch.h"
#include "commands.h"
#include "complain.h"
#include "levels.h"

#include <limits.h>
#include <string.h>

enum {
    OPT_BIND = 1,
    OPT_TOPIC,
    OPT_EXACT,
    OPT_LEVEL,
    OPT_LEVEL_NAME,
    OPT_ROOT,
    OPT_GREP,
    OPT_FORMAT,
    OPT_ALIGN,
    OPT_TIMESTAMP,
    OPT_COLOR,
    OPT_SEPARATOR,
    OPT_COUNT,
    OPT_TIMEOUT,
    OPT_QUIET,
    OPT_HELP
};

static const option_spec specs[] = {
    {OPT_BIND, "bind", 0, OPTION_ALONE},
    {OPT_TOPIC, "topic", 't', OPTION_NEEDS},
    {OPT_EXACT, "exact", 0, OPTION_ALONE},
    {OPT_LEVEL, "level", 'l', OPTION_NEEDS},
    {OPT_LEVEL_NAME, "level-name", 0, OPTION_NEEDS},
    {OPT_ROOT, "root", 0, OPTION_NEEDS},
    {OPT_GREP, "grep", 'g', OPTION_NEEDS},
    {OPT_FORMAT, "format", 0, OPTION_NEEDS},
    {OPT_ALIGN, "align", 0, OPTION_ALONE},
    {OPT_TIMESTAMP, "timestamp", 0, OPTION_MAY},
    {OPT_COLOR, "color", 0, OPTION_NEEDS},
    {OPT_SEPARATOR, "separator", 0, OPTION_NEEDS},
    {OPT_COUNT, "count", 'n', OPTION_NEEDS},
    {OPT_TIMEOUT, "timeout", 0, OPTION_NEEDS},
    {OPT_QUIET, "quiet", 'q', OPTION_ALONE},
    {OPT_HELP, "help", 'h', OPTION_ALONE},
    SECURITY_OPTIONS,
    {0},
};

static int index_of(const char *word, const char *const *words) {
    for (int i = 0; words[i]; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    return -1;
}

/* -1 when it is no known format, which has been complained about. */
static int read_format(watch_options *options, const char *value) {
    static const char *const formats[] = {"text", "json", "raw", NULL};
    int index = index_of(value, formats);

    if (index < 0) {
        complain_usage("--format takes text, json or raw, not \"%s\"", value);
        return -1;
    }
    options->format = (watch_format)index;
    return 0;
}

static int read_color(watch_options *options, const char *value) {
    static const char *const choices[] = {"auto", "always", "never", NULL};
    int index = index_of(value, choices);

    if (index < 0) {
        complain_usage("--color takes auto, always or never, not \"%s\"", value);
        return -1;
    }
    options->color = (color_choice)index;
    return 0;
}

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

/* -1 when no program can have it, which has been complained about: nothing would
 * ever come. */
static int read_root(watch_options *options, const char *value) {
    bytes root = bytes_of(value);

    if (root.len <= ZMQLOG_ROOT_MAX_BYTES && bytes_are_utf8(root))
        return options_collect(&options->roots, value);
    if (root.len > ZMQLOG_ROOT_MAX_BYTES)
        complain_usage(
            "--root: the root topic is too long; at most %d bytes are allowed",
            ZMQLOG_ROOT_MAX_BYTES);
    else
        complain_usage("--root: the root topic is not UTF-8");
    return -1;
}

/* Options with a value of their own kind. -1: has been complained about. */
static int take_value(watch_options *options, int id, const char *value) {
    switch (id) {
    case OPTION_OPERAND:
        return options_collect(&options->endpoints, value);
    case OPT_TOPIC:
        return options_collect(&options->topics, value);
    case OPT_ROOT:
        return read_root(options, value);
    case OPT_LEVEL_NAME:
        return levels_collect(&options->level_names, value);
    case OPT_FORMAT:
        return read_format(options, value);
    case OPT_COLOR:
        return read_color(options, value);
    case OPT_COUNT:
        return read_count(options, value);
    case OPT_TIMEOUT:
        return read_timeout(options, value);
    case OPTION_BAD:
        return -1;
    default:
        security_option(&options->security, id, value);
        return 0;
    }
}

static int take(watch_options *options, int id, const char *value) {
    switch (id) {
    case OPT_BIND:
        options->bind = 1;
        return 0;
    case OPT_EXACT:
        options->exact = 1;
        return 0;
    case OPT_ALIGN:
        options->align = 1;
        return 0;
    case OPT_QUIET:
        options->quiet = 1;
        return 0;
    case OPT_LEVEL:
        options->level = value;
        return 0;
    case OPT_GREP:
        options->grep = value;
        return 0;
    case OPT_TIMESTAMP:
        options->time_format = value ? value : TIMESTAMP_DEFAULT;
        return 0;
    case OPT_SEPARATOR:
        options->separator = value;
        return 0;
    default:
        return take_value(options, id, value);
    }
}

int watch_read_options(watch_options *options, char **words) {
    option_reader reader;
    const char *value;
    int id;

    options->timeout_ms = -1;
    options_begin(&reader, specs, words);
    while ((id = options_next(&reader, &value)) != OPTION_END) {
        if (id == OPT_HELP)
            return help_print("watch");
        if (take(options, id, value) < 0)
            return EXIT_USAGE;
    }
    if (options->endpoints.count == 0)
        return complain_usage("which ENDPOINT? For example tcp://127.0.0.1:5556");
    if (options->level) {
        options->min_level = levels_find(&options->level_names, options->level);
        return options->min_level ? -1 : EXIT_USAGE;
    }
    return -1;
}

void watch_release_options(watch_options *options) {
    options_release(&options->endpoints);
    options_release(&options->topics);
    options_release(&options->roots);
    options_release(&options->level_names);
}
