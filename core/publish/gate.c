/* SPDX-License-Identifier: BSD-3-Clause */
/* Computing the gate. A level is open when a listener may want it: when some
 * prefix matches all its records or some of them. Bytes that stay are not
 * written, so that readers on other cores keep their copy of the line. */
#include "publish/gate.h"
#include "name/topic.h"

static void put(zl_gate *gate, int level, int open) {
    if (zl_gate_is_open(gate, level) != open)
        atomic_store_explicit(&gate->open[level], (uint8_t)open, memory_order_relaxed);
}

void zl_gate_open_all(zl_gate *gate, int floor) {
    put(gate, 0, 0);
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        put(gate, level, level >= floor);
}

/* The set's form of zl_topic_prefix_opens(). */
static int is_wanted(const zl_prefixes *prefixes, zl_span root, zl_span level_name) {
    char stem[ZMQLOG_TOPIC_MAX_BYTES + 1];
    const zl_span parts[] = {root, level_name};
    int cut = 0;
    size_t len = zl_topic_join(stem, parts, 2, &cut);
    if (cut || zl_prefixes_match(prefixes, zl_span_make(stem, len)))
        return 1;
    stem[len] = '.';
    return zl_prefixes_any_under(prefixes, zl_span_make(stem, len + 1));
}

int zl_gate_follow(zl_gate *gate, int floor, int kept, const zl_prefixes *prefixes,
                   zl_span root, const zl_level_names *names) {
    int count = 0;
    put(gate, 0, 0);
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++) {
        int wanted =
            level >= floor && is_wanted(prefixes, root, zl_span_of(names->name[level]));
        put(gate, level, wanted || (level >= floor && level >= kept));
        count += wanted;
    }
    return count;
}
