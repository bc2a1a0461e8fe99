/* SPDX-License-Identifier: BSD-3-Clause */
/* Packing and unpacking of queued records. */
#include "publish/entry.h"

static inline int has_extras(const zl_view *view) {
    return (view->thread | view->cut | view->logger.len | view->file.len |
            view->function.len | view->thread_name.len | view->fields.len |
            view->bound.len | (size_t)view->line) != 0;
}

static size_t extras_size(const zl_view *view) {
    return sizeof(zl_entry_extras) + view->logger.len + view->file.len +
           view->function.len + view->thread_name.len + view->fields.len +
           view->bound.len;
}

size_t zl_entry_size(const zl_view *view) {
    size_t size = zl_entry_bare_size(view->subtopic, view->text);
    return has_extras(view) ? size + extras_size(view) : size;
}

static inline char *append(char *to, const char *data, size_t len) {
    if (len)
        memcpy(to, data, len);
    return to + len;
}

static char *append_extras(char *at, const zl_entry_extras *extras,
                           const zl_view *view) {
    at = append(at, view->logger.data, extras->logger_len);
    at = append(at, view->file.data, extras->file_len);
    at = append(at, view->function.data, extras->function_len);
    at = append(at, view->thread_name.data, extras->thread_name_len);
    at = append(at, view->fields.data, extras->fields_len);
    return append(at, view->bound.data, extras->bound_len);
}

static zl_entry_extras *make_extras(void *to, const zl_view *view) {
    zl_entry_extras *extras = to;
    extras->thread = view->thread;
    extras->cut = view->cut;
    extras->logger_len = (uint16_t)view->logger.len;
    extras->file_len = (uint16_t)view->file.len;
    extras->function_len = (uint16_t)view->function.len;
    extras->thread_name_len = (uint16_t)view->thread_name.len;
    extras->line = view->line;
    extras->fields_len = (uint32_t)view->fields.len;
    extras->bound_len = (uint32_t)view->bound.len;
    return extras;
}

void zl_entry_pack(void *to, const zl_view *view, int timed) {
    zl_entry *entry = to;
    zl_entry_extras *extras = NULL;
    char *at = (char *)(entry + 1);
    zl_entry_start(entry, view->level, timed, view->time_ns, view->subtopic.len,
                   view->text.len);
    if (has_extras(view)) {
        entry->text_len |= ZL_ENTRY_HAS_EXTRAS;
        extras = make_extras(at, view);
        at = (char *)(extras + 1);
    }
    at = append(at, view->text.data, view->text.len);
    at = append(at, view->subtopic.data, entry->subtopic_len);
    if (extras)
        append_extras(at, extras, view);
}

static inline zl_span take(const char **at, size_t len) {
    zl_span span = zl_span_make(*at, len);
    *at += len;
    return span;
}

void zl_entry_unpack_extras(const zl_entry *entry, zl_view *view) {
    static const zl_entry_extras no_extras;
    const char *at = (const char *)(entry + 1);
    const zl_entry_extras *extras = &no_extras;
    view->is_bare = !(entry->text_len & ZL_ENTRY_HAS_EXTRAS);
    if (!view->is_bare) {
        extras = (const zl_entry_extras *)(const void *)at;
        at = (const char *)(extras + 1);
    }
    view->thread = extras->thread;
    view->cut = (size_t)extras->cut;
    view->line = extras->line;
    view->text = take(&at, entry->text_len & ~ZL_ENTRY_HAS_EXTRAS);
    view->subtopic = take(&at, entry->subtopic_len);
    view->logger = take(&at, extras->logger_len);
    view->file = take(&at, extras->file_len);
    view->function = take(&at, extras->function_len);
    view->thread_name = take(&at, extras->thread_name_len);
    view->fields = take(&at, extras->fields_len);
    view->bound = take(&at, extras->bound_len);
}
