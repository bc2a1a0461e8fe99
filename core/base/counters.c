/* SPDX-License-Identifier: BSD-3-Clause */
/* The counters' names and texts by number, for programs that list them. Knows no
 * handle. */
#include "base/counters.h"

#define ROW(name, lower, text) [ZMQLOG_COUNT_##name] = {lower, text},

#define CHECK_NUMBER(name, lower, text)                                                \
    _Static_assert(ZMQLOG_COUNT_##name >= ZL_COUNTERS_MAX &&                           \
                       ZMQLOG_COUNT_##name <= ZMQLOG_COUNT_MAX,                        \
                   "ZMQLOG_COUNT_" #name " is a handler's number");
ZL_COUNTERS_OF_SUBSCRIBER(CHECK_NUMBER)
ZL_COUNTERS_OF_RELAY(CHECK_NUMBER)

static const struct counter {
    const char *name;
    const char *text;
} counters[ZMQLOG_COUNT_MAX + 1] = {ZL_COUNTERS_OF_HANDLER(
    ROW) ZL_COUNTERS_OF_SUBSCRIBER(ROW) ZL_COUNTERS_OF_RELAY(ROW)};

static int is_number(int which) {
    return which >= 0 && which <= ZMQLOG_COUNT_MAX;
}

const char *zmqlog_count_name(int which) {
    return is_number(which) ? counters[which].name : NULL;
}

const char *zmqlog_count_text(int which) {
    return is_number(which) ? counters[which].text : NULL;
}
