/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and numbers of files in the directory. */
#include "folder.h"
#include "complain.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define STAMP_BYTES 20 /* ".20260102T030405.678" */
#define PLAIN "Z.jsonl"
#define PACKED "Z.jsonl.zst"
#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)

int folder_open(folder *in, const char *path, int packed) {
    in->packed = packed;
    in->path = strdup(path);
    if (!in->path) {
        complain("out of memory");
        return EXIT_FAILED;
    }
    if (mkdir(path, 0750) < 0 && errno != EEXIST) {
        complain("--dir %s: %s", path, strerror(errno));
        return EXIT_FAILED;
    }
    in->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (in->lock >= 0 && flock(in->lock, LOCK_EX | LOCK_NB) == 0 &&
        access(path, W_OK | X_OK) == 0)
        return EXIT_OK;
    complain("--dir %s: %s", path,
             errno == EWOULDBLOCK ? "another zmqlog record writes to it"
                                  : strerror(errno));
    return EXIT_FAILED;
}

void folder_close(folder *in) {
    free(in->path);
    if (in->lock >= 0)
        close(in->lock);
}

/* ---- names ------------------------------------------------------------- */

static int is_plain(unsigned char byte, int is_first) {
    if (byte == '.')
        return !is_first;
    return byte == '_' || byte == '-' || (byte >= '0' && byte <= '9') ||
           (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static uint64_t hash_of(bytes text) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    return hash;
}

/* No escape begins with a small letter or "~". */
void folder_escape(char name[FOLDER_NAME_MOST + 1], bytes root) {
    size_t len = 0, most = FOLDER_NAME_MOST - 18;

    if (root.len == 0) {
        memcpy(name, "%none", sizeof "%none");
        return;
    }
    for (size_t i = 0; i < root.len; i++) {
        unsigned char byte = (unsigned char)root.data[i];
        if (len + 3 > most) {
            snprintf(name + len, 19, "%%~%016" PRIx64, hash_of(root));
            return;
        }
        if (is_plain(byte, i == 0))
            name[len++] = (char)byte;
        else
            len += (size_t)snprintf(name + len, 4, "%%%02X", byte);
    }
    name[len] = '\0';
}

static char *path_of(const folder *in, const char *file) {
    size_t len = strlen(in->path) + strlen(file) + 2;
    char *path = malloc(len);

    if (path)
        snprintf(path, len, "%s/%s", in->path, file);
    return path;
}

char *folder_new_file(const folder *in, const char *name, int64_t now_ns) {
    for (;; now_ns += NS_PER_MS) {
        char file[FOLDER_FILE_BYTES], stamp[20];
        time_t second = (time_t)(now_ns / NS_PER_SECOND);
        struct tm parts;

        gmtime_r(&second, &parts);
        strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", &parts);
        snprintf(file, sizeof file, "%s.%s.%03d%s", name, stamp,
                 (int)(now_ns % NS_PER_SECOND / NS_PER_MS),
                 in->packed ? PACKED : PLAIN);
        char *path = path_of(in, file);
        if (!path || access(path, F_OK) < 0)
            return path;
        free(path);
    }
}

/* ---- what is there ----------------------------------------------------- */

typedef struct entry {
    char file[FOLDER_FILE_BYTES];
    size_t name_len;
    int is_packed;
    int64_t size;
    int64_t newer; /* files of its name */
} entry;

/* "NNN": length of what stands before the stamp; 0 when it is no file of ours. */
static size_t name_of(const char *file, int *is_packed) {
    size_t len = strlen(file), tail = sizeof PLAIN - 1;

    *is_packed = len > 4 && strcmp(file + len - 4, ".zst") == 0;
    if (*is_packed)
        tail = sizeof PACKED - 1;
    if (len >= FOLDER_FILE_BYTES || len < tail + STAMP_BYTES + 1 ||
        strcmp(file + len - tail, *is_packed ? PACKED : PLAIN) != 0)
        return 0;
    file += len - tail - STAMP_BYTES;
    for (int i = 0; i < STAMP_BYTES; i++) {
        char wanted = ".00000000T000000.000"[i];
        if (wanted == '0' ? file[i] < '0' || file[i] > '9' : file[i] != wanted)
            return 0;
    }
    return len - tail - STAMP_BYTES;
}

static int64_t begun_of(const char *file, size_t name_len) {
    struct tm parts = {0};
    int ms = 0;

    if (sscanf(file + name_len + 1, "%4d%2d%2dT%2d%2d%2d.%3d", &parts.tm_year,
               &parts.tm_mon, &parts.tm_mday, &parts.tm_hour, &parts.tm_min,
               &parts.tm_sec, &ms) != 7)
        return 0;
    parts.tm_year -= 1900;
    parts.tm_mon--;
    return (int64_t)timegm(&parts) * NS_PER_SECOND + ms * NS_PER_MS;
}

static int by_stamp(const void *a, const void *b) {
    const entry *one = a, *two = b;
    int order =
        memcmp(one->file + one->name_len, two->file + two->name_len, STAMP_BYTES);

    return order ? order : strcmp(one->file, two->file);
}

static int is_same_name(const entry *a, const entry *b) {
    return a->name_len == b->name_len && memcmp(a->file, b->file, a->name_len) == 0;
}

/* All files of ours, the oldest first; how many. *list is freed by the caller. */
static size_t look(const folder *in, entry **list) {
    DIR *dir = opendir(in->path);
    size_t count = 0, room = 0;

    *list = NULL;
    for (struct dirent *at; dir && (at = readdir(dir));) {
        int is_packed;
        size_t len = name_of(at->d_name, &is_packed);
        struct stat about;
        if (len == 0 ||
            fstatat(dirfd(dir), at->d_name, &about, AT_SYMLINK_NOFOLLOW) < 0 ||
            !S_ISREG(about.st_mode))
            continue;
        if (count == room) {
            entry *grown =
                realloc(*list, (room = room ? room * 2 : 64) * sizeof **list);
            if (!grown)
                break;
            *list = grown;
        }
        entry *found = &(*list)[count++];
        strcpy(found->file, at->d_name);
        found->name_len = len;
        found->is_packed = is_packed;
        found->size = about.st_size;
    }
    if (dir)
        closedir(dir);
    if (count > 0)
        qsort(*list, count, sizeof **list, by_stamp);
    return count;
}

char *folder_newest(const folder *in, const char *name, int64_t *begun_ns) {
    entry *list;
    size_t count = look(in, &list), len = strlen(name);
    char *path = NULL;

    while (count-- > 0) {
        const entry *at = &list[count];
        if (at->name_len != len || memcmp(at->file, name, len) != 0)
            continue;
        if (at->is_packed == in->packed) {
            *begun_ns = begun_of(at->file, len);
            path = path_of(in, at->file);
        }
        break;
    }
    free(list);
    return path;
}

/* ---- what goes --------------------------------------------------------- */

static void remove_file(const folder *in, const entry *gone, int64_t *total) {
    char *path = path_of(in, gone->file);

    if (path && unlink(path) < 0 && errno != ENOENT)
        complain("%s: %s", path, strerror(errno));
    free(path);
    *total -= gone->size;
}

/* The files of a name together, its newest first. */
static int by_name(const void *a, const void *b) {
    const entry *one = a, *two = b;
    size_t len = one->name_len < two->name_len ? one->name_len : two->name_len;
    int order = memcmp(one->file, two->file, len);

    if (order == 0 && one->name_len != two->name_len)
        order = one->name_len < two->name_len ? -1 : 1;
    return order ? order : by_stamp(two, one);
}

/* Leaves the oldest of all first, as it was. */
static void count_newer(entry *list, size_t count) {
    if (count == 0)
        return;
    qsort(list, count, sizeof *list, by_name);
    list[0].newer = 0;
    for (size_t i = 1; i < count; i++)
        list[i].newer =
            is_same_name(&list[i], &list[i - 1]) ? list[i - 1].newer + 1 : 0;
    qsort(list, count, sizeof *list, by_stamp);
}

void folder_retain(const folder *in, const folder_limits *limits) {
    entry *list;
    int64_t total = 0;

    if (limits->retain_files == 0 && limits->retain_bytes == 0)
        return;
    size_t count = look(in, &list);
    count_newer(list, count);
    for (size_t i = 0; i < count; i++)
        total += list[i].size;
    for (size_t i = 0; i < count; i++) {
        int64_t newer = list[i].newer;
        if (newer > 0 && ((limits->retain_files > 0 && newer >= limits->retain_files) ||
                          (limits->retain_bytes > 0 && total > limits->retain_bytes)))
            remove_file(in, &list[i], &total);
    }
    free(list);
}
