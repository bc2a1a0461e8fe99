/* SPDX-License-Identifier: BSD-3-Clause */
/* The record object: what the setters and getters of the ABI keep, how a
 * received message fills it, and what a logged one offers. Knows no sockets. */
#ifndef ZL_RECORD_H
#define ZL_RECORD_H

#include "zmqlog.h"
#include "format/format.h"
#include "name/topic.h"

/* For logging: fills level, subtopic, logger, text, thread_name, file, line,
 * function and fields of the view (the rest is left alone). Spans live as long
 * as the record is not changed. */
void zl_record_view(const zmqlog_record *record, zl_view *view);
/* Whether a time was set (ZMQLOG_TIME_NONE included), and which. */
int zl_record_has_time(const zmqlog_record *record, int64_t *time_ns);
/* Whether a logger name was set. */
int zl_record_has_logger(const zmqlog_record *record);

/* For receiving: clears the record and fills it from the two frames. `parts`
 * holds spans of `topic`. Returns OK or ENOMEM. */
zmqlog_status zl_record_fill(zmqlog_record *record, zl_span topic,
                             const zl_topic_parts *parts, zl_span text,
                             int64_t received_ns);
/* seq and epoch of a json body without parsing everything: 1 when both are
 * there, else 0. */
int zl_record_peek_sequence(zl_span text, uint64_t *seq, uint64_t *epoch);
void zl_record_set_sequence(zmqlog_record *record, uint64_t seq, uint64_t epoch,
                            uint64_t lost);

#endif
