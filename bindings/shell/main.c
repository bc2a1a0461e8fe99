/* SPDX-License-Identifier: BSD-3-Clause */
/* The zmqlog command. Owns the choice of the command and nothing of what any of
 * them does. */
#include "commands.h"
#include "complain.h"
#include "options.h"
#include "base/nearest.h"

#include "zmqlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"watch",   "ls",    "send",   "record", "play",
                                    "forward", "relay", "keygen", "help",   NULL};

static int print_version(void) {
    printf("zmqlog %d.%d.%d (library %s)\n", ZMQLOG_VERSION_MAJOR, ZMQLOG_VERSION_MINOR,
           ZMQLOG_VERSION_PATCH, zmqlog_version_string());
    if (fflush(stdout) == 0)
        return EXIT_OK;
    complain("standard output: %s", strerror(errno));
    return EXIT_FAILED;
}

static int is_known(const char *name) {
    for (int i = 0; names[i]; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

static int asks_for_help(const char *word) {
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int refuse(const char *what, const char *given) {
    const char *nearest = zl_nearest(given, names);

    if (nearest)
        return complain_usage("unknown %s %s; did you mean %s?", what, given, nearest);
    return complain_usage("unknown %s %s", what, given);
}

static int run(const char *name, char **words) {
    complain_as(name);
    if (strcmp(name, "watch") == 0)
        return watch_main(words);
    if (strcmp(name, "ls") == 0)
        return ls_main(words);
    if (strcmp(name, "send") == 0)
        return send_main(words);
    if (strcmp(name, "forward") == 0)
        return forward_main(words);
    if (strcmp(name, "record") == 0)
        return record_main(words);
    if (strcmp(name, "play") == 0)
        return play_main(words);
    if (strcmp(name, "relay") == 0)
        return relay_main(words);
    if (strcmp(name, "keygen") == 0)
        return keygen_main(words);
    complain_as("");
    if (words[0] && asks_for_help(words[0]))
        return help_print(NULL);
    if (words[0] && !is_known(words[0]))
        return refuse("command", words[0]);
    return help_print(words[0]);
}

/* With a standard descriptor closed, a socket would get its number and the
 * records. Opened the wrong way round, it fails as a closed one does. */
static void occupy_standard_descriptors(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : NULL;

    occupy_standard_descriptors();
    if (!name)
        return complain_usage(
            "which command? watch, ls, send, record, play, forward, relay or keygen");
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return print_version();
    if (asks_for_help(name))
        return help_print(NULL);
    if (is_known(name))
        return run(name, argv + 2);
    return refuse(name[0] == '-' ? "option" : "command", name);
}
