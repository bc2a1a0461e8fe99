/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog ls: which programs log on this machine, and how they do. Owns its command
 * line and what the forms have in common. */
#include "ls.h"
#include "commands.h"
#include "complain.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { OPT_FORMAT = 1 };

static const option_spec specs[] = {
    {OPT_FORMAT, "format", 0, OPTION_NEEDS},
    HELP_OPTION,
    {0},
};

typedef struct ls_options {
    ls_format format;
    option_list patterns;
} ls_options;

static int read_format(ls_options *options, const char *value) {
    static const char *const formats[] = {"text", "json", "openmetrics"};

    for (int i = 0; i < 3; i++)
        if (strcmp(value, formats[i]) == 0) {
            options->format = (ls_format)i;
            return 0;
        }
    complain_usage("--format takes text, json or openmetrics, not \"%s\"", value);
    return -1;
}

static int take(void *into, int id, const char *value) {
    ls_options *options = into;

    if (id == OPT_FORMAT)
        return read_format(options, value);
    return options_collect(&options->patterns, value);
}

const char *ls_state(const found *program) {
    static const char *const words[] = {"running", "dead", "unknown"};

    return words[program->state];
}

long long ls_started(const found *program) {
    struct tm when = {0};
    const char *end = NULL;

    if (program->has_page)
        end = strptime(program->page.start, "%Y-%m-%dT%H:%M:%S", &when);
    return end && (*end == '.' || *end == 'Z') ? (long long)timegm(&when) : 0;
}

const char *ls_user(uid_t uid) {
    static char name[64];
    static uid_t known;
    const struct passwd *user;

    if (name[0] && known == uid)
        return name;
    user = getpwuid(uid);
    if (user)
        snprintf(name, sizeof name, "%s", user->pw_name);
    else
        snprintf(name, sizeof name, "%lu", (unsigned long)uid);
    known = uid;
    return name;
}

static int columns_of(int fd) {
    struct winsize size;

    return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static int show(const ls_options *options, const found_list *list) {
    output out;
    int error;

    output_open(&out, STDOUT_FILENO);
    if (options->format == LS_JSON)
        ls_json(&out, list);
    else if (options->format == LS_METRICS)
        ls_metrics(&out, list);
    else if (list->count > 0)
        ls_text(&out, list, columns_of(STDOUT_FILENO));
    error = output_flush(&out);
    output_close(&out);
    if (!error || error == EPIPE)
        return EXIT_OK;
    complain("standard output: %s", strerror(error));
    return EXIT_FAILED;
}

static int list_all(const ls_options *options) {
    found_list list = {0};
    int code = EXIT_FAILED;

    if (found_all(&list, &options->patterns) < 0)
        complain("out of memory");
    else
        code = show(options, &list);
    if (list.is_full)
        complain("more than %d programs; the others are left out", list.count);
    if (code == EXIT_OK && list.count == 0 && options->format == LS_TEXT)
        complain("no program that opened without an endpoint is here");
    if (code == EXIT_OK && list.count == 0 && options->patterns.count > 0)
        code = EXIT_FAILED;
    found_clean(&list);
    found_free(&list);
    return code;
}

int ls_main(char **words) {
    ls_options options = {0};
    int code = command_read("ls", specs, words, take, &options);

    if (code < 0)
        code = list_all(&options);
    options_release(&options.patterns);
    return code;
}
