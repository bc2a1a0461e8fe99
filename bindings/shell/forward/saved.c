/* SPDX-License-Identifier: BSD-3-Clause */
/* One file for each sink that had something left: its address, what its kind wants to
 * remember, and the records with their numbers. Owns that form. A file is whole or not
 * there; taking the records takes the file away. */
#include "forward/saved.h"
#include "complain.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "zmqlog-queue 1\n"
#define PATH_BYTES 4096

typedef struct head {
    char magic[sizeof MAGIC - 1];
    char unused;
    uint64_t name_len, count;
    uint64_t remembered[SINK_REMEMBERED];
} head;

static int refuse(const char *path, const char *why) {
    complain("%s: %s", path, why);
    return EXIT_FAILED;
}

int saved_open(saved_dir *in, const char *path) {
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return refuse(path, strerror(errno));
    in->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (in->lock < 0 || access(path, W_OK | X_OK) < 0)
        return refuse(path, strerror(errno));
    if (flock(in->lock, LOCK_EX | LOCK_NB) < 0)
        return refuse(path, "another zmqlog forward saves there");
    in->path = path;
    return EXIT_OK;
}

void saved_close(saved_dir *in) {
    if (in->lock >= 0)
        close(in->lock);
}

/* The same for the same address. */
static int path_of(const saved_dir *in, const sink *to, const char *ending,
                   char path[PATH_BYTES]) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    int scheme = (int)strcspn(to->kind->scheme, ":");

    for (const char *at = to->name; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    int len = snprintf(path, PATH_BYTES, "%s/%.*s.%016" PRIx64 "%s", in->path, scheme,
                       to->kind->scheme, hash, ending);
    return len > 0 && len < PATH_BYTES ? 0 : refuse(in->path, strerror(ENAMETOOLONG));
}

/* ---- taking ------------------------------------------------------------- */

static int read_item(FILE *file, sink *to, buffer *text) {
    uint64_t about[2]; /* number and length */

    buffer_clear(text);
    if (fread(about, sizeof about, 1, file) != 1 || !buffer_room(text, about[1]) ||
        fread(text->data, 1, about[1], file) != about[1])
        return -1;
    return queue_put_back(&to->queue, about[0], bytes_make(text->data, about[1]));
}

static int is_of(FILE *file, const sink *to, head *about) {
    char name[PATH_BYTES];
    size_t len = strlen(to->name);

    return fread(about, sizeof *about, 1, file) == 1 &&
           memcmp(about->magic, MAGIC, sizeof about->magic) == 0 &&
           about->name_len == len && len < sizeof name &&
           fread(name, 1, len, file) == len && memcmp(name, to->name, len) == 0;
}

static int read_all(FILE *file, sink *to) {
    buffer text = {0};
    head about;
    int result = is_of(file, to, &about) ? 0 : -1;

    for (uint64_t i = 0; result == 0 && i < about.count; i++)
        result = read_item(file, to, &text);
    buffer_free(&text);
    if (result == 0)
        memcpy(to->remembered, about.remembered, sizeof about.remembered);
    return result;
}

int saved_take(const saved_dir *in, sink *to) {
    char path[PATH_BYTES];
    FILE *file;

    if (path_of(in, to, ".left", path) != EXIT_OK)
        return EXIT_FAILED;
    file = fopen(path, "re");
    if (!file)
        return errno == ENOENT ? EXIT_OK : refuse(path, strerror(errno));
    int result = read_all(file, to);
    fclose(file);
    if (result < 0) {
        queue_clear(&to->queue);
        return refuse(path, "it is not whole, or there is no memory; move it away to "
                            "start without it");
    }
    if (unlink(path) < 0) {
        queue_clear(&to->queue);
        return refuse(path, strerror(errno));
    }
    complain("%s: %" PRIu64 " records of an earlier run go first", to->name,
             queue_count(&to->queue).waiting);
    return EXIT_OK;
}

/* ---- keeping ------------------------------------------------------------ */

static void write_item(FILE *file, const queue_item *item) {
    uint64_t about[2] = {item->number, item->len};

    fwrite(about, sizeof about, 1, file);
    fwrite(item->data, 1, item->len, file);
}

/* 0, or -1 with errno. */
static int write_all(FILE *file, const sink *to) {
    head about = {.magic = MAGIC, .name_len = strlen(to->name)};

    for (const queue_item *at = to->queue.first; at; at = at->next)
        about.count += at->fate == QUEUE_OPEN;
    memcpy(about.remembered, to->remembered, sizeof about.remembered);
    fwrite(&about, sizeof about, 1, file);
    fwrite(to->name, 1, about.name_len, file);
    for (const queue_item *at = to->queue.first; at; at = at->next)
        if (at->fate == QUEUE_OPEN)
            write_item(file, at);
    return ferror(file) || fflush(file) != 0 || fsync(fileno(file)) < 0 ? -1 : 0;
}

static FILE *create(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

    if (fd >= 0 && !file)
        close(fd);
    return file;
}

int saved_keep(const saved_dir *in, sink *to) {
    char path[PATH_BYTES], unfinished[PATH_BYTES];

    if (queue_is_settled(&to->queue))
        return EXIT_OK;
    if (path_of(in, to, ".left", path) != EXIT_OK ||
        path_of(in, to, ".unfinished", unfinished) != EXIT_OK)
        return EXIT_FAILED;
    FILE *file = create(unfinished);
    int result = file ? write_all(file, to) : -1, error = errno;
    if (file)
        fclose(file);
    if (result < 0 || rename(unfinished, path) < 0 || fsync(in->lock) < 0) {
        complain("%s: %s; %" PRIu64 " records are lost", path,
                 strerror(result < 0 ? error : errno), queue_count(&to->queue).waiting);
        return EXIT_FAILED;
    }
    complain("%s: %" PRIu64 " records are left, and go first at the next start",
             to->name, queue_count(&to->queue).waiting);
    return EXIT_OK;
}
