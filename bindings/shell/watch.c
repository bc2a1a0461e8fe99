/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog watch: shows what publishers say. Owns the life of a watch: from options
 * to handles and looks, and back. */
#include "watch.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <unistd.h>

#define HINT_MS 3000

/* The buffer is large, and there is one watch in a process. */
static output out;

static int prepare_looks(watcher *watch) {
    const watch_options *options = watch->options;

    output_open(&out, STDOUT_FILENO);
    watch->out = &out;
    render_json_init(&watch->json);
    if (options->time_format) {
        if (timestamp_compile(&watch->stamp, options->time_format, 0) < 0)
            return complain_usage("--timestamp: the format is too long");
        watch->text.stamp = &watch->stamp;
    }
    watch->text.align = options->align;
    watch->text.colored = colors_wanted(options->color, out.is_terminal);
    watch->text.separator = options->separator;
    if (!options->separator)
        watch->text.separator = options->format == WATCH_RAW ? "\t" : " | ";
    watch->parses = options->format != WATCH_RAW;
    return EXIT_OK;
}

static int prepare(watcher *watch) {
    int code = prepare_looks(watch);

    if (code != EXIT_OK)
        return code;
    if (watch->options->grep) {
        watch->expression = grep_compile(watch->options->grep);
        if (!watch->expression)
            return EXIT_USAGE;
    }
    watch->subscriber = zmqlog_subscriber_new();
    watch->record = zmqlog_record_new();
    if (!watch->subscriber || !watch->record) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    return EXIT_OK;
}

static void start_clocks(watcher *watch) {
    int64_t now = moment_now();
    long long timeout_ms = watch->options->timeout_ms;

    watch->ends = timeout_ms < 0 ? MOMENT_NEVER : now + timeout_ms * MOMENT_MS;
    watch->hints = MOMENT_NEVER;
    if (!watch->options->quiet && isatty(STDERR_FILENO))
        watch->hints = now + HINT_MS * MOMENT_MS;
}

static int run(watcher *watch) {
    int code = prepare(watch);

    if (code != EXIT_OK)
        return code;
    if (interrupt_install() < 0) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    code = watch_open(watch);
    if (code != EXIT_OK)
        return code;
    watch_tell_start(watch);
    start_clocks(watch);
    return watch_run(watch);
}

int watch_main(char **words) {
    watch_options options = {0};
    watcher watch = {.options = &options};
    int code = watch_read_options(&options, words);

    if (code < 0)
        code = run(&watch);
    grep_free(watch.expression);
    zmqlog_record_free(watch.record);
    zmqlog_subscriber_free(watch.subscriber);
    watch_release_options(&options);
    return code;
}
