/* SPDX-License-Identifier: BSD-3-Clause */
/* The beginning of the publishing end of zmqlog send: how options become setters of the
 * handler, and its endpoints. Says what is wrong with them; must not log. */
#include "complain.h"
#include "levels.h"
#include "moment.h"
#include "send.h"

/* Others may have allowed themselves longer ones. */
#define FRAME_MOST (16u << 20)
#define FRAME_QUEUE (40u << 20)

/* What was wrong with a setting, without the name of the C function. */
static const char *without_function(const char *detail) {
    size_t len = strspn(detail, "abcdefghijklmnopqrstuvwxyz_");

    if (strncmp(detail, "set_", 4) != 0 || strncmp(detail + len, ": ", 2) != 0)
        return detail;
    return detail + len + 2;
}

int publisher_refuse(const publisher *to, const char *what, zmqlog_status status) {
    const char *detail = without_function(zmqlog_handler_errmsg(to->handler));

    complain("%s: %s", what, *detail ? detail : zmqlog_strerror(status));
    return status == ZMQLOG_EINVAL || status == ZMQLOG_EFORMAT ? EXIT_USAGE
                                                               : EXIT_FAILED;
}

static int set_up(publisher *to) {
    const send_options *options = to->options;
    zmqlog_handler *handler = to->handler;
    zmqlog_status status = ZMQLOG_OK;

    for (int i = 0; i < options->level_names.count; i++) {
        const char *name;
        int level = levels_split(options->level_names.items[i], &name);
        status = zmqlog_handler_set_level_name(handler, level, name);
        if (status != ZMQLOG_OK)
            return publisher_refuse(to, options->level_names.items[i], status);
    }
    /* With 0 ms a full queue is told, and waiting for room or not is ours. */
    status = zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, 0);
    if (status != ZMQLOG_OK)
        return publisher_refuse(to, "--overflow", status);
    if (options->passes_frames) {
        zmqlog_handler_set_max_body_bytes(handler, FRAME_MOST);
        zmqlog_handler_set_queue_bytes(handler, FRAME_QUEUE);
        /* The awaited listener is there, and the first record keeps its time. */
        if (options->waits)
            zmqlog_handler_set_hold_ms(handler, 0);
    }
    if (options->root)
        status = zmqlog_handler_set_root_topic(handler, options->root);
    if (status != ZMQLOG_OK)
        return publisher_refuse(to, "--root", status);
    if (options->style)
        status = zmqlog_handler_set_style(handler, 0, options->style);
    return status == ZMQLOG_OK ? EXIT_OK : publisher_refuse(to, "--style", status);
}

static int use_keys(publisher *to) {
    const send_options *options = to->options;
    zmqlog_auth *auth;
    int code = security_open(&options->security, options->binds.count > 0,
                             options->connects.count > 0, &auth);

    if (code == EXIT_OK && auth) {
        zmqlog_status status = zmqlog_handler_set_auth(to->handler, auth);
        if (status != ZMQLOG_OK)
            code = publisher_refuse(to, "keys", status);
    }
    zmqlog_auth_free(auth);
    return code;
}

static int refuse_endpoint(const publisher *to, const char *endpoint, security_use use,
                           zmqlog_status status) {
    if (status == ZMQLOG_EREFUSED)
        return security_refuse(&to->options->security, endpoint, use);
    return publisher_refuse(to, endpoint, status);
}

static int open_endpoints(publisher *to) {
    const option_list *binds = &to->options->binds, *connects = &to->options->connects;

    for (int i = 0; i < binds->count; i++) {
        zmqlog_status status = zmqlog_handler_bind(to->handler, binds->items[i]);
        if (status != ZMQLOG_OK)
            return refuse_endpoint(to, binds->items[i], SECURITY_PUBLISHER_BIND,
                                   status);
        if (!to->options->quiet)
            complain("listening on %s", zmqlog_handler_endpoint(to->handler, i));
    }
    for (int i = 0; i < connects->count; i++) {
        zmqlog_status status = zmqlog_handler_connect(to->handler, connects->items[i]);
        if (status != ZMQLOG_OK)
            return refuse_endpoint(to, connects->items[i], SECURITY_PUBLISHER_CONNECT,
                                   status);
    }
    return EXIT_OK;
}

/* The library would cut the topic, and the records would go where nobody looks. */
static int check_topic(const publisher *to) {
    const char *root = to->options->root ? to->options->root : "";
    const char *level = zmqlog_handler_level_name(to->handler, to->options->level);
    const char *topic = to->options->topic ? to->options->topic : "";
    size_t taken = strlen(root) + (*root ? 1 : 0) + strlen(level) + 1;

    if (taken + strlen(topic) <= ZMQLOG_TOPIC_MAX_BYTES)
        return EXIT_OK;
    return complain_usage("--topic: the subtopic is too long; at most %zu bytes are "
                          "allowed with this root and level",
                          ZMQLOG_TOPIC_MAX_BYTES - taken);
}

static int make_logger(publisher *to) {
    const char *topic = to->options->topic;
    zmqlog_status status = ZMQLOG_ENOMEM;

    to->logger = zmqlog_logger_new(to->handler, NULL);
    if (to->logger)
        status = zmqlog_logger_set_topic(to->logger, topic, topic ? strlen(topic) : 0);
    if (status == ZMQLOG_OK)
        return EXIT_OK;
    const char *detail = to->logger ? zmqlog_logger_errmsg(to->logger) : "";
    complain("--topic: %s", *detail ? detail : zmqlog_strerror(status));
    return status == ZMQLOG_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

int publisher_open(publisher *to, const send_options *options) {
    int code;

    to->options = options;
    to->patience = budget_start(moment_now());
    to->handler = zmqlog_handler_new();
    if (!to->handler) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    code = set_up(to);
    if (code == EXIT_OK)
        code = check_topic(to);
    if (code == EXIT_OK)
        code = use_keys(to);
    if (code == EXIT_OK)
        code = make_logger(to);
    return code == EXIT_OK ? open_endpoints(to) : code;
}
