/* SPDX-License-Identifier: BSD-3-Clause */
/* Everything this program says on stderr. Owns the prefix and the shape of a
 * line; each line leaves in one write, control characters in it are shown, never
 * obeyed, and what may be a key is not shown. */
#include "complain.h"
#include "base/secret.h"
#include "escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_BYTES 2048

static const char *name = "";

void complain_as(const char *command) {
    name = command;
}

/* Topics and endpoints get in here, from strangers too. */
static void disarm(char *text) {
    bytes rest = bytes_of(text);

    while (rest.len > 0) {
        uint32_t code = 0;
        size_t len = bytes_decode(rest, &code);
        size_t skip = len ? len : 1;
        if (len == 0 || escape_is_needed(code))
            memset(text + strlen(text) - rest.len, '?', skip);
        rest = bytes_from(rest, skip);
    }
}

static void say(const char *format, va_list arguments, const char *tail) {
    char line[LINE_BYTES];
    int start = snprintf(line, sizeof line, "zmqlog%s%s: ", *name ? " " : "", name);

    vsnprintf(line + start, sizeof line - (size_t)start, format, arguments);
    zl_secret_hide(line);
    disarm(line);
    size_t len = strlen(line);
    if (len > sizeof line - 160)
        len = sizeof line - 160;
    len += (size_t)snprintf(line + len, sizeof line - len, "%s\n", tail);
    if (write(STDERR_FILENO, line, len) < 0) {
        /* There is nobody left to tell. */
    }
}

void complain(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    say(format, arguments, "");
    va_end(arguments);
}

int complain_usage(const char *format, ...) {
    char tail[128];
    va_list arguments;

    snprintf(tail, sizeof tail, " (see zmqlog %s%s--help)", name, *name ? " " : "");
    va_start(arguments, format);
    say(format, arguments, tail);
    va_end(arguments);
    return EXIT_USAGE;
}
