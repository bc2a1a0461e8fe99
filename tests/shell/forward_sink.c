/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a sink's thread, seen with a peer of the test's. */
#include "forward/sink.h"
#include "moment.h"
#include "support.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define ASKED_BEFORE 5

/* A peer that is busy for some time, behind a descriptor that is always writable, like
 * a connection that waits for an answer. */
typedef struct peer {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int asked;
    int64_t first_at, last_at;
    int fd;
} peer;

static int open_peer(sink *to) {
    to->fd = ((peer *)to->state)->fd;
    return 0;
}

static sink_result put(sink *to, const queue_item *item) {
    peer *busy = to->state;
    (void)item;
    pthread_mutex_lock(&busy->lock);
    busy->last_at = moment_now();
    if (busy->asked++ == 0)
        busy->first_at = busy->last_at;
    int asked = busy->asked;
    pthread_cond_signal(&busy->changed);
    pthread_mutex_unlock(&busy->lock);
    return asked > ASKED_BEFORE ? SINK_DONE : SINK_BUSY;
}

static sink_result turn(sink *to) {
    queue_settle(&to->queue, 1);
    return SINK_DONE;
}

static void shut(sink *to) {
    (void)to;
}

TEST(sink__a_busy_peer_is_not_asked_all_the_time) {
    static const sink_kind kind = {
        .scheme = "test:", .open = open_peer, .put = put, .turn = turn, .shut = shut};
    peer busy = {.lock = PTHREAD_MUTEX_INITIALIZER,
                 .changed = PTHREAD_COND_INITIALIZER,
                 .fd = eventfd(0, EFD_NONBLOCK)};
    char name[] = "test";
    sink to = {
        .kind = &kind, .name = name, .state = &busy, .fd = -1, .ends = INT64_MAX};
    assert_int_equal(queue_init(&to.queue, 1 << 16), 0);
    assert_int_equal(queue_put(&to.queue, bytes_of("record")), QUEUE_TAKEN);
    assert_int_equal(sink_start(&to), 0);
    pthread_mutex_lock(&busy.lock);
    while (busy.asked <= ASKED_BEFORE)
        pthread_cond_wait(&busy.changed, &busy.lock);
    pthread_mutex_unlock(&busy.lock);
    sink_end(&to, INT64_MAX);
    sink_join(&to);
    /* 20 ms between two questions; a spinning thread asks them all in microseconds. */
    assert_true(busy.last_at - busy.first_at >= ASKED_BEFORE * 15 * MOMENT_MS);
    assert_int_equal(queue_count(&to.queue).delivered, 1);
    queue_free(&to.queue);
    close(busy.fd);
}
