/* SPDX-License-Identifier: BSD-3-Clause */
/* What a handler says of itself when a subscriber asks: hello and stats, to which
 * subscriber, and how often. No other subscriber notices. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <time.h>

TEST_LABELS(threads);

static zmqlog_handler *open_quiet(const char *root, int hold_ms) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, hold_ms));
    assert_ok(zmqlog_handler_set_root_topic(handler, root));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

static void expect_member(const peer_frames *frames, const char *member) {
    if (!strstr(frames->body, member))
        fail_msg("%s is not in %s", member, frames->body);
}

static void expect_topic(peer *p, peer_frames *frames, const char *topic) {
    peer_receive(p, frames);
    assert_string_equal(frames->topic, topic);
}

/* The next message is this record, so nothing was said before it. */
static void expect_only(zmqlog_handler *handler, peer *p) {
    log_text(handler, ZMQLOG_LEVEL_INFO, "only");
    peer_expect(p, "app.INFO", "only");
}

TEST(hello__says_which_program_this_is) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer_frames frames;
    char pid[32];
    peer p;
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_style(handler, 0, "json"));
    assert_ok(zmqlog_handler_set_level(handler, ZMQLOG_LEVEL_INFO));
    assert_ok(zmqlog_handler_set_level_name(handler, 5, "TRACE"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "zmqlog.INFO.hello");
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    snprintf(pid, sizeof pid, "\"pid\":%d,", (int)getpid());
    expect_member(&frames, "{\"root\":\"app\",\"host\":\"");
    expect_member(&frames, pid);
    expect_member(&frames, "\"start\":\"20");
    expect_member(&frames, "\"version\":\"1.");
    expect_member(&frames, "\"epoch\":\"");
    expect_member(&frames, "\"style\":\"json\",\"floor\":20,");
    expect_member(&frames, "\"levels\":{\"5\":\"TRACE\",\"10\":\"DEBUG\",\"20\":");
    expect_member(&frames, "\"endpoints\":[\"");
    expect_member(&frames, zmqlog_handler_endpoint(handler, 0));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(hello__is_said_in_the_hold_and_does_not_end_it) {
    zmqlog_handler *handler = open_quiet("app", 60000);
    peer_frames frames;
    peer p = peer_listening(handler, "zmqlog.INFO.hello");
    log_text(handler, ZMQLOG_LEVEL_INFO, "first line");
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_QUEUED));
    peer_subscribe(&p, "app.INFO");
    peer_expect(&p, "app.INFO", "first line");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(hello__is_said_once_for_each_new_subscription) {
    zmqlog_handler *handler = open_quiet("app", 0);
    peer_frames frames;
    peer first = peer_listening(handler, "zmqlog.INFO.hello.a"), second;
    expect_topic(&first, &frames, "zmqlog.INFO.hello.app");
    peer_subscribe(&first, "app");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    expect_only(handler, &first);
    second = peer_listening(handler, "zmqlog.INFO.hello");
    expect_topic(&second, &frames, "zmqlog.INFO.hello.app");
    expect_topic(&first, &frames, "zmqlog.INFO.hello.app");
    expect_only(handler, &first);
    peer_close(&second);
    peer_close(&first);
    zmqlog_handler_free(handler);
}

/* As verbose relays pass subscriptions on. */
TEST(hello__answers_a_subscription_that_is_repeated_on_one_connection) {
    static const char ask[] = "\1zmqlog.INFO.hello";
    zmqlog_handler *handler = open_quiet("app", 0);
    peer_frames frames;
    peer p = peer_listening(handler, "zmqlog.INFO.hello");
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0));
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    for (int i = 0; i < 2; i++) {
        raw_frame(fd, 0, ask, sizeof ask - 1);
        expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    }
    close(fd);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(hello__follows_the_root) {
    zmqlog_handler *handler = open_quiet("app", 0);
    peer_frames frames;
    peer p = peer_listening(handler, "zmqlog.INFO.hello");
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    assert_ok(zmqlog_handler_set_root_topic(handler, "app.new"));
    log_text(handler, ZMQLOG_LEVEL_CRITICAL, "the change comes with a record");
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app.new");
    expect_member(&frames, "{\"root\":\"app.new\",");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(hello__of_a_program_without_root_ends_at_the_word) {
    zmqlog_handler *handler = open_quiet("", 0);
    peer_frames frames;
    peer p = peer_listening(handler, "zmqlog.INFO.hello");
    expect_topic(&p, &frames, "zmqlog.INFO.hello");
    expect_member(&frames, "{\"root\":\"\",");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

/* Hellos that are large, so that few of them fill a connection. */
static zmqlog_handler *open_talkative(const temp_dir *dir) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char text[200];
    for (int level = 1; level <= 63; level++) {
        snprintf(text, sizeof text, "LEVEL_WITH_A_LONG_NAME_%08d", level);
        assert_ok(zmqlog_handler_set_level_name(handler, level, text));
    }
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_send_hwm(handler, 1));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    snprintf(text, sizeof text, "ipc://%s/log", dir->path);
    assert_ok_or(zmqlog_handler_bind(handler, text), zmqlog_handler_errmsg(handler));
    return handler;
}

