/* SPDX-License-Identifier: BSD-3-Clause */
/* The options that choose records. Owns the syntax of their values; must not know
 * how a subscriber is made of them. */
#include "complain.h"
#include "levels.h"
#include "source.h"

/* -1 when no program can have it, which has been complained about: nothing would
 * ever come. */
static int read_root(source_options *options, const char *value) {
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

/* `--timestamp %H:%M` is read as --timestamp and an endpoint. */
static int read_endpoint(source_options *options, const char *value) {
    if (!strchr(value, '%') || strstr(value, "://"))
        return options_collect(&options->endpoints, value);
    complain_usage("%s is no endpoint; a time format is given with an equals sign: "
                   "--timestamp='%s'",
                   value, value);
    return -1;
}

/* Options whose meaning others own. */
static int take_shared(source_options *options, int id, const char *value) {
    int taken = nats_option(&options->nats, id, value);

    if (taken == 0)
        security_option(&options->security, id, value);
    return taken < 0 ? -1 : 0;
}

int source_option(source_options *options, int id, const char *value) {
    switch (id) {
    case OPTION_BAD:
        return -1;
    case OPTION_OPERAND:
        return read_endpoint(options, value);
    case SOURCE_TOPIC:
        return options_collect(&options->topics, value);
    case SOURCE_ROOT:
        return read_root(options, value);
    case SOURCE_LEVEL_NAME:
        return levels_collect(&options->level_names, value);
    case SOURCE_LEVEL:
        options->level = value;
        return 0;
    case SOURCE_GREP:
        options->grep = value;
        return 0;
    case SOURCE_EXACT:
        options->exact = 1;
        return 0;
    case SOURCE_BIND:
        options->bind = 1;
        return 0;
    default:
        return take_shared(options, id, value);
    }
}

static int count_streams(const option_list *endpoints) {
    int count = 0;

    for (int i = 0; i < endpoints->count; i++)
        count += strncmp(endpoints->items[i], NATS_SCHEME, strlen(NATS_SCHEME)) == 0;
    return count;
}

/* A stream is read alone. */
static int check_streams(const source_options *options) {
    const option_list *endpoints = &options->endpoints;
    int count = count_streams(endpoints);

    if (count && (endpoints->count > 1 || options->bind))
        return complain_usage(
            "a stream of NATS is read alone: one nats://HOST:PORT/STREAM, "
            "no other endpoint and no --bind");
    if (options->nats.since && !count)
        return complain_usage(
            "--since is for nats://HOST:PORT/STREAM: a broadcast has no "
            "past");
    return -1;
}

int source_check_filters(source_options *options) {
    if (check_streams(options) >= 0)
        return EXIT_USAGE;
    if (!options->level)
        return -1;
    options->min_level = levels_find(&options->level_names, options->level);
    return options->min_level ? -1 : EXIT_USAGE;
}

int source_check_nats_keys(const source_options *options) {
    if (count_streams(&options->endpoints) ||
        (!options->nats.tls && !options->nats.creds))
        return -1;
    return complain_usage("%s is for nats://HOST:PORT/STREAM",
                          options->nats.tls ? "--tls" : "--creds");
}

int source_check(source_options *options) {
    if (options->endpoints.count == 0)
        return complain_usage("which ENDPOINT? For example tcp://127.0.0.1:5556");
    return source_check_filters(options);
}

void source_release(source_options *options) {
    options_release(&options->endpoints);
    options_release(&options->topics);
    options_release(&options->roots);
    options_release(&options->level_names);
}
