/* SPDX-License-Identifier: BSD-3-Clause */
/* What a subscriber is subscribed to: prefixes, levels of a program, and the
 * roots it knows. */
#include "receive/subscriber_internal.h"

#include "name/topic.h"

#include <stdlib.h>

/* ---- the socket follows the interests ---------------------------------- */

/* What the socket is to have, or not: a copy, for the pump looks at nothing that is the
 * application's. */
typedef struct change {
    int wanted, error;
    size_t len;
    char prefix[ZMQLOG_PREFIX_MAX_BYTES];
} change;

typedef struct changes {
    zl_socket *socket;
    size_t count;
    change items[];
} changes;

static zmqlog_status follow(void *owner, void *argument) {
    changes *all = argument;
    (void)owner;
    for (size_t i = 0; i < all->count; i++) {
        change *one = &all->items[i];
        zl_span prefix = zl_span_make(one->prefix, one->len);
        one->error = one->wanted ? zl_socket_subscribe(all->socket, prefix)
                                 : zl_socket_unsubscribe(all->socket, prefix);
    }
    return ZMQLOG_OK;
}

/* Whether the socket's idea of an interest is not what is wanted. */
static int differs(const zmqlog_subscriber *subscriber, const zl_interest *interest) {
    return zl_interest_is_wanted(interest, subscriber->exact) != interest->live;
}

static void write_changes(zmqlog_subscriber *subscriber, changes *all) {
    for (size_t i = 0; i < subscriber->interests.changed_count; i++) {
        const zl_interest *interest = subscriber->interests.changed[i];
        change *one = &all->items[all->count];
        if (!differs(subscriber, interest))
            continue;
        one->wanted = !interest->live;
        one->len = interest->len;
        memcpy(one->prefix, interest->text, interest->len);
        all->count++;
    }
}

/* In the order in which they were written. */
static zmqlog_status read_answers(zmqlog_subscriber *subscriber, const changes *all) {
    zmqlog_status status = ZMQLOG_OK;
    const change *one = all->items;
    for (size_t i = 0; i < subscriber->interests.changed_count; i++) {
        zl_interest *interest = subscriber->interests.changed[i];
        if (!differs(subscriber, interest))
            continue;
        if (one->error)
            status = zl_fail(&subscriber->errors, ZMQLOG_EIO,
                             "libzmq refused a subscription: errno %d", one->error);
        else
            interest->live = one->wanted;
        one++;
    }
    return status;
}

static zmqlog_status tell_pump(zmqlog_subscriber *subscriber) {
    size_t most = subscriber->interests.changed_count;
    zl_command *command =
        zl_command_new(follow, sizeof(changes) + most * sizeof(change), NULL);
    changes *all;
    zmqlog_status status;
    if (!command)
        return zl_fail(&subscriber->errors, ZMQLOG_ENOMEM, "out of memory");
    all = zl_command_argument(command);
    all->socket = subscriber->pump->socket;
    write_changes(subscriber, all);
    status = zl_worker_call(subscriber->pump->worker, command);
    if (status == ZMQLOG_OK)
        status = read_answers(subscriber, all);
    zl_command_release(command);
    return status;
}

/* What comes again some day has no connection with what came until now, unless a
 * shorter prefix still brings all of it, or longer ones some of it. What waits in the
 * queue still has. This is about what the socket brings, byte by byte: what exact
 * matching then passes over is forgotten where that is done. */
static void forget_numbers(zmqlog_subscriber *subscriber, const zl_interest *gone) {
    const zl_interests *interests = &subscriber->interests;
    zl_gaps_scope scope = {zl_span_make(gone->text, gone->len), NULL, 0};
    size_t count = zl_interests_kept(interests, scope.prefix, NULL);
    zl_span *kept = NULL;
    uint64_t due;

    if (zl_interests_cover(interests, scope.prefix, subscriber->exact))
        return;
    if (count > 0)
        kept = malloc(count * sizeof *kept);
    if (kept) {
        scope.kept_count = zl_interests_kept(interests, scope.prefix, kept);
        scope.kept = kept;
    }
    due = zl_pump_position(subscriber->pump) + 1;
    zl_gaps_forget_at(&subscriber->gaps, &scope, due);
    /* With nothing in the queue all that came has been looked at. */
    if (zl_ring_is_empty(&subscriber->pump->ring))
        zl_gaps_reach(&subscriber->gaps, due);
    free(kept);
}

