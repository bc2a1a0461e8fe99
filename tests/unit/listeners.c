/* SPDX-License-Identifier: BSD-3-Clause */
/* The book of listeners, told of real connections. */
#include "support.h"

#include "socket/listeners.h"

#include <poll.h>
#include <sys/socket.h>

#define MS INT64_C(1000000)
#define STALL_NS (100 * MS)

typedef struct fixture {
    zl_listeners book;
    int ours[3], theirs[3];
} fixture;

static int setup(void **state) {
    static fixture f;
    memset(&f, 0, sizeof f);
    zl_listeners_init(&f.book, STALL_NS);
    for (int i = 0; i < 3; i++) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            return -1;
        f.ours[i] = pair[0];
        f.theirs[i] = pair[1];
        zl_listeners_opened(&f.book, pair[0]);
    }
    *state = &f;
    return 0;
}

static int teardown(void **state) {
    fixture *f = *state;
    zl_listeners_destroy(&f->book);
    for (int i = 0; i < 3; i++) {
        close(f->ours[i]);
        close(f->theirs[i]);
    }
    return 0;
}

static zl_listener_frame from(const fixture *f, int who) {
    static const char *const keys[] = {"alice", "bob", "carol"};
    zl_listener_frame frame = {f->ours[who], 1, "127.0.0.1", keys[who], f};
    return frame;
}

static void subscribe(fixture *f, int who, const char *prefix) {
    zl_listener_frame frame = from(f, who);
    zl_listeners_subscribed(&f->book, &frame, zl_span_of(prefix));
}

static void cancel(fixture *f, int who, const char *prefix) {
    zl_listener_frame frame = from(f, who);
    zl_listeners_cancelled(&f->book, &frame, zl_span_of(prefix));
}

static int holders(fixture *f, const char *topic) {
    return zl_prefixes_holders(&f->book.prefixes, zl_span_of(topic));
}

static int is_cut(const fixture *f, int who) {
    struct pollfd end = {f->theirs[who], POLLRDHUP, 0};
    return poll(&end, 1, 0) == 1 && (end.revents & POLLRDHUP);
}

TEST_WITH(book__strangers_are_no_peers, setup, teardown) {
    fixture *f = *state;
    assert_int_equal(f->book.peers, 0);
    zl_listeners_ended(&f->book, f->ours[0]);
    assert_int_equal(f->book.peers_lost, 0);
    subscribe(f, 1, "app");
    assert_int_equal(f->book.peers, 1);
    zl_listeners_ended(&f->book, f->ours[1]);
    assert_int_equal(f->book.peers, 0);
    assert_int_equal(f->book.peers_lost, 1);
    assert_int_equal(holders(f, "app"), 0);
}

TEST_WITH(book__a_cancel_takes_away_only_the_own, setup, teardown) {
    fixture *f = *state;
    zl_listener_frame end = {-1, 0, NULL, NULL, NULL};
    subscribe(f, 0, "app");
    cancel(f, 1, "app");
    assert_int_equal(holders(f, "app"), 1);
    zl_listeners_cancelled(&f->book, &end, zl_span_of("app"));
    assert_int_equal(holders(f, "app"), 1);
    subscribe(f, 1, "app");
    assert_int_equal(holders(f, "app"), 2);
    cancel(f, 0, "app");
    assert_int_equal(holders(f, "app"), 1);
}

TEST_WITH(book__what_comes_of_an_ended_connection_is_nobodys, setup, teardown) {
    fixture *f = *state;
    zl_listeners_ended(&f->book, f->ours[0]);
    subscribe(f, 0, "app");
    assert_int_equal(holders(f, "app"), 0);
    assert_int_equal(f->book.peers, 0);
}

TEST_WITH(book__a_number_that_comes_again_is_another_connection, setup, teardown) {
    fixture *f = *state;
    subscribe(f, 0, "app");
    zl_listeners_opened(&f->book, f->ours[0]);
    assert_int_equal(holders(f, "app"), 0);
    assert_int_equal(f->book.peers, 0);
    assert_int_equal(f->book.peers_lost, 1);
}

/* A libzmq that gives no descriptors: ends are believed, cancels of peers are not. */
TEST_WITH(book__nameless_ones_are_there_until_their_ends, setup, teardown) {
    fixture *f = *state;
    zl_listener_frame nameless = {-1, 1, "127.0.0.1", NULL, NULL};
    zl_listener_frame end = {-1, 0, NULL, NULL, NULL};
    zl_span app = zl_span_of("app");
    zl_listeners_subscribed(&f->book, &nameless, app);
    zl_listeners_subscribed(&f->book, &nameless, app);
    zl_listeners_cancelled(&f->book, &nameless, app);
    zl_listeners_cancelled(&f->book, &end, app);
    assert_int_equal(holders(f, "app"), 1);
    zl_listeners_cancelled(&f->book, &end, app);
    assert_int_equal(holders(f, "app"), 0);
}

TEST_WITH(book__too_many_prefixes_end_the_connection, setup, teardown) {
    fixture *f = *state;
    char prefix[16];
    for (int i = 0; i <= ZL_LISTENER_PREFIXES_MAX; i++) {
        assert_false(is_cut(f, 0));
        snprintf(prefix, sizeof prefix, "%d", i);
        subscribe(f, 0, prefix);
    }
    assert_true(is_cut(f, 0));
    assert_false(is_cut(f, 1));
    subscribe(f, 0, "one more");
    assert_int_equal(f->book.first->next->next->prefixes.count,
                     ZL_LISTENER_PREFIXES_MAX + 1);
}

