/* SPDX-License-Identifier: BSD-3-Clause */
/* What is shown of one received record. Owns the reading of the library's
 * record; must not know how it will look. */
#include "view.h"

void view_take(view *seen, zmqlog_record *record, int parse) {
    seen->text.data = zmqlog_record_text(record, &seen->text.len);
    seen->is_parsed = parse && seen->text.len > 0 && seen->text.data[0] == '{' &&
                      zmqlog_record_parse(record) == ZMQLOG_OK;
    if (seen->is_parsed)
        seen->text.data = zmqlog_record_text(record, &seen->text.len);
    seen->topic.data = zmqlog_record_topic(record, &seen->topic.len);
    seen->root.data = zmqlog_record_root(record, &seen->root.len);
    seen->subtopic.data = zmqlog_record_subtopic(record, &seen->subtopic.len);
    seen->level_name = bytes_of(zmqlog_record_level_name(record));
    seen->level = zmqlog_record_level(record);
    seen->time_ns = zmqlog_record_time_ns(record);
    seen->received_ns = zmqlog_record_received_ns(record);
    seen->lost = zmqlog_record_lost(record);
    seen->record = record;
}

size_t view_level_offset(const view *seen) {
    size_t offset = seen->root.len + (seen->root.len > 0);

    if (seen->level_name.len == 0 || offset + seen->level_name.len > seen->topic.len ||
        memcmp(seen->topic.data + offset, seen->level_name.data, seen->level_name.len))
        return seen->topic.len;
    return offset;
}