zmqlog_status zl_subscriber_sync(zmqlog_subscriber *subscriber) {
    zl_interests *interests = &subscriber->interests;
    zmqlog_status status = ZMQLOG_OK;
    size_t i;

    for (i = 0; i < interests->changed_count; i++)
        interests->changed[i]->was_live = interests->changed[i]->live;
    if (subscriber->pump && interests->changed_count > 0)
        status = tell_pump(subscriber);
    if (status == ZMQLOG_ECLOSED)
        zl_subscriber_fail_closed(subscriber);
    if (status == ZMQLOG_ENOMEM) /* the socket knows nothing of it; nor do we, then */
        return status;
    for (i = 0; i < interests->changed_count; i++)
        if (interests->changed[i]->was_live && !interests->changed[i]->live)
            forget_numbers(subscriber, interests->changed[i]);
    zl_interests_settle(interests);
    return status;
}

/* ---- prefixes ---------------------------------------------------------- */

static zmqlog_status check_length(zmqlog_subscriber *subscriber, const char *call,
                                  size_t len) {
    return zl_check_range(&subscriber->errors, call, "its length", (int64_t)len, 0,
                          ZMQLOG_PREFIX_MAX_BYTES);
}

static zmqlog_status no_memory(zmqlog_subscriber *subscriber) {
    zl_interests_settle(&subscriber->interests);
    return zl_fail(&subscriber->errors, ZMQLOG_ENOMEM, "out of memory");
}

zmqlog_status zmqlog_subscriber_subscribe(zmqlog_subscriber *subscriber,
                                          const char *prefix) {
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_span span = zl_span_of(prefix);

    if (status == ZMQLOG_OK)
        status = check_length(subscriber, "subscribe", span.len);
    if (status != ZMQLOG_OK)
        return status;
    if (zl_interests_add(&subscriber->interests, span) != 0)
        return no_memory(subscriber);
    status = zl_subscriber_sync(subscriber);
    if (status == ZMQLOG_ENOMEM) {
        zl_interests_remove(&subscriber->interests, span);
        zl_interests_settle(&subscriber->interests);
    }
    return status;
}

zmqlog_status zmqlog_subscriber_unsubscribe(zmqlog_subscriber *subscriber,
                                            const char *prefix) {
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_span span = zl_span_of(prefix);

    if (status != ZMQLOG_OK)
        return status;
    if (zl_interests_remove(&subscriber->interests, span) != 0)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL,
                       "unsubscribe: there is no subscription to \"%s\"",
                       prefix ? prefix : "");
    status = zl_subscriber_sync(subscriber);
    if (status == ZMQLOG_ENOMEM) {
        zl_interests_add(&subscriber->interests, span);
        zl_interests_settle(&subscriber->interests);
    }
    return status;
}

zmqlog_status zmqlog_subscriber_set_exact(zmqlog_subscriber *subscriber, int on) {
    zmqlog_status status = zl_subscriber_check(subscriber);

    if (status == ZMQLOG_OK)
        status = zl_check_range(&subscriber->errors, "set_exact", "on", on, 0, 1);
    if (status != ZMQLOG_OK)
        return status;
    if (subscriber->exact == on)
        return ZMQLOG_OK;
    subscriber->exact = on;
    zl_interests_touch_all(&subscriber->interests);
    status = zl_subscriber_sync(subscriber);
    if (status == ZMQLOG_ENOMEM) {
        subscriber->exact = !on;
        zl_interests_settle(&subscriber->interests);
    }
    return status;
}

/* ---- roots and levels -------------------------------------------------- */

static int knows_root(const zmqlog_subscriber *subscriber, zl_span root) {
    size_t i;

    for (i = 0; i < subscriber->root_count; i++)
        if (zl_span_equal(subscriber->roots[i], root))
            return 1;
    return 0;
}