TEST_WITH(book__too_long_prefixes_end_the_connection, setup, teardown) {
    fixture *f = *state;
    static char prefix[1001];
    memset(prefix, 'x', 1000);
    for (int i = 0; i < 2000 && !is_cut(f, 0); i++) {
        memcpy(prefix, &i, sizeof i - 1);
        zl_listener_frame frame = from(f, 0);
        zl_listeners_subscribed(&f->book, &frame, zl_span_make(prefix, 1000));
    }
    assert_true(is_cut(f, 0));
    assert_true(f->book.prefixes.distinct <= ZL_LISTENER_PREFIX_BYTES_MAX / 1000 + 1);
}

TEST_WITH(book__too_many_strays_end_the_connection, setup, teardown) {
    fixture *f = *state;
    zl_listener_frame frame = from(f, 0);
    for (int i = 0; i < ZL_LISTENER_STRAYS_MAX; i++)
        zl_listeners_strayed(&f->book, &frame);
    assert_false(is_cut(f, 0));
    zl_listeners_strayed(&f->book, &frame);
    assert_true(is_cut(f, 0));
    assert_int_equal(f->book.strays, ZL_LISTENER_STRAYS_MAX + 1);
    assert_int_equal(f->book.peers, 0);
}

/* Two connections with one descriptor, told of in one go. */
TEST_WITH(book__what_comes_late_is_not_of_the_next_connection, setup, teardown) {
    fixture *f = *state;
    zl_listener_frame late = from(f, 0), own = from(f, 0);
    late.origin = "the one before";
    zl_listeners_opened(&f->book, f->ours[0]);
    zl_listeners_subscribed(&f->book, &late, zl_span_of("app"));
    assert_int_equal(holders(f, "app"), 1);
    zl_listeners_subscribed(&f->book, &own, zl_span_of("db"));
    assert_int_equal(holders(f, "app"), 0);
    assert_int_equal(holders(f, "db"), 1);
    assert_int_equal(f->book.peers, 1);
    assert_int_equal(f->book.peers_lost, 1);
}

static void observe(fixture *f, int64_t at_ms) {
    zl_listeners_observe(&f->book, zl_span_of("app.INFO"), 1000 * MS + at_ms * MS);
}

TEST_WITH(progress__none_for_the_stall_ends_the_connection, setup, teardown) {
    fixture *f = *state;
    char byte;
    for (int i = 0; i < 3; i++) {
        subscribe(f, i, i == 1 ? "other" : "app");
        assert_int_equal(write(f->ours[i], "ab", 1), 1);
        assert_int_equal(write(f->ours[i], "ab", 1), 1);
    }
    observe(f, 0);
    observe(f, 50);
    assert_int_equal(read(f->theirs[2], &byte, 1), 1);
    observe(f, 100);
    observe(f, 149);
    assert_false(is_cut(f, 0));
    observe(f, 190);
    assert_true(is_cut(f, 0));
    assert_false(is_cut(f, 1)); /* no record waits for it */
    assert_false(is_cut(f, 2)); /* it has read */
    assert_int_equal(f->book.cut, 1);
}

TEST_WITH(progress__who_has_all_is_not_to_blame, setup, teardown) {
    fixture *f = *state;
    subscribe(f, 0, "app");
    for (int i = 0; i < 20; i++)
        observe(f, i * 50);
    assert_false(is_cut(f, 0));
}

static int permits_bob(const char *key, void *context) {
    (void)context;
    return strcmp(key, "bob") == 0;
}

TEST_WITH(book__revoked_keys_end_their_connections, setup, teardown) {
    fixture *f = *state;
    for (int i = 0; i < 3; i++)
        subscribe(f, i, "app");
    assert_int_equal(zl_listeners_revoke(&f->book, permits_bob, NULL), 2);
    assert_true(is_cut(f, 0));
    assert_false(is_cut(f, 1));
    assert_true(is_cut(f, 2));
    assert_int_equal(zl_listeners_revoke(&f->book, permits_bob, NULL), 0);
}

static void note(const zl_listener *listener, void *context) {
    char *text = context;
    sprintf(text + strlen(text), "%s %s %zu;", listener->key, listener->address,
            listener->prefixes.count);
    assert_true(listener->since_ns > 0);
}

TEST_WITH(book__shows_who_listens, setup, teardown) {
    fixture *f = *state;
    char text[200] = "";
    subscribe(f, 0, "app");
    subscribe(f, 0, "app.INFO");
    subscribe(f, 2, "");
    zl_listeners_each(&f->book, note, text);
    assert_string_equal(text, "carol 127.0.0.1 1;alice 127.0.0.1 2;");
}

TEST_WITH(book__never_shuts_a_descriptor_that_became_anothers, setup, teardown) {
    fixture *f = *state;
    int pair[2];
    subscribe(f, 0, "app");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(dup2(pair[0], f->ours[0]), f->ours[0]);
    zl_listeners_revoke(&f->book, permits_bob, NULL);
    assert_int_equal(write(f->ours[0], "x", 1), 1);
    close(pair[0]);
    close(pair[1]);
}
