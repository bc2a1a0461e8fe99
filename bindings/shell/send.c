/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog send: makes records of its words or of the lines of its input. Owns the
 * order of things: open, wait, publish, close. */
#include "send.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* As echo does: one record, blanks between the words. */
static int send_words(publisher *to) {
    const option_list *words = &to->options->words;
    size_t len = 0, at = 0;
    char *text;

    for (int i = 0; i < words->count; i++)
        len += strlen(words->items[i]) + 1;
    text = malloc(len);
    if (!text) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    for (int i = 0; i < words->count; i++) {
        size_t word_len = strlen(words->items[i]);
        memcpy(text + at, words->items[i], word_len);
        at += word_len;
        text[at++] = ' ';
    }
    publisher_put(to, bytes_make(text, at - 1));
    free(text);
    return EXIT_OK;
}

static int run(publisher *to, const send_options *options) {
    int has_words = options->words.count > 0, code, closed;

    if (interrupt_install() < 0) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    code = publisher_open(to, options);
    if (code == EXIT_OK && options->waits)
        code = publisher_wait(to);
    /* The program in front of the pipe goes on, with or without subscribers. */
    if (code == EXIT_TIMED_OUT && options->tee)
        code = EXIT_OK;
    if (code != EXIT_OK)
        return code;
    if (!has_words && !isatty(STDIN_FILENO))
        interrupt_tolerate(1);
    code = has_words ? send_words(to) : send_lines(to, STDIN_FILENO);
    closed = publisher_close(to);
    return code == EXIT_OK ? closed : code;
}

int send_main(char **words) {
    send_options options = {0};
    publisher to = {0};
    int code = send_read_options(&options, words);

    if (code < 0)
        code = run(&to, &options);
    publisher_free(&to);
    send_release_options(&options);
    return code;
}