static zmqlog_status add_root(zmqlog_subscriber *subscriber, zl_span root) {
    zl_span *grown;
    char *copy;

    if (knows_root(subscriber, root))
        return ZMQLOG_OK;
    if (subscriber->root_count == ZL_ROOTS_MAX)
        return zl_fail(&subscriber->errors, ZMQLOG_ELIMIT, "over %d root topics",
                       ZL_ROOTS_MAX);
    grown = realloc(subscriber->roots, (subscriber->root_count + 1) * sizeof *grown);
    copy = malloc(root.len + 1);
    if (grown)
        subscriber->roots = grown;
    if (!grown || !copy) {
        free(copy);
        return no_memory(subscriber);
    }
    if (root.len > 0)
        memcpy(copy, root.data, root.len);
    subscriber->roots[subscriber->root_count++] = zl_span_make(copy, root.len);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_add_root(zmqlog_subscriber *subscriber,
                                         const char *root) {
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_span span = zl_span_of(root);

    if (status == ZMQLOG_OK)
        status = check_length(subscriber, "add_root", span.len);
    return status == ZMQLOG_OK ? add_root(subscriber, span) : status;
}

/* Three for each level, what it is called here, by default and by Python, and the
 * aliases. */
#define PREFIXES_MAX (3 * ZMQLOG_GATE_BYTES + 32)

/* The prefixes of one call, packed as NUL-terminated strings. */
typedef struct level_prefixes {
    char text[PREFIXES_MAX][ZMQLOG_PREFIX_MAX_BYTES + 1];
    int count;
} level_prefixes;

static int put_prefix(level_prefixes *out, zl_span root, const char *name) {
    size_t name_len = strlen(name), dot = root.len > 0;
    char *to = out->text[out->count];

    if (root.len + dot + name_len > ZMQLOG_PREFIX_MAX_BYTES ||
        out->count == PREFIXES_MAX)
        return -1;
    if (root.len > 0)
        memcpy(to, root.data, root.len);
    if (dot)
        to[root.len] = '.';
    memcpy(to + root.len + dot, name, name_len + 1);
    out->count++;
    return 0;
}

static int spell_levels(level_prefixes *out, const zl_level_names *names, zl_span root,
                        int min_level) {
    int level, i;

    out->count = 0;
    for (level = min_level; level <= ZMQLOG_LEVEL_MAX; level++) {
        const char *spellings[ZL_LEVEL_SPELLINGS_MAX];
        int count = zl_level_spellings(names, level, spellings);

        for (i = 0; i < count; i++)
            if (put_prefix(out, root, spellings[i]) != 0)
                return -1;
    }
    return 0;
}

static zmqlog_status add_all(zmqlog_subscriber *subscriber, const level_prefixes *all) {
    zmqlog_status status = ZMQLOG_OK;
    int added = 0;

    while (added < all->count && status == ZMQLOG_OK)
        if (zl_interests_add(&subscriber->interests, zl_span_of(all->text[added])) == 0)
            added++;
        else
            status = ZMQLOG_ENOMEM;
    if (status == ZMQLOG_OK)
        status = zl_subscriber_sync(subscriber);
    if (status != ZMQLOG_ENOMEM)
        return status;
    while (added-- > 0)
        zl_interests_remove(&subscriber->interests, zl_span_of(all->text[added]));
    return no_memory(subscriber);
}

zmqlog_status zmqlog_subscriber_subscribe_level(zmqlog_subscriber *subscriber,
                                                const char *root, int min_level) {
    zmqlog_status status = zl_subscriber_check(subscriber);
    zl_span span = zl_span_of(root);
    level_prefixes all;

    if (status == ZMQLOG_OK)
        status = zl_check_range(&subscriber->errors, "subscribe_level", "min_level",
                                min_level, ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX);
    if (status != ZMQLOG_OK)
        return status;
    if (spell_levels(&all, &subscriber->names, span, min_level) != 0)
        return zl_fail(
            &subscriber->errors, ZMQLOG_EINVAL,
            "subscribe_level: a root topic of %zu bytes leaves no room for a "
            "level: prefixes "
            "have at most %d bytes",
            span.len, ZMQLOG_PREFIX_MAX_BYTES);
    status = add_root(subscriber, span);
    return status == ZMQLOG_OK ? add_all(subscriber, &all) : status;
}
