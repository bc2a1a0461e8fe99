/* SPDX-License-Identifier: BSD-3-Clause */
/* How a record lies in the queue: one run of bytes that points to nothing
 * outside itself. Knows views, not where the bytes are kept. */
#ifndef ZL_ENTRY_H
#define ZL_ENTRY_H

#include "format.h"

/* Names, paths and the like are cut at this. */
#define ZL_ENTRY_TEXT_MAX 4096

typedef struct zl_entry {
    uint8_t level;
    uint8_t timed; /* time_ns was taken or set; otherwise the sender takes it */
    uint16_t subtopic_len;
    uint32_t text_len; /* the top bit tells that extras follow the head */
    int64_t time_ns;
    /* followed by: extras if any, text, subtopic, what the extras count */
} zl_entry;

/* What most records do not have. */
typedef struct zl_entry_extras {
    uint64_t thread;
    uint16_t logger_len, file_len, function_len, thread_name_len;
    int32_t line;
    uint32_t fields_len, bound_len;
    /* the bytes of: logger, file, function, thread name, fields, bound fields */
} zl_entry_extras;

/* `mark` is appended to the text: it tells that the text was cut. */
size_t zl_entry_size(const zl_view *view, zl_span mark);
void zl_entry_pack(void *to, const zl_view *view, zl_span mark, int timed);
/* Fills what pack kept, the spans pointing into the entry; the rest is left. */
void zl_entry_unpack(const zl_entry *entry, zl_view *view);

#endif
