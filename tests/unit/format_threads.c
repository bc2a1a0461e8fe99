/* SPDX-License-Identifier: BSD-3-Clause */
/* One compiled format, rendered by several threads at once. */
#include "view.h"

#include <pthread.h>
#include <time.h>

TEST_LABELS(threads);

#define THREADS 4
#define ROUNDS 400

typedef struct worker {
    const zl_format *format;
    int number;
    int wrong;
} worker;

/* Seconds that other threads are busy with as well, so the kept one changes. */
static void *render_many(void *argument) {
    worker *it = argument;
    zl_view view = full_view();
    zl_buffer out = ZL_BUFFER_INIT;

    for (int round = 0; round < ROUNDS; round++) {
        char wanted[40];
        int second = (it->number + round) % 5;

        view.time_ns =
            (int64_t)second * 1000000000 + (int64_t)it->number * 1000000 + 500000;
        snprintf(wanted, sizeof wanted, "1970-01-01 00:00:%02d,%03d hello there",
                 second, it->number);
        zl_buffer_reset(&out);
        zl_format_render(it->format, &view, NO_LIMIT, &out);
        it->wrong += strcmp(zl_buffer_text(&out), wanted) != 0;
    }
    zl_buffer_free(&out);
    return NULL;
}

TEST(format__may_be_rendered_by_many_threads) {
    worker workers[THREADS];
    pthread_t threads[THREADS];
    zl_format *format;
    setenv("TZ", "UTC", 1);
    tzset();
    assert_ok(zl_format_compile(&format, NULL, 20, "%(asctime)s %(message)s", NULL));
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){format, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, render_many, &workers[i]),
                         0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].wrong, 0);
    }
    zl_format_free(format);
}
