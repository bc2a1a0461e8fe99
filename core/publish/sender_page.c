/* SPDX-License-Identifier: BSD-3-Clause */
/* The page of a local program: a small file that says what hello and stats say, and
 * who listens, so that others need not connect to know. Written by the I/O thread when
 * something has changed: at most ten times a second, and once more when it goes to
 * rest. Trouble with it is nobody's trouble. */
#include "publish/sender.h"

#include "base/clock.h"
#include "base/json.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITE_EVERY_NS INT64_C(100000000)
#define PAGE_BYTES 8192
#define HEAD_BYTES 40 /* "zmqlog-page 1 LENGTH HASH\n" */
/* A hello with endpoints and names without end leaves no room for the rest. */
#define HELLO_BYTES 5000
#define TAIL_BYTES 2 /* "]}" */

/* ---- what stands in it ---- */

static uint64_t hash_of(zl_span text) {
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    return hash;
}

/* The process's start in the kernel's ticks: with the pid, which process it was. */
static long long start_ticks(void) {
    char line[1024];
    const char *at;
    ssize_t len;
    int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    len = read(fd, line, sizeof line - 1);
    close(fd);
    line[len > 0 ? len : 0] = '\0';
    at = strrchr(line, ')'); /* the name before it may hold anything */
    for (int field = 2; at && field < 22; field++)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at, NULL, 10) : 0;
}

typedef struct listing {
    zl_buffer *out;
    int is_full;
} listing;

static void put_listener(const zl_listener *listener, void *context) {
    listing *all = context;
    zl_buffer *out = all->out;
    size_t before = out->len;
    int count = 0;
    if (all->is_full)
        return;
    zl_buffer_put_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    zl_buffer_put_text(out, "\"address\":");
    zl_json_put_string(out, zl_span_of(listener->address));
    zl_buffer_put_text(out, ",\"key\":");
    zl_json_put_string(out, zl_span_of(listener->key));
    zl_buffer_put_text(out, ",\"prefixes\":[");
    for (const zl_prefix *at = listener->prefixes.first; at && count < 16;
         at = at->next, count++) {
        if (count)
            zl_buffer_put_char(out, ',');
        zl_json_put_string(out, zl_prefix_text(at));
    }
    zl_buffer_put_text(out, "]}");
    all->is_full = out->len > PAGE_BYTES - HEAD_BYTES - TAIL_BYTES;
    if (all->is_full)
        out->len = before; /* stats say how many there are */
}

static void write_text(zl_sender *sender, zl_buffer *out) {
    listing all = {out, 0};
    size_t start;
    zl_buffer_reset(out);
    zl_buffer_printf(out, "{\"ticks\":%lld,\"hello\":", sender->page.start_ticks);
    start = out->len;
    zl_sender_report_hello(sender, out);
    if (out->len > HELLO_BYTES) {
        out->len = start;
        zl_sender_report_who(sender, out);
    }
    zl_buffer_put_text(out, ",\"stats\":");
    zl_sender_report_stats(sender, out);
    zl_buffer_put_text(out, ",\"listeners\":[");
    if (!out->failed)
        zl_listeners_each(&sender->listeners, put_listener, &all);
    zl_buffer_put_text(out, "]}");
}

/* ---- when, and the file ---- */

static void write_page(zl_sender *sender) {
    zl_page *page = &sender->page;
    zl_buffer *text = &page->text;
    char head[HEAD_BYTES + 16];
    int len;
    write_text(sender, text);
    if (text->failed)
        return;
    len = snprintf(head, sizeof head, "zmqlog-page 1 %6zu %016llx\n", text->len,
                   (unsigned long long)hash_of(zl_buffer_span(text)));
    /* A reader that finds half of it sees that by the hash, and looks again. */
    if (pwrite(page->fd.number, head, (size_t)len, 0) < 0 ||
        pwrite(page->fd.number, text->data, text->len, len) < 0 ||
        ftruncate(page->fd.number, (off_t)text->len + len) != 0)
        return;
}

static int has_changed(const zl_sender *sender) {
    const zl_page *page = &sender->page;
    return page->is_open &&
           (page->done != atomic_load_explicit(&sender->done, memory_order_relaxed) ||
            page->kept != atomic_load(&sender->backlog.count) ||
            page->generation != sender->listeners.prefixes.generation ||
            page->floor != atomic_load_explicit(&sender->floor, memory_order_relaxed));
}

int64_t zl_sender_page_due_ns(const zl_sender *sender) {
    return has_changed(sender) ? sender->page.next_ns : INT64_MAX;
}

void zl_sender_keep_page(zl_sender *sender, int64_t now_ns) {
    zl_page *page = &sender->page;
    if (!has_changed(sender) || now_ns < page->next_ns)
        return;
    page->done = atomic_load(&sender->done);
    page->kept = atomic_load(&sender->backlog.count);
    page->generation = sender->listeners.prefixes.generation;
    page->floor = atomic_load(&sender->floor);
    page->next_ns = now_ns + WRITE_EVERY_NS;
    write_page(sender);
}

typedef struct wish {
    zl_sender *sender;
    char path[ZL_PAGE_PATH_BYTES];
} wish;

static zmqlog_status begin(void *owner, void *argument) {
    wish *wanted = argument;
    zl_page *page = &wanted->sender->page;
    struct stat file;
    int fd;
    (void)owner;
    if (page->is_open)
        return ZMQLOG_OK;
    fd = open(wanted->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return ZMQLOG_EIO;
    if (fstat(fd, &file) != 0) {
        close(fd);
        return ZMQLOG_EIO;
    }
    memcpy(page->path, wanted->path, sizeof page->path);
    page->dev = (uint64_t)file.st_dev;
    page->ino = (uint64_t)file.st_ino;
    page->start_ticks = start_ticks();
    page->generation = UINT64_MAX; /* to be written now */
    page->is_open = 1;
    zl_forks_own(&page->fd, fd);
    return ZMQLOG_OK;
}

void zl_sender_open_page(zl_sender *sender, const char *stem) {
    wish wanted = {.sender = sender};
    snprintf(wanted.path, sizeof wanted.path, "%s.page", stem);
    zl_worker_do(sender->worker, NULL, begin, &wanted, sizeof wanted);
}

void zl_sender_close_page(zl_sender *sender) {
    zl_page *page = &sender->page;
    struct stat file;
    int fd = page->fd.number;
    zl_buffer_free(&page->text);
    if (!page->is_open)
        return;
    zl_forks_disown(&page->fd);
    close(fd);
    page->is_open = 0;
    if (lstat(page->path, &file) == 0 && (uint64_t)file.st_dev == page->dev &&
        (uint64_t)file.st_ino == page->ino)
        unlink(page->path);
}
