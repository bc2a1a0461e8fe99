/* SPDX-License-Identifier: BSD-3-Clause */
/* Following all programs from a level up. A publisher that says hello gets exact
 * subscriptions. While there are publishers that do not, everything is subscribed to.
 * This runs on the pump's thread, so that no publisher waits for the application. */
#include "receive/pump_internal.h"

#include "base/clock.h"

static void subscribe(zl_span prefix, void *context) {
    zl_pump *pump = context;
    zl_socket_subscribe(pump->socket, prefix);
}

static void unsubscribe(zl_span prefix, void *context) {
    zl_pump *pump = context;
    zl_socket_unsubscribe(pump->socket, prefix);
}

/* Whether everything is subscribed to, for publishers that do not say hello. */
static void take_everything(zl_pump *pump, int on) {
    if (on == pump->takes_everything)
        return;
    pump->takes_everything = on;
    atomic_store(&pump->options.counts->strangers, (uint64_t)on);
    if (on)
        zl_socket_subscribe(pump->socket, zl_span_make("", 0));
    else
        zl_socket_unsubscribe(pump->socket, zl_span_make("", 0));
    zl_alert_news(pump->options.alert);
}

void zl_pump_look_for_strangers(zl_pump *pump) {
    if (pump->min_level == 0)
        return;
    take_everything(pump, pump->has_too_many || zl_socket_strange_ns(pump->socket) <=
                                                    zl_clock_monotonic_ns());
}

int zl_pump_strangers_due_ms(const zl_pump *pump) {
    if (pump->min_level == 0 || pump->takes_everything)
        return -1;
    return zl_clock_left_ms(zl_socket_strange_ns(pump->socket));
}

void zl_pump_hear(zl_pump *pump) {
    zl_program *program;
    zl_hello heard;
    pthread_mutex_lock(&pump->programs_lock);
    heard = zl_programs_hear(&pump->programs, pump->body, &program);
    pthread_mutex_unlock(&pump->programs_lock);
    if (heard == ZL_HELLO_BAD)
        pump->has_too_many |= pump->programs.count == ZL_PROGRAMS_MAX;
    else
        zl_socket_know_sender(pump->socket);
    if (heard == ZL_HELLO_NEW)
        zl_program_prefixes(program, pump->min_level, subscribe, pump);
    zl_pump_look_for_strangers(pump);
}

static void use_all(zl_pump *pump, void (*use)(zl_span prefix, void *context)) {
    for (size_t i = 0; i < pump->programs.count; i++)
        zl_program_prefixes(pump->programs.items[i], pump->min_level, use, pump);
}

typedef struct wish {
    zl_pump *pump;
    int min_level;
} wish;

static zmqlog_status follow(void *owner, void *argument) {
    const wish *wanted = argument;
    zl_pump *pump = wanted->pump;
    int is_first = pump->min_level == 0;
    (void)owner;
    if (!is_first)
        use_all(pump, unsubscribe);
    pump->min_level = wanted->min_level;
    use_all(pump, subscribe);
    if (is_first)
        zl_socket_subscribe(pump->socket, zl_span_of(ZL_ASKS_HELLO));
    return ZMQLOG_OK;
}

zmqlog_status zl_pump_follow_all(zl_pump *pump, int min_level) {
    wish wanted = {pump, min_level};
    return zl_worker_do(pump->worker, follow, &wanted, sizeof wanted);
}

int zl_pump_parse(zl_pump *pump, zl_span topic, zl_topic_parts *parts) {
    int found;
    pthread_mutex_lock(&pump->programs_lock);
    found = zl_programs_parse(&pump->programs, topic, parts);
    pthread_mutex_unlock(&pump->programs_lock);
    return found;
}
