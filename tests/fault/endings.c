/* SPDX-License-Identifier: BSD-3-Clause */
/* Processes that end under load: in time, and with no record in pieces. */
#include "support.h"
#include "peer.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

TEST_LABELS(sanitized);

#define LINGER_MS 300

static const char *self;

static void *log_on(void *handler) {
    for (;;)
        zmqlog_handler_log(handler, 20, "a whole body, from begin to end", 31);
    return NULL;
}

/* Logs from eight threads, and ends in the given way. */
static int be_busy(const char *endpoint, const char *how) {
    zmqlog_handler *handler = zmqlog_handler_new();
    pthread_t thread;
    alarm(PATIENCE_MS / 1000);
    zmqlog_handler_set_linger_ms(handler, LINGER_MS);
    zmqlog_handler_set_drop_notice(handler, 0);
    zmqlog_handler_set_style(handler, 0, strcmp(how, "json") == 0 ? "json" : "plain");
    if (strcmp(how, "block") == 0)
        zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1);
    if (strcmp(how, "oldest") == 0)
        zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_DROP_OLDEST, 0);
    if (zmqlog_handler_connect(handler, endpoint) != ZMQLOG_OK)
        return 9;
    if (zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS) != ZMQLOG_OK)
        return 8;
    for (int i = 0; i < 8; i++)
        pthread_create(&thread, NULL, log_on, handler);
    while (zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT) < 20000)
        zmqlog_handler_flush(handler, 1);
    if (strcmp(how, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(how, "underscore") == 0)
        _exit(0);
    if (strcmp(how, "close") == 0)
        zmqlog_handler_close(handler, LINGER_MS);
    if (strcmp(how, "free") == 0)
        exit(0);
    return 0;
}

static pid_t spawn(const char *endpoint, const char *how) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(self, self, endpoint, how, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Every message that arrives is two frames that belong together. */
static void receive_until_gone(void *sub, pid_t child, const char *how) {
    char frame[1024];
    int status, more, len, gone = 0, received = 0, silences = 0;
    size_t size = sizeof more;
    for (;;) {
        len = zmq_recv(sub, frame, sizeof frame, 0);
        if (len < 0 && gone && (received > 0 || silences++ > 100))
            break;
        if (len < 0) {
            /* Does not wait for the child: the child waits for our subscription, which
             * libzmq sends only within our calls. */
            if (!gone)
                gone = waitpid(child, &status, WNOHANG) == child;
            continue;
        }
        assert_bytes(frame, (size_t)len, "INFO");
        zmq_getsockopt(sub, ZMQ_RCVMORE, &more, &size);
        assert_int_equal(1, more);
        len = zmq_recv(sub, frame, sizeof frame, 0);
        zmq_getsockopt(sub, ZMQ_RCVMORE, &more, &size);
        assert_int_equal(0, more);
        if (strcmp(how, "json") == 0) {
            assert_int_equal('{', frame[0]);
            assert_int_equal('}', frame[len - 1]);
        } else {
            assert_bytes(frame, (size_t)len, "a whole body, from begin to end");
        }
        received++;
    }
    assert_true(received > 0);
    if (strcmp(how, "kill") == 0)
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    else
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(ending__under_load_breaks_no_record) {
    static const char *const ways[] = {"return", "close", "free",       "block",
                                       "oldest", "json",  "underscore", "kill"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        peer p = peer_new();
        char endpoint[256];
        size_t size = sizeof endpoint;
        int short_patience = 300;
        peer_subscribe(&p, "");
        zmq_setsockopt(p.socket, ZMQ_RCVTIMEO, &short_patience, sizeof short_patience);
        assert_int_equal(0, zmq_bind(p.socket, "tcp://127.0.0.1:*"));
        zmq_getsockopt(p.socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
        receive_until_gone(p.socket, spawn(endpoint, ways[i]), ways[i]);
        peer_close(&p);
    }
}

/* A subscriber that never reads must not keep the publisher's process from ending. */
TEST(ending__beside_a_stalled_subscriber_takes_the_linger) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    struct timespec begin, end;
    int status;
    pid_t child;
    assert_ok(zmqlog_subscriber_set_queue_bytes(subscriber, 16384));
    assert_ok(zmqlog_subscriber_set_receive_hwm(subscriber, 1));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    clock_gettime(CLOCK_MONOTONIC, &begin);
    child = spawn(zmqlog_subscriber_endpoint(subscriber, 0), "return");
    assert_int_equal(child, waitpid(child, &status, 0));
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_in_range(end.tv_sec - begin.tv_sec, 0, PATIENCE_MS / 1000);
    zmqlog_subscriber_free(subscriber);
}

int main(int argc, char **argv) {
    if (argc == 3)
        return be_busy(argv[1], argv[2]);
    self = argv[0];
    return test_run();
}
