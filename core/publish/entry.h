/* SPDX-License-Identifier: BSD-3-Clause */
/* How a record lies in the queue: one run of bytes that points to nothing
 * outside itself. Knows views, not where the bytes are kept. */
#ifndef ZL_ENTRY_H
#define ZL_ENTRY_H

#include "zmqlog.h"
#include "format/view.h"

/* In text_len. */
#define ZL_ENTRY_HAS_EXTRAS UINT32_C(0x80000000)

/* The caller of pack cuts logger, file, function and thread name at this. */
#define ZL_ENTRY_NAME_MAX 4096

typedef struct zl_entry {
    uint8_t level; /* 0: frames as they are; the subtopic is the whole topic */
    uint8_t timed; /* time_ns was taken or set; otherwise the sender takes it */
    uint16_t subtopic_len;
    uint32_t text_len; /* ZL_ENTRY_HAS_EXTRAS: extras follow the head */
    int64_t time_ns;
    /* followed by: extras if any, text, subtopic, what the extras count */
} zl_entry;

/* What most records do not have. */
typedef struct zl_entry_extras {
    uint64_t thread;
    uint64_t cut;
    uint16_t logger_len, file_len, function_len, thread_name_len;
    int32_t line;
    uint32_t fields_len, bound_len;
    /* the bytes of: logger, file, function, thread name, fields, bound fields */
} zl_entry_extras;

/* What is filled for every record. */
static inline void zl_entry_start(zl_entry *entry, int level, int timed,
                                  int64_t time_ns, size_t subtopic_len,
                                  size_t text_len) {
    entry->level = (uint8_t)level;
    entry->timed = (uint8_t)timed;
    entry->subtopic_len = (uint16_t)subtopic_len;
    entry->text_len = (uint32_t)text_len;
    entry->time_ns = time_ns;
}

/* A record that has only text and subtopic, as most have. */
static inline size_t zl_entry_bare_size(zl_span subtopic, zl_span text) {
    return sizeof(zl_entry) + text.len + subtopic.len;
}

static inline void zl_entry_pack_bare(void *to, int level, int timed, int64_t time_ns,
                                      zl_span subtopic, zl_span text) {
    zl_entry *entry = to;
    char *at = (char *)(entry + 1);
    zl_entry_start(entry, level, timed, time_ns, subtopic.len, text.len);
    if (text.len)
        memcpy(at, text.data, text.len);
    if (subtopic.len)
        memcpy(at + text.len, subtopic.data, subtopic.len);
}

size_t zl_entry_size(const zl_view *view);
void zl_entry_pack(void *to, const zl_view *view, int timed);
/* Fills what pack kept, the spans pointing into the entry; the rest is left. What
 * is_bare says of the view spares emptying again what is empty. */
void zl_entry_unpack_extras(const zl_entry *entry, zl_view *view);
static inline void zl_entry_unpack(const zl_entry *entry, zl_view *view) {
    const char *text = (const char *)(entry + 1);
    view->level = entry->level;
    view->time_ns = entry->time_ns;
    if (!view->is_bare || entry->text_len & ZL_ENTRY_HAS_EXTRAS) {
        zl_entry_unpack_extras(entry, view);
        return;
    }
    view->text = zl_span_make(text, entry->text_len);
    view->subtopic = zl_span_make(text + entry->text_len, entry->subtopic_len);
}

#endif
