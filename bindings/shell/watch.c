/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog watch: shows what publishers say. Owns the life of a watch: from options
 * to handles and looks, and back. */
#include "watch.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define HINT_MS 3000

/* In trouble so much waits. */
#define HELD_BYTES (1u << 20)

static int open_output(watcher *watch) {
    const char *path = watch->options->output;
    int error;

    logfile_init(&watch->file, path);
    if (!path) {
        output_open(&watch->out, STDOUT_FILENO);
        return EXIT_OK;
    }
    watch->trouble.name = path;
    output_open_file(&watch->out, logfile_write, &watch->file, &watch->trouble,
                     HELD_BYTES);
    error = logfile_open(&watch->file);
    if (!error && interrupt_hangup_reopens() < 0)
        error = errno;
    if (!error)
        return EXIT_OK;
    complain("--output %s: %s", path, strerror(error));
    return EXIT_FAILED;
}

static int prepare(watcher *watch) {
    int code;

    if (security_reloads(&watch->options->source.security) &&
        interrupt_hangup_reopens() < 0) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    code = look_prepare(&watch->look, &watch->options->look, &watch->options->source,
                        !watch->options->output && isatty(STDOUT_FILENO));
    if (code != EXIT_OK)
        return code;
    return source_prepare(&watch->from, &watch->options->source);
}

static void start_clocks(watcher *watch) {
    int64_t now = moment_now();
    long long timeout_ms = watch->options->timeout_ms;

    watch->ends = timeout_ms < 0 ? MOMENT_NEVER : now + timeout_ms * MOMENT_MS;
    problems_begin(&watch->problems, now, watch->options->quiet || watch->from.stream);
    watch->problems.subscriber = watch->from.subscriber;
    watch->hints = MOMENT_NEVER;
    if (!watch->options->quiet && isatty(STDERR_FILENO))
        watch->hints = now + HINT_MS * MOMENT_MS;
}

static int open_locals(watcher *watch) {
    if (locals_open(&watch->locals, watch->from.subscriber,
                    &watch->options->source.endpoints) == 0)
        return EXIT_OK;
    complain("programs of this machine: %s", strerror(errno));
    return EXIT_FAILED;
}

static int run(watcher *watch) {
    int code = prepare(watch);

    if (code != EXIT_OK)
        return code;
    if (interrupt_install() < 0) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    code = open_output(watch);
    if (code == EXIT_OK)
        code = source_open(&watch->from);
    if (code == EXIT_OK && watch->options->source.local)
        code = open_locals(watch);
    if (code != EXIT_OK)
        return code;
    if (!watch->options->quiet)
        source_tell_start(&watch->from);
    start_clocks(watch);
    return watch_run(watch);
}

int watch_main(char **words) {
    watch_options options = {0};
    watcher watch = {.options = &options,
                     .file = {.fd = -1},
                     .locals = {.notify = -1, .again = MOMENT_NEVER}};
    int code = watch_read_options(&options, words);

    if (code < 0)
        code = run(&watch);
    locals_close(&watch.locals);
    source_close(&watch.from);
    output_close(&watch.out);
    logfile_close(&watch.file);
    source_release(&options.source);
    return code;
}
