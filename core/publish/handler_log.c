/* SPDX-License-Identifier: BSD-3-Clause */
/* The log calls: gate, split, cut, and into the queue. The hot path. */
#include "publish/handler_internal.h"

#include "base/clock.h"
#include "format/record.h"
#include "base/utf8.h"

zmqlog_status zl_handler_refuse(zmqlog_handler *handler) {
    zl_count(&handler->counters, ZMQLOG_COUNT_REFUSED);
    return ZMQLOG_EINVAL;
}

/* Bytes of subtopic that the topic of this level still takes. */
static size_t room_of(const zmqlog_handler *handler, int level) {
    size_t root = atomic_load_explicit(&handler->root_len, memory_order_relaxed);
    return ZMQLOG_TOPIC_MAX_BYTES - handler->levels[level].name_len - 1 -
           (root ? root + 1 : 0);
}

static uint8_t needs_of(const zmqlog_handler *handler, int level) {
    return atomic_load_explicit(&handler->levels[level].needs, memory_order_relaxed);
}

zl_split zl_handler_split(const zmqlog_handler *handler, int level, size_t taken,
                          zl_span text) {
    size_t room = room_of(handler, level);
    zl_split whole = {{NULL, 0}, text};
    if (!zl_topic_may_split(&handler->rule, text))
        return whole;
    taken = taken ? taken + 1 : 0;
    return zl_topic_split(&handler->rule, text, taken < room ? room - taken : 0);
}

/* What a handler that is neither open nor attached does with a record: OK when it
 * has become so, *state telling which. */
static zmqlog_status publish_otherwise(zmqlog_handler *handler, int *state) {
    zmqlog_status status = ZMQLOG_EFORKED;
    *state = atomic_load(&handler->state);
    if (*state == ZL_OPEN || *state == ZL_ATTACHED)
        return ZMQLOG_OK;
    if (*state == ZL_NEW) {
        zl_count(&handler->counters, ZMQLOG_COUNT_REFUSED);
        return ZMQLOG_ESTATE;
    }
    if (*state == ZL_CLOSED)
        status = ZMQLOG_ECLOSED;
    if (*state == ZL_REOPEN) {
        status = zl_handler_reopen(handler);
        *state = ZL_OPEN;
    }
    if (status != ZMQLOG_OK)
        zl_count(&handler->counters, status == ZMQLOG_ECLOSED
                                         ? ZMQLOG_COUNT_DROPPED_CLOSED
                                         : ZMQLOG_COUNT_DROPPED_FORKED);
    return status;
}

/* Without a part that nothing is left of. */
static zl_span cut_subtopic(zl_span subtopic, size_t room) {
    subtopic.len = zl_utf8_cut(subtopic, room);
    while (subtopic.len > 0 && subtopic.data[subtopic.len - 1] == '.')
        subtopic.len--;
    return subtopic;
}

/* Joins the logger's and the call's subtopic and cuts what the topic does not
 * take. `joined` has room for ZMQLOG_TOPIC_MAX_BYTES. */
static void join_subtopic(zmqlog_handler *handler, zl_view *view, zl_span call_topic,
                          char *joined) {
    size_t room = room_of(handler, view->level);
    int cut = 0;
    if (view->subtopic.len == 0) {
        view->subtopic = call_topic;
    } else if (call_topic.len) {
        zl_span parts[2] = {view->subtopic, call_topic};
        view->subtopic = zl_span_make(joined, zl_topic_join(joined, parts, 2, &cut));
    }
    if (view->subtopic.len > room) {
        view->subtopic = cut_subtopic(view->subtopic, room);
        cut = 1;
    }
    if (cut)
        zl_count(&handler->counters, ZMQLOG_COUNT_TRUNCATED);
}

static int cut_name(zl_span *name) {
    if (name->len <= ZL_ENTRY_NAME_MAX)
        return 0;
    name->len = zl_utf8_cut(*name, ZL_ENTRY_NAME_MAX);
    return 1;
}

static void cut_names(zmqlog_handler *handler, zl_view *view) {
    if (cut_name(&view->logger) | cut_name(&view->file) | cut_name(&view->function) |
        cut_name(&view->thread_name))
        zl_count(&handler->counters, ZMQLOG_COUNT_TRUNCATED);
}

/* Leaves away what no message can show of a text, so that the queue need not hold
 * it. A character more than fits stays: with it every style makes the body too long,
 * and cuts it, with one mark that counts all. */
