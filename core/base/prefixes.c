/* SPDX-License-Identifier: BSD-3-Clause */
/* The ordered set of prefixes and holders. All prefixes of a text sort before it, and
 * whatever sorts between one of them and the text begins with it too: so the neighbour
 * below a text tells which of its prefixes can be there. */
#include "base/prefixes.h"

#include <stdlib.h>

/* Sorts before and behind the holders that exist. */
#define FIRST_HOLDER ((uintptr_t)0)
#define LAST_HOLDER UINTPTR_MAX

void zl_prefixes_init(zl_prefixes *prefixes) {
    memset(prefixes, 0, sizeof *prefixes);
    prefixes->random = 2463534242u;
}

static int compare(const zl_prefix *prefix, zl_span text, uintptr_t holder) {
    int order = zl_span_compare(zl_prefix_text(prefix), text);
    uintptr_t own = (uintptr_t)prefix->holder;
    if (order != 0)
        return order;
    return own < holder ? -1 : own > holder;
}

/* The last one that does not sort behind the text. */
static zl_prefix *find_below(const zl_prefixes *prefixes, zl_span text) {
    zl_prefix *found = NULL, *at = prefixes->root;
    while (at) {
        int behind = compare(at, text, LAST_HOLDER) > 0;
        if (!behind)
            found = at;
        at = behind ? at->left : at->right;
    }
    return found;
}

/* The first one that does not sort before the text. */
static zl_prefix *find_above(const zl_prefixes *prefixes, zl_span text) {
    zl_prefix *found = NULL, *at = prefixes->root;
    while (at) {
        int before = compare(at, text, FIRST_HOLDER) < 0;
        if (!before)
            found = at;
        at = before ? at->right : at->left;
    }
    return found;
}

static int is_held(const zl_prefixes *prefixes, zl_span text) {
    const zl_prefix *at = find_below(prefixes, text);
    return at && zl_span_equal(zl_prefix_text(at), text);
}

zl_prefix *zl_prefixes_find(const zl_prefixes *prefixes, const zl_prefix_holder *holder,
                            zl_span prefix) {
    zl_prefix *at = prefixes->root;
    int order;
    while (at && (order = compare(at, prefix, (uintptr_t)holder)) != 0)
        at = order < 0 ? at->right : at->left;
    return at;
}

static void split(zl_prefix *from, const zl_prefix *at, zl_prefix **left,
                  zl_prefix **right) {
    zl_span text = zl_prefix_text(at);
    while (from) {
        if (compare(from, text, (uintptr_t)at->holder) < 0) {
            *left = from;
            left = &from->right;
            from = from->right;
        } else {
            *right = from;
            right = &from->left;
            from = from->left;
        }
    }
    *left = *right = NULL;
}

static zl_prefix *merge(zl_prefix *left, zl_prefix *right) {
    zl_prefix *root, **to = &root;
    while (left && right) {
        if (left->priority > right->priority) {
            *to = left;
            to = &left->right;
            left = left->right;
        } else {
            *to = right;
            to = &right->left;
            right = right->left;
        }
    }
    *to = left ? left : right;
    return root;
}

/* Mixed with addresses, which a stranger does not know. */
static uint32_t next_priority(zl_prefixes *prefixes, uintptr_t address) {
    uint32_t x = prefixes->random ^ (uint32_t)(address >> 4);
    x = x ? x : 1;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return prefixes->random = x;
}

static zl_prefix *make(zl_prefixes *prefixes, zl_prefix_holder *holder, zl_span text) {
    zl_prefix *prefix = malloc(sizeof *prefix + text.len);
    if (!prefix)
        return NULL;
    prefix->priority = next_priority(prefixes, (uintptr_t)prefix);
    prefix->times = 1;
    prefix->holder = holder;
    prefix->len = text.len;
    if (text.len)
        memcpy(prefix->data, text.data, text.len);
    return prefix;
}

static void hold(zl_prefix_holder *holder, zl_prefix *prefix) {
    prefix->next = holder->first;
    prefix->link = &holder->first;
    if (prefix->next)
        prefix->next->link = &prefix->next;
    holder->first = prefix;
    holder->count++;
    holder->bytes += prefix->len;
}

