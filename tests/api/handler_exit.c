/* SPDX-License-Identifier: BSD-3-Clause */
/* The ends of a process: which of them deliver what was logged. Each is a child process
 * that logs to a subscriber of its parent. */
#include "support.h"
#include "peer.h"

#include <signal.h>
#include <sys/wait.h>

TEST_LABELS(untidy);

#define RECORDS 200

typedef enum ending { RETURN, EXIT, FREED, UNDERSCORE_EXIT, ABORT } ending;

static void log_all(zmqlog_handler *handler) {
    for (int i = 0; i < RECORDS; i++)
        zmqlog_handler_log(handler, 20, "last words", 10);
}

static void end_by(ending how, zmqlog_handler *handler) {
    switch (how) {
    case FREED:
        zmqlog_handler_free(handler);
        exit(0);
    case UNDERSCORE_EXIT:
        _exit(0);
    case ABORT:
        signal(SIGABRT, SIG_DFL);
        abort();
    default:
        exit(0);
    }
}

/* The child must not run cmocka's exit handlers, so it is a fresh program. */
static int child_main(const char *endpoint, const char *mode, ending how) {
    zmqlog_handler *handler = zmqlog_handler_new();
    int connects = strcmp(mode, "connect") == 0;
    zmqlog_handler_set_hold_ms(handler, PATIENCE_MS);
    zmqlog_handler_set_linger_ms(handler, PATIENCE_MS);
    if ((connects ? zmqlog_handler_connect(handler, endpoint)
                  : zmqlog_handler_bind(handler, endpoint)) != ZMQLOG_OK) {
        fprintf(stderr, "%s\n", zmqlog_handler_errmsg(handler));
        return 9;
    }
    log_all(handler);
    if (how != RETURN)
        end_by(how, handler);
    return 0; /* the handler is still open */
}

static const char *self;

static pid_t spawn(const char *endpoint, const char *mode, ending how) {
    char number[8];
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        snprintf(number, sizeof number, "%d", how);
        execl(self, self, endpoint, mode, number, (char *)NULL);
        _exit(127);
    }
    return child;
}

static int received_after(const char *mode, ending how) {
    temp_dir dir = temp_dir_make();
    const char *endpoint = temp_dir_path(&dir, "ipc://", "log");
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    int received = 0, status;
    pid_t child;
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    if (strcmp(mode, "connect") == 0)
        assert_ok(zmqlog_subscriber_bind(subscriber, endpoint));
    else
        assert_ok(zmqlog_subscriber_connect(subscriber, endpoint));
    child = spawn(endpoint, mode, how);
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(how == ABORT ? WIFSIGNALED(status)
                             : WIFEXITED(status) && WEXITSTATUS(status) == 0);
    /* The pump may still be reading what is in the kernel. */
    while (received < RECORDS &&
           zmqlog_subscriber_recv(subscriber, record, 2000) == ZMQLOG_OK)
        received++;
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    temp_dir_remove(&dir);
    return received;
}

TEST(exit__return_from_main_delivers) {
    assert_int_equal(RECORDS, received_after("bind", RETURN));
    assert_int_equal(RECORDS, received_after("connect", RETURN));
}

TEST(exit__exit_delivers) {
    assert_int_equal(RECORDS, received_after("bind", EXIT));
    assert_int_equal(RECORDS, received_after("connect", EXIT));
}

TEST(exit__a_freed_handler_is_drained_before_the_end) {
    assert_int_equal(RECORDS, received_after("bind", FREED));
    assert_int_equal(RECORDS, received_after("connect", FREED));
}

/* What is still held back when a process ends without exit handlers is gone. */
TEST(exit__underscore_exit_and_abort_do_not_deliver) {
    assert_true(received_after("bind", UNDERSCORE_EXIT) < RECORDS);
    assert_true(received_after("bind", ABORT) < RECORDS);
}

int main(int argc, char **argv) {
    if (argc == 4)
        return child_main(argv[1], argv[2], (ending)atoi(argv[3]));
    self = argv[0];
    return test_run();
}
