/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking a spec apart, in a copy of it: separators become NULs, and `%` with two
 * hexadecimal digits becomes the byte. */
#include "publish/spec.h"

#include <stdlib.h>

void zl_spec_free(zl_spec *spec) {
    free(spec->text);
    spec->text = NULL;
}

static int digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 0 when a NUL would stand in it. */
static int decode(char *text) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '%' && digit(from[1]) >= 0 && digit(from[2]) >= 0) {
            *to = (char)(digit(from[1]) * 16 + digit(from[2]));
            if (!*to)
                return 0;
            from += 2;
            to++;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return 1;
}

static zmqlog_status take_option(zl_spec *spec, zl_errors *errors, char *text) {
    char *equals = strchr(text, '=');
    if (!equals)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "open: \"%.40s\" has no value; write key=value", text);
    if (spec->option_count == ZL_SPEC_OPTIONS_MAX)
        return zl_fail(errors, ZMQLOG_EINVAL, "open: over %d options",
                       ZL_SPEC_OPTIONS_MAX);
    *equals = '\0';
    if (!decode(equals + 1))
        return zl_fail(errors, ZMQLOG_EINVAL, "open: the value of %.40s has a NUL",
                       text);
    spec->options[spec->option_count++] = (zl_spec_option){text, equals + 1};
    return ZMQLOG_OK;
}

static zmqlog_status take_options(zl_spec *spec, zl_errors *errors, char *text) {
    zmqlog_status status = ZMQLOG_OK;
    char *rest = NULL;
    for (char *one = strtok_r(text, "&", &rest); one && status == ZMQLOG_OK;
         one = strtok_r(NULL, "&", &rest))
        status = take_option(spec, errors, one);
    return status;
}

static zmqlog_status take_place(zl_spec *spec, zl_errors *errors, char *text) {
    zl_spec_place *place = &spec->places[spec->place_count];
    char *question = strchr(text, '?');
    if (question)
        *question = '\0';
    if (spec->place_count == ZL_SPEC_PLACES_MAX)
        return zl_fail(errors, ZMQLOG_EINVAL, "open: over %d places",
                       ZL_SPEC_PLACES_MAX);
    if (strcmp(text, "local:") == 0)
        *place = (zl_spec_place){ZL_PLACE_LOCAL, ""};
    else if (*text == '@')
        *place = (zl_spec_place){ZL_PLACE_BIND, text + 1};
    else if (*text == '>')
        *place = (zl_spec_place){ZL_PLACE_CONNECT, text + 1};
    else
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "open: \"%.100s\" is no place; write local:, @ENDPOINT to bind, "
                       "or >ENDPOINT to connect",
                       text);
    spec->place_count++;
    return question ? take_options(spec, errors, question + 1) : ZMQLOG_OK;
}

zmqlog_status zl_spec_parse(zl_spec *spec, zl_errors *errors, const char *text) {
    zmqlog_status status = ZMQLOG_OK;
    char *rest = NULL;
    spec->place_count = spec->option_count = 0;
    spec->text = NULL;
    if (strlen(text) > ZL_SPEC_MAX_BYTES)
        return zl_fail(errors, ZMQLOG_EINVAL, "open: over %d bytes", ZL_SPEC_MAX_BYTES);
    spec->text = strdup(text);
    if (!spec->text)
        return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory");
    for (char *one = strtok_r(spec->text, " ", &rest); one && status == ZMQLOG_OK;
         one = strtok_r(NULL, " ", &rest))
        status = take_place(spec, errors, one);
    if (status == ZMQLOG_OK && spec->place_count == 0)
        return zl_fail(errors, ZMQLOG_EINVAL,
                       "open: the spec is empty; write local:, @ENDPOINT to bind, or "
                       ">ENDPOINT to connect");
    return status;
}
