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

static void follow_program(zl_pump *pump, zl_program *program) {
    zl_program_socket socket = {subscribe, unsubscribe, pump};
    zl_program_follow(&pump->programs, program, pump->min_level, &socket);
}

/* Whether everything is subscribed to: for publishers that do not say hello, and when
 * there is no room for all that say it. */
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
    take_everything(pump,
                    pump->programs.left_out ||
                        zl_socket_strange_ns(pump->socket) <= zl_clock_monotonic_ns());
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
    if (heard != ZL_HELLO_BAD)
        zl_socket_know_sender(pump->socket);
    if (heard == ZL_HELLO_NEW)
        follow_program(pump, program);
    zl_pump_look_for_strangers(pump);
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
    pump->min_level = wanted->min_level;
    for (size_t i = 0; i < pump->programs.count; i++)
        follow_program(pump, pump->programs.items[i]);
    if (is_first)
        zl_socket_subscribe(pump->socket, zl_span_of(ZL_ASKS_HELLO));
    return ZMQLOG_OK;
}

zmqlog_status zl_pump_follow_all(zl_pump *pump, int min_level) {
    wish wanted = {pump, min_level};
    return zl_worker_do(pump->worker, NULL, follow, &wanted, sizeof wanted);
}

int zl_pump_parse(zl_pump *pump, zl_span topic, zl_topic_parts *parts) {
    int found;
    pthread_mutex_lock(&pump->programs_lock);
    found = zl_programs_parse(&pump->programs, topic, parts);
    pthread_mutex_unlock(&pump->programs_lock);
    return found;
}
