/* SPDX-License-Identifier: BSD-3-Clause */
/* /proc/<pid>, opened once, so that all that is read is of one process, whoever gets
 * the id afterwards. */
#include "process.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_FIELD 22

static const char *read_file(int directory, const char *name, char *text, size_t room) {
    int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
    ssize_t len;

    if (fd < 0)
        return NULL;
    len = read(fd, text, room - 1);
    close(fd);
    text[len > 0 ? len : 0] = '\0';
    return text;
}

/* The name before the last bracket may hold anything. */
static const char *find_start(const char *stat) {
    const char *at = strrchr(stat, ')');

    for (int field = 2; at && field < START_FIELD; field++)
        at = strchr(at + 1, ' ');
    return at;
}

/* The effective one, behind the real one; the owner of the files may be root for a
 * process that may not be looked into. */
static const char *find_uid(const char *status) {
    const char *at = strstr(status, "\nUid:\t");

    return at ? strchr(at + strlen("\nUid:\t"), '\t') : NULL;
}

process process_find(const char *pid) {
    process of = {0};
    char path[160], text[2048];
    const char *at;
    int fd;

    snprintf(path, sizeof path, "/proc/%s", pid);
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return of;
    at = read_file(fd, "status", text, sizeof text);
    at = at ? find_uid(at) : NULL;
    of.uid = at ? (uid_t)strtoul(at, NULL, 10) : 0;
    of.is_there = at != NULL;
    at = read_file(fd, "stat", text, sizeof text);
    at = at ? find_start(at) : NULL;
    of.ticks = at ? strtoll(at, NULL, 10) : 0;
    of.is_there &= at != NULL;
    close(fd);
    return of;
}
