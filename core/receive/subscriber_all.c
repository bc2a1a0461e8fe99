/* SPDX-License-Identifier: BSD-3-Clause */
/* All programs from a level on: asking for it, and what of what comes is meant. */
#include "receive/subscriber_internal.h"

#include "thread/cancel.h"

zmqlog_status zl_subscriber_follow_all(zmqlog_subscriber *subscriber) {
    zmqlog_status status = ZMQLOG_OK;
    if (subscriber->pump && subscriber->all_from)
        status = zl_pump_follow_all(subscriber->pump, subscriber->all_from);
    if (status == ZMQLOG_ECLOSED)
        zl_subscriber_fail_closed(subscriber);
    if (status == ZMQLOG_ENOMEM)
        zl_fail(&subscriber->errors, status, "out of memory");
    return status;
}

zmqlog_status zmqlog_subscriber_subscribe_all(zmqlog_subscriber *subscriber,
                                              int min_level) {
    ZL_UNCANCELLED;
    zmqlog_status status = zl_subscriber_check(subscriber);
    int before;
    if (status == ZMQLOG_OK)
        status = zl_check_range(&subscriber->errors, "subscribe_all", "min_level",
                                min_level, ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX);
    if (status != ZMQLOG_OK)
        return status;
    before = subscriber->all_from;
    subscriber->all_from = min_level;
    status = zl_subscriber_follow_all(subscriber);
    if (status != ZMQLOG_OK)
        subscriber->all_from = before;
    return status;
}

static int is_told(const zmqlog_subscriber *subscriber, zl_span topic) {
    return subscriber->exact ? zl_interests_match_exactly(&subscriber->interests, topic)
                             : zl_interests_match(&subscriber->interests, topic);
}

int zl_subscriber_wants(const zmqlog_subscriber *subscriber, zl_span topic) {
    zl_topic_parts parts;
    if (subscriber->all_from == 0)
        return is_told(subscriber, topic);
    if (subscriber->interests.count > 0 && is_told(subscriber, topic))
        return 1;
    if (zl_span_is_prefix(zl_span_of(ZL_CONTROL_STEM), topic))
        return 0;
    parts = zl_subscriber_parse(subscriber, topic);
    return parts.level >= subscriber->all_from;
}

zl_topic_parts zl_subscriber_parse(const zmqlog_subscriber *subscriber, zl_span topic) {
    zl_topic_parts parts;
    if (subscriber->all_from && subscriber->pump &&
        zl_pump_parse(subscriber->pump, topic, &parts))
        return parts;
    return zl_topic_parse(topic, &subscriber->names, subscriber->roots,
                          subscriber->root_count);
}
