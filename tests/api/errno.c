/* SPDX-License-Identifier: BSD-3-Clause */
/* A log call leaves errno as it is, whatever it does and answers. */
#include "child.h"
#include "peer.h"

#include <errno.h>
#include <poll.h>

TEST_LABELS(untidy);

#define ODD_ERRNO 4711

#define assert_errno_kept(call, wanted)                                                \
    do {                                                                               \
        zmqlog_status got_;                                                            \
        errno = ODD_ERRNO;                                                             \
        got_ = (call);                                                                 \
        assert_int_equal(errno, ODD_ERRNO);                                            \
        assert_status(got_, wanted);                                                   \
    } while (0)

TEST(errno__is_kept_while_the_sleeper_is_woken) {
    zmqlog_handler *handler = open_handler("app");
    peer p = peer_listening(handler, "");
    for (int i = 0; i < 20; i++) {
        if (i % 4 == 0)
            poll(NULL, 0, 20);
        assert_errno_kept(zmqlog_handler_log(handler, 20, "a", 1), ZMQLOG_OK);
    }
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_errno_kept(zmqlog_handler_log(handler, 20, "a", 1), ZMQLOG_ECLOSED);
    zmqlog_handler_free(handler);
    peer_close(&p);
}

/* Logs until `wanted` is the answer; the hold keeps all in the queue. */
static void fill_until(int policy, int block_ms, zmqlog_status wanted) {
    static const char text[1000];
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status = ZMQLOG_OK;
    assert_ok(zmqlog_handler_set_overflow(handler, policy, block_ms));
    assert_ok(zmqlog_handler_set_max_body_bytes(handler, 1024));
    assert_ok(zmqlog_handler_set_queue_bytes(handler, 16384));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 60000));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    for (int i = 0; i < 100 && status == ZMQLOG_OK; i++) {
        errno = ODD_ERRNO;
        status = zmqlog_handler_log(handler, 20, text, sizeof text);
        assert_int_equal(errno, ODD_ERRNO);
    }
    assert_status(status, wanted);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

TEST(errno__is_kept_by_a_queue_that_is_full) {
    fill_until(ZMQLOG_OVERFLOW_DROP_NEWEST, 0, ZMQLOG_ELIMIT);
    fill_until(ZMQLOG_OVERFLOW_BLOCK, 0, ZMQLOG_EAGAIN);
    fill_until(ZMQLOG_OVERFLOW_BLOCK, 30, ZMQLOG_ETIMEDOUT);
}

TEST(errno__is_kept_by_an_attached_handler) {
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_XPUB);
    zmqlog_handler *handler = zmqlog_handler_new();
    int linger = 0;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    assert_int_equal(0, zmq_bind(socket, "tcp://127.0.0.1:*"));
    assert_errno_kept(zmqlog_handler_log(handler, 20, "a", 1), ZMQLOG_ESTATE);
    assert_ok(zmqlog_handler_attach(handler, socket));
    assert_errno_kept(zmqlog_handler_log(handler, 20, "a", 1), ZMQLOG_OK);
    zmq_ctx_shutdown(context);
    assert_errno_kept(zmqlog_handler_log(handler, 20, "a", 1), ZMQLOG_EIO);
    zmqlog_handler_free(handler);
    zmq_close(socket);
    zmq_ctx_term(context);
}

static int log_in_child(void *argument) {
    errno = ODD_ERRNO;
    zmqlog_handler_log(argument, 20, "a", 1);
    if (errno != ODD_ERRNO)
        return 1;
    return zmqlog_handler_close(argument, PATIENCE_MS) == ZMQLOG_OK ? 0 : 2;
}

TEST(errno__is_kept_by_a_child_that_opens_again) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_connect(handler, "tcp://127.0.0.1:1"));
    assert_int_equal(0, in_child(log_in_child, handler));
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
}
