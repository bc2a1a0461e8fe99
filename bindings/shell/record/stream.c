/* SPDX-License-Identifier: BSD-3-Clause */
/* Streams: finding them, opening and closing their files, rotating. */
#include "stream.h"
#include "complain.h"
#include "moment.h"
#include "repair.h"

#include <errno.h>
#include <stdlib.h>

#define HELD_ALONE (4u << 20)
#define HELD_AMONG_MANY (64u << 10)
#define NS_PER_SECOND INT64_C(1000000000)

/* ---- open files -------------------------------------------------------- */

static void unlink_use(stream *from) {
    stream_set *set = from->set;

    *(from->newer ? &from->newer->older : &set->newest) = from->older;
    *(from->older ? &from->older->newer : &set->oldest) = from->newer;
    from->newer = from->older = NULL;
    set->open--;
}

static void link_newest(stream *to) {
    stream_set *set = to->set;

    to->older = set->newest;
    *(set->newest ? &set->newest->newer : &set->oldest) = to;
    set->newest = to;
    set->open++;
}

/* Whatever stood in the file is not there any more, so no frame is open in it. */
static void begin_frame_if_empty(stream *to) {
    if (to->file.size > 0)
        return;
    to->is_unsealed = 0;
    if (to->with)
        pack_reset(to->with);
}

/* Ends the frame; what cannot be written now is written before the next block. */
static void close_file(stream *of) {
    /* Others may have removed the file. */
    if (of->file.fd >= 0 && of->with && of->is_unsealed &&
        logfile_ready(&of->file) == 0)
        begin_frame_if_empty(of);
    if (of->file.fd >= 0 && of->with && of->is_unsealed &&
        logfile_write(&of->file, PACK_SEAL, PACK_SEAL_BYTES) == 0)
        of->is_unsealed = 0;
    pack_free(of->with);
    of->with = NULL;
    logfile_close(&of->file);
}

static int is_used(const stream *of) {
    return of->newer || of->older || of->set->oldest == of;
}

static void use(stream *now) {
    if (now->set->newest == now)
        return;
    if (is_used(now))
        unlink_use(now);
    while (now->set->open >= STREAM_OPEN_MOST) {
        stream *old = now->set->oldest;
        unlink_use(old);
        close_file(old);
    }
    link_newest(now);
}

static int write_packed(stream *to, const char *data, size_t len) {
    const char *packed;
    size_t packed_len;
    int error;

    if (!to->with && to->is_unsealed) {
        error = logfile_write(&to->file, PACK_SEAL, PACK_SEAL_BYTES);
        if (error)
            return error;
        to->is_unsealed = 0;
    }
    if (!to->with)
        to->with = pack_new();
    if (!to->with)
        return ENOMEM;
    error = pack_block(to->with, data, len, &packed, &packed_len);
    if (!error)
        error = logfile_write(&to->file, packed, packed_len);
    if (!error) {
        to->is_unsealed = 1;
        return 0;
    }
    /* The compressor has seen what the file has not: it begins anew. */
    pack_free(to->with);
    to->with = NULL;
    return error;
}

/* An output_write. */
static int write_stream(void *self, const char *data, size_t len) {
    stream *to = self;
    int error;

    use(to);
    error = logfile_ready(&to->file);
    if (error)
        return error;
    begin_frame_if_empty(to);
    if (to->set->in.packed)
        return write_packed(to, data, len);
    return logfile_write(&to->file, data, len);
}

/* ---- finding ----------------------------------------------------------- */

static uint32_t hash_of(bytes text) {
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 16777619u;
    return hash;
}

static stream *make(stream_set *set, bytes key, const char *name) {
    stream *made = calloc(1, sizeof *made);
    char *copy = malloc(key.len + 1);

    if (!made || !copy) {
        free(made);
        free(copy);
        return NULL;
    }
    if (key.len > 0)
        memcpy(copy, key.data, key.len);
    made->set = set;
    made->key = bytes_make(copy, key.len);
    strcpy(made->name, name);
    logfile_init(&made->file, NULL);
    output_open_file(&made->out, write_stream, made, &set->trouble,
                     set->names == 0 ? HELD_ALONE : HELD_AMONG_MANY);
    made->next = set->bucket[hash_of(key) % STREAM_BUCKETS];
    set->bucket[hash_of(key) % STREAM_BUCKETS] = made;
    set->names++;
    return made;
}

