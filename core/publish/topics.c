/* SPDX-License-Identifier: BSD-3-Clause */
/* A chained hash table whose entries also form a list by time of use. */
#include "publish/topics.h"

#include "base/clock.h"

#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

static uint64_t mix(uint64_t x) {
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

zl_topics *zl_topics_new(void) {
    zl_topics *topics = calloc(1, sizeof *topics);
    if (!topics)
        return NULL;
    if (getrandom(&topics->next_epoch, sizeof topics->next_epoch, GRND_NONBLOCK) !=
        (ssize_t)sizeof topics->next_epoch)
        topics->next_epoch =
            mix((uint64_t)zl_clock_realtime_ns()) ^ mix((uint64_t)getpid());
    return topics;
}

void zl_topics_free(zl_topics *topics) {
    if (!topics)
        return;
    for (zl_topic *topic = topics->newest, *older; topic; topic = older) {
        older = topic->older;
        free(topic);
    }
    free(topics);
}

static uint32_t hash_of(zl_span text) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * 16777619u;
    return hash;
}

static void unlink_use(zl_topics *topics, zl_topic *topic) {
    *(topic->newer ? &topic->newer->older : &topics->newest) = topic->older;
    *(topic->older ? &topic->older->newer : &topics->oldest) = topic->newer;
}

static void link_newest(zl_topics *topics, zl_topic *topic) {
    topic->newer = NULL;
    topic->older = topics->newest;
    *(topics->newest ? &topics->newest->newer : &topics->oldest) = topic;
    topics->newest = topic;
}

static void evict_oldest(zl_topics *topics) {
    zl_topic *topic = topics->oldest;
    zl_topic **at = &topics->bucket[topic->hash % ZL_TOPICS_MAX];
    while (*at != topic)
        at = &(*at)->chain;
    *at = topic->chain;
    unlink_use(topics, topic);
    topics->count--;
    free(topic);
}

static zl_topic *make(zl_topics *topics, zl_span text, uint32_t hash) {
    zl_topic *topic = malloc(sizeof *topic + text.len);
    if (!topic)
        return NULL;
    memset(topic, 0, sizeof *topic);
    topic->hash = hash;
    topic->len = (uint16_t)text.len;
    if (text.len)
        memcpy(topic->text, text.data, text.len);
    topics->next_epoch += UINT64_C(0x9e3779b97f4a7c15);
    topic->epoch = mix(topics->next_epoch);
    if (topics->count == ZL_TOPICS_MAX)
        evict_oldest(topics);
    topic->chain = topics->bucket[hash % ZL_TOPICS_MAX];
    topics->bucket[hash % ZL_TOPICS_MAX] = topic;
    topics->count++;
    link_newest(topics, topic);
    return topic;
}

zl_topic *zl_topics_get(zl_topics *topics, zl_span text) {
    uint32_t hash = hash_of(text);
    zl_topic *topic = topics->bucket[hash % ZL_TOPICS_MAX];
    while (topic && !(topic->hash == hash &&
                      zl_span_equal(zl_span_make(topic->text, topic->len), text)))
        topic = topic->chain;
    if (!topic)
        return make(topics, text, hash);
    if (topic != topics->newest) {
        unlink_use(topics, topic);
        link_newest(topics, topic);
    }
    return topic;
}
