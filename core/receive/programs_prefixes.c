/* SPDX-License-Identifier: BSD-3-Clause */
/* Which prefixes bring a level and above of a program: its names, and for levels
 * without a name, `L` and two digits, as few as can be: `L4` is all of 40 to 49. */
#include "receive/programs.h"

#include <stdio.h>

#define DECADE 10

typedef struct chosen {
    const zl_program *program;
    int min_level;
    void (*use)(zl_span prefix, void *context);
    void *context;
} chosen;

static void use(const chosen *all, const char *name) {
    char prefix[ZMQLOG_PREFIX_MAX_BYTES];
    zl_span parts[] = {zl_span_make(all->program->root, all->program->root_len),
                       zl_span_of(name)};
    int cut = 0;
    all->use(zl_span_make(prefix, zl_topic_join(prefix, parts, 2, &cut)), all->context);
}

static int has_name(const zl_program *program, int level) {
    for (size_t i = 0; i < program->name_count; i++)
        if (program->names[i].level == level)
            return 1;
    return 0;
}

/* Whether a name of a lower level begins so. */
static int opens_others(const chosen *all, const char *prefix) {
    for (size_t i = 0; i < all->program->name_count; i++)
        if (all->program->names[i].level < all->min_level &&
            strncmp(all->program->names[i].text, prefix, strlen(prefix)) == 0)
            return 1;
    return 0;
}

static void use_each(const chosen *all, int first) {
    char name[16];
    for (int level = first; level < first + DECADE; level++) {
        if (!zl_level_is_valid(level) || level < all->min_level ||
            has_name(all->program, level))
            continue;
        snprintf(name, sizeof name, "L%02d", level);
        use(all, name);
    }
}

static void use_decade(const chosen *all, int first) {
    int lowest = first ? first : ZMQLOG_LEVEL_MIN;
    char prefix[16];
    snprintf(prefix, sizeof prefix, "L%d", first / DECADE);
    if (lowest >= all->min_level && !opens_others(all, prefix))
        use(all, prefix);
    else
        use_each(all, first);
}

void zl_program_prefixes(const zl_program *program, int min_level,
                         void (*take)(zl_span prefix, void *context), void *context) {
    chosen all = {program, min_level, take, context};
    for (size_t i = 0; i < program->name_count; i++)
        if (program->names[i].level >= min_level)
            use(&all, program->names[i].text);
    for (int first = 0; first <= ZMQLOG_LEVEL_MAX; first += DECADE)
        use_decade(&all, first);
}
