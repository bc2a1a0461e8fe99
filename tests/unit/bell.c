/* SPDX-License-Identifier: BSD-3-Clause */
/* The bell: no thread that waits for a ring sleeps through it. */
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

#include "thread/bell.h"
#include "base/clock.h"

TEST_LABELS(threads);

TEST(bell__a_ring_since_the_look_ends_the_wait) {
    zl_bell bell = {0};
    uint32_t seen = zl_bell_look(&bell);

    zl_bell_ring(&bell);
    zl_bell_wait(&bell, seen, ZL_NO_DEADLINE);
    assert_int_not_equal(zl_bell_look(&bell), seen);
    assert_int_equal(atomic_load(&bell.waiters), 0);
}

TEST(bell__a_past_deadline_ends_the_wait) {
    zl_bell bell = {0};

    zl_bell_wait(&bell, zl_bell_look(&bell), zl_clock_monotonic_ns() - 1);
    zl_bell_wait(&bell, zl_bell_look(&bell), -5);
    assert_int_equal(atomic_load(&bell.waiters), 0);
}

TEST(bell__a_deadline_ends_the_wait) {
    zl_bell bell = {0};
    int64_t deadline = zl_clock_monotonic_ns() + 2000000;

    while (zl_clock_monotonic_ns() < deadline)
        zl_bell_wait(&bell, zl_bell_look(&bell), deadline);
    assert_int_equal(atomic_load(&bell.rings), 0);
}

TEST(bell__ringing_keeps_errno) {
    zl_bell bell = {0};

    atomic_store(&bell.waiters, 1); /* so that the system is called */
    errno = ERANGE;
    zl_bell_ring(&bell);
    assert_int_equal(errno, ERANGE);
}

typedef struct table {
    zl_bell there, back;
    _Atomic uint32_t ball;
} table;

#define ROUNDS 5000u

static void *hit_back(void *argument) {
    table *game = argument;
    uint32_t round;

    for (round = 1; round <= ROUNDS; round++) {
        uint32_t seen;
        while (seen = zl_bell_look(&game->there),
               atomic_load(&game->ball) < round * 2 - 1)
            zl_bell_wait(&game->there, seen, ZL_NO_DEADLINE);
        atomic_store(&game->ball, round * 2);
        zl_bell_ring(&game->back);
    }
    return NULL;
}

TEST(bell__no_ring_is_slept_through) {
    static table game;
    pthread_t thread;
    uint32_t round;

    assert_int_equal(pthread_create(&thread, NULL, hit_back, &game), 0);
    for (round = 1; round <= ROUNDS; round++) {
        uint32_t seen;
        atomic_store(&game.ball, round * 2 - 1);
        zl_bell_ring(&game.there);
        while (seen = zl_bell_look(&game.back), atomic_load(&game.ball) < round * 2)
            zl_bell_wait(&game.back, seen, ZL_NO_DEADLINE);
    }
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&game.ball), ROUNDS * 2);
    assert_int_equal(atomic_load(&game.there.waiters), 0);
}

static zl_bell alarm_bell;

static void ring_alarm(int number) {
    (void)number;
    zl_bell_ring(&alarm_bell);
}

static void *wait_for_alarm(void *argument) {
    uint32_t seen;

    (void)argument;
    while ((seen = zl_bell_look(&alarm_bell)) == 0)
        zl_bell_wait(&alarm_bell, seen, ZL_NO_DEADLINE);
    return NULL;
}

TEST(bell__a_signal_handler_may_ring_for_all) {
    struct sigaction action = {.sa_handler = ring_alarm};
    struct sigaction before;
    pthread_t threads[3];
    int i;

    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    for (i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for_alarm, NULL), 0);
    raise(SIGUSR1);
    for (i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    sigaction(SIGUSR1, &before, NULL);
    assert_int_equal(atomic_load(&alarm_bell.waiters), 0);
}
