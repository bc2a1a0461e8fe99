/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog record: keeps what publishers say in files. Owns the life of a recorder. */
#include "record.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <stdlib.h>

static int run(recorder *to) {
    const record_options *options = to->options;
    int code = source_prepare(&to->from, &options->source);

    if (code == EXIT_OK)
        code = folder_open(&to->streams.in, options->dir, options->zstd);
    if (code != EXIT_OK)
        return code;
    if (interrupt_install() < 0 || interrupt_hangup_reopens() < 0) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    to->streams.limits = &options->limits;
    to->streams.trouble.name = options->dir;
    render_json_init(&to->look);
    code = source_open(&to->from);
    if (code != EXIT_OK)
        return code;
    if (!options->quiet)
        source_tell_start(&to->from);
    return record_run(to);
}

int record_main(char **words) {
    record_options options = {0};
    recorder to = {.options = &options, .streams = {.in = {.lock = -1}}};
    int code = record_read_options(&options, words);

    if (code < 0)
        code = run(&to);
    source_close(&to.from);
    source_release(&options.source);
    folder_close(&to.streams.in);
    free(to.body);
    return code;
}
