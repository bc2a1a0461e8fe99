/* SPDX-License-Identifier: BSD-3-Clause */
/* Last sequence numbers by topic and epoch: a hash table whose entries also
 * stand in a list by age. Knows no records; numbers and topics come from anybody,
 * so memory is bounded. */
#include "receive/gaps.h"
#include "base/hash.h"

#include <stdlib.h>

#define BUCKETS (ZL_GAPS_MAX * 2)
#define NONE (-1)

struct zl_gaps_entry {
    uint64_t hash, epoch, seq;
    char *topic;
    uint32_t topic_len;
    int32_t next; /* in the bucket, or of the spare ones */
    int32_t newer, older;
};

/* More than this are not told apart: all of them together forget everything. */
#define FORGETS_MAX 256

struct zl_gaps_forget {
    zl_gaps_forget *next;
    uint64_t at;
    zl_gaps_scope scope;
    zl_span kept[]; /* what the scope points to; the texts stand behind it */
};

void zl_gaps_init(zl_gaps *gaps) {
    memset(gaps, 0, sizeof *gaps);
    gaps->newest = gaps->oldest = gaps->spare = NONE;
}

static void drop_forgets(zl_gaps *gaps) {
    while (gaps->first_forget) {
        zl_gaps_forget *gone = gaps->first_forget;
        gaps->first_forget = gone->next;
        free(gone);
    }
}

void zl_gaps_free(zl_gaps *gaps) {
    int32_t i;

    drop_forgets(gaps);
    for (i = 0; i < gaps->used; i++)
        free(gaps->entries[i].topic);
    free(gaps->entries);
    free(gaps->buckets);
    zl_gaps_init(gaps);
}

static int make_table(zl_gaps *gaps) {
    size_t i;

    if (gaps->entries)
        return 1;
    gaps->entries = calloc(ZL_GAPS_MAX, sizeof *gaps->entries);
    gaps->buckets = malloc(BUCKETS * sizeof *gaps->buckets);
    if (!gaps->entries || !gaps->buckets) {
        free(gaps->entries);
        free(gaps->buckets);
        gaps->entries = NULL;
        gaps->buckets = NULL;
        return 0;
    }
    for (i = 0; i < BUCKETS; i++)
        gaps->buckets[i] = NONE;
    return 1;
}

static int32_t *bucket_of(const zl_gaps *gaps, uint64_t hash) {
    return &gaps->buckets[hash % BUCKETS];
}

static int32_t find(const zl_gaps *gaps, zl_span topic, uint64_t epoch, uint64_t hash) {
    int32_t i;

    for (i = *bucket_of(gaps, hash); i != NONE; i = gaps->entries[i].next) {
        const zl_gaps_entry *entry = &gaps->entries[i];
        if (entry->hash == hash && entry->epoch == epoch &&
            zl_span_equal(zl_span_make(entry->topic, entry->topic_len), topic))
            return i;
    }
    return NONE;
}

static void unlink_age(zl_gaps *gaps, int32_t index) {
    zl_gaps_entry *entry = &gaps->entries[index];

    if (entry->newer != NONE)
        gaps->entries[entry->newer].older = entry->older;
    else
        gaps->newest = entry->older;
    if (entry->older != NONE)
        gaps->entries[entry->older].newer = entry->newer;
    else
        gaps->oldest = entry->newer;
}

static void link_newest(zl_gaps *gaps, int32_t index) {
    zl_gaps_entry *entry = &gaps->entries[index];

    entry->newer = NONE;
    entry->older = gaps->newest;
    if (gaps->newest != NONE)
        gaps->entries[gaps->newest].newer = index;
    else
        gaps->oldest = index;
    gaps->newest = index;
}

static void drop(zl_gaps *gaps, int32_t index) {
    zl_gaps_entry *entry = &gaps->entries[index];
    int32_t *link = bucket_of(gaps, entry->hash);

    while (*link != index)
        link = &gaps->entries[*link].next;
    *link = entry->next;
    unlink_age(gaps, index);
    free(entry->topic);
    entry->topic = NULL;
    entry->next = gaps->spare;
    gaps->spare = index;
}

static int32_t take_spare(zl_gaps *gaps) {
    int32_t index;

    if (gaps->spare == NONE && gaps->used < ZL_GAPS_MAX)
        return gaps->used++;
    if (gaps->spare == NONE)
        drop(gaps, gaps->oldest);
    index = gaps->spare;
    gaps->spare = gaps->entries[index].next;
    return index;
}

