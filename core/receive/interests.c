/* SPDX-License-Identifier: BSD-3-Clause */
/* The set of prefixes, sorted, so that a topic is matched by looking up its own
 * beginnings. Knows no socket: it only remembers what changed. */
#include "receive/interests.h"

#include <stdlib.h>

void zl_interests_init(zl_interests *set) {
    memset(set, 0, sizeof *set);
}

void zl_interests_free(zl_interests *set) {
    size_t i;

    for (i = 0; i < set->count; i++)
        free(set->items[i]);
    free(set->items);
    free(set->changed);
    zl_interests_init(set);
}

static zl_span span_of(const zl_interest *interest) {
    return zl_span_make(interest->text, interest->len);
}

/* Where the prefix stands, or would have to. */
static size_t place_of(const zl_interests *set, zl_span prefix) {
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zl_span_compare(span_of(set->items[middle]), prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static zl_interest *find(const zl_interests *set, zl_span prefix) {
    size_t place = place_of(set, prefix);

    if (place == set->count || !zl_span_equal(span_of(set->items[place]), prefix))
        return NULL;
    return set->items[place];
}

/* The same prefix with WARN for WARNING or WARNING for WARN in the first segment
 * that is either; its length, or 0 when there is none or it would be too long. */
static size_t spell_otherwise(zl_span prefix, char out[ZMQLOG_PREFIX_MAX_BYTES]) {
    size_t start = 0;

    while (start < prefix.len) {
        const char *segment = prefix.data + start;
        const char *dot = memchr(segment, '.', prefix.len - start);
        size_t len = dot ? (size_t)(dot - segment) : prefix.len - start;
        zl_span other = {NULL, 0};
        zl_span name = zl_span_make(segment, len);

        if (zl_span_equal(name, zl_span_of("WARN")))
            other = zl_span_of("WARNING");
        else if (zl_span_equal(name, zl_span_of("WARNING")))
            other = zl_span_of("WARN");
        if (other.len > 0) {
            size_t rest = prefix.len - start - len;
            if (start + other.len + rest > ZMQLOG_PREFIX_MAX_BYTES)
                return 0;
            memcpy(out, prefix.data, start);
            memcpy(out + start, other.data, other.len);
            memcpy(out + start + other.len, segment + len, rest);
            return start + other.len + rest;
        }
        start += len + 1;
    }
    return 0;
}

static int make_room(zl_interest ***items, size_t *capacity, size_t needed) {
    size_t more = *capacity ? *capacity * 2 : 16;
    zl_interest **grown;

    if (needed <= *capacity)
        return 0;
    while (more < needed)
        more *= 2;
    grown = realloc(*items, more * sizeof *grown);
    if (!grown)
        return -1;
    *items = grown;
    *capacity = more;
    return 0;
}

/* The item of this prefix, made when it is not there. */
static zl_interest *obtain(zl_interests *set, zl_span prefix) {
    size_t place = place_of(set, prefix);
    zl_interest *item = find(set, prefix);

    if (item || make_room(&set->items, &set->capacity, set->count + 1) != 0)
        return item;
    item = calloc(1, sizeof *item + prefix.len);
    if (!item)
        return NULL;
    item->len = (uint32_t)prefix.len;
    if (prefix.len > 0)
        memcpy(item->text, prefix.data, prefix.len);
    memmove(set->items + place + 1, set->items + place,
            (set->count - place) * sizeof *set->items);
    set->items[place] = item;
    set->count++;
    return item;
}

/* There is room for every item. */
static void note_change(zl_interests *set, zl_interest *item) {
    if (item->is_changed)
        return;
    item->is_changed = 1;
    set->changed[set->changed_count++] = item;
}

int zl_interests_add(zl_interests *set, zl_span prefix) {
    char text[ZMQLOG_PREFIX_MAX_BYTES];
    zl_span other = zl_span_make(text, spell_otherwise(prefix, text));
    zl_interest *item, *alias = NULL;

    if (make_room(&set->changed, &set->changed_capacity, set->count + 2) != 0)
        return -1;
    item = obtain(set, prefix);
    if (item)
        note_change(set, item); /* settling removes what stays without refs */
    if (item && other.len > 0)
        alias = obtain(set, other);
    if (!item || (other.len > 0 && !alias))
        return -1;
    item->refs++;
    if (alias) {
        alias->aliases++;
        note_change(set, alias);
    }
    return 0;
}

int zl_interests_remove(zl_interests *set, zl_span prefix) {
    char text[ZMQLOG_PREFIX_MAX_BYTES];
    zl_span other = zl_span_make(text, spell_otherwise(prefix, text));
    zl_interest *item = find(set, prefix);
    zl_interest *alias = other.len > 0 ? find(set, other) : NULL;

    if (!item || item->refs == 0)
        return -1;
    item->refs--;
    note_change(set, item);
    if (alias) {
        alias->aliases--;
        note_change(set, alias);
    }
    return 0;
}

void zl_interests_touch_all(zl_interests *set) {
    size_t i;

    for (i = 0; i < set->count; i++)
        note_change(set, set->items[i]);
}

void zl_interests_settle(zl_interests *set) {
    size_t i;

    for (i = 0; i < set->changed_count; i++) {
        zl_interest *item = set->changed[i];
        size_t place;

        item->is_changed = 0;
        if (item->refs > 0 || item->aliases > 0)
            continue;
        place = place_of(set, span_of(item));
        set->count--;
        memmove(set->items + place, set->items + place + 1,
                (set->count - place) * sizeof *set->items);
        free(item);
    }
    set->changed_count = 0;
}

int zl_interests_cover(const zl_interests *set, zl_span prefix, int exact) {
    size_t len;

    for (len = 0; len < prefix.len; len++) {
        const zl_interest *item = find(set, zl_span_make(prefix.data, len));
        if (item && zl_interest_is_wanted(item, exact))
            return 1;
    }
    return 0;
}

static int has_stayed(const zl_interest *item) {
    return item->live && (!item->is_changed || item->was_live);
}

size_t zl_interests_kept(const zl_interests *set, zl_span prefix, zl_span *out) {
    zl_span last = {NULL, 0};
    size_t i, count = 0;

    for (i = place_of(set, prefix); i < set->count; i++) {
        zl_span text = span_of(set->items[i]);

        if (!zl_span_is_prefix(prefix, text))
            break;
        if (!has_stayed(set->items[i]) || (count > 0 && zl_span_is_prefix(last, text)))
            continue;
        last = text;
        if (out)
            out[count] = text;
        count++;
    }
    return count;
}

static int ends_segment(zl_span topic, size_t len) {
    return len == 0 || len >= topic.len || topic.data[len] == '.' ||
           topic.data[len - 1] == '.';
}

static int match(const zl_interests *set, zl_span topic, int exact) {
    size_t most =
        topic.len < ZMQLOG_PREFIX_MAX_BYTES ? topic.len : ZMQLOG_PREFIX_MAX_BYTES;

    for (size_t len = 0; len <= most; len++) {
        const zl_interest *item;

        if (exact && !ends_segment(topic, len))
            continue;
        item = find(set, zl_span_make(topic.data, len));
        if (item && zl_interest_is_wanted(item, exact))
            return 1;
    }
    return 0;
}

int zl_interests_match(const zl_interests *set, zl_span topic) {
    return match(set, topic, 0);
}

int zl_interests_match_exactly(const zl_interests *set, zl_span topic) {
    return match(set, topic, 1);
}
