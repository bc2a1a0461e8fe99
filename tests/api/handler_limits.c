/* SPDX-License-Identifier: BSD-3-Clause */
/* The edges of what a handler sends: the longest topics and bodies, one byte more,
 * and nothing at all. */
#include "support.h"
#include "peer.h"

TEST_LABELS(threads);

#define LONG_NAME "A234567890123456789012345678901B"

typedef struct edge {
    zmqlog_handler *handler;
    peer p;
    char root[ZMQLOG_ROOT_MAX_BYTES + 1];
} edge;

static int open_edge(void **state) {
    edge *e = calloc(1, sizeof *e);
    memset(e->root, 'r', ZMQLOG_ROOT_MAX_BYTES);
    e->handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_level_name(e->handler, 7, LONG_NAME));
    assert_ok(zmqlog_handler_set_max_body_bytes(e->handler, 1000));
    assert_ok(zmqlog_handler_set_queue_bytes(e->handler, 16384));
    assert_ok(zmqlog_handler_set_root_topic(e->handler, e->root));
    assert_ok_or(zmqlog_handler_bind(e->handler, "tcp://127.0.0.1:*"),
                 zmqlog_handler_errmsg(e->handler));
    e->p = peer_listening(e->handler, "");
    *state = e;
    return 0;
}

static int close_edge(void **state) {
    edge *e = *state;
    peer_close(&e->p);
    zmqlog_handler_free(e->handler);
    free(e);
    return 0;
}

static int64_t truncated(const edge *e) {
    return zmqlog_handler_count(e->handler, ZMQLOG_COUNT_TRUNCATED);
}

/* 100 bytes of root, 32 of level and two dots leave 66. */
TEST_WITH(topic__of_two_hundred_bytes_is_sent, open_edge, close_edge) {
    edge *e = *state;
    char text[100];
    peer_frames frames;
    memset(text, 's', sizeof text);
    memcpy(text + 66, "::m", 3);
    assert_ok(zmqlog_handler_log(e->handler, 7, text, 69));
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES, frames.topic_len);
    assert_memory_equal(frames.topic + 100, "." LONG_NAME ".sss", 37);
    assert_string_equal("m", frames.body);
    assert_int_equal(0, truncated(e));
}

TEST_WITH(topic__a_byte_longer_leaves_the_text_whole, open_edge, close_edge) {
    edge *e = *state;
    char text[100];
    peer_frames frames;
    memset(text, 's', sizeof text);
    memcpy(text + 67, "::m", 3);
    assert_ok(zmqlog_handler_log(e->handler, 7, text, 70));
    peer_receive(&e->p, &frames);
    assert_int_equal(100 + 1 + 32, frames.topic_len);
    assert_int_equal(70, frames.body_len);
    assert_memory_equal(frames.body, text, 70);
    assert_int_equal(0, truncated(e));
}

TEST_WITH(topic__an_explicit_one_is_cut_between_characters, open_edge, close_edge) {
    edge *e = *state;
    char subtopic[300];
    peer_frames frames;
    memset(subtopic, 's', sizeof subtopic);
    memcpy(subtopic + 65, "\xe2\x82\xac", 3);
    assert_ok(
        zmqlog_handler_log_topic(e->handler, 7, subtopic, sizeof subtopic, "x", 1));
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES - 1, frames.topic_len);
    assert_int_equal('s', frames.topic[frames.topic_len - 1]);
    assert_int_equal(1, truncated(e));
}

TEST_WITH(topic__of_logger_and_call_together_keeps_the_limit, open_edge, close_edge) {
    edge *e = *state;
    zmqlog_logger *logger = zmqlog_logger_new(e->handler, "x");
    char part[66];
    peer_frames frames;
    memset(part, 'l', sizeof part);
    assert_ok(zmqlog_logger_set_topic(logger, part, 33));
    memset(part, 'c', sizeof part);
    memcpy(part + 32, "::m", 3);
    assert_ok(zmqlog_logger_log(logger, 7, part, 35)); /* 33 + 1 + 32 */
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES, frames.topic_len);
    assert_string_equal("m", frames.body);
    memset(part, 'c', sizeof part);
    memcpy(part + 33, "::m", 3);
    assert_ok(zmqlog_logger_log(logger, 7, part, 36));
    peer_receive(&e->p, &frames);
    assert_int_equal(100 + 1 + 32 + 1 + 33, frames.topic_len);
    assert_int_equal(36, frames.body_len);
    assert_int_equal(0, truncated(e));
    assert_ok(zmqlog_logger_log_topic(logger, 7, part, 33, "m", 1));
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES, frames.topic_len);
    assert_int_equal(1, truncated(e));
    zmqlog_logger_free(logger);
}

