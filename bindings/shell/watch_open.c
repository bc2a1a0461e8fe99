/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening a watch: what is subscribed to, and where. Owns how the options become
 * calls of the subscriber; every option narrows what is shown. */
#include "complain.h"
#include "levels.h"
#include "watch.h"

#include <stdio.h>

static int refuse(const watcher *watch, const char *what, zmqlog_status status) {
    const char *detail = zmqlog_subscriber_errmsg(watch->subscriber);

    complain("%s: %s", what, *detail ? detail : zmqlog_strerror(status));
    return status == ZMQLOG_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

static int name_levels(watcher *watch) {
    const option_list *names = &watch->options->level_names;

    for (int i = 0; i < names->count; i++) {
        const char *name;
        int level = levels_split(names->items[i], &name);
        zmqlog_status status =
            zmqlog_subscriber_set_level_name(watch->subscriber, level, name);
        if (status != ZMQLOG_OK)
            return refuse(watch, names->items[i], status);
    }
    return EXIT_OK;
}

static zmqlog_status subscribe_root(watcher *watch, const char *root) {
    char prefix[ZMQLOG_ROOT_MAX_BYTES + 2];
    int min_level = watch->options->min_level;
    zmqlog_status status = zmqlog_subscriber_add_root(watch->subscriber, root);

    if (status != ZMQLOG_OK || watch->options->topics.count > 0)
        return status;
    /* Topics without a root begin with some level. */
    if (!*root && !min_level)
        min_level = ZMQLOG_LEVEL_MIN;
    if (min_level)
        return zmqlog_subscriber_subscribe_level(watch->subscriber, root, min_level);
    /* Topics below a root begin with it and a dot. */
    snprintf(prefix, sizeof prefix, "%s.", root);
    return zmqlog_subscriber_subscribe(watch->subscriber, prefix);
}

static int subscribe(watcher *watch) {
    const option_list *topics = &watch->options->topics;
    const option_list *roots = &watch->options->roots;
    zmqlog_status status = ZMQLOG_OK;

    for (int i = 0; i < roots->count; i++) {
        status = subscribe_root(watch, roots->items[i]);
        if (status != ZMQLOG_OK)
            return refuse(watch, roots->items[i], status);
    }
    for (int i = 0; i < topics->count; i++) {
        status = zmqlog_subscriber_subscribe(watch->subscriber, topics->items[i]);
        if (status != ZMQLOG_OK)
            return refuse(watch, topics->items[i], status);
    }
    watch->takes_everything = topics->count == 0 && roots->count == 0;
    if (watch->takes_everything)
        status = zmqlog_subscriber_subscribe(watch->subscriber, "");
    if (status == ZMQLOG_OK && watch->options->exact)
        status = zmqlog_subscriber_set_exact(watch->subscriber, 1);
    return status == ZMQLOG_OK ? EXIT_OK : refuse(watch, "subscribing", status);
}

static int open_endpoints(watcher *watch) {
    const option_list *endpoints = &watch->options->endpoints;

    for (int i = 0; i < endpoints->count; i++) {
        const char *endpoint = endpoints->items[i];
        zmqlog_status status =
            watch->options->bind
                ? zmqlog_subscriber_bind(watch->subscriber, endpoint)
                : zmqlog_subscriber_connect(watch->subscriber, endpoint);
        if (status == ZMQLOG_EREFUSED)
            return security_refuse(&watch->options->security, endpoint,
                                   SECURITY_WATCHER_BIND);
        if (status != ZMQLOG_OK)
            return refuse(watch, endpoint, status);
    }
    return EXIT_OK;
}

static int use_keys(watcher *watch) {
    zmqlog_auth *auth;
    int code = security_open(&watch->options->security, watch->options->bind,
                             !watch->options->bind, &auth);

    if (code == EXIT_OK && auth) {
        zmqlog_status status = zmqlog_subscriber_set_auth(watch->subscriber, auth);
        if (status != ZMQLOG_OK)
            code = refuse(watch, "keys", status);
    }
    zmqlog_auth_free(auth);
    return code;
}

int watch_open(watcher *watch) {
    int code = name_levels(watch);

    if (code == EXIT_OK)
        code = use_keys(watch);
    if (code == EXIT_OK)
        code = subscribe(watch);
    return code == EXIT_OK ? open_endpoints(watch) : code;
}
