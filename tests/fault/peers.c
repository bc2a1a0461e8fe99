/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers that die or freeze: subscribers that are killed or stopped, publishers that
 * are killed and come back. */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

TEST_LABELS(sanitized);

static const char *self;

/* A process of this program in another role; it ends with its parent. */
static pid_t spawn(const char *role, const char *endpoint, const char *argument) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(self, self, role, endpoint, argument, (char *)NULL);
        _exit(127);
    }
    return child;
}

static void end(pid_t child) {
    int status;
    assert_int_equal(0, kill(child, SIGKILL));
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFSIGNALED(status));
}

static int be_subscriber(const char *endpoint, const char *prefix) {
    void *context = zmq_ctx_new(), *sub = zmq_socket(context, ZMQ_SUB);
    char frame[4096];
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, prefix, strlen(prefix));
    zmq_connect(sub, endpoint);
    while (zmq_recv(sub, frame, sizeof frame, 0) >= 0)
        continue;
    return 0;
}

static int be_publisher(const char *endpoint, const char *cycle) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_handler_set_root_topic(handler, "app");
    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        if (zmqlog_handler_bind(handler, endpoint) == ZMQLOG_OK)
            break;
        poll(NULL, 0, 10); /* the port of the one before is not free yet */
    }
    for (;;) {
        zmqlog_handler_log(handler, 20, cycle, strlen(cycle));
        poll(NULL, 0, 1);
    }
    return 0;
}

static zmqlog_handler *open_without_hold(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_drop_notice(handler, 0));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    return handler;
}

/* An open gate may still be open from the start. This waits for a peer that is
 * connected and whose subscription counts. */
static pid_t spawn_subscriber(zmqlog_handler *handler, const char *prefix,
                              const char *topic, int peers) {
    pid_t child = spawn("subscriber", zmqlog_handler_endpoint(handler, 0), prefix);
    wait_count(handler, ZMQLOG_COUNT_PEERS, peers);
    assert_ok(zmqlog_handler_wait_subscriber(handler, topic, PATIENCE_MS));
    return child;
}

TEST(subscriber__that_is_killed_closes_its_level) {
    zmqlog_handler *handler = open_without_hold();
    for (int i = 0; i < 10; i++) {
        pid_t child = spawn_subscriber(handler, "app.DEBUG", "app.DEBUG", 1);
        wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 1);
        for (int j = 0; j < 100; j++)
            log_text(handler, ZMQLOG_LEVEL_DEBUG, "into the void");
        end(child);
        wait_enabled(handler, ZMQLOG_LEVEL_DEBUG, 0);
        wait_count(handler, ZMQLOG_COUNT_PEERS, 0);
        wait_count(handler, ZMQLOG_COUNT_PEER_LOST, i + 1);
    }
    zmqlog_handler_free(handler);
}

/* Asks after each record what the other subscriber has, so that it is never behind. */
static void log_and_receive(zmqlog_handler *handler, peer *p) {
    static char text[1000];
    peer_frames frames;
    memset(text, 'x', sizeof text);
    assert_ok(zmqlog_handler_log(handler, 20, text, sizeof text));
    peer_receive(p, &frames);
    assert_int_equal(sizeof text, frames.body_len);
}

/* More than all buffers on the way can hold. */
#define RECORDS_MAX 400000

TEST(subscriber__that_is_stopped_costs_the_others_nothing) {
    zmqlog_handler *handler = open_without_hold();
    peer p = peer_listening(handler, "app.INFO");
    pid_t child = spawn_subscriber(handler, "app", "app.ERROR", 2);
    int records = 0;
    assert_int_equal(0, kill(child, SIGSTOP));
    while (zmqlog_handler_count(handler, ZMQLOG_COUNT_SLOW_EPISODES) == 0) {
        log_and_receive(handler, &p);
        assert_true(++records < RECORDS_MAX);
    }
    for (int i = 0; i < 10000; i++, records++)
        log_and_receive(handler, &p);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(records, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    assert_int_equal(0, kill(child, SIGCONT));
    end(child);
    wait_enabled(handler, ZMQLOG_LEVEL_ERROR, 0);
    peer_close(&p);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

#define CYCLES 20

/* Receives until the record of this cycle has come. */
static void expect_cycle(zmqlog_subscriber *subscriber, const char *cycle) {
    zmqlog_record *record = zmqlog_record_new();
    do {
        receive(subscriber, record);
        assert_record(record, topic, "app.INFO");
    } while (strcmp(zmqlog_record_text(record, NULL), cycle) != 0);
    zmqlog_record_free(record);
}

static void resume_at(const char *endpoint) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    char cycle[8];
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok(zmqlog_subscriber_connect(subscriber, endpoint));
    for (int i = 0; i < CYCLES; i++) {
        pid_t child;
        snprintf(cycle, sizeof cycle, "%d", i);
        child = spawn("publisher", endpoint, cycle);
        expect_cycle(subscriber, cycle);
        end(child);
    }
    zmqlog_subscriber_free(subscriber);
}

TEST(publisher__that_is_killed_is_found_again_over_tcp) {
    zmqlog_handler *handler = open_without_hold();
    char endpoint[256];
    snprintf(endpoint, sizeof endpoint, "%s", zmqlog_handler_endpoint(handler, 0));
    zmqlog_handler_close(handler, PATIENCE_MS);
    zmqlog_handler_free(handler);
    resume_at(endpoint);
}

/* Each leaves its socket file behind, which the next one takes over. */
TEST(publisher__that_is_killed_is_found_again_over_ipc) {
    temp_dir dir = temp_dir_make();
    resume_at(temp_dir_path(&dir, "ipc://", "log"));
    temp_dir_remove(&dir);
}

static int be_connected(const char *endpoint, const char *cycle) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_handler_set_root_topic(handler, "app");
    zmqlog_handler_connect(handler, endpoint);
    for (;;) {
        zmqlog_handler_log(handler, 20, cycle, strlen(cycle));
        poll(NULL, 0, 1);
    }
    return 0;
}

TEST(publisher__that_connects_may_be_killed_and_come_back) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    char cycle[8];
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    for (int i = 0; i < CYCLES; i++) {
        pid_t child;
        snprintf(cycle, sizeof cycle, "%d", i);
        child = spawn("connected", zmqlog_subscriber_endpoint(subscriber, 0), cycle);
        expect_cycle(subscriber, cycle);
        end(child);
    }
    zmqlog_subscriber_free(subscriber);
}

static int be(const char *role, const char *endpoint, const char *argument) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (strcmp(role, "subscriber") == 0)
        return be_subscriber(endpoint, argument);
    if (strcmp(role, "publisher") == 0)
        return be_publisher(endpoint, argument);
    return be_connected(endpoint, argument);
}

int main(int argc, char **argv) {
    if (argc == 4)
        return be(argv[1], argv[2], argv[3]);
    self = argv[0];
    return test_run();
}
