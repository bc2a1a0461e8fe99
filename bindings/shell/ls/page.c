/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading a page, whatever lies where one should be: links are not followed, nobody is
 * waited for, and what changes meanwhile is read again a few times. */
#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Programs write at most 8 KiB. */
#define FILE_BYTES 65536
#define TRIES 4
#define PAUSE_NS 500000
#define HEAD "zmqlog-page 1 "

static uint64_t hash_of(bytes text) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    return hash;
}

/* What the first line says fits what follows. */
static int is_whole(bytes file, bytes *text) {
    char head[64], wanted[64];
    const char *newline = memchr(file.data, '\n', file.len);
    size_t len = newline ? (size_t)(newline - file.data) + 1 : 0;

    if (len == 0 || len >= sizeof head)
        return 0;
    *text = bytes_from(file, len);
    memcpy(head, file.data, len);
    head[len] = '\0';
    snprintf(wanted, sizeof wanted, HEAD "%6zu %016llx\n", text->len,
             (unsigned long long)hash_of(*text));
    return strcmp(head, wanted) == 0;
}

static void take_text(const object *of, const char *key, char to[PAGE_TEXT]) {
    if (object_text(object_member(of, key), to, PAGE_TEXT) < 0)
        to[0] = '\0';
}

static long long take_number(const object *of, const char *key) {
    long long number = object_number(object_member(of, key));

    return number < 0 ? 0 : number;
}

static void take_names(page *to) {
    object levels;
    bytes key, value;

    if (object_open(&levels, object_member(&to->hello, "levels")) < 0)
        return;
    for (int i = 0; object_at(&levels, i, &key, &value); i++) {
        long long level = object_number(key);
        if (level > 0 && level < PAGE_LEVELS)
            (void)object_text(value, to->names[level], PAGE_NAME);
    }
    object_close(&levels);
}

/* Levels without a name of their own are called L and two digits. */
static void fill_names(page *to) {
    for (int level = 1; level < PAGE_LEVELS; level++)
        if (!to->names[level][0])
            snprintf(to->names[level], PAGE_NAME, "L%02d", level);
}

static void take_gate(page *to) {
    bytes rest = object_member(&to->stats, "gate"), element;
    char open[PAGE_NAME];

    for (int i = 0; i < PAGE_LEVELS && object_element(&rest, &element); i++) {
        if (object_text(element, open, sizeof open) < 0)
            continue;
        for (int level = 1; level < PAGE_LEVELS; level++)
            to->is_open[level] |= strcmp(to->names[level], open) == 0;
    }
}

/* Records that were accepted and did not get out. */
static long long sum_dropped(const object *counters) {
    static const char *const keys[] = {"dropped_queue", "dropped_oldest",
                                       "dropped_timeout", "dropped_internal"};
    unsigned long long sum = 0;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        sum += (unsigned long long)take_number(counters, keys[i]);
    return sum > INT64_MAX ? INT64_MAX : (long long)sum;
}

static void take_counts(page *to) {
    object counters, queue;

    to->counters = object_member(&to->stats, "counters");
    if (object_open(&counters, to->counters) == 0) {
        to->sent = take_number(&counters, "sent");
        to->dropped = sum_dropped(&counters);
        object_close(&counters);
    } else {
        to->counters = bytes_of("{}");
    }
    if (object_open(&queue, object_member(&to->stats, "queue")) == 0) {
        to->queue_used = take_number(&queue, "used");
        to->queue_bytes = take_number(&queue, "bytes");
        object_close(&queue);
    }
}

static bytes take_list(const object *of, const char *key) {
    bytes list = object_member(of, key);

    return list.len >= 2 && list.data[0] == '[' ? list : bytes_of("[]");
}

static void take_all(page *to) {
    to->ticks = take_number(&to->whole, "ticks");
    to->pid = take_number(&to->hello, "pid");
    to->floor = take_number(&to->hello, "floor");
    take_text(&to->hello, "root", to->root);
    take_text(&to->hello, "version", to->version);
    take_text(&to->hello, "start", to->start);
    take_names(to);
    fill_names(to);
    take_gate(to);
    take_counts(to);
    to->listeners = take_number(&to->stats, "listeners");
    to->prefixes = take_number(&to->stats, "prefixes");
    to->style = object_member(&to->hello, "style");
    to->endpoints = take_list(&to->hello, "endpoints");
    to->listening = take_list(&to->whole, "listeners");
}

static int open_objects(page *to, bytes text) {
    if (object_open(&to->whole, text) < 0)
        return -1;
    if (object_open(&to->hello, object_member(&to->whole, "hello")) == 0) {
        if (object_open(&to->stats, object_member(&to->whole, "stats")) == 0)
            return 0;
        object_close(&to->hello);
    }
    object_close(&to->whole);
    return -1;
}

int page_parse(page *to, bytes file) {
    bytes text;

    if (!is_whole(file, &text) || open_objects(to, text) < 0)
        return -1;
    take_all(to);
    return 0;
}

void page_close(page *of) {
    object_close(&of->stats);
    object_close(&of->hello);
    object_close(&of->whole);
}

static int try_to_read(page *to, int fd, char *memory) {
    ssize_t got = pread(fd, memory, FILE_BYTES, 0);

    return got > 0 && got < FILE_BYTES &&
           page_parse(to, bytes_make(memory, (size_t)got)) == 0;
}

/* Another version's never becomes one of ours. */
static int may_change(int fd) {
    char head[sizeof HEAD - 1];
    ssize_t got = pread(fd, head, sizeof head, 0);

    return got < (ssize_t)sizeof head || memcmp(head, HEAD, sizeof head) == 0;
}

static page_state read_from(page *to, int fd) {
    static const struct timespec pause = {0, PAUSE_NS};
    char *memory = malloc(FILE_BYTES);
    int is_read = 0;

    for (int i = 0; memory && !is_read && i < TRIES && may_change(fd); i++) {
        if (i > 0)
            nanosleep(&pause, NULL);
        is_read = try_to_read(to, fd, memory);
    }
    free(memory);
    return is_read ? PAGE_IS_READ : PAGE_UNREAD;
}

page_state page_read(page *to, const char *path) {
    struct stat file;
    page_state state;
    int fd;

    memset(to, 0, sizeof *to);
    if (lstat(path, &file) != 0 || !S_ISREG(file.st_mode))
        return PAGE_GONE;
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    to->uid = file.st_uid;
    if (fd < 0)
        return errno == EACCES || errno == EPERM ? PAGE_HIDDEN : PAGE_GONE;
    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) {
        close(fd);
        return PAGE_GONE;
    }
    to->uid = file.st_uid;
    to->written = (long long)file.st_mtime;
    state = read_from(to, fd);
    close(fd);
    return state;
}
