/* SPDX-License-Identifier: BSD-3-Clause */
/* Merging recordings. Owns the order; of equal times, the file named first. */
#include "tracks.h"
#include "complain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Reads on to the next record of this file. */
static void advance(tracks *of, track *at) {
    bytes line;
    int is_whole, got;

    at->has_next = 0;
    while ((got = recording_next(&at->from, &line, &is_whole)) > 0) {
        int read = kept_read(&at->next, line);
        if (read == 0) {
            at->has_next = 1;
            return;
        }
        if (read == -2) {
            complain("out of memory");
            got = -1;
            break;
        }
        if (line.len > 0)
            at->unreadable++;
    }
    if (got < 0)
        of->failed = 1;
    recording_close(&at->from);
}

static int is_before(const tracks *of, int a, int b) {
    int64_t one = of->all[a].next.received_ns, two = of->all[b].next.received_ns;

    return one != two ? one < two : a < b;
}

static void swap(int *a, int *b) {
    int first = *a;

    *a = *b;
    *b = first;
}

static void sift_down(tracks *of, int at) {
    for (;;) {
        int child = 2 * at + 1;
        if (child + 1 < of->waiting &&
            is_before(of, of->heap[child + 1], of->heap[child]))
            child++;
        if (child >= of->waiting || !is_before(of, of->heap[child], of->heap[at]))
            return;
        swap(&of->heap[at], &of->heap[child]);
        at = child;
    }
}

/* A file is open only from its first record's turn on; until then it is closed again
 * and read anew. */
static void put_aside(track *at) {
    const char *path = at->from.path;
    struct stat about;

    if (!at->has_next || strcmp(path, "-") == 0 || fstat(at->from.fd, &about) != 0 ||
        !S_ISREG(about.st_mode))
        return; /* what is no file cannot be read again */
    recording_close(&at->from);
    recording_init(&at->from, path);
    at->unreadable = 0;
}

int tracks_open(tracks *of, const char *const *paths, int count) {
    of->all = calloc((size_t)count, sizeof *of->all);
    of->heap = calloc((size_t)count, sizeof *of->heap);
    if (!of->all || !of->heap)
        return -1;
    of->count = count;
    for (int i = 0; i < count; i++) {
        recording_init(&of->all[i].from, paths[i]);
        advance(of, &of->all[i]);
        put_aside(&of->all[i]);
        if (of->all[i].has_next)
            of->heap[of->waiting++] = i;
    }
    for (int i = of->waiting / 2; i >= 0 && of->waiting > 0; i--)
        sift_down(of, i);
    return 0;
}

void tracks_close(tracks *of) {
    for (int i = 0; i < of->count; i++) {
        recording_close(&of->all[i].from);
        kept_free(&of->all[i].next);
    }
    free(of->all);
    free(of->heap);
}

const kept *tracks_next(const tracks *of) {
    return of->waiting ? &of->all[of->heap[0]].next : NULL;
}

void tracks_advance(tracks *of) {
    track *at = &of->all[of->heap[0]];

    /* Its first record was read when all files were looked at. */
    if (!at->from.is_started)
        advance(of, at);
    advance(of, at);
    if (!at->has_next)
        of->heap[0] = of->heap[--of->waiting];
    sift_down(of, 0);
}

void tracks_tell(const tracks *of) {
    for (int i = 0; i < of->count; i++)
        if (of->all[i].unreadable > 0)
            complain("%s: %" PRIu64 " lines are no whole records and were left out",
                     of->all[i].from.path, of->all[i].unreadable);
}
