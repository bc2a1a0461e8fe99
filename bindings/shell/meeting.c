/* SPDX-License-Identifier: BSD-3-Clause */
/* All users may write to one of the directories, so a name there says nothing about
 * what has it. */
#include "meeting.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Made by the package, for all users. */
#define SHARED "/run/zmqlog"

/* A directory that has the user's own name must be the user's own: anybody may have
 * made it. */
static int is_own(const char *directory) {
    struct stat found;

    return lstat(directory, &found) == 0 && S_ISDIR(found.st_mode) &&
           found.st_uid == geteuid() && !(found.st_mode & 077);
}

static void add(meeting *all, const char *stem, const char *rest, int make,
                int must_be_own) {
    char *to = all->places[all->count];
    int len = snprintf(to, MEETING_PATH, "%s%s", stem, rest);

    if (*stem != '/' || len >= MEETING_PATH)
        return;
    if (make)
        (void)mkdir(to, 0700);
    if (!must_be_own || is_own(to))
        all->count++;
}

void meeting_find(meeting *all, int make) {
    const char *given = getenv("ZMQLOG_DIR"), *runtime = getenv("XDG_RUNTIME_DIR");
    char uid[32];

    all->count = 0;
    if (given && *given) {
        add(all, given, "", make, 0);
        return;
    }
    add(all, SHARED, "", 0, 0);
    if (runtime)
        add(all, runtime, "/zmqlog", make, 1);
    snprintf(uid, sizeof uid, "%lu", (unsigned long)geteuid());
    add(all, "/tmp/zmqlog-", uid, make, 1);
}

/* The number behind the last dot, which is cut off; NULL: there is none. */
static const char *cut_number(char *name) {
    char *dot = strrchr(name, '.');

    if (!dot || !dot[1] || dot[1 + strspn(dot + 1, "0123456789")])
        return NULL;
    *dot = '\0';
    return dot + 1;
}

int meeting_split(const char *file, const char *suffix, meeting_name *name) {
    size_t len = strlen(file), end = strlen(suffix);
    const char *pid;

    if (len <= end || len >= sizeof name->root || strcmp(file + len - end, suffix) != 0)
        return 0;
    memcpy(name->root, file, len - end);
    name->root[len - end] = '\0';
    if (!cut_number(name->root) || !(pid = cut_number(name->root)))
        return 0;
    strcpy(name->pid, pid);
    return 1;
}

int meeting_wants(const option_list *patterns, const char *root, const char *pid) {
    for (int i = 0; i < patterns->count; i++)
        if (strcmp(patterns->items[i], pid) == 0 ||
            fnmatch(patterns->items[i], root, 0) == 0)
            return 1;
    return patterns->count == 0;
}

int meeting_ask(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat found;
    int fd, error = 0;

    if (strlen(path) >= sizeof address.sun_path)
        return ENAMETOOLONG;
    if (lstat(path, &found) != 0)
        return errno;
    if (!S_ISSOCK(found.st_mode))
        return ENOTSOCK;
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errno;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        error = errno;
    close(fd);
    return error;
}