static stream *find(const stream_set *set, bytes key) {
    stream *at = set->bucket[hash_of(key) % STREAM_BUCKETS];

    while (at && !bytes_equal(at->key, key))
        at = at->next;
    return at;
}

/* The name is no root's: no escape begins like this. */
#define OTHERS "%others"

static stream *others(stream_set *set) {
    stream *found = find(set, bytes_of(OTHERS "\n"));

    if (!set->is_crowded)
        complain("records of more than %d root topics: further ones go to %s",
                 STREAM_NAMES_MOST, OTHERS);
    set->is_crowded = 1;
    return found ? found : make(set, bytes_of(OTHERS "\n"), OTHERS);
}

stream *stream_of(stream_set *set, bytes root) {
    char name[FOLDER_NAME_MOST + 1];
    stream *found = find(set, root);

    if (found)
        return found;
    if (set->names >= STREAM_NAMES_MOST)
        return others(set);
    folder_escape(name, root);
    return make(set, root, name);
}

/* ---- rotating ---------------------------------------------------------- */

static int is_over(const stream *of, int64_t now_ns) {
    const folder_limits *limits = of->set->limits;
    int64_t period = limits->rotate_seconds * NS_PER_SECOND;

    if (limits->rotate_bytes > 0 &&
        of->file.size + (int64_t)of->out.len >= limits->rotate_bytes &&
        of->file.size + (int64_t)of->out.len > 0)
        return 1;
    /* The records of a NATS stream may be out of order: an earlier one begins no file.
     */
    return period > 0 && now_ns / period > of->begun_ns / period;
}

static void finish_file(stream *of) {
    output_flush(&of->out);
    /* While it cannot be written, a new one could not be either. */
    if (of->out.whole > 0)
        return;
    close_file(of);
    free(of->path);
    of->path = NULL;
    of->is_unsealed = 0;
}

/* The newest file goes on if there is time and room in it. */
static int begin_file(stream *of, int64_t now_ns, int may_continue) {
    of->path =
        may_continue ? folder_newest(&of->set->in, of->name, &of->begun_ns) : NULL;
    if (of->path) {
        of->file.size = repair(of->path, of->set->in.packed);
        if (of->file.size < 0 || is_over(of, now_ns)) {
            free(of->path);
            of->path = NULL;
        }
    }
    if (!of->path) {
        of->path = folder_new_file(&of->set->in, of->name, now_ns);
        of->begun_ns = now_ns;
        of->file.size = 0;
        of->set->retention_due = 1;
    }
    of->file.path = of->path;
    return of->path ? 0 : -1;
}

int stream_prepare(stream *to, int64_t now_ns) {
    int is_first = !to->path && to->out.written == 0;

    if (to->path && is_over(to, now_ns))
        finish_file(to);
    return to->path ? 0 : begin_file(to, now_ns, is_first);
}

/* ---- all of them ------------------------------------------------------- */

int64_t stream_tick(stream_set *set, int after_ms) {
    int64_t now = moment_now(), next = MOMENT_NEVER;

    for (int i = 0; i < STREAM_BUCKETS; i++)
        for (stream *at = set->bucket[i]; at; at = at->next) {
            if (output_due(&at->out, after_ms) <= now)
                output_flush(&at->out);
            next = moment_earlier(next, output_due(&at->out, after_ms));
        }
    if (set->retention_due) {
        set->retention_due = 0;
        folder_retain(&set->in, set->limits);
    }
    return next;
}

void stream_renew(stream_set *set) {
    for (int i = 0; i < STREAM_BUCKETS; i++)
        for (stream *at = set->bucket[i]; at; at = at->next)
            if (at->path)
                finish_file(at);
}

static void end_one(stream *of, uint64_t *written, uint64_t *unwritten) {
    output_give_up(&of->out);
    close_file(of);
    if (is_used(of))
        unlink_use(of);
    *written += of->out.written;
    *unwritten += of->out.unwritten;
    output_close(&of->out);
    free((char *)of->key.data);
    free(of->path);
    free(of);
}

void stream_end(stream_set *set, uint64_t *written, uint64_t *unwritten) {
    for (int i = 0; i < STREAM_BUCKETS; i++) {
        for (stream *at = set->bucket[i], *next; at; at = next) {
            next = at->next;
            end_one(at, written, unwritten);
        }
        set->bucket[i] = NULL;
    }
    folder_retain(&set->in, set->limits);
}
