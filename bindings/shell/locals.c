/* SPDX-License-Identifier: BSD-3-Clause */
/* Looking through the directories. All users may write to one of them, so what lies
 * there is only connected to when it is a socket with a name as handlers give it, that
 * this user may use and that somebody listens on. */
#include "locals.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Made by the package, for all users. */
#define SHARED "/run/zmqlog"
/* Descriptors that are not for programs. */
#define OWN_DESCRIPTORS 100
/* Anybody may put sockets there. */
#define MOST 1000
/* How often a program whose socket is gone is looked at until it has ended. */
#define LEAVE_MS 250

static void add_directory(locals *all, const char *stem, const char *rest) {
    char *to = all->directories[all->directory_count];
    int len = snprintf(to, LOCALS_PATH, "%s%s", stem, rest);

    if (*stem == '/' && len < LOCALS_PATH)
        all->directory_count++;
}

static void find_directories(locals *all) {
    const char *given = getenv("ZMQLOG_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
    char uid[32];

    all->directory_count = 0;
    if (given && *given) {
        add_directory(all, given, "");
        return;
    }
    add_directory(all, SHARED, "");
    if (runtime)
        add_directory(all, runtime, "/zmqlog");
    snprintf(uid, sizeof uid, "%lu", (unsigned long)geteuid());
    add_directory(all, "/tmp/zmqlog-", uid);
}

/* Whether it is <root>.<pid>.<number>.sock; cuts the name into root and pid. */
static int split(char *name, const char **pid) {
    char *end = strrchr(name, '.'), *number, *dot;

    if (!end || strcmp(end, ".sock") != 0)
        return 0;
    *end = '\0';
    number = strrchr(name, '.');
    if (!number || !number[1] || number[1 + strspn(number + 1, "0123456789")])
        return 0;
    *number = '\0';
    dot = strrchr(name, '.');
    if (!dot || !dot[1] || dot[1 + strspn(dot + 1, "0123456789")])
        return 0;
    *dot = '\0';
    *pid = dot + 1;
    return 1;
}

static int is_wanted(const option_list *patterns, const char *file) {
    char name[LOCALS_PATH];
    const char *pid;

    if (strlen(file) >= sizeof name)
        return 0;
    strcpy(name, file);
    if (!split(name, &pid))
        return 0;
    for (int i = 0; i < patterns->count; i++)
        if (strcmp(patterns->items[i], pid) == 0 ||
            fnmatch(patterns->items[i], name, 0) == 0)
            return 1;
    return patterns->count == 0;
}

/* A socket that a killed program left behind answers nobody. */
static int is_alive(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat found;
    int fd, is_there;

    if (strlen(path) >= sizeof address.sun_path || lstat(path, &found) != 0 ||
        !S_ISSOCK(found.st_mode))
        return 0;
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return 0;
    is_there = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return is_there;
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
    if (!is_alive(endpoint + strlen("ipc://")))
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
    for (int i = 0; i < all->directory_count; i++)
        look_through(all, all->directories[i]);
    leave_gone(all);
}

/* A socket is there before it is listened on, and listened on when its mode is set. The
 * page, which comes last, tells that all is done. */
#define CHANGES                                                                        \
    (IN_CREATE | IN_ATTRIB | IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_TO | IN_ONLYDIR)

/* Where programs to come will meet is made, when nobody has been there yet. A directory
 * that has the user's own name must be the user's own: anybody may have made it. */
static int is_trusted(const char *directory) {
    const char *given = getenv("ZMQLOG_DIR");
    struct stat found;

    if (strcmp(directory, SHARED) == 0)
        return 1;
    (void)mkdir(directory, 0700);
    return (given && *given) ||
           (lstat(directory, &found) == 0 && S_ISDIR(found.st_mode) &&
            found.st_uid == geteuid() && !(found.st_mode & 077));
}

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
    find_directories(all);
    all->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (all->notify < 0)
        return -1;
    for (int i = 0; i < all->directory_count; i++) {
        if (!is_trusted(all->directories[i]))
            *all->directories[i] = '\0'; /* nothing is found there */
        else
            inotify_add_watch(all->notify, all->directories[i], CHANGES);
    }
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