static void shorten_text(const zmqlog_handler *handler, zl_view *view) {
    size_t keep = handler->options.max_body_bytes + ZL_UTF8_MAX_BYTES;
    if (view->text.len <= keep)
        return;
    keep = zl_utf8_cut(view->text, keep);
    view->cut = view->text.len - keep;
    view->text.len = keep;
}

static int capture(zmqlog_handler *handler, zl_view *view, int timed) {
    uint8_t needs = needs_of(handler, view->level);
    if (needs & ZL_NEEDS_THREAD)
        view->thread = (uint64_t)(uintptr_t)pthread_self();
    if (!timed && (needs & ZL_NEEDS_TIME)) {
        view->time_ns = zl_clock_realtime_ns();
        return 1;
    }
    return timed;
}

static zmqlog_status count_if_closed(zmqlog_handler *handler, zmqlog_status status) {
    if (status == ZMQLOG_ECLOSED)
        zl_count(&handler->counters, ZMQLOG_COUNT_DROPPED_CLOSED);
    return status;
}

static zmqlog_status queue_view(zmqlog_handler *handler, const zl_view *view,
                                int timed) {
    size_t size = zl_entry_size(view);
    void *to;
    zmqlog_status status = zl_queue_reserve(&handler->queue, size, view->level, &to);
    if (status != ZMQLOG_OK)
        return count_if_closed(handler, status);
    zl_entry_pack(to, view, timed);
    zl_queue_commit(&handler->queue, to, size);
    return ZMQLOG_OK;
}

zmqlog_status zl_handler_publish(zmqlog_handler *handler, zl_view *view,
                                 zl_span call_topic, int timed) {
    char joined[ZMQLOG_TOPIC_MAX_BYTES];
    int state = atomic_load_explicit(&handler->state, memory_order_acquire);
    zmqlog_status status;
    if (state != ZL_OPEN && state != ZL_ATTACHED) {
        status = publish_otherwise(handler, &state);
        if (status != ZMQLOG_OK)
            return status;
    }
    join_subtopic(handler, view, call_topic, joined);
    cut_names(handler, view);
    shorten_text(handler, view);
    timed = capture(handler, view, timed);
    if (state == ZL_ATTACHED)
        return zl_handler_send_attached(handler, view, timed);
    return queue_view(handler, view, timed);
}

/* Only what a log call gives; the sender fills the rest. */
static inline void make_view(zl_view *view, int level, zl_span text) {
    static const zl_span none;
    view->level = level;
    view->text = text;
    view->cut = 0;
    view->time_ns = ZMQLOG_TIME_NONE;
    view->thread = 0;
    view->line = 0;
    view->subtopic = none;
    view->logger = none;
    view->file = none;
    view->function = none;
    view->thread_name = none;
    view->fields = none;
    view->bound = none;
}

static zmqlog_status log_with_care(zmqlog_handler *handler, int level, zl_span subtopic,
                                   zl_span text) {
    zl_view view;
    make_view(&view, level, text);
    return zl_handler_publish(handler, &view, subtopic, 0);
}

/* The usual record of an open handler goes straight into the queue: this is all that
 * a caller pays while there are subscribers. log_with_care() handles the unusual. */
static inline zmqlog_status log_at_once(zmqlog_handler *handler, int level,
                                        zl_span subtopic, zl_span text) {
    uint8_t needs = needs_of(handler, level);
    int64_t time_ns = ZMQLOG_TIME_NONE;
    size_t size = zl_entry_bare_size(subtopic, text);
    zmqlog_status status;
    void *to;
    if (atomic_load_explicit(&handler->state, memory_order_acquire) != ZL_OPEN ||
        text.len > handler->options.max_body_bytes || needs & ZL_NEEDS_THREAD)
        return log_with_care(handler, level, subtopic, text);
    if (needs & ZL_NEEDS_TIME)
        time_ns = zl_clock_realtime_ns();
    status = zl_queue_reserve(&handler->queue, size, level, &to);
    if (status != ZMQLOG_OK)
        return count_if_closed(handler, status);
    zl_entry_pack_bare(to, level, needs & ZL_NEEDS_TIME ? 1 : 0, time_ns, subtopic,
                       text);
    zl_queue_commit(&handler->queue, to, size);
    return ZMQLOG_OK;
}

/* Out of line, so that a call at a closed gate is a test and a return. */
__attribute__((noinline)) static zmqlog_status
log_scanned(zmqlog_handler *handler, int level, const char *text, size_t text_len) {
    zl_split split = zl_handler_split(handler, level, 0, zl_span_make(text, text_len));
    return log_at_once(handler, level, split.subtopic, split.message);
}

