/* SPDX-License-Identifier: BSD-3-Clause */
/* Eight threads, a million records each: all arrive, whole, and those of each
 * thread in the order in which it logged them. */
#include "support.h"
#include "peer.h"

#include <pthread.h>

TEST_LABELS(sanitized, alone);

#define THREADS 8
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define EACH 50000
#else
#define EACH 1000000
#endif

typedef struct producer {
    zmqlog_handler *handler;
    uint32_t number;
    int failed;
} producer;

static void *produce(void *argument) {
    producer *p = argument;
    for (uint32_t i = 0; i < EACH; i++) {
        uint32_t record[2] = {p->number, i};
        if (zmqlog_handler_log_topic(p->handler, 20, NULL, 0, (char *)record,
                                     sizeof record) != ZMQLOG_OK)
            p->failed++;
    }
    return NULL;
}

static void receive_all(peer *p) {
    uint32_t next[THREADS] = {0}, record[2];
    char topic[16];
    for (int i = 0; i < THREADS * EACH; i++) {
        int more = 0;
        size_t size = sizeof more;
        assert_int_equal(8, zmq_recv(p->socket, topic, sizeof topic, 0));
        assert_memory_equal("app.INFO", topic, 8);
        assert_int_equal(8, zmq_recv(p->socket, record, sizeof record, 0));
        zmq_getsockopt(p->socket, ZMQ_RCVMORE, &more, &size);
        assert_int_equal(0, more);
        assert_true(record[0] < THREADS);
        assert_int_equal(next[record[0]]++, record[1]);
    }
}

TEST(order__of_each_thread_is_kept) {
    zmqlog_handler *handler = zmqlog_handler_new();
    producer producers[THREADS];
    pthread_t thread[THREADS];
    peer p;
    assert_ok(zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1));
    /* The reader shares two processors with nine threads. */
    assert_ok(zmqlog_handler_set_slow_peer(handler, 60000, 300, 5));
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    p = peer_listening(handler, "app.INFO");
    for (uint32_t i = 0; i < THREADS; i++) {
        producers[i] = (producer){handler, i, 0};
        pthread_create(&thread[i], NULL, produce, &producers[i]);
    }
    receive_all(&p);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(0, producers[i].failed);
    }
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    assert_int_equal(THREADS * EACH, zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    assert_int_equal(THREADS * EACH,
                     zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED));
    peer_close(&p);
    zmqlog_handler_free(handler);
}
