/* SPDX-License-Identifier: BSD-3-Clause */
/* No memory, at each place where the library asks for some: no crash, no record in
 * pieces, no leak, exact counts, and all is well once there is memory again. And
 * log calls do not ask. */
#include "support.h"
#include "peer.h"
#include "failing.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>

TEST_LABELS(own_malloc);

#define BIG 5000

typedef struct stage {
    zmqlog_auth *auth;
    zmqlog_keypair *keypair;
    zmqlog_handler *handler;
    zmqlog_logger *logger, *clone;
    zmqlog_record *record, *received;
    zmqlog_subscriber *subscriber;
    peer listener; /* plain libzmq, whose allocations do not fail */
    int wrong;     /* line of the first surprise */
} stage;

/* A call that may fail for want of memory, and for no other reason. */
#define may(s, call)                                                                   \
    do {                                                                               \
        zmqlog_status status_ = (call);                                                \
        if (status_ != ZMQLOG_OK && status_ != ZMQLOG_ENOMEM && !(s)->wrong) {         \
            fprintf(stderr, "%s is %s\n", #call, zmqlog_status_name(status_));         \
            (s)->wrong = __LINE__;                                                     \
        }                                                                              \
    } while (0)
#define must(s, condition)                                                             \
    do {                                                                               \
        if (!(condition) && !(s)->wrong) {                                             \
            fprintf(stderr, "not so: %s\n", #condition);                               \
            (s)->wrong = __LINE__;                                                     \
        }                                                                              \
    } while (0)

static int make_objects(stage *s) {
    s->auth = zmqlog_auth_new();
    s->keypair = zmqlog_keypair_new();
    s->handler = zmqlog_handler_new();
    s->logger = zmqlog_logger_new(s->handler, "db");
    s->record = zmqlog_record_new();
    s->received = zmqlog_record_new();
    s->subscriber = zmqlog_subscriber_new();
    return s->auth && s->keypair && s->handler && s->logger && s->record &&
           s->received && s->subscriber;
}

static void fill_objects(stage *s) {
    zmqlog_record *r = s->record;
    may(s, zmqlog_keypair_generate(s->keypair));
    may(s, zmqlog_auth_allow_key(s->auth, zmqlog_keypair_public_key(s->keypair)));
    may(s, zmqlog_auth_allow_address(s->auth, "127.0.0.1"));
    may(s, zmqlog_auth_set_insecure(s->auth, 1));
    may(s, zmqlog_logger_set_topic(s->logger, "sql", 3));
    may(s, zmqlog_logger_set_field_string(s->logger, "bound", "to it", 5));
    may(s, zmqlog_logger_set_field_int(s->logger, "both", 1));
    may(s, zmqlog_record_set_logger(r, "named"));
    may(s, zmqlog_record_set_subtopic(r, "sub", 3));
    may(s, zmqlog_record_set_text(r, "hello", 5));
    may(s, zmqlog_record_set_source(r, "file.c", 1, "function"));
    may(s, zmqlog_record_set_thread_name(r, "thread"));
    may(s, zmqlog_record_set_field_int(r, "both", 2));
    may(s, zmqlog_record_set_field_double(r, "pi", 3.14));
    may(s, zmqlog_record_set_field_json(r, "list", "[1, 2, {\"x\": null}]", 19));
    s->clone = zmqlog_logger_clone(s->logger);
}

static zmqlog_status open_all(stage *s) {
    zmqlog_handler *h = s->handler;
    zmqlog_status status;
    may(s, zmqlog_handler_set_auth(h, s->auth));
    may(s, zmqlog_handler_set_hold_ms(h, 0));
    may(s, zmqlog_handler_set_drop_notice(h, 0));
    may(s, zmqlog_handler_set_root_topic(h, "app"));
    may(s, zmqlog_handler_set_time_format(h, "%H:%M"));
    may(s, zmqlog_handler_set_style(h, 0, "json"));
    may(s, zmqlog_handler_set_style(h, 30, "%(asctime)s %(levelname)s %(message)s"));
    status = zmqlog_handler_bind(h, "tcp://127.0.0.1:*");
    may(s, status);
    may(s, zmqlog_subscriber_subscribe_level(s->subscriber, "app", 10));
    may(s, zmqlog_subscriber_subscribe(s->subscriber, "other"));
    if (status != ZMQLOG_OK)
        return status;
    peer_connect(&s->listener, h);
    must(s, zmqlog_handler_wait_subscriber(h, "app.INFO", PATIENCE_MS) == ZMQLOG_OK);
    may(s, zmqlog_subscriber_connect(s->subscriber, zmqlog_handler_endpoint(h, 0)));
    return status;
}

/* Log calls need no memory at all. */
static void log_all(stage *s) {
    char big[BIG], topic[16];
    memset(big, 'x', sizeof big);
    failing_count_mine();
    for (int i = 0; i < 20; i++) {
        int len = snprintf(topic, sizeof topic, "topic%d", i);
        must(s, zmqlog_handler_log_topic(s->handler, 20, topic, (size_t)len, "hello",
                                         5) == ZMQLOG_OK);
    }
    must(s, zmqlog_handler_log(s->handler, 30, "a::hello", 8) == ZMQLOG_OK);
    must(s, zmqlog_handler_log(s->handler, 20, big, sizeof big) == ZMQLOG_OK);
    must(s, zmqlog_handler_log_record(s->handler, s->record) == ZMQLOG_OK);
    if (s->clone) {
        must(s, zmqlog_logger_log(s->clone, 20, "hello", 5) == ZMQLOG_OK);
        must(s, zmqlog_logger_log_record(s->clone, s->record) == ZMQLOG_OK);
        ZMQLOG_INFO_F(s->clone, "%d hello", 7, ZF_INT("order", 7), ZF_STR("site", "x"));
    }
    must(s, failing_count_mine() == 0);
}

static int64_t count(const stage *s, int which) {
    return zmqlog_handler_count(s->handler, which);
}

static void check_identity(stage *s) {
    must(s, count(s, ZMQLOG_COUNT_QUEUED) == 0);
    must(s, count(s, ZMQLOG_COUNT_ACCEPTED) ==
                count(s, ZMQLOG_COUNT_SENT) + count(s, ZMQLOG_COUNT_UNHEARD) +
                    count(s, ZMQLOG_COUNT_DROPPED_INTERNAL));
}

static int is_whole(const char *text, size_t len) {
    if (len > 1 && text[0] == '{')
        return text[len - 1] == '}';
    if (len >= BIG)
        return memcmp(text + len - 5, "xxxxx", 5) == 0;
    /* Setting the record's text may have failed: then its message is empty. */
    return (len >= 5 && memcmp(text + len - 5, "hello", 5) == 0) ||
           (len == 5 && memcmp(text, "INFO ", 5) == 0);
}

static void receive_all(stage *s, int64_t records) {
    void *sub = s->listener.socket;
    char frame[8192];
    int len, more;
    size_t size = sizeof more;
    for (int64_t i = 0; i < records; i++) {
        len = zmq_recv(sub, frame, sizeof frame, 0);
        zmq_getsockopt(sub, ZMQ_RCVMORE, &more, &size);
        must(s, len > 3 && more);
        len = zmq_recv(sub, frame, sizeof frame, 0);
        zmq_getsockopt(sub, ZMQ_RCVMORE, &more, &size);
        must(s, len >= 0 && !more && is_whole(frame, (size_t)len));
        if (s->wrong)
            return;
    }
}

static void receive_own(stage *s) {
    zmqlog_status status = ZMQLOG_OK;
    for (int i = 0; i < 200; i++) {
        status = zmqlog_subscriber_recv(s->subscriber, s->received, 20);
        if (status == ZMQLOG_OK) {
            must(s, zmqlog_record_level(s->received) > 0);
            status = zmqlog_record_parse(s->received);
            must(s, status == ZMQLOG_OK || status == ZMQLOG_ENOMEM ||
                        status == ZMQLOG_EFORMAT);
            (void)zmqlog_record_field_json(s->received, 0, NULL);
        } else if (status != ZMQLOG_ENOMEM) {
            break;
        }
    }
    must(s, zmqlog_subscriber_count(s->subscriber, ZMQLOG_COUNT_MALFORMED) == 0);
}

static void play(stage *s) {
    log_all(s);
    may(s, zmqlog_handler_set_root_topic(s->handler, "other"));
    may(s, zmqlog_handler_set_style(s->handler, 0, "%(levelname)s %(message)s"));
    log_all(s);
    must(s, zmqlog_handler_flush(s->handler, PATIENCE_MS) == ZMQLOG_OK);
    check_identity(s);
    receive_all(s, count(s, ZMQLOG_COUNT_SENT));
    receive_own(s);
}

static void free_all(stage *s) {
    if (s->handler)
        must(s, zmqlog_handler_close(s->handler, PATIENCE_MS) == ZMQLOG_OK);
    zmqlog_subscriber_free(s->subscriber);
    zmqlog_logger_free(s->clone);
    zmqlog_handler_free(s->handler);
    zmqlog_logger_free(s->logger);
    zmqlog_record_free(s->record);
    zmqlog_record_free(s->received);
    zmqlog_keypair_free(s->keypair);
    zmqlog_auth_free(s->auth);
}

/* The I/O thread releases the handler a moment after it has reported its end. */
static void check_leaks(stage *s, long before) {
    for (int i = 0; i < PATIENCE_MS && failing_held() > before; i++)
        poll(NULL, 0, 1);
    must(s, failing_held() == before);
}

#define NOT_REACHED 254

/* Does everything once while the n-th allocation fails. The child's result: 0, the line
 * of what is wrong (as far as it fits), or that there were fewer allocations. */
static int run(long nth, int all) {
    long before = failing_held(), made;
    stage s = {.listener = peer_new()};
    alarm(PATIENCE_MS / 1000);
    peer_subscribe(&s.listener, "");
    failing_begin(nth, all);
    if (make_objects(&s)) {
        fill_objects(&s);
        if (open_all(&s) == ZMQLOG_OK)
            play(&s);
    }
    made = failing_end();
    if (s.handler && !s.wrong) {
        /* What failed for want of memory succeeds now. */
        if (count(&s, ZMQLOG_COUNT_ACCEPTED) == 0)
            must(&s, zmqlog_handler_bind(s.handler, "tcp://127.0.0.1:*") == ZMQLOG_OK);
        must(&s, zmqlog_handler_set_style(s.handler, 0, "plain") == ZMQLOG_OK);
        must(&s, zmqlog_handler_set_root_topic(s.handler, "app") == ZMQLOG_OK);
    }
    free_all(&s);
    check_leaks(&s, before);
    peer_close(&s.listener);
    if (s.wrong)
        fprintf(stderr, "line %d with allocation %ld%s\n", s.wrong, nth,
                all ? " and all after it" : "");
    return s.wrong ? (s.wrong % 200) + 1 : made < nth ? NOT_REACHED : 0;
}

static int run_in_child(long nth, int all) {
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(run(nth, all));
    assert_int_equal(child, waitpid(child, &status, 0));
    if (WIFSIGNALED(status))
        print_error("signal %d with allocation %ld\n", WTERMSIG(status), nth);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void sweep(int all, long step) {
    long nth = 1;
    int result;
    while ((result = run_in_child(nth, all)) == 0)
        nth += step;
    assert_int_equal(NOT_REACHED, result);
    assert_true(nth > 300);
}

TEST(memory__any_one_allocation_may_fail) {
    assert_int_equal(NOT_REACHED, run_in_child(1000000, 0));
    sweep(0, 1);
}

TEST(memory__all_may_fail_from_any_point_on) {
    sweep(1, 7);
}