TEST_WITH(topic__that_is_cut_does_not_end_with_a_dot, open_edge, close_edge) {
    edge *e = *state;
    zmqlog_logger *logger = zmqlog_logger_new(e->handler, "x");
    char part[65];
    peer_frames frames;
    memset(part, 'l', sizeof part);
    assert_ok(zmqlog_logger_set_topic(logger, part, sizeof part));
    assert_ok(zmqlog_logger_log_topic(logger, 7, "cc", 2, "m", 1));
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES - 1, frames.topic_len);
    assert_int_equal('l', frames.topic[frames.topic_len - 1]);
    assert_int_equal(1, truncated(e));
    zmqlog_logger_free(logger);
}

TEST(split__knows_the_room_before_opening) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char text[ZMQLOG_TOPIC_MAX_BYTES + 3];
    memset(text, 's', sizeof text);
    for (size_t len = 180; len <= ZMQLOG_TOPIC_MAX_BYTES; len++) {
        size_t start, fits = len <= ZMQLOG_TOPIC_MAX_BYTES - strlen("INFO.");
        memcpy(text + len, "::m", 3);
        assert_int_equal(fits ? len : 0,
                         zmqlog_handler_split(handler, 20, text, len + 3, &start));
        text[len] = text[len + 1] = 's';
    }
    zmqlog_handler_free(handler);
}

TEST_WITH(topic__a_logger_that_has_used_it_up_takes_no_more, open_edge, close_edge) {
    edge *e = *state;
    zmqlog_logger *logger = zmqlog_logger_new(e->handler, "x");
    char part[400];
    peer_frames frames;
    memset(part, 'l', sizeof part);
    assert_ok(zmqlog_logger_set_topic(logger, part, sizeof part));
    assert_ok(zmqlog_logger_log(logger, 7, "a::b", 4));
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES, frames.topic_len);
    assert_string_equal("a::b", frames.body);
    assert_ok(zmqlog_logger_log_topic(logger, 7, "a", 1, "b", 1));
    peer_receive(&e->p, &frames);
    assert_int_equal(ZMQLOG_TOPIC_MAX_BYTES, frames.topic_len);
    assert_int_equal(2, truncated(e));
    zmqlog_logger_free(logger);
}

TEST_WITH(body__may_be_empty_and_hold_anything, open_edge, close_edge) {
    edge *e = *state;
    peer_frames frames;
    assert_ok(zmqlog_handler_log(e->handler, 1, NULL, 0));
    peer_receive(&e->p, &frames);
    assert_memory_equal(frames.topic + 100, ".L01", 5);
    assert_int_equal(0, frames.body_len);
    assert_ok(zmqlog_handler_log(e->handler, 63, "::", 2));
    peer_receive(&e->p, &frames);
    assert_memory_equal(frames.topic + 100, ".L63", 5);
    assert_int_equal(0, frames.body_len);
    assert_ok(zmqlog_handler_log(e->handler, 63, "a\0b\xff\n", 5));
    peer_receive(&e->p, &frames);
    assert_bytes(frames.body, (size_t)frames.body_len, "a\0b\xff\n");
}

TEST_WITH(body__of_the_limit_is_whole_and_one_more_is_cut, open_edge, close_edge) {
    edge *e = *state;
    char text[1001];
    peer_frames frames;
    memset(text, 'x', sizeof text);
    assert_ok(zmqlog_handler_log(e->handler, 20, text, 1000));
    peer_receive(&e->p, &frames);
    assert_int_equal(1000, frames.body_len);
    assert_memory_equal(frames.body, text, 1000);
    assert_int_equal(0, truncated(e));
    assert_ok(zmqlog_handler_log(e->handler, 20, text, 1001));
    peer_receive(&e->p, &frames);
    assert_in_range(frames.body_len, 900, 1000);
    assert_int_not_equal('x', frames.body[frames.body_len - 1]);
    assert_int_equal(1, truncated(e));
}

