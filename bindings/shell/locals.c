/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking through the directories. All users may write to one of them, so what lies
 * there is only connected to when it is a socket with a name as handlers give it, that
 * this user may use and that somebody listens on. */
#include "locals.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <unistd.h>

/* Descriptors that are not for programs. */
#define OWN_DESCRIPTORS 100
/* Anybody may put sockets there. */
#define MOST 1000
/* How often a program whose socket is gone is looked at until it has ended. */
#define LEAVE_MS 250

static int is_wanted(const option_list *patterns, const char *file) {
    meeting_name name;

    return meeting_split(file, ".sock", &name) &&
           meeting_wants(patterns, name.root, name.pid);
}

static local_program *find(const locals *all, const char *endpoint) {
    for (int i = 0; i < all->program_count; i++)
        if (strcmp(all->programs[i].endpoint, endpoint) == 0)
            return &all->programs[i];
    return NULL;
}

static local_program *add(locals *all, const char *endpoint) {
    int room = all->program_room ? all->program_room * 2 : 16;
    local_program *programs = all->programs;

    if (all->program_count == all->program_room) {
        programs = realloc(programs, (size_t)room * sizeof *programs);
        if (!programs)
            return NULL;
        all->programs = programs;
        all->program_room = room;
    }
    programs += all->program_count++;
    strcpy(programs->endpoint, endpoint);
    return programs;
}

static void take(locals *all, const char *directory, const char *file) {
    char endpoint[LOCALS_PATH];
    local_program *program;
    int len =
        snprintf(endpoint, sizeof endpoint, "ipc://%.100s/%.120s", directory, file);

    if (len >= (int)sizeof endpoint)
        return;
    program = find(all, endpoint);
    if (program) {
        program->is_there = 1;
        return;
    }
    if (meeting_ask(endpoint + strlen("ipc://")) != 0)
        return;
    all->is_full = all->program_count >= all->most;
    if (all->is_full ||
        zmqlog_subscriber_connect(all->subscriber, endpoint) != ZMQLOG_OK)
        return;
    program = add(all, endpoint);
    if (program)
        program->is_there = 1;
}

static void look_through(locals *all, const char *directory) {
    DIR *files = opendir(directory);

    if (!files)
        return;
    for (struct dirent *file; (file = readdir(files));)
        if (is_wanted(all->patterns, file->d_name))
            take(all, directory, file->d_name);
    closedir(files);
}

/* Its socket goes first, and then what it still has to say. */
static int has_ended(locals *all, const char *endpoint) {
    const char *name, *problem;

    for (int i = 0; (name = zmqlog_subscriber_endpoint(all->subscriber, i)); i++)
        if (strcmp(name, endpoint) == 0) {
            problem = zmqlog_subscriber_problem(all->subscriber, i);
            return *problem && strncmp(problem, "connected,", 10) != 0;
        }
    return 1;
}

static void leave_gone(locals *all) {
    all->again = MOMENT_NEVER;
    for (int i = all->program_count; i-- > 0;) {
        local_program *program = &all->programs[i];
        if (program->is_there)
            continue;
        if (!has_ended(all, program->endpoint)) {
            all->again = moment_now() + LEAVE_MS * MOMENT_MS;
            continue;
        }
        zmqlog_subscriber_disconnect(all->subscriber, program->endpoint);
        *program = all->programs[--all->program_count];
    }
}

static void look(locals *all) {
    for (int i = 0; i < all->program_count; i++)
        all->programs[i].is_there = 0;
    for (int i = 0; i < all->places.count; i++)
        look_through(all, all->places.places[i]);
    leave_gone(all);
}

/* A socket is there before it is listened on, and listened on when its mode is set. The
 * page, which comes last, tells that all is done. */
#define CHANGES                                                                        \
    (IN_CREATE | IN_ATTRIB | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_TO | IN_ONLYDIR)

/* How many descriptors there are for programs, when as many are asked for as we may. */
static int room_for_programs(void) {
    struct rlimit limit;
    rlim_t wanted = MOST + OWN_DESCRIPTORS;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return MOST;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted)
        return MOST;
    return limit.rlim_cur > OWN_DESCRIPTORS ? (int)limit.rlim_cur - OWN_DESCRIPTORS : 1;
}

int locals_open(locals *all, zmqlog_subscriber *subscriber,
                const option_list *patterns) {
    all->subscriber = subscriber;
    all->patterns = patterns;
    all->most = room_for_programs();
    meeting_find(&all->places, 1);
    all->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (all->notify < 0)
        return -1;
    for (int i = 0; i < all->places.count; i++)
        inotify_add_watch(all->notify, all->places.places[i], CHANGES);
    look(all);
    return 0;
}

void locals_follow(locals *all) {
    char events[4096];
    int has_news;

    if (all->notify < 0)
        return;
    has_news = moment_now() >= all->again;
    while (read(all->notify, events, sizeof events) > 0)
        has_news = 1;
    if (has_news)
        look(all);
}

void locals_close(locals *all) {
    if (all->notify >= 0)
        close(all->notify);
    free(all->programs);
}
