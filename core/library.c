/* SPDX-License-Identifier: BSD-3-Clause */
/* What the library says of itself: version, constants and features, for programs
 * that cannot read the header's macros. Knows no handle. */
#include "zmqlog.h"
#include "auth/curve.h"
#include "base/counters.h"

#include <string.h>

#define TEXT_OF(number) #number
#define VERSION_TEXT(major, minor, patch)                                              \
    TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

#define CONSTANT(name)                                                                 \
    { #name, ZMQLOG_##name }
#define COUNTER(name, lower, text) CONSTANT(COUNT_##name),

/* Each integer macro of the header, but the counters. */
static const struct constant {
    const char *name;
    int64_t value;
} constants[] = {
    CONSTANT(VERSION_MAJOR),
    CONSTANT(VERSION_MINOR),
    CONSTANT(VERSION_PATCH),
    CONSTANT(OK),
    CONSTANT(EAGAIN),
    CONSTANT(ETIMEDOUT),
    CONSTANT(EINTERRUPTED),
    CONSTANT(EINVAL),
    CONSTANT(ENOMEM),
    CONSTANT(ESTATE),
    CONSTANT(ECLOSED),
    CONSTANT(EFORKED),
    CONSTANT(ENOTSUP),
    CONSTANT(ELIMIT),
    CONSTANT(EADDRINUSE),
    CONSTANT(EADDRNOTAVAIL),
    CONSTANT(EACCESS),
    CONSTANT(EREFUSED),
    CONSTANT(EFORMAT),
    CONSTANT(EIO),
    CONSTANT(LEVEL_MIN),
    CONSTANT(LEVEL_DEBUG),
    CONSTANT(LEVEL_INFO),
    CONSTANT(LEVEL_WARN),
    CONSTANT(LEVEL_ERROR),
    CONSTANT(LEVEL_CRITICAL),
    CONSTANT(LEVEL_MAX),
    CONSTANT(TOPIC_MAX_BYTES),
    CONSTANT(ROOT_MAX_BYTES),
    CONSTANT(PREFIX_MAX_BYTES),
    CONSTANT(NAME_MAX_BYTES),
    CONSTANT(FIELDS_MAX_BYTES),
    CONSTANT(GATE_BYTES),
    CONSTANT(FIELD_STRING),
    CONSTANT(FIELD_INT),
    CONSTANT(FIELD_UINT),
    CONSTANT(FIELD_DOUBLE),
    CONSTANT(FIELD_BOOL),
    CONSTANT(FIELD_JSON),
    CONSTANT(OVERFLOW_DROP_NEWEST),
    CONSTANT(OVERFLOW_DROP_OLDEST),
    CONSTANT(OVERFLOW_BLOCK),
    CONSTANT(COUNT_MAX),
    CONSTANT(RELAY_PUBLISHERS),
    CONSTANT(RELAY_SUBSCRIBERS),
};

static const struct constant counters[] = {ZL_COUNTERS_OF_HANDLER(
    COUNTER) ZL_COUNTERS_OF_SUBSCRIBER(COUNTER) ZL_COUNTERS_OF_RELAY(COUNTER)};

static const int64_t *find(const struct constant *list, size_t count,
                           const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, name) == 0)
            return &list[i].value;
    }
    return NULL;
}

uint32_t zmqlog_version(void) {
    return (uint32_t)ZMQLOG_VERSION_MAJOR << 16 | (uint32_t)ZMQLOG_VERSION_MINOR << 8 |
           (uint32_t)ZMQLOG_VERSION_PATCH;
}

const char *zmqlog_version_string(void) {
    return VERSION_TEXT(ZMQLOG_VERSION_MAJOR, ZMQLOG_VERSION_MINOR,
                        ZMQLOG_VERSION_PATCH);
}

int64_t zmqlog_constant(const char *name) {
    static const char prefix[] = "ZMQLOG_";
    const int64_t *found;
    if (!name)
        return INT64_MIN;
    if (strncmp(name, prefix, sizeof prefix - 1) == 0)
        name += sizeof prefix - 1;
    found = find(constants, sizeof constants / sizeof *constants, name);
    if (!found)
        found = find(counters, sizeof counters / sizeof *counters, name);
    return found ? *found : INT64_MIN;
}

int zmqlog_has(const char *feature) {
    static const char *const always[] = {"ipc", "json", "fork", "attach"};
    if (!feature)
        return 0;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        if (strcmp(always[i], feature) == 0)
            return 1;
    }
    return strcmp(feature, "curve") == 0 && zl_curve_available();
}

const char *zmqlog_topic_delimiter(void) {
    return ZMQLOG_TOPIC_DELIM;
}
