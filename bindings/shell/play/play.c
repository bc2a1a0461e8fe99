/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog play: shows or publishes again what was recorded. Owns the life of a play. */
#include "play.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <unistd.h>

static int prepare(player *play) {
    const play_options *options = play->options;
    int code;

    output_open(&play->out, STDOUT_FILENO);
    code = look_prepare(&play->look, &options->look, &options->filters,
                        play->out.is_terminal);
    if (code == EXIT_OK)
        code = source_prepare(&play->from, &options->filters);
    /* What is only passed on need not be understood. */
    play->parses =
        options->publishes ? options->filters.grep != NULL : play->look.parses;
    return code;
}

static int open_publisher(player *play) {
    const send_options *options = &play->options->send;
    int code = publisher_open(&play->to, options);

    return code == EXIT_OK && options->waits ? publisher_wait(&play->to) : code;
}

static int run(player *play) {
    const option_list *files = &play->options->filters.endpoints;
    int code = prepare(play);

    if (code != EXIT_OK)
        return code;
    if (interrupt_install() < 0) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    if (tracks_open(&play->files, files->items, files->count) < 0) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    if (play->files.failed && play->files.waiting == 0)
        return EXIT_FAILED;
    if (play->options->publishes)
        code = open_publisher(play);
    return code == EXIT_OK ? play_run(play) : code;
}

int play_main(char **words) {
    play_options options = {0};
    player play = {.options = &options};
    int code = play_read_options(&options, words);

    if (code < 0)
        code = run(&play);
    tracks_close(&play.files);
    publisher_free(&play.to);
    source_close(&play.from);
    output_close(&play.out);
    play_release_options(&options);
    return code;
}
