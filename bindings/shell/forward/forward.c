/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog forward: records on their way to other logging systems. Owns the life of a
 * forwarder: from options to source and sinks, and back. */
#include "forward/forward.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int make_sinks(forwarder *forward) {
    const option_list *addresses = &forward->options->sinks;

    forward->parses = forward->options->source.grep != NULL;
    for (int i = 0; i < addresses->count; i++) {
        sink *to = &forward->sinks[forward->count++];
        int code = sink_make(to, addresses->items[i], forward->options);
        if (code != EXIT_OK)
            return code;
        forward->parses |= !to->kind->is_raw;
    }
    return EXIT_OK;
}

static int take_saved(forwarder *forward) {
    int code = forward->options->save
                   ? saved_open(&forward->saves, forward->options->save)
                   : EXIT_OK;

    for (int i = 0; i < forward->count && forward->saves.path && code == EXIT_OK; i++)
        code = saved_take(&forward->saves, &forward->sinks[i]);
    return code;
}

static int start_sinks(forwarder *forward) {
    for (int i = 0; i < forward->count; i++)
        if (sink_start(&forward->sinks[i]) != EXIT_OK)
            return EXIT_FAILED;
    return EXIT_OK;
}

/* Before any thread starts, so that the signal waits in the descriptor. */
static int catch_signals(forwarder *forward) {
    sigset_t asks;

    sigemptyset(&asks);
    sigaddset(&asks, SIGUSR1);
    int is_caught = interrupt_install() == 0;
    if (is_caught && security_reloads(&forward->options->source.security))
        is_caught = interrupt_hangup_reopens() == 0;
    if (is_caught && sigprocmask(SIG_BLOCK, &asks, NULL) == 0)
        forward->asks = signalfd(-1, &asks, SFD_CLOEXEC | SFD_NONBLOCK);
    if (forward->asks >= 0)
        return EXIT_OK;
    complain("signals: %s", strerror(errno));
    return EXIT_FAILED;
}

static int run(forwarder *forward) {
    int code = make_sinks(forward);

    if (code == EXIT_OK)
        code = take_saved(forward);
    if (code == EXIT_OK)
        code = catch_signals(forward);
    if (code == EXIT_OK)
        code = source_prepare(&forward->from, &forward->options->source);
    if (code == EXIT_OK)
        code = start_sinks(forward);
    if (code == EXIT_OK)
        code = source_open(&forward->from);
    if (code != EXIT_OK)
        return code;
    if (!forward->options->quiet)
        source_tell_start(&forward->from);
    return forward_run(forward);
}

static int end_sinks(forwarder *forward, int code) {
    for (int i = 0; i < forward->count; i++)
        sink_end(&forward->sinks[i], 0);
    for (int i = 0; i < forward->count; i++)
        sink_join(&forward->sinks[i]);
    /* The first sink of NATS that is freed ends libnats for all, the source too. */
    source_close(&forward->from);
    for (int i = 0; i < forward->count; i++) {
        if (forward->saves.path &&
            saved_keep(&forward->saves, &forward->sinks[i]) != EXIT_OK)
            code = EXIT_FAILED;
        sink_free(&forward->sinks[i]);
    }
    saved_close(&forward->saves);
    return code;
}

int forward_main(char **words) {
    forward_options options = {0};
    forwarder *forward = calloc(1, sizeof *forward);
    int code;

    if (!forward) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    forward->options = &options;
    forward->asks = forward->saves.lock = -1;
    code = forward_read_options(&options, words);
    if (code < 0)
        code = run(forward);
    code = end_sinks(forward, code);
    if (forward->asks >= 0)
        close(forward->asks);
    buffer_free(&forward->body);
    buffer_free(&forward->packed);
    free(forward);
    forward_release_options(&options);
    return code;
}
