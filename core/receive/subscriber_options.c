/* SPDX-License-Identifier: BSD-3-Clause */
/* The typed setters of a subscriber, for before it is opened: each checks its range,
 * says what is wrong, and changes nothing unless it is right. */
#include "receive/subscriber_internal.h"

#define MIN_QUEUE_BYTES ((size_t)16 << 10)
#define MAX_QUEUE_BYTES ((size_t)1 << 30)
#define MAX_HWM 10000000

static zmqlog_status check_option(zmqlog_subscriber *subscriber) {
    zmqlog_status status = zl_subscriber_check(subscriber);

    if (status == ZMQLOG_OK && subscriber->pump)
        return zl_fail(&subscriber->errors, ZMQLOG_ESTATE,
                       "this can only be set before the subscriber is opened");
    return status;
}

zmqlog_status zmqlog_subscriber_set_level_name(zmqlog_subscriber *subscriber, int level,
                                               const char *name) {
    zmqlog_status status = check_option(subscriber);
    const char *why = "";

    if (status != ZMQLOG_OK)
        return status;
    status = zl_level_names_set(&subscriber->names, level, name, &why);
    if (status != ZMQLOG_OK)
        return zl_fail(&subscriber->errors, status, "level name: %s", why);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_set_receive_hwm(zmqlog_subscriber *subscriber,
                                                int hwm) {
    zmqlog_status status = check_option(subscriber);

    if (status != ZMQLOG_OK)
        return status;
    if (hwm < 0 || hwm > MAX_HWM)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL,
                       "receive HWM %d is not between 0 and %d", hwm, MAX_HWM);
    subscriber->hwm = hwm;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_set_queue_bytes(zmqlog_subscriber *subscriber,
                                                size_t queue_bytes) {
    zmqlog_status status = check_option(subscriber);

    if (status != ZMQLOG_OK)
        return status;
    if (queue_bytes < MIN_QUEUE_BYTES || queue_bytes > MAX_QUEUE_BYTES)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL,
                       "a queue of %zu bytes is not between %zu and %zu", queue_bytes,
                       MIN_QUEUE_BYTES, MAX_QUEUE_BYTES);
    subscriber->queue_bytes = queue_bytes;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_set_overflow(zmqlog_subscriber *subscriber, int policy,
                                             int block_ms) {
    zmqlog_status status = check_option(subscriber);

    if (status != ZMQLOG_OK)
        return status;
    if (policy < ZMQLOG_OVERFLOW_DROP_NEWEST || policy > ZMQLOG_OVERFLOW_BLOCK)
        return zl_fail(&subscriber->errors, ZMQLOG_EINVAL, "no overflow policy is %d",
                       policy);
    subscriber->policy = policy;
    subscriber->block_ms = block_ms;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_subscriber_set_auth(zmqlog_subscriber *subscriber,
                                         zmqlog_auth *auth) {
    zmqlog_status status = check_option(subscriber);
    zmqlog_auth *before;

    if (status != ZMQLOG_OK)
        return status;
    before = subscriber->auth;
    subscriber->auth = zl_auth_hold(auth);
    zl_auth_release(before);
    return ZMQLOG_OK;
}
