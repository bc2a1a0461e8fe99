/* SPDX-License-Identifier: BSD-3-Clause */
/* What is shown of one received record; borrowed from it. */
#ifndef SHELL_VIEW_H
#define SHELL_VIEW_H

#include "bytes.h"

#include "zmqlog.h"

typedef struct view {
    bytes topic;
    bytes root;
    bytes level_name; /* as it stands in the topic; empty when there is none */
    bytes subtopic;
    bytes text; /* the body; the message of a parsed one */
    int level;  /* 0: unknown */
    int is_parsed;
    int64_t time_ns; /* ZMQLOG_TIME_NONE: the publisher's is not known */
    int64_t received_ns;
    uint64_t lost;
    const zmqlog_record *record; /* fields and the rest */
} view;

/* Reads the record, and its body too when that looks like JSON and `parse` is
 * wanted. */
void view_take(view *seen, zmqlog_record *record, int parse);

/* The publisher's time if known, else that of arrival. */
static inline int64_t view_time(const view *seen) {
    return seen->time_ns != ZMQLOG_TIME_NONE ? seen->time_ns : seen->received_ns;
}

/* Where the level's name begins in the topic; its end with no level. */
size_t view_level_offset(const view *seen);

#endif
