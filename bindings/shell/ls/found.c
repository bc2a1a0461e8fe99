/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking at files in directories that all may write to. A page is believed when its
 * owner is the owner of the process that it names. */
#include "found.h"
#include "process.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Anybody may put files there. */
#define MOST 4096

const char *found_root(const found *program) {
    return program->has_page ? program->page.root : program->name.root;
}

static int ask(const found *program) {
    char path[sizeof program->stem + 8];

    snprintf(path, sizeof path, "%s.sock", program->stem);
    return meeting_ask(path);
}

/* Its socket tells, for a process that is not ours to see: in a container, say. */
static found_state state_by_socket(const found *program, int is_there) {
    int error = ask(program);

    if (error == 0)
        return FOUND_RUNNING;
    if (error == ECONNREFUSED || error == ENOENT)
        return is_there ? FOUND_RUNNING : FOUND_DEAD;
    return is_there ? FOUND_RUNNING : FOUND_UNKNOWN;
}

/* Whether the page is what the process of this id wrote. */
static int is_believed(const found *program, const process *of) {
    return program->page.pid == strtoll(program->name.pid, NULL, 10) &&
           (!of->is_there || of->ticks != program->page.ticks ||
            of->uid == program->uid);
}

static void judge(found *program, page_state state) {
    process of = process_find(program->name.pid);
    int is_it;

    program->uid = program->page.uid;
    program->has_page = state == PAGE_IS_READ && is_believed(program, &of);
    if (state == PAGE_IS_READ && !program->has_page)
        page_close(&program->page);
    /* The id may be another process's by now. */
    is_it = of.is_there && of.uid == program->uid &&
            (!program->has_page || of.ticks == program->page.ticks);
    if (is_it && program->has_page)
        program->state = FOUND_RUNNING;
    else
        program->state = state_by_socket(program, is_it);
}

/* ---- the list ---- */

static int append(found_list *list, found *program) {
    int room = list->room ? list->room * 2 : 64;
    found **items = list->items;

    if (list->count == list->room) {
        items = realloc(items, (size_t)room * sizeof(found *));
        if (!items)
            return -1;
        list->items = items;
        list->room = room;
    }
    items[list->count++] = program;
    return 0;
}

static void drop(found *program) {
    if (program->has_page)
        page_close(&program->page);
    free(program);
}

/* A socket without a page: of a program that found no room for one. */
static int is_program(found *program, page_state state) {
    if (state == PAGE_GONE && ask(program) != 0)
        return 0;
    judge(program, state);
    return 1;
}

static int take(found_list *list, const option_list *patterns, const char *place,
                const meeting_name *name, const char *file, const char *suffix) {
    found *program = calloc(1, sizeof *program);
    char path[sizeof program->stem + 8];
    page_state state;

    if (!program)
        return -1;
    program->name = *name;
    snprintf(program->stem, sizeof program->stem, "%s/%.*s", place,
             (int)(strlen(file) - strlen(suffix)), file);
    snprintf(path, sizeof path, "%s.page", program->stem);
    state = page_read(&program->page, path);
    if (!is_program(program, state) ||
        (!meeting_wants(patterns, found_root(program), name->pid) &&
         !meeting_wants(patterns, name->root, name->pid))) {
        drop(program);
        return 0;
    }
    if (append(list, program) == 0)
        return 0;
    drop(program);
    return -1;
}

/* A program has a page, or a socket only. */
static const char *suffix_of(const char *place, const char *file, meeting_name *name) {
    char path[3 * MEETING_PATH];
    int len;

    if (meeting_split(file, ".page", name))
        return ".page";
    if (!meeting_split(file, ".sock", name))
        return NULL;
    len = snprintf(path, sizeof path, "%s/%s", place, file);
    if (len < 0 || len >= (int)sizeof path)
        return NULL;
    memcpy(path + len - strlen(".sock"), ".page", sizeof ".page");
    return access(path, F_OK) == 0 ? NULL : ".sock";
}

static int look_through(found_list *list, const option_list *patterns,
                        const char *place) {
    DIR *files = opendir(place);
    meeting_name name;
    int failed = 0;

    if (!files)
        return 0;
    for (struct dirent *file; !failed && (file = readdir(files));) {
        const char *suffix = suffix_of(place, file->d_name, &name);
        list->is_full |= suffix && list->count == MOST;
        if (suffix && list->count < MOST)
            failed = take(list, patterns, place, &name, file->d_name, suffix);
    }
    closedir(files);
    return failed;
}

static int compare(const void *a, const void *b) {
    const found *first = *(found *const *)a, *second = *(found *const *)b;
    int order = strcmp(found_root(first), found_root(second));
    long long one = atoll(first->name.pid), other = atoll(second->name.pid);

    if (order != 0)
        return order;
    if (one != other)
        return one < other ? -1 : 1;
    return strcmp(first->stem, second->stem);
}

int found_all(found_list *list, const option_list *patterns) {
    meeting all;

    meeting_find(&all, 0);
    for (int i = 0; i < all.count; i++)
        if (look_through(list, patterns, all.places[i]) < 0)
            return -1;
    if (list->count > 0)
        qsort(list->items, (size_t)list->count, sizeof(found *), compare);
    return 0;
}

void found_free(found_list *list) {
    for (int i = 0; i < list->count; i++)
        drop(list->items[i]);
    free(list->items);
}
