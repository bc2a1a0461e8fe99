/* SPDX-License-Identifier: BSD-3-Clause */
/* From options to a subscriber: level names, subscriptions, keys, endpoints; and
 * which of what comes is wanted. Every option narrows it. */
#include "source.h"
#include "complain.h"
#include "levels.h"
#include "moment.h"

#include <poll.h>
#include <stdio.h>

int source_refuse(const source *from, const char *what, zmqlog_status status) {
    const char *detail = zmqlog_subscriber_errmsg(from->subscriber);

    if (!*detail)
        detail = zmqlog_strerror(status);
    if (*what)
        complain("%s: %s", what, detail);
    else
        complain("%s", detail);
    return status == ZMQLOG_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

static int is_stream(const char *endpoint) {
    return strncmp(endpoint, NATS_SCHEME, sizeof NATS_SCHEME - 1) == 0;
}

static int name_levels(source *from) {
    const option_list *names = &from->options->level_names;

    for (int i = 0; i < names->count; i++) {
        const char *name;
        int level = levels_split(names->items[i], &name);
        zmqlog_status status =
            zmqlog_subscriber_set_level_name(from->subscriber, level, name);
        if (status != ZMQLOG_OK)
            return source_refuse(from, names->items[i], status);
    }
    return EXIT_OK;
}

static zmqlog_status subscribe_root(source *from, const char *root) {
    char prefix[ZMQLOG_ROOT_MAX_BYTES + 2];
    int min_level = from->options->min_level;
    zmqlog_status status = zmqlog_subscriber_add_root(from->subscriber, root);

    if (status != ZMQLOG_OK || from->options->topics.count > 0)
        return status;
    /* Topics without a root begin with some level. */
    if (!*root && !min_level)
        min_level = ZMQLOG_LEVEL_MIN;
    if (min_level)
        return zmqlog_subscriber_subscribe_level(from->subscriber, root, min_level);
    /* Topics below a root begin with it and a dot. */
    snprintf(prefix, sizeof prefix, "%s.", root);
    return zmqlog_subscriber_subscribe(from->subscriber, prefix);
}

/* Replies of a stream have passed a filter of their own. */
static zmqlog_status subscribe_everything(source *from) {
    const source_options *options = from->options;

    from->follows_all = options->min_level &&
                        (options->local || !is_stream(options->endpoints.items[0]));
    if (from->follows_all)
        return zmqlog_subscriber_subscribe_all(from->subscriber, options->min_level);
    return zmqlog_subscriber_subscribe(from->subscriber, "");
}

static int subscribe(source *from) {
    const option_list *topics = &from->options->topics;
    const option_list *roots = &from->options->roots;
    zmqlog_status status = ZMQLOG_OK;

    for (int i = 0; i < roots->count; i++) {
        status = subscribe_root(from, roots->items[i]);
        if (status != ZMQLOG_OK)
            return source_refuse(from, roots->items[i], status);
    }
    for (int i = 0; i < topics->count; i++) {
        status = zmqlog_subscriber_subscribe(from->subscriber, topics->items[i]);
        if (status != ZMQLOG_OK)
            return source_refuse(from, topics->items[i], status);
    }
    from->takes_everything = topics->count == 0 && roots->count == 0;
    if (from->takes_everything)
        status = subscribe_everything(from);
    if (status == ZMQLOG_OK && from->options->exact)
        status = zmqlog_subscriber_set_exact(from->subscriber, 1);
    return status == ZMQLOG_OK ? EXIT_OK : source_refuse(from, "subscribing", status);
}

int source_prepare(source *from, const source_options *options) {
    int code;

    from->options = options;
    if (options->grep) {
        from->expression = grep_compile(options->grep);
        if (!from->expression)
            return EXIT_USAGE;
    }
    from->subscriber = zmqlog_subscriber_new();
    from->record = zmqlog_record_new();
    if (!from->subscriber || !from->record) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    code = name_levels(from);
    return code == EXIT_OK ? subscribe(from) : code;
}

static int use_keys(source *from) {
    const source_options *options = from->options;
    int code =
        security_open(&options->security, options->bind, !options->bind, &from->auth);

    if (code == EXIT_OK && from->auth) {
        zmqlog_status status = zmqlog_subscriber_set_auth(from->subscriber, from->auth);
        if (status != ZMQLOG_OK)
            code = source_refuse(from, "keys", status);
    }
    return code;
}

void source_reload_keys(source *from) {
    security_reload(&from->options->security, from->auth);
}

static int open_stream(source *from) {
    const source_options *options = from->options;
    const option_list *roots = &options->roots;
    int code = EXIT_OK;

    from->stream = nats_reader_open(options->endpoints.items[0], &options->nats,
                                    options->security.insecure,
                                    roots->count == 1 ? roots->items[0] : NULL, &code);
    return from->stream ? EXIT_OK : code;
}

int source_open(source *from) {
    const option_list *endpoints = &from->options->endpoints;

    if (from->options->local)
        return EXIT_OK;
    if (is_stream(endpoints->items[0]))
        return open_stream(from);
    int code = use_keys(from);

    for (int i = 0; code == EXIT_OK && i < endpoints->count; i++) {
        const char *endpoint = endpoints->items[i];
        zmqlog_status status =
            from->options->bind ? zmqlog_subscriber_bind(from->subscriber, endpoint)
                                : zmqlog_subscriber_connect(from->subscriber, endpoint);
        if (status == ZMQLOG_EREFUSED)
            code = security_refuse(&from->options->security, endpoint,
                                   SECURITY_WATCHER_BIND);
        else if (status != ZMQLOG_OK)
            code = source_refuse(from, endpoint, status);
    }
    return code;
}

void source_tell_start(const source *from) {
    const option_list *endpoints = &from->options->endpoints;

    for (int i = 0; from->options->bind && i < endpoints->count; i++) {
        const char *real = zmqlog_subscriber_endpoint(from->subscriber, i);
        complain("listening on %s", real ? real : endpoints->items[i]);
    }
}

void source_tell_strangers(source *from) {
    if (from->told_of_strangers || !from->follows_all ||
        zmqlog_subscriber_count(from->subscriber, ZMQLOG_COUNT_STRANGERS) <= 0)
        return;
    from->told_of_strangers = 1;
    complain("a publisher does not say who it is, or there are too many: meanwhile "
             "--level without --root subscribes to everything and filters here, which "
             "opens every level above the publishers' floors");
}

void source_close(source *from) {
    zmqlog_auth_free(from->auth);
    nats_reader_close(from->stream);
    grep_free(from->expression);
    zmqlog_record_free(from->record);
    zmqlog_subscriber_free(from->subscriber);
}

zmqlog_status source_receive(source *from) {
    nats_frames frames;

    if (!from->stream) {
        zmqlog_status status =
            zmqlog_subscriber_recv(from->subscriber, from->record, 0);
        /* It is not open before the first program is there. */
        return status == ZMQLOG_ESTATE && from->options->local ? ZMQLOG_EAGAIN : status;
    }
    while (nats_reader_next(from->stream, &frames)) {
        zmqlog_status status = zmqlog_subscriber_decode(
            from->subscriber, from->record, frames.topic.data, frames.topic.len,
            frames.body.data, frames.body.len, frames.received_ns);
        from->streamed += status == ZMQLOG_OK;
        if (status != ZMQLOG_EAGAIN)
            return status;
    }
    return ZMQLOG_EAGAIN;
}

zmqlog_status source_receive_within(source *from, int timeout_ms) {
    int64_t until = moment_now() + timeout_ms * MOMENT_MS;
    zmqlog_status status;

    if (!from->stream)
        return zmqlog_subscriber_recv(from->subscriber, from->record, timeout_ms);
    while ((status = source_receive(from)) == ZMQLOG_EAGAIN && moment_now() < until)
        poll(&(struct pollfd){.fd = source_fd(from), .events = POLLIN}, 1,
             moment_left_ms(until));
    return status;
}

int64_t source_received(const source *from) {
    return from->stream
               ? from->streamed
               : zmqlog_subscriber_count(from->subscriber, ZMQLOG_COUNT_RECEIVED);
}

int source_fd(const source *from) {
    return from->stream ? nats_reader_fd(from->stream)
                        : zmqlog_subscriber_fd(from->subscriber);
}

/* An empty root is that of topics which begin with a level. */
static int is_below(const char *name, const view *seen) {
    bytes root = bytes_of(name), topic = seen->topic;

    if (root.len == 0)
        return seen->root.len == 0 && seen->level_name.len > 0;
    return topic.len > root.len && topic.data[root.len] == '.' &&
           memcmp(topic.data, root.data, root.len) == 0;
}

static int has_root(const option_list *roots, const view *seen) {
    for (int i = 0; i < roots->count; i++)
        if (is_below(roots->items[i], seen))
            return 1;
    return roots->count == 0;
}

static int names_control(const option_list *roots) {
    for (int i = 0; i < roots->count; i++)
        if (strcmp(roots->items[i], "zmqlog") == 0)
            return 1;
    return 0;
}

/* What programs say of themselves is shown only on request. */
static int is_hidden(const source *from, const view *seen) {
    static const char stem[] = "zmqlog.INFO.";

    return from->options->topics.count == 0 && !names_control(&from->options->roots) &&
           seen->topic.len >= sizeof stem - 1 &&
           memcmp(seen->topic.data, stem, sizeof stem - 1) == 0;
}

int source_wants(const source *from, const view *seen) {
    if (is_hidden(from, seen) || seen->level < from->options->min_level ||
        !has_root(&from->options->roots, seen))
        return 0;
    return !from->expression || grep_matches(from->expression, seen->text);
}
