/* SPDX-License-Identifier: BSD-3-Clause */
/* The typed setters of a subscriber, for before it is opened: each checks its range,
 * says what is wrong, and changes nothing unless it is right. */
#include "receive/subscriber_internal.h"

#define MIN_QUEUE_BYTES ((size_t)16 << 10)
#define MAX_QUEUE_BYTES ((size_t)1 << 30)
#define MAX_HWM 10000000

static zmqlog_status check_new(zmqlog_subscriber *subscriber, const char *setter) {
    zmqlog_status status = zl_subscriber_check(subscriber);

    if (status == ZMQLOG_OK && subscriber->pump)
        return zl_fail(&subscriber->errors, ZMQLOG_ESTATE,
                       "%s: possible only before the subscriber is opened", setter);
    return status;
}

/* Checks state and range of an option. */
static zmqlog_status check(zmqlog_subscriber *subscriber, const char *setter,
                           const char *name, int64_t value, int64_t min, int64_t max) {
    zmqlog_status status = check_new(subscriber, setter);

    if (status != ZMQLOG_OK)
        return status;
    return zl_check_range(&subscriber->errors, setter, name, value, min, max);
}

zmqlog_status zmqlog_subscriber_set_level_name(zmqlog_subscriber *subscriber, int level,
                                               const char *name) {
    const char *why = "";
    zmqlog_status status = check(subscriber, "set_level_name", "level", level,
                                 ZMQLOG_LEVEL_MIN, ZMQLOG_LEVEL_MAX);

    if (status != ZMQLOG_OK)
        return status;
    status = zl_level_names_set(&subscriber->names, level, name, &why);
    if (status != ZMQLOG_OK)
        return zl_fail(&subscriber->errors, status, "set_level_name: \"%s\": %s",
                       name ? name : "(null)", why);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_set_receive_hwm(zmqlog_subscriber *subscriber,
                                                int hwm) {
    zmqlog_status status = check(subscriber, "set_receive_hwm", "hwm", hwm, 0, MAX_HWM);

    if (status == ZMQLOG_OK)
        subscriber->hwm = hwm;
    return status;
}

zmqlog_status zmqlog_subscriber_set_queue_bytes(zmqlog_subscriber *subscriber,
                                                size_t queue_bytes) {
    zmqlog_status status = check_new(subscriber, "set_queue_bytes");

    if (status == ZMQLOG_OK)
        status = zl_check_size(&subscriber->errors, "set_queue_bytes", "queue_bytes",
                               queue_bytes, MIN_QUEUE_BYTES, MAX_QUEUE_BYTES);
    if (status == ZMQLOG_OK)
        subscriber->queue_bytes = queue_bytes;
    return status;
}

zmqlog_status zmqlog_subscriber_set_overflow(zmqlog_subscriber *subscriber, int policy,
                                             int block_ms) {
    zmqlog_status status = check(subscriber, "set_overflow", "policy", policy,
                                 ZMQLOG_OVERFLOW_DROP_NEWEST, ZMQLOG_OVERFLOW_BLOCK);

    if (status != ZMQLOG_OK)
        return status;
    subscriber->policy = policy;
    subscriber->block_ms = block_ms;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_set_auth(zmqlog_subscriber *subscriber,
                                         zmqlog_auth *auth) {
    zmqlog_status status = check_new(subscriber, "set_auth");
    zmqlog_auth *before;

    if (status != ZMQLOG_OK)
        return status;
    before = subscriber->auth;
    subscriber->auth = zl_auth_hold(auth);
    zl_auth_release(before);
    return ZMQLOG_OK;
}
