/* SPDX-License-Identifier: BSD-3-Clause */
/* The members of one object that came from anybody, each key once: the last value
 * counts, where the key stood first. However many there are and whatever they are
 * called, each costs the same. Borrows the text; knows no records. */
#ifndef ZL_MEMBERS_H
#define ZL_MEMBERS_H

#include "base/buffer.h"
#include "format/fields.h"

typedef struct zl_members {
    zl_buffer items; /* of zl_field, in order */
    zl_buffer slots; /* of uint32_t: an item's number plus one, 0 where none is */
    zl_buffer keys;  /* those that had escapes */
    size_t count;
    size_t text_len;
} zl_members;

/* Forgets all. The members to come are parts of a text of that length. */
void zl_members_begin(zl_members *members, size_t text_len);
void zl_members_free(zl_members *members);

/* `key_raw` is what stands between the quotes. 0; -1 without memory. */
int zl_members_put(zl_members *members, zl_span key_raw, zl_span json);

zl_field zl_members_at(const zl_members *members, size_t index);

#endif
