/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a command line. Owns the syntax of options and the complaints about
 * it; must not know what any option means. */
#include "options.h"
#include "complain.h"
#include "base/nearest.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_OPTIONS 64

void options_begin(option_reader *reader, const option_spec *specs, char **words) {
    reader->specs = specs;
    reader->words = words;
    reader->only_operands = 0;
    reader->cluster = NULL;
}

static int refuse_unknown(const option_spec *specs, const char *name, size_t len) {
    const char *names[MAX_OPTIONS + 1];
    char mistyped[64];
    int count = 0;

    for (; specs->name && count < MAX_OPTIONS; specs++)
        names[count++] = specs->name;
    names[count] = NULL;
    if (len >= sizeof mistyped)
        len = sizeof mistyped - 1;
    memcpy(mistyped, name, len);
    mistyped[len] = '\0';
    const char *nearest = zl_nearest(mistyped, names);
    if (nearest)
        complain_usage("unknown option --%s; did you mean --%s?", mistyped, nearest);
    else
        complain_usage("unknown option --%s", mistyped);
    return OPTION_BAD;
}

/* An exact name, else the only one it abbreviates. *several: more than one. */
static const option_spec *find_long(const option_spec *specs, const char *name,
                                    size_t len, int *several) {
    const option_spec *found = NULL;

    *several = 0;
    for (; specs->name; specs++) {
        if (strncmp(specs->name, name, len) != 0)
            continue;
        if (specs->name[len] == '\0') {
            *several = 0;
            return specs;
        }
        *several = found != NULL;
        found = specs;
    }
    return found;
}

/* The option's value: behind "=", or the next word when it needs one. */
static int finish(option_reader *reader, const option_spec *spec, const char *given,
                  const char **value) {
    *value = given;
    if (given && spec->value == OPTION_ALONE) {
        complain_usage("--%s takes no value", spec->name);
        return OPTION_BAD;
    }
    if (!given && spec->value == OPTION_NEEDS) {
        if (!*reader->words) {
            complain_usage("--%s needs a value", spec->name);
            return OPTION_BAD;
        }
        *value = *reader->words++;
    }
    return spec->id;
}

static int read_long(option_reader *reader, const char *word, const char **value) {
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    int several;
    const option_spec *spec = find_long(reader->specs, word, len, &several);

    if (several) {
        complain_usage("--%.*s is not unique", (int)len, word);
        return OPTION_BAD;
    }
    if (!spec)
        return refuse_unknown(reader->specs, word, len);
    return finish(reader, spec, equals ? equals + 1 : NULL, value);
}

static int read_letter(option_reader *reader, const char **value) {
    char letter = *reader->cluster++;
    const option_spec *spec = reader->specs;
    const char *rest = *reader->cluster ? reader->cluster : NULL;

    while (spec->name && spec->letter != letter)
        spec++;
    if (!spec->name) {
        complain_usage("unknown option -%c", letter);
        return OPTION_BAD;
    }
    if (spec->value == OPTION_ALONE) {
        reader->cluster = rest;
        return finish(reader, spec, NULL, value);
    }
    reader->cluster = NULL;
    return finish(reader, spec, rest, value);
}

int options_next(option_reader *reader, const char **value) {
    const char *word;

    *value = NULL;
    if (reader->cluster)
        return read_letter(reader, value);
    word = *reader->words;
    if (!word)
        return OPTION_END;
    reader->words++;
    if (reader->only_operands || word[0] != '-' || word[1] == '\0') {
        *value = word;
        return OPTION_OPERAND;
    }
    if (word[1] != '-') {
        reader->cluster = word + 1;
        return read_letter(reader, value);
    }
    if (word[2] == '\0') {
        reader->only_operands = 1;
        return options_next(reader, value);
    }
    return read_long(reader, word + 2, value);
}

int options_collect(option_list *list, const char *value) {
    const char **grown =
        realloc(list->items, ((size_t)list->count + 1) * sizeof *list->items);

    if (!grown) {
        complain("out of memory");
        return -1;
    }
    list->items = grown;
    list->items[list->count++] = value;
    return 0;
}

void options_release(option_list *list) {
    free(list->items);
    list->items = NULL;
    list->count = 0;
}

int options_read_count(const char *word, long long lowest, long long highest,
                       long long *number) {
    char *end;

    if (*word < '0' || *word > '9')
        return -1;
    errno = 0;
    *number = strtoll(word, &end, 10);
    return errno || *end || *number < lowest || *number > highest ? -1 : 0;
}

int options_read_seconds(const char *word, long long *ms) {
    const char *point = strchr(word, '.');
    size_t len = point ? (size_t)(point - word) : strlen(word);
    char whole[16];
    long long seconds = 0, scale = 100;

    if (len >= sizeof whole || strlen(word) == (point ? 1 : 0))
        return -1;
    memcpy(whole, word, len);
    whole[len] = '\0';
    if (len > 0 && options_read_count(whole, 0, INT_MAX, &seconds) < 0)
        return -1;
    *ms = seconds * 1000;
    for (const char *at = point ? point + 1 : ""; *at; at++, scale /= 10) {
        if (*at < '0' || *at > '9')
            return -1;
        *ms += (*at - '0') * scale;
    }
    return 0;
}
