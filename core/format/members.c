/* SPDX-License-Identifier: BSD-3-Clause */
/* A list of members with an open hash table over it, which is made when the list is
 * too long to be searched. */
#include "format/members.h"
#include "base/hash.h"
#include "base/json.h"

/* From so many on, searching the list costs more than the table. */
#define SEARCHED 16
#define FIRST_SLOTS 64

void zl_members_free(zl_members *members) {
    zl_buffer_free(&members->items);
    zl_buffer_free(&members->slots);
    zl_buffer_free(&members->keys);
    members->count = 0;
}

void zl_members_begin(zl_members *members, size_t text_len) {
    zl_buffer_reset(&members->items);
    zl_buffer_reset(&members->slots);
    zl_buffer_reset(&members->keys);
    members->count = 0;
    members->text_len = text_len;
}

static zl_field *items(const zl_members *members) {
    return (zl_field *)(void *)members->items.data;
}

zl_field zl_members_at(const zl_members *members, size_t index) {
    return items(members)[index];
}

static zl_field *search(const zl_members *members, zl_span key) {
    for (size_t i = 0; i < members->count; i++)
        if (zl_span_equal(items(members)[i].key, key))
            return &items(members)[i];
    return NULL;
}

static uint32_t *slot_of(const zl_members *members, zl_span key) {
    uint32_t *slots = (uint32_t *)(void *)members->slots.data;
    size_t mask = members->slots.len / sizeof *slots - 1;
    size_t at = (size_t)zl_hash(0, key) & mask;

    while (slots[at] > 0 && !zl_span_equal(items(members)[slots[at] - 1].key, key))
        at = (at + 1) & mask;
    return &slots[at];
}

/* Twice as many slots as are needed, at least; all items stand in them anew. */
static int make_table(zl_members *members) {
    size_t count = FIRST_SLOTS;

    while (count < members->count * 4)
        count *= 2;
    zl_buffer_reset(&members->slots);
    zl_buffer_fill(&members->slots, 0, count * sizeof(uint32_t));
    if (members->slots.failed)
        return -1;
    for (size_t i = 0; i < members->count; i++)
        *slot_of(members, items(members)[i].key) = (uint32_t)i + 1;
    return 0;
}

static int append(zl_members *members, zl_span key, zl_span json) {
    zl_field item = {key, json};

    zl_buffer_put(&members->items, &item, sizeof item);
    if (members->items.failed)
        return -1;
    members->count++;
    return 0;
}

static int put(zl_members *members, zl_span key, zl_span json) {
    size_t room = members->slots.len / sizeof(uint32_t) / 2;
    zl_field *same = NULL;
    uint32_t *slot = NULL;

    if (members->count >= SEARCHED && members->count >= room &&
        make_table(members) != 0)
        return -1;
    if (members->count >= SEARCHED)
        slot = slot_of(members, key);
    if (slot)
        same = *slot > 0 ? items(members) + *slot - 1 : NULL;
    else
        same = search(members, key);
    if (same) {
        same->json = json;
        return 0;
    }
    if (append(members, key, json) != 0)
        return -1;
    if (slot)
        *slot = (uint32_t)members->count;
    return 0;
}

int zl_members_put(zl_members *members, zl_span key_raw, zl_span json) {
    size_t start = members->keys.len;

    if (key_raw.len == 0 || !memchr(key_raw.data, '\\', key_raw.len))
        return put(members, key_raw, json);
    /* Room for all at once, so that none ever moves: a key that is unescaped does
     * not grow. */
    zl_buffer_reserve(&members->keys, members->text_len - start);
    if (members->keys.failed || zl_json_unescape(&members->keys, key_raw) != 0)
        return -1;
    return put(members,
               zl_span_make(members->keys.data + start, members->keys.len - start),
               json);
}