TEST_WITH(body__is_cut_between_characters, open_edge, close_edge) {
    edge *e = *state;
    char text[3000];
    peer_frames frames;
    size_t kept = 0;
    for (size_t i = 0; i < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3);
    assert_ok(zmqlog_handler_log(e->handler, 20, text, sizeof text));
    peer_receive(&e->p, &frames);
    while (memcmp(frames.body + kept, "\xe2\x82\xac", 3) == 0)
        kept += 3;
    assert_in_range(kept, 900, 1000);
    /* The mark follows at once; no half character stands before it. */
    assert_true((frames.body[kept] & 0xc0) != 0x80);
}

/* The sent body is `kept` bytes and the wanted mark, 1000 bytes in all. */
static void assert_cut(edge *e, const char *text, size_t len, size_t kept,
                       const char *mark) {
    int64_t before = truncated(e);
    peer_frames frames;
    assert_ok(zmqlog_handler_log(e->handler, 20, text, len));
    peer_receive(&e->p, &frames);
    assert_int_equal(kept + strlen(mark), frames.body_len);
    assert_string_equal(mark, frames.body + kept);
    assert_int_equal(before + 1, truncated(e));
}

TEST_WITH(body__that_is_cut_tells_how_much_is_missing, open_edge, close_edge) {
    edge *e = *state;
    char text[5000];
    memset(text, 'x', sizeof text);
    assert_cut(e, text, 5000, 980, "... [4020 bytes cut]");
    for (size_t len = 1001; len < 1010; len++) {
        char mark[64];
        snprintf(mark, sizeof mark, "... [%zu bytes cut]", len - 982);
        assert_cut(e, text, len, 982, mark);
    }
}

TEST_WITH(body__of_a_format_is_cut_once_with_all_that_is_missing, open_edge,
          close_edge) {
    edge *e = *state;
    char text[5000];
    peer_frames frames;
    memset(text, 'x', sizeof text);
    assert_ok(zmqlog_handler_set_style(e->handler, 0, "%(levelname)s %(message)s\n"));
    assert_cut(e, text, 5000, 980, "... [4026 bytes cut]");
    assert_cut(e, text, 1000, 982, "... [24 bytes cut]");
    assert_ok(zmqlog_handler_set_style(e->handler, 0, "%(message)s|%(message)s"));
    assert_cut(e, text, 5000, 980, "... [9021 bytes cut]");
    assert_ok(zmqlog_handler_set_style(e->handler, 0, "%(message).2000s|%(message)6s"));
    assert_cut(e, text, 5000, 980, "... [6021 bytes cut]");
    assert_ok(zmqlog_handler_set_style(e->handler, 0, "%(message)-6000s|"));
    assert_cut(e, text, 5000, 980, "... [5021 bytes cut]");
    /* This text is whole. */
    assert_ok(zmqlog_handler_set_style(e->handler, 0, "%(message).3s"));
    assert_ok(zmqlog_handler_log(e->handler, 20, text, 5000));
    peer_receive(&e->p, &frames);
    assert_string_equal("xxx", frames.body);
    assert_int_equal(5, truncated(e));
}

/* It has a handler of its own, because wait_subscriber returns at once where a
 * subscriber listens to everything already. */
TEST(body__that_is_cut_stays_json) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_subscriber *subscriber;
    char text[5000], wanted[64];
    size_t len = 0, kept;
    memset(text, '"', sizeof text); /* each is two bytes there */
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1000));
    assert_ok(zmqlog_handler_set_style(handler, 0, "json"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    subscriber = open_subscriber(handler);
    assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
    receive(subscriber, record);
    zmqlog_record_text(record, &len);
    assert_in_range(len, 900, 1000);
    assert_ok(zmqlog_record_parse(record));
    kept = strspn(zmqlog_record_text(record, &len), "\"");
    assert_in_range(kept, 200, 450);
    snprintf(wanted, sizeof wanted, "... [%zu bytes cut]", sizeof text - kept);
    assert_string_equal(wanted, zmqlog_record_text(record, NULL) + kept);
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_TRUNCATED));
    zmqlog_subscriber_free(subscriber);
    zmqlog_record_free(record);
    zmqlog_handler_free(handler);
}