static void let_go(zl_prefix *prefix) {
    *prefix->link = prefix->next;
    if (prefix->next)
        prefix->next->link = prefix->link;
    prefix->holder->count--;
    prefix->holder->bytes -= prefix->len;
}

static void tell(zl_prefixes *prefixes, zl_span text, int is_there) {
    prefixes->generation++;
    if (prefixes->changed)
        prefixes->changed(prefixes->context, text, is_there);
}

int zl_prefixes_add(zl_prefixes *prefixes, zl_prefix_holder *holder, zl_span text) {
    zl_prefix **link = &prefixes->root;
    zl_prefix *prefix = zl_prefixes_find(prefixes, holder, text);
    if (prefix) {
        prefix->times++;
        return 0;
    }
    prefix = make(prefixes, holder, text);
    if (!prefix)
        return -1;
    if (!is_held(prefixes, text)) {
        prefixes->distinct++;
        tell(prefixes, text, 1);
    }
    while (*link && (*link)->priority > prefix->priority)
        link = compare(*link, text, (uintptr_t)holder) < 0 ? &(*link)->right
                                                           : &(*link)->left;
    split(*link, prefix, &prefix->left, &prefix->right);
    *link = prefix;
    hold(holder, prefix);
    return 1;
}

void zl_prefixes_remove(zl_prefixes *prefixes, zl_prefix *prefix) {
    zl_span text = zl_prefix_text(prefix);
    zl_prefix **link = &prefixes->root;
    while (*link != prefix)
        link = compare(*link, text, (uintptr_t)prefix->holder) < 0 ? &(*link)->right
                                                                   : &(*link)->left;
    *link = merge(prefix->left, prefix->right);
    let_go(prefix);
    if (!is_held(prefixes, text)) {
        prefixes->distinct--;
        tell(prefixes, text, 0);
    }
    free(prefix);
}

void zl_prefixes_drop(zl_prefixes *prefixes, zl_prefix_holder *holder) {
    while (holder->first)
        zl_prefixes_remove(prefixes, holder->first);
}

static size_t shared_len(zl_span a, zl_span b) {
    size_t len = a.len < b.len ? a.len : b.len, i = 0;
    while (i < len && a.data[i] == b.data[i])
        i++;
    return i;
}

/* The longest prefix of the topic; of its holders the last one. If the neighbour below
 * is no prefix, one can only be within what the two have in common. */
static const zl_prefix *find_longest(const zl_prefixes *prefixes, zl_span topic) {
    const zl_prefix *below;
    while ((below = find_below(prefixes, topic)) != NULL) {
        if (zl_span_is_prefix(zl_prefix_text(below), topic))
            return below;
        topic.len = shared_len(zl_prefix_text(below), topic);
    }
    return NULL;
}

void zl_prefixes_go_blind(zl_prefixes *prefixes) {
    prefixes->is_blind = 1;
    tell(prefixes, zl_span_of(""), 1);
}

int zl_prefixes_match(const zl_prefixes *prefixes, zl_span topic) {
    return prefixes->is_blind || find_longest(prefixes, topic) != NULL;
}

int zl_prefixes_match_from(const zl_prefixes *prefixes, zl_span topic, size_t least) {
    const zl_prefix *longest = find_longest(prefixes, topic);
    return longest && longest->len >= least;
}

int zl_prefixes_holders(const zl_prefixes *prefixes, zl_span topic) {
    const zl_prefix_holder *seen = NULL;
    const zl_prefix *longest;
    while ((longest = find_longest(prefixes, topic)) != NULL) {
        zl_span text = zl_prefix_text(longest);
        if (find_above(prefixes, text) != longest || (seen && longest->holder != seen))
            return 2;
        seen = longest->holder;
        if (text.len == 0)
            break;
        topic.len = text.len - 1;
    }
    return seen != NULL;
}

int zl_prefixes_any_under(const zl_prefixes *prefixes, zl_span stem) {
    const zl_prefix *above = find_above(prefixes, stem);
    return prefixes->is_blind ||
           (above && zl_span_is_prefix(stem, zl_prefix_text(above)));
}

int zl_prefix_holder_matches(const zl_prefix_holder *holder, zl_span topic) {
    for (const zl_prefix *at = holder->first; at; at = at->next)
        if (zl_span_is_prefix(zl_prefix_text(at), topic))
            return 1;
    return 0;
}
