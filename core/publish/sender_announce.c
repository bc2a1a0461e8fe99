/* SPDX-License-Identifier: BSD-3-Clause */
/* The control plane: hello for each new subscription that asks for it, stats once a
 * second while one is live. Decides when; what they say is sender_report.c.
 * They are not records of the program, so no counter includes them. */
#include "publish/sender.h"

#include "base/clock.h"

#include <errno.h>

#define STATS_EVERY_NS INT64_C(1000000000)
/* A listener was full; looked at again so soon. */
#define RETRY_NS INT64_C(20000000)
/* So long one full listener may keep hello from the others. */
#define PATIENCE_NS INT64_C(100000000)

typedef struct lone {
    const zl_prefixes *prefixes;
    zl_span topic;
    int is_there;
} lone;

static zl_span topic_of(const zl_sender *sender, const char *stem,
                        char text[ZMQLOG_TOPIC_MAX_BYTES]) {
    zl_span parts[] = {zl_span_of(stem), sender->composer.root};
    int cut = 0;
    return zl_span_make(text, zl_topic_join(text, parts, 2, &cut));
}

/* A subscription to "" or "zmq" takes what others ask for, and asks for nothing. */
static int is_asked_for(const zl_sender *sender, const char *stem) {
    char text[ZMQLOG_TOPIC_MAX_BYTES];
    return zl_prefixes_match_from(&sender->listeners.prefixes,
                                  topic_of(sender, stem, text), strlen(stem));
}

/* Whether it takes hello, and a record that nobody else takes. */
static void find_lone(const zl_listener *listener, void *context) {
    lone *all = context;
    const zl_prefix *at = listener->prefixes.first;
    if (!zl_prefix_holder_matches(&listener->prefixes, all->topic))
        return;
    for (; at && !all->is_there; at = at->next)
        all->is_there = zl_prefixes_holders(all->prefixes, zl_prefix_text(at)) < 2;
}

/* libzmq skips a listener from then on until it has drained, so it loses records, too:
 * only where the policy would drop them for its sake, and count it. */
static int may_skip_full(zl_sender *sender, zl_span topic, int64_t now) {
    zl_asked *asked = &sender->asked;
    lone all = {&sender->listeners.prefixes, topic, 0};
    if (asked->full_ns == 0)
        asked->full_ns = now;
    if (now - asked->full_ns < PATIENCE_NS ||
        sender->queue->policy == ZMQLOG_OVERFLOW_BLOCK)
        return 0;
    zl_listeners_each(&sender->listeners, find_lone, &all);
    return !all.is_there;
}

/* 0 when it is dealt with, EAGAIN when a listener is full. */
static int say(zl_sender *sender, const char *stem,
               void (*report)(zl_sender *sender, zl_buffer *out), int64_t now) {
    zl_buffer *body = &sender->asked.body;
    char text[ZMQLOG_TOPIC_MAX_BYTES];
    zl_span topic = topic_of(sender, stem, text);
    zl_buffer_reset(body);
    report(sender, body);
    if (body->failed ||
        zl_socket_send(sender->socket, topic, zl_buffer_span(body), 0) != EAGAIN)
        return 0;
    zl_listeners_observe(&sender->listeners, topic, now);
    return EAGAIN;
}

static int say_hello(zl_sender *sender, int64_t now) {
    zl_asked *asked = &sender->asked;
    char text[ZMQLOG_TOPIC_MAX_BYTES];
    zl_span topic = topic_of(sender, ZL_ASKS_HELLO, text);
    int error = say(sender, ZL_ASKS_HELLO, zl_sender_report_hello, now);
    if (error == EAGAIN && may_skip_full(sender, topic, now)) {
        zl_count_slow(sender->counters, ZMQLOG_LEVEL_INFO);
        error = zl_socket_send(sender->socket, topic, zl_buffer_span(&asked->body), 1);
    }
    if (error != EAGAIN)
        asked->full_ns = 0;
    return error;
}

static void follow(zl_sender *sender) {
    zl_asked *asked = &sender->asked;
    uint64_t requests = sender->listeners.requests;
    if (asked->generation != sender->listeners.prefixes.generation) {
        asked->generation = sender->listeners.prefixes.generation;
        asked->wants_hello = is_asked_for(sender, ZL_ASKS_HELLO);
        asked->wants_stats = is_asked_for(sender, ZL_ASKS_STATS);
    }
    if (asked->requests != requests)
        asked->owes_hello = 1;
    asked->requests = requests;
    asked->owes_hello &= asked->wants_hello;
    if (!asked->owes_hello)
        asked->full_ns = 0;
}

void zl_sender_owe_hello(zl_sender *sender) {
    if (!sender->options.announce)
        return;
    sender->asked.generation = UINT64_MAX; /* of another topic */
    sender->asked.owes_hello = 1;
}

int64_t zl_sender_announce_due_ns(const zl_sender *sender) {
    const zl_asked *asked = &sender->asked;
    int64_t hello = asked->owes_hello ? asked->hello_ns : INT64_MAX;
    int64_t stats = asked->wants_stats ? asked->stats_ns : INT64_MAX;
    return hello < stats ? hello : stats;
}

static void say_what_is_due(zl_sender *sender, int64_t now) {
    zl_asked *asked = &sender->asked;
    if (asked->owes_hello && now >= asked->hello_ns) {
        asked->owes_hello = say_hello(sender, now) == EAGAIN;
        asked->hello_ns = asked->owes_hello ? now + RETRY_NS : 0;
    }
    if (asked->wants_stats && now >= asked->stats_ns) {
        int64_t next = asked->stats_ns + STATS_EVERY_NS;
        say(sender, ZL_ASKS_STATS, zl_sender_report_stats, now);
        asked->stats_ns = next > now ? next : now + STATS_EVERY_NS;
    }
}

void zl_sender_announce(zl_sender *sender) {
    if (!sender->options.announce)
        return;
    follow(sender);
    if (sender->asked.owes_hello || sender->asked.wants_stats)
        say_what_is_due(sender, zl_clock_monotonic_ns());
}
