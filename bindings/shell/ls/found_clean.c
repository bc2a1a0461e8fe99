/* SPDX-License-Identifier: BSD-3-Clause */
/* Removing what dead programs left behind: only files of this user, and never through
 * a link. */
#include "found.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT_SECONDS (24 * 60 * 60)

static int is_one_of(const char *file, const char *stem, size_t len) {
    return strncmp(file, stem, len) == 0 && file[len] == '.' && file[len + 1] &&
           !strchr(file + len + 1, '.');
}

/* A socket and a page are all that a program without a recorder has. */
static int has_more(DIR *files, const char *stem, size_t len) {
    rewinddir(files);
    for (struct dirent *file; (file = readdir(files));)
        if (is_one_of(file->d_name, stem, len) &&
            strcmp(file->d_name + len, ".page") != 0 &&
            strcmp(file->d_name + len, ".sock") != 0)
            return 1;
    return 0;
}

static void remove_file(DIR *files, const char *name) {
    struct stat file;

    if (fstatat(dirfd(files), name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
        file.st_uid == geteuid() && (S_ISREG(file.st_mode) || S_ISSOCK(file.st_mode)))
        (void)unlinkat(dirfd(files), name, 0);
}

static void remove_all(DIR *files, const char *stem, size_t len) {
    rewinddir(files);
    for (struct dirent *file; (file = readdir(files));)
        if (is_one_of(file->d_name, stem, len))
            remove_file(files, file->d_name);
}

static void clean(const found *program) {
    char place[sizeof program->stem];
    char *stem;
    DIR *files;
    size_t len;

    snprintf(place, sizeof place, "%s", program->stem);
    stem = strrchr(place, '/');
    *stem++ = '\0';
    files = opendir(place);
    if (!files)
        return;
    len = strlen(stem);
    if (!has_more(files, stem, len) ||
        time(NULL) - program->page.written > KEPT_SECONDS)
        remove_all(files, stem, len);
    closedir(files);
}

void found_clean(const found_list *list) {
    for (int i = 0; i < list->count; i++)
        if (list->items[i]->state == FOUND_DEAD && list->items[i]->has_page &&
            list->items[i]->uid == geteuid())
            clean(list->items[i]);
}
