/* SPDX-License-Identifier: BSD-3-Clause */
/* Packing and unpacking of queued records. */
#include "entry.h"

static size_t short_len(zl_span span) {
    return span.len < ZL_ENTRY_TEXT_MAX ? span.len : ZL_ENTRY_TEXT_MAX;
}

size_t zl_entry_size(const zl_view *view, zl_span mark) {
    return sizeof(zl_entry) + view->text.len + mark.len + view->subtopic.len +
           short_len(view->logger) + short_len(view->file) + short_len(view->function) +
           short_len(view->thread_name) + view->fields.len;
}

static char *append(char *to, const char *data, size_t len) {
    if (len)
        memcpy(to, data, len);
    return to + len;
}

void zl_entry_pack(void *to, const zl_view *view, zl_span mark, int timed) {
    zl_entry *entry = to;
    char *at = (char *)(entry + 1);
    entry->level = (uint8_t)view->level;
    entry->timed = (uint8_t)timed;
    entry->subtopic_len = (uint16_t)view->subtopic.len;
    entry->text_len = (uint32_t)(view->text.len + mark.len);
    entry->time_ns = view->time_ns;
    entry->thread = view->thread;
    entry->logger_len = (uint16_t)short_len(view->logger);
    entry->file_len = (uint16_t)short_len(view->file);
    entry->function_len = (uint16_t)short_len(view->function);
    entry->thread_name_len = (uint16_t)short_len(view->thread_name);
    entry->line = view->line;
    entry->fields_len = (uint32_t)view->fields.len;
    at = append(at, view->text.data, view->text.len);
    at = append(at, mark.data, mark.len);
    at = append(at, view->subtopic.data, entry->subtopic_len);
    at = append(at, view->logger.data, entry->logger_len);
    at = append(at, view->file.data, entry->file_len);
    at = append(at, view->function.data, entry->function_len);
    at = append(at, view->thread_name.data, entry->thread_name_len);
    append(at, view->fields.data, view->fields.len);
}

static zl_span take(const char **at, size_t len) {
    zl_span span = zl_span_make(*at, len);
    *at += len;
    return span;
}

void zl_entry_unpack(const zl_entry *entry, zl_view *view) {
    const char *at = (const char *)(entry + 1);
    view->level = entry->level;
    view->time_ns = entry->time_ns;
    view->thread = entry->thread;
    view->line = entry->line;
    view->text = take(&at, entry->text_len);
    view->subtopic = take(&at, entry->subtopic_len);
    view->logger = take(&at, entry->logger_len);
    view->file = take(&at, entry->file_len);
    view->function = take(&at, entry->function_len);
    view->thread_name = take(&at, entry->thread_name_len);
    view->fields = take(&at, entry->fields_len);
}