/* Logger, file, function and thread name of one record, and what is counted. */
static void log_named(edge *e, const char *text, peer_frames *frames) {
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_record_set_logger(record, text));
    assert_ok(zmqlog_record_set_source(record, text, 1, text));
    assert_ok(zmqlog_record_set_thread_name(record, text));
    assert_ok(zmqlog_handler_log_record(e->handler, record));
    peer_receive(&e->p, frames);
    zmqlog_record_free(record);
}

TEST(names__over_4096_bytes_are_cut_between_characters) {
    static const char *const styles[] = {"%(name)s", "%(pathname)s", "%(funcName)s",
                                         "%(threadName)s"};
    edge e = {zmqlog_handler_new(), {0}, ""};
    peer_frames frames;
    char name[5000];
    assert_ok_or(zmqlog_handler_bind(e.handler, "tcp://127.0.0.1:*"),
                 zmqlog_handler_errmsg(e.handler));
    e.p = peer_listening(e.handler, "");
    for (int i = 0; i < 4; i++) {
        memset(name, 'n', sizeof name);
        memcpy(name + 4095, "\xc3\xa4\0", 3);
        assert_ok(zmqlog_handler_set_style(e.handler, 0, styles[i]));
        log_named(&e, name, &frames);
        assert_int_equal(4095, frames.body_len);
        assert_int_equal(i + 1, truncated(&e));
        memcpy(name + 4095, "n", 2);
        log_named(&e, name, &frames);
        assert_int_equal(4096, frames.body_len);
        assert_memory_equal(frames.body, name, 4095);
        assert_int_equal(i + 1, truncated(&e));
    }
    peer_close(&e.p);
    zmqlog_handler_free(e.handler);
}

TEST_WITH(record__that_no_queue_could_hold_is_an_internal_loss, open_edge, close_edge) {
    edge *e = *state;
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_logger *logger = zmqlog_logger_new(e->handler, "x");
    char value[12000];
    memset(value, 'v', sizeof value);
    assert_ok(zmqlog_record_set_field_string(record, "a", value, sizeof value));
    assert_status(zmqlog_handler_log_record(e->handler, record), ZMQLOG_ELIMIT);
    /* Each alone has room, both together have not. */
    assert_ok(zmqlog_record_set_field_string(record, "a", value, 6000));
    assert_ok(zmqlog_logger_set_field_string(logger, "b", value, 6000));
    assert_status(zmqlog_logger_log_record(logger, record), ZMQLOG_ELIMIT);
    assert_ok(zmqlog_logger_log(logger, 20, "x", 1));
    assert_ok(zmqlog_handler_log_record(e->handler, record));
    assert_int_equal(2,
                     zmqlog_handler_count(e->handler, ZMQLOG_COUNT_DROPPED_INTERNAL));
    assert_ok(zmqlog_handler_flush(e->handler, PATIENCE_MS));
    assert_int_equal(4, zmqlog_handler_count(e->handler, ZMQLOG_COUNT_ACCEPTED));
    assert_int_equal(2, zmqlog_handler_count(e->handler, ZMQLOG_COUNT_SENT));
    zmqlog_logger_free(logger);
    zmqlog_record_free(record);
}

TEST_WITH(fields__of_logger_and_record_meet, open_edge, close_edge) {
    edge *e = *state;
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_logger *logger = zmqlog_logger_new(e->handler, "x");
    assert_ok(zmqlog_handler_set_root_topic(e->handler, ""));
    assert_ok(zmqlog_handler_set_style(e->handler, 0, "%(fields)s"));
    assert_ok(zmqlog_logger_set_field_int(logger, "a", 1));
    assert_ok(zmqlog_logger_set_field_int(logger, "b", 2));
    assert_ok(zmqlog_logger_log_record(logger, record));
    peer_expect(&e->p, "INFO", "a=1 b=2");
    assert_ok(zmqlog_record_set_field_int(record, "b", 3));
    assert_ok(zmqlog_record_set_field_int(record, "c", 4));
    assert_ok(zmqlog_logger_log_record(logger, record));
    peer_expect(&e->p, "INFO", "a=1 b=3 c=4");
    assert_ok(zmqlog_handler_log_record(e->handler, record));
    peer_expect(&e->p, "INFO", "b=3 c=4");
    zmqlog_logger_free(logger);
    zmqlog_record_free(record);
}
