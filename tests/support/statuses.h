/* SPDX-License-Identifier: BSD-3-Clause */
/* The statuses that functions answered in a test, and those that the header lists.
 * Forked children add to the same list. Knows no handle. */
#ifndef STATUSES_H
#define STATUSES_H

#include "support.h"

#include <sys/mman.h>

#define SEEN_MAX 64
#define STATUSES_MAX 32 /* -status is an index */

/* One bit for each status. */
typedef uint32_t statuses;

typedef struct seen_function {
    char name[64]; /* without zmqlog_ */
    statuses seen;
} seen_function;

static seen_function *seen_list; /* shared with children */

static inline seen_function *find_seen(const char *name) {
    int i = 0;
    if (!seen_list)
        seen_list = mmap(NULL, SEEN_MAX * sizeof *seen_list, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(seen_list != MAP_FAILED);
    while (seen_list[i].name[0] && strcmp(seen_list[i].name, name) != 0)
        assert_true(++i < SEEN_MAX);
    snprintf(seen_list[i].name, sizeof seen_list[i].name, "%s", name);
    return &seen_list[i];
}

static inline zmqlog_status note_seen(const char *name, zmqlog_status status) {
    find_seen(name)->seen |= UINT32_C(1) << (status > 0 ? 0 : -status);
    return status;
}

/* Calls zmqlog_<function> and notes what it answers. */
#define SEE(function, ...) note_seen(#function, zmqlog_##function(__VA_ARGS__))

/* ---- the header --------------------------------------------------------- */

static inline const char *read_header(void) {
    static char text[1 << 18];
    FILE *file = fopen(ZMQLOG_SOURCE_DIR "/abi/include/zmqlog.h", "r");
    size_t len;
    assert_non_null(file);
    len = fread(text, 1, sizeof text - 1, file);
    assert_true(feof(file));
    fclose(file);
    text[len] = '\0';
    return text;
}

static inline const char *last_before(const char *start, const char *end,
                                      const char *word) {
    const char *found = NULL, *at = start;
    while ((at = strstr(at, word)) && at < end)
        found = at++;
    return found;
}

/* The place of the declaration: comments name a function as "zmqlog_x()". */
static inline const char *find_declaration(const char *header, const char *name) {
    char word[80];
    const char *at = header;
    snprintf(word, sizeof word, "zmqlog_%s(", name);
    while ((at = strstr(at, word)) && at[strlen(word)] == ')')
        at++;
    return at;
}

static inline int is_name(char c) {
    return c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static inline statuses read_statuses(const char *from, const char *to) {
    statuses all = 0;
    while (from < to) {
        const char *end = from;
        while (end < to && is_name(*end))
            end++;
        for (int i = 0; i < STATUSES_MAX; i++) {
            const char *name = zmqlog_status_name(-i);
            if (strlen(name) == (size_t)(end - from) &&
                memcmp(name, from, strlen(name)) == 0)
                all |= UINT32_C(1) << i;
        }
        from = end + 1;
    }
    return all;
}

/* What stands behind @return in the comment of zmqlog_<name>. */
static inline statuses documented_statuses(const char *name) {
    const char *header = read_header(), *to = find_declaration(header, name);
    const char *comment = to ? last_before(header, to, "/**") : NULL;
    const char *from = comment ? last_before(comment, to, "@return") : NULL;
    const char *threads = from ? last_before(from, to, "Threads:") : NULL;
    if (!threads)
        fail_msg("zmqlog_%s has no @return and Threads", name);
    return read_statuses(from, threads);
}

/* A status that this program cannot provoke, and why. */
typedef struct elsewhere {
    const char *name; /* NULL: of every function */
    zmqlog_status status;
    const char *why; /* NULL: the end of the list */
} elsewhere;

static inline statuses provoked_elsewhere(const char *name, const elsewhere *list) {
    statuses all = 0;
    for (; list->why; list++)
        if (!list->name || strcmp(list->name, name) == 0)
            all |= UINT32_C(1) << -list->status;
    return all;
}

static inline int print_statuses(const char *name, const char *what, statuses which) {
    for (int i = 0; i < STATUSES_MAX; i++)
        if (which >> i & 1)
            print_error("zmqlog_%s %s %s\n", name, what, zmqlog_status_name(-i));
    return which != 0;
}

/* All functions that were called: what they answered is what the header lists. */
static inline int count_compared(const elsewhere *list) {
    int count = 0, wrong = 0;
    for (const seen_function *one = seen_list; one->name[0]; one++, count++) {
        statuses promised = documented_statuses(one->name);
        statuses missing = promised & ~one->seen & ~provoked_elsewhere(one->name, list);
        wrong += print_statuses(one->name, "answered, without a word in its docstring:",
                                one->seen & ~promised);
        wrong += print_statuses(one->name, "never answered", missing);
    }
    assert_int_equal(wrong, 0);
    return count;
}

#endif