static void add(zl_gaps *gaps, zl_span topic, uint64_t epoch, uint64_t hash,
                uint64_t seq) {
    char *copy = malloc(topic.len + 1);
    int32_t *bucket, index;
    zl_gaps_entry *entry;

    if (!copy)
        return;
    if (topic.len > 0)
        memcpy(copy, topic.data, topic.len);
    index = take_spare(gaps);
    entry = &gaps->entries[index];
    bucket = bucket_of(gaps, hash);
    entry->hash = hash;
    entry->epoch = epoch;
    entry->seq = seq;
    entry->topic = copy;
    entry->topic_len = (uint32_t)topic.len;
    entry->next = *bucket;
    *bucket = index;
    link_newest(gaps, index);
}

zl_gap zl_gaps_see(zl_gaps *gaps, zl_span topic, uint64_t epoch, uint64_t seq,
                   uint64_t *lost) {
    uint64_t hash = zl_hash(epoch, topic);
    zl_gaps_entry *entry;
    int32_t index;

    *lost = 0;
    if (topic.len > ZL_GAPS_TOPIC_MAX_BYTES || !make_table(gaps))
        return ZL_GAP_BASELINE;
    index = find(gaps, topic, epoch, hash);
    if (index == NONE) {
        add(gaps, topic, epoch, hash, seq);
        return ZL_GAP_BASELINE;
    }
    if (index != gaps->newest) {
        unlink_age(gaps, index);
        link_newest(gaps, index);
    }
    entry = &gaps->entries[index];
    if (seq <= entry->seq)
        return ZL_GAP_REPEATED;
    *lost = seq - entry->seq - 1;
    entry->seq = seq;
    return *lost > 0 ? ZL_GAP_LOST : ZL_GAP_NEXT;
}

void zl_gaps_forget_one(zl_gaps *gaps, zl_span topic, uint64_t epoch) {
    int32_t index;

    if (!gaps->entries)
        return;
    index = find(gaps, topic, epoch, zl_hash(epoch, topic));
    if (index != NONE)
        drop(gaps, index);
}

/* Only the last one that does not stand behind the topic can be its beginning. */
static int is_kept(const zl_gaps_scope *scope, zl_span topic) {
    size_t low = 0, high = scope->kept_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zl_span_compare(scope->kept[middle], topic) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && zl_span_is_prefix(scope->kept[low - 1], topic);
}

static void forget(zl_gaps *gaps, const zl_gaps_scope *scope) {
    int32_t index = gaps->newest;

    while (index != NONE) {
        zl_gaps_entry *entry = &gaps->entries[index];
        zl_span topic = zl_span_make(entry->topic, entry->topic_len);
        int32_t older = entry->older;

        if (zl_span_is_prefix(scope->prefix, topic) && !is_kept(scope, topic))
            drop(gaps, index);
        index = older;
    }
}

static zl_span copy_text(char **to, zl_span text) {
    zl_span copy = zl_span_make(*to, text.len);

    if (text.len > 0)
        memcpy(*to, text.data, text.len);
    *to += text.len;
    return copy;
}

static zl_gaps_forget *copy_scope(const zl_gaps_scope *scope) {
    size_t table = scope->kept_count * sizeof(zl_span), texts = scope->prefix.len, i;
    zl_gaps_forget *copy;
    char *to;

    for (i = 0; i < scope->kept_count; i++)
        texts += scope->kept[i].len;
    copy = malloc(sizeof *copy + table + texts);
    if (!copy)
        return NULL;
    to = (char *)copy->kept + table;
    copy->scope.prefix = copy_text(&to, scope->prefix);
    for (i = 0; i < scope->kept_count; i++)
        copy->kept[i] = copy_text(&to, scope->kept[i]);
    copy->scope.kept = copy->kept;
    copy->scope.kept_count = scope->kept_count;
    return copy;
}

static size_t count_forgets(const zl_gaps *gaps) {
    size_t count = 0;
    for (const zl_gaps_forget *at = gaps->first_forget; at; at = at->next)
        count++;
    return count;
}

void zl_gaps_forget_at(zl_gaps *gaps, const zl_gaps_scope *scope, uint64_t at) {
    static const zl_gaps_scope everything;
    zl_gaps_forget *due, **last;

    if (count_forgets(gaps) >= FORGETS_MAX) {
        drop_forgets(gaps);
        scope = &everything;
    }
    due = copy_scope(scope);

    if (!due) {
        zl_gaps_scope all = {scope->prefix, NULL, 0};
        forget(gaps, &all);
        return;
    }
    due->next = NULL;
    due->at = at;
    for (last = &gaps->first_forget; *last; last = &(*last)->next)
        ;
    *last = due;
}

void zl_gaps_forget_due(zl_gaps *gaps, uint64_t reached) {
    while (gaps->first_forget && gaps->first_forget->at <= reached) {
        zl_gaps_forget *due = gaps->first_forget;

        gaps->first_forget = due->next;
        forget(gaps, &due->scope);
        free(due);
    }
}
