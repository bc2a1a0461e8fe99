/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of live prefixes, kept sorted by their bytes so that all questions are
 * answered by halving. What strangers subscribe to can neither grow it without
 * bound nor make it slow. Knows no topics but as bytes. */
#include "publish/prefixes.h"

#include <stdlib.h>

/* No topic is this long; a peer that wants such prefixes kept gets them counted. */
#define TRACKED_MAX_BYTES 1024

static zl_span text_of(const zl_prefix *item) {
    return zl_span_make(item->data, item->len);
}

/* How many prefixes sort before the text. */
static size_t rank(const zl_prefixes *prefixes, zl_span text) {
    size_t low = 0, high = prefixes->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zl_span_compare(text_of(&prefixes->items[middle]), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int is_at(const zl_prefixes *prefixes, size_t index, zl_span text) {
    return index < prefixes->count &&
           zl_span_equal(text_of(&prefixes->items[index]), text);
}

void zl_prefixes_init(zl_prefixes *prefixes) {
    memset(prefixes, 0, sizeof *prefixes);
}

void zl_prefixes_free(zl_prefixes *prefixes) {
    zl_prefixes_clear(prefixes);
    free(prefixes->items);
    zl_prefixes_init(prefixes);
}

static int make_room(zl_prefixes *prefixes) {
    size_t capacity = prefixes->capacity ? prefixes->capacity * 2 : 16;
    zl_prefix *items;
    if (prefixes->count < prefixes->capacity)
        return 1;
    items = realloc(prefixes->items, capacity * sizeof *items);
    if (!items)
        return 0;
    prefixes->items = items;
    prefixes->capacity = capacity;
    return 1;
}

static int insert(zl_prefixes *prefixes, size_t index, zl_span prefix) {
    zl_prefix item = {NULL, (uint32_t)prefix.len};
    if (prefixes->count == ZL_PREFIXES_MAX || prefix.len > TRACKED_MAX_BYTES ||
        !make_room(prefixes))
        return 0;
    if (prefix.len > 0) {
        item.data = malloc(prefix.len);
        if (!item.data)
            return 0;
        memcpy(item.data, prefix.data, prefix.len);
    }
    memmove(&prefixes->items[index + 1], &prefixes->items[index],
            (prefixes->count - index) * sizeof item);
    prefixes->items[index] = item;
    prefixes->count++;
    return 1;
}

int zl_prefixes_add(zl_prefixes *prefixes, zl_span prefix) {
    size_t index = rank(prefixes, prefix);
    if (is_at(prefixes, index, prefix))
        return 0;
    if (!insert(prefixes, index, prefix))
        prefixes->untracked++;
    prefixes->generation++;
    return 1;
}

int zl_prefixes_remove(zl_prefixes *prefixes, zl_span prefix) {
    size_t index = rank(prefixes, prefix);
    if (is_at(prefixes, index, prefix)) {
        free(prefixes->items[index].data);
        prefixes->count--;
        memmove(&prefixes->items[index], &prefixes->items[index + 1],
                (prefixes->count - index) * sizeof *prefixes->items);
    } else if (prefixes->untracked > 0) {
        prefixes->untracked--;
    } else {
        return 0;
    }
    prefixes->generation++;
    return 1;
}

void zl_prefixes_clear(zl_prefixes *prefixes) {
    if (zl_prefixes_live(prefixes) > 0)
        prefixes->generation++;
    for (size_t i = 0; i < prefixes->count; i++)
        free(prefixes->items[i].data);
    prefixes->count = 0;
    prefixes->untracked = 0;
}

uint64_t zl_prefixes_live(const zl_prefixes *prefixes) {
    return prefixes->count + prefixes->untracked;
}

static size_t shared_len(zl_span a, zl_span b) {
    size_t len = a.len < b.len ? a.len : b.len, i = 0;
    while (i < len && a.data[i] == b.data[i])
        i++;
    return i;
}

/* All prefixes of a text sort before it, and whatever sorts between one of them
 * and the text begins with it too. So if the neighbour below is no prefix of the
 * text, one can only be within what the two have in common. */
int zl_prefixes_match(const zl_prefixes *prefixes, zl_span topic) {
    if (zl_prefixes_overflowing(prefixes))
        return 1;
    for (;;) {
        size_t index = rank(prefixes, topic);
        zl_span below;
        if (is_at(prefixes, index, topic))
            return 1;
        if (index == 0)
            return 0;
        below = text_of(&prefixes->items[index - 1]);
        if (zl_span_is_prefix(below, topic))
            return 1;
        topic.len = shared_len(below, topic);
    }
}

int zl_prefixes_any_under(const zl_prefixes *prefixes, zl_span stem) {
    size_t index = rank(prefixes, stem);
    return index < prefixes->count &&
           zl_span_is_prefix(stem, text_of(&prefixes->items[index]));
}