TEST(hello__reaches_others_past_a_listener_that_has_stopped) {
    static const char ask[] = "\1zmqlog.INFO.hello";
    temp_dir dir = temp_dir_make();
    zmqlog_handler *handler = open_talkative(&dir);
    peer_frames frames;
    peer p = peer_listening(handler, "zmqlog.INFO.hello");
    int fd = raw_sub(zmqlog_handler_endpoint(handler, 0)); /* reads nothing */
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    for (int i = 0; i < 400; i++) {
        raw_frame(fd, 0, ask, sizeof ask - 1);
        expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    }
    assert_true(zmqlog_handler_count(handler, ZMQLOG_COUNT_SLOW_EPISODES) > 0);
    close(fd);
    peer_close(&p);
    zmqlog_handler_free(handler);
    temp_dir_remove(&dir);
}

TEST(announcements__open_no_level_and_are_counted_nowhere) {
    zmqlog_handler *handler = open_quiet("app", 0);
    peer_frames frames;
    peer p = peer_listening(handler, "zmqlog.INFO");
    peer_subscribe(&p, "zmqlog.INFO.hello");
    expect_topic(&p, &frames, "zmqlog.INFO.hello.app");
    for (int level = ZMQLOG_LEVEL_MIN; level <= ZMQLOG_LEVEL_MAX; level++)
        assert_int_equal(0, zmqlog_handler_enabled(handler, level));
    assert_int_equal(0, zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED));
    assert_int_equal(0, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    assert_int_equal(0, zmqlog_handler_count(handler, ZMQLOG_COUNT_NOTICES));
    peer_close(&p);
    zmqlog_handler_free(handler);
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(stats__come_once_a_second_while_they_are_asked_for) {
    zmqlog_handler *handler = open_quiet("app", 0);
    peer_frames frames;
    peer p = peer_listening(handler, "app.WARN");
    int64_t first;
    log_text(handler, ZMQLOG_LEVEL_WARN, "one");
    peer_expect(&p, "app.WARN", "one");
    first = now_ms();
    peer_subscribe(&p, "zmqlog.INFO.stats");
    expect_topic(&p, &frames, "zmqlog.INFO.stats.app");
    expect_member(&frames, "\"listeners\":1,\"prefixes\":2,");
    expect_member(&frames, "\"queue\":{\"used\":0,\"bytes\":4194304}");
    expect_member(&frames, "\"gate\":[\"WARN\"]");
    expect_member(&frames, "\"counters\":{\"accepted\":1,\"sent\":1,\"unheard\":0,");
    expect_topic(&p, &frames, "zmqlog.INFO.stats.app");
    assert_true(now_ms() - first >= 900);
    expect_member(&frames, "\"sent\":1,"); /* stats are not in it */
    peer_unsubscribe(&p, "zmqlog.INFO.stats");
    wait_count(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 1);
    log_text(handler, ZMQLOG_LEVEL_WARN, "two");
    do
        peer_receive(&p, &frames);
    while (strcmp(frames.topic, "zmqlog.INFO.stats.app") == 0);
    assert_string_equal(frames.body, "two");
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(listener__of_everything_asks_for_nothing_and_gets_what_others_ask_for) {
    zmqlog_handler *handler = open_quiet("app", 0);
    peer_frames frames;
    peer all = peer_listening(handler, ""), asks;
    expect_only(handler, &all);
    asks = peer_listening(handler, "zmqlog.INFO.hello.app");
    expect_topic(&all, &frames, "zmqlog.INFO.hello.app");
    expect_only(handler, &all);
    peer_close(&asks);
    peer_close(&all);
    zmqlog_handler_free(handler);
}

TEST(announcements__of_another_root_are_not_said) {
    zmqlog_handler *handler = open_quiet("app", 0);
    peer p = peer_listening(handler, "zmqlog.INFO.hello.other");
    peer_subscribe(&p, "zmqlog.INFO.stats.apple");
    peer_subscribe(&p, "");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "x", PATIENCE_MS));
    expect_only(handler, &p);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(announce__can_be_turned_off) {
    zmqlog_handler *handler = zmqlog_handler_new();
    peer p;
    assert_ok(zmqlog_handler_set_announce(handler, 0));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    assert_status(zmqlog_handler_set_announce(handler, 1), ZMQLOG_ESTATE);
    p = peer_listening(handler, "zmqlog.INFO");
    peer_subscribe(&p, "zmqlog.INFO.hello");
    peer_subscribe(&p, "zmqlog.INFO.stats");
    peer_subscribe(&p, "app");
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    expect_only(handler, &p);
    peer_close(&p);
    zmqlog_handler_free(handler);
}

TEST(announce__is_one_or_zero) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_status(zmqlog_handler_set_announce(handler, 2), ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_handler_errmsg(handler),
                        "set_announce: on is 2, it must be 0 to 1");
    assert_status(zmqlog_handler_set_announce(handler, -1), ZMQLOG_EINVAL);
    assert_status(zmqlog_handler_set_announce(NULL, 1), ZMQLOG_EINVAL);
    zmqlog_handler_free(handler);
}

TEST(root__of_announcements_is_reserved) {
    static const char *const taken[] = {"zmqlog", "zmqlog.INFO", "zmqlog.INFO.hello"};
    static const char *const fine[] = {"zmqlogger", "zmqlog.tool", "zmqlog.INFOX", "a"};
    zmqlog_handler *handler = zmqlog_handler_new();
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        assert_status(zmqlog_handler_set_root_topic(handler, taken[i]), ZMQLOG_EINVAL);
        assert_string_equal(zmqlog_handler_root_topic(handler), "");
    }
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        assert_ok(zmqlog_handler_set_root_topic(handler, fine[i]));
    zmqlog_handler_free(handler);
}