__attribute__((noinline)) static zmqlog_status
log_unscanned(zmqlog_handler *handler, int level, zl_span subtopic, zl_span text) {
    if (subtopic.len > room_of(handler, level))
        return log_with_care(handler, level, subtopic, text);
    return log_at_once(handler, level, subtopic, text);
}

__attribute__((noinline, cold)) static zmqlog_status refuse(zmqlog_handler *handler) {
    return handler ? zl_handler_refuse(handler) : ZMQLOG_EINVAL;
}

/* A handler or level that is none, which is refused, or else a text that is NULL, which
 * may be an empty one. */
__attribute__((noinline, cold)) static zmqlog_status
log_odd(zmqlog_handler *handler, int level, size_t text_len) {
    if (!handler || !zl_level_is_valid(level) || text_len)
        return refuse(handler);
    return zmqlog_handler_log(handler, level, "", 0);
}

/* At a closed gate this is to cost what a call of a function in a library costs by
 * itself: no branch that is taken, and all of it in one cache line. */
__attribute__((aligned(64))) zmqlog_status zmqlog_handler_log(zmqlog_handler *handler,
                                                              int level,
                                                              const char *text,
                                                              size_t text_len) {
    if (!handler || !zl_level_is_valid(level) || !text)
        return log_odd(handler, level, text_len);
    if (zl_gate_is_open(&handler->gate, level))
        return log_scanned(handler, level, text, text_len);
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_handler_log_topic(zmqlog_handler *handler, int level,
                                       const char *subtopic, size_t subtopic_len,
                                       const char *text, size_t text_len) {
    if (!handler || !zl_level_is_valid(level) || (!text && text_len) ||
        (!subtopic && subtopic_len))
        return refuse(handler);
    if (!zl_gate_is_open(&handler->gate, level))
        return ZMQLOG_OK;
    return log_unscanned(handler, level, zl_span_make(subtopic, subtopic_len),
                         zl_span_make(text, text_len));
}

zmqlog_status zmqlog_handler_log_record(zmqlog_handler *handler,
                                        const zmqlog_record *record) {
    zl_view view;
    zl_span call_topic;
    int timed;
    if (!handler)
        return ZMQLOG_EINVAL;
    if (!record)
        return zl_handler_refuse(handler);
    memset(&view, 0, sizeof view);
    zl_record_view(record, &view);
    if (!zl_level_is_valid(view.level))
        return zl_handler_refuse(handler);
    if (!zl_gate_is_open(&handler->gate, view.level))
        return ZMQLOG_OK;
    call_topic = view.subtopic;
    view.subtopic = zl_span_make(NULL, 0);
    timed = zl_record_has_time(record, &view.time_ns);
    return zl_handler_publish(handler, &view, call_topic, timed);
}

static zmqlog_status publish_frames(zmqlog_handler *handler, const zl_view *view) {
    int state = atomic_load_explicit(&handler->state, memory_order_acquire);
    if (state != ZL_OPEN && state != ZL_ATTACHED) {
        zmqlog_status status = publish_otherwise(handler, &state);
        if (status != ZMQLOG_OK)
            return status;
    }
    if (view->subtopic.len > UINT16_MAX ||
        view->text.len > handler->options.max_body_bytes) {
        zl_count(&handler->counters, ZMQLOG_COUNT_DROPPED_QUEUE);
        return ZMQLOG_ELIMIT;
    }
    return state == ZL_ATTACHED ? zl_handler_send_attached(handler, view, 1)
                                : queue_view(handler, view, 1);
}

zmqlog_status zmqlog_handler_log_frames(zmqlog_handler *handler, const char *topic,
                                        size_t topic_len, const char *body,
                                        size_t body_len) {
    zl_view view;
    if (!handler || (!topic && topic_len) || (!body && body_len))
        return refuse(handler);
    make_view(&view, 0, zl_span_make(body, body_len));
    view.subtopic = zl_span_make(topic, topic_len);
    return publish_frames(handler, &view);
}

size_t zmqlog_handler_split(const zmqlog_handler *handler, int level, const char *text,
                            size_t text_len, size_t *message_start) {
    zl_split split;
    if (message_start)
        *message_start = 0;
    if (!handler || !zl_level_is_valid(level) || !text)
        return 0;
    split = zl_handler_split(handler, level, 0, zl_span_make(text, text_len));
    if (message_start)
        *message_start = text_len - split.message.len;
    return split.subtopic.len;
}
