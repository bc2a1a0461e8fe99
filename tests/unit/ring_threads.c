/* SPDX-License-Identifier: BSD-3-Clause */
/* The byte ring with several producers at once: nothing lost, nothing torn, counts
 * exact, also when it closes under them. */
#include "test.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "thread/ring.h"

TEST_LABELS(threads);

#define SMALL 4096u

#define PRODUCERS 4
#define PER_PRODUCER 50000u

typedef struct producer {
    zl_ring *ring;
    uint32_t id;
    uint32_t failed;
    uint32_t accepted;
} producer;

typedef struct stamp {
    uint32_t id;
    uint32_t number;
} stamp;

static size_t padded_length(uint32_t number) {
    return sizeof(stamp) + number * 31 % 97;
}

static zl_ring_result reserve(zl_ring *ring, size_t payload, void **out) {
    return zl_ring_reserve_at_once(ring, payload, SMALL, out)
               ? ZL_RING_OK
               : zl_ring_reserve(ring, payload, SMALL, out);
}

static void *produce(void *argument) {
    producer *self = argument;
    uint32_t number;

    for (number = 0; number < PER_PRODUCER; number++) {
        size_t len = padded_length(number);
        stamp head = {self->id, number};
        zl_ring_result result;
        void *payload;

        while ((result = reserve(self->ring, len, &payload)) == ZL_RING_FULL)
            sched_yield();
        if (result != ZL_RING_OK) {
            self->failed++;
            break;
        }
        memcpy(payload, &head, sizeof head);
        memset((char *)payload + sizeof head, (int)(number & 0xff), len - sizeof head);
        zl_ring_commit(self->ring, payload, len);
    }
    return NULL;
}

static int is_whole(const char *payload, size_t len, uint32_t number) {
    size_t i;

    if (len != padded_length(number))
        return 0;
    for (i = sizeof(stamp); i < len; i++)
        if (payload[i] != (char)(number & 0xff))
            return 0;
    return 1;
}

TEST(ring__many_producers_lose_and_tear_nothing) {
    static zl_ring ring;
    producer producers[PRODUCERS];
    pthread_t threads[PRODUCERS];
    uint32_t next[PRODUCERS] = {0};
    uint32_t wrong = 0, i;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    for (i = 0; i < PRODUCERS; i++) {
        producers[i] = (producer){&ring, i, 0, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
    }
    while (ring.read_count < PRODUCERS * PER_PRODUCER) {
        size_t len;
        void *payload = zl_ring_read(&ring, &len);
        stamp head;

        if (!payload) {
            zl_ring_release(&ring);
            sched_yield();
            continue;
        }
        memcpy(&head, payload, sizeof head);
        if (head.id >= PRODUCERS || head.number != next[head.id]++ ||
            !is_whole(payload, len, head.number))
            wrong++;
        if (ring.read_count % 7 == 0)
            zl_ring_release(&ring);
    }
    zl_ring_release(&ring);
    for (i = 0; i < PRODUCERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(producers[i].failed, 0);
        assert_int_equal(next[i], PER_PRODUCER);
    }
    assert_int_equal(wrong, 0);
    assert_true(zl_ring_is_empty(&ring));
    assert_int_equal(zl_ring_head_count(&ring), PRODUCERS * PER_PRODUCER);
    zl_ring_destroy(&ring);
}

static void *produce_until_closed(void *argument) {
    producer *self = argument;
    void *payload;

    for (;;) {
        zl_ring_result result = reserve(self->ring, 40, &payload);

        if (result == ZL_RING_CLOSED)
            return NULL;
        if (result == ZL_RING_FULL) {
            sched_yield();
            continue;
        }
        self->accepted++;
        zl_ring_commit(self->ring, payload, 40);
    }
}

TEST(ring__close_and_count_agree_with_producers) {
    static zl_ring ring;
    producer producers[PRODUCERS];
    pthread_t threads[PRODUCERS];
    uint32_t accepted = 0, i;
    size_t len;

    assert_int_equal(zl_ring_init(&ring, SMALL), 0);
    for (i = 0; i < PRODUCERS; i++) {
        producers[i] = (producer){&ring, i, 0, 0};
        assert_int_equal(
            pthread_create(&threads[i], NULL, produce_until_closed, &producers[i]), 0);
    }
    while (ring.read_count < 20000) {
        if (!zl_ring_read(&ring, &len)) {
            zl_ring_release(&ring);
            sched_yield();
        }
    }
    zl_ring_close(&ring);
    for (i = 0; i < PRODUCERS; i++) {
        pthread_join(threads[i], NULL);
        accepted += producers[i].accepted;
    }
    zl_ring_release(&ring);
    while (zl_ring_read(&ring, &len))
        ;
    assert_int_equal(ring.read_count, accepted);
    assert_int_equal(zl_ring_head_count(&ring), accepted);
    zl_ring_destroy(&ring);
}
