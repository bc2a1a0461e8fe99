/* SPDX-License-Identifier: BSD-3-Clause */
/* Which prefixes bring a level and above of a program: its names, and for levels
 * without a name, `L` and two digits, as few as can be: `L4` is all of 40 to 49. And
 * which of them are subscribed to. */
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

/* ---- what is subscribed to ---- */

typedef struct list {
    zl_buffer text; /* with a NUL behind each */
    size_t count;
} list;

static void append(zl_span prefix, void *context) {
    list *all = context;
    zl_buffer_put_span(&all->text, prefix);
    zl_buffer_put_char(&all->text, '\0');
    all->count++;
}

static int has(zl_span all, zl_span prefix) {
    for (const char *at = all.data; at && at < all.data + all.len; at += strlen(at) + 1)
        if (zl_span_equal(zl_span_of(at), prefix))
            return 1;
    return 0;
}

static void tell_those_not_in(zl_span others, zl_span all,
                              void (*tell)(zl_span prefix, void *context),
                              void *context) {
    for (const char *at = all.data; at && at < all.data + all.len; at += strlen(at) + 1)
        if (!has(others, zl_span_of(at)))
            tell(zl_span_of(at), context);
}

static int has_room(const zl_programs *set, const zl_program *program,
                    const list *wanted) {
    size_t count = set->prefix_count - program->asked_count + wanted->count;
    size_t bytes = set->prefix_bytes - program->asked.len + wanted->text.len;
    return !wanted->text.failed && count <= ZL_PROGRAMS_PREFIXES_MAX &&
           bytes <= ZL_PROGRAMS_PREFIX_BYTES_MAX;
}

static void remember(zl_programs *set, zl_program *program, const list *wanted) {
    set->prefix_count += wanted->count - program->asked_count;
    set->prefix_bytes += wanted->text.len - program->asked.len;
    zl_buffer_free(&program->asked);
    program->asked = wanted->text;
    program->asked_count = wanted->count;
}

void zl_program_follow(zl_programs *set, zl_program *program, int min_level,
                       const zl_program_socket *socket) {
    list wanted = {ZL_BUFFER_INIT, 0};
    zl_span now = zl_buffer_span(&program->asked), then;
    zl_program_prefixes(program, min_level, append, &wanted);
    then = zl_buffer_span(&wanted.text);
    if (!has_room(set, program, &wanted)) {
        set->left_out = 1;
        zl_buffer_free(&wanted.text);
        return;
    }
    tell_those_not_in(now, then, socket->subscribe, socket->context);
    tell_those_not_in(then, now, socket->unsubscribe, socket->context);
    remember(set, program, &wanted);
}
