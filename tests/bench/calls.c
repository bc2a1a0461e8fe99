/* SPDX-License-Identifier: BSD-3-Clause */
/* What one log call costs its caller. usage: calls nobody | paced RATE [STYLE] */
#include "bench.h"

#define CALLS 20000000L

/* In a library of its own, does nothing: what a call costs on this machine. */
int bench_empty(void *handler, int level, const char *text, size_t text_len);

static void nobody(void) {
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_DROP_NEWEST, "plain");
    const char *text = bench_text();
    raw r = raw_open();
    int64_t start;
    while (zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO))
        usleep(1000);
    start = bench_now();
    for (long i = 0; i < CALLS; i++)
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, TEXT_BYTES);
    bench_result("zmqlog", "nobody listens", (double)(bench_now() - start) / CALLS,
                 "ns");
    start = bench_now();
    for (long i = 0; i < CALLS; i++)
        bench_empty(handler, ZMQLOG_LEVEL_INFO, text, TEXT_BYTES);
    bench_result("empty function", "nobody listens",
                 (double)(bench_now() - start) / CALLS, "ns");
    start = bench_now();
    for (long i = 0; i < CALLS / 20; i++)
        raw_log(&r, text);
    bench_result("raw libzmq", "nobody listens",
                 (double)(bench_now() - start) / (CALLS / 20.), "ns");
    raw_close(&r);
    zmqlog_handler_free(handler);
}

static int by_value(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Cost of reading the clock twice, which each sample contains. */
static int64_t clock_cost(void) {
    int64_t sample[1001];
    for (int i = 0; i < 1001; i++) {
        int64_t start = bench_now();
        sample[i] = bench_now() - start;
    }
    qsort(sample, 1001, sizeof *sample, by_value);
    return sample[500];
}

static void report(const char *who, const char *what, int64_t *sample, long calls) {
    static const struct {
        const char *name;
        double part;
    } parts[] = {{"p50", .5}, {"p99", .99}, {"p99.9", .999}};
    char title[96];
    int64_t cost = clock_cost();
    qsort(sample, (size_t)calls, sizeof *sample, by_value);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        snprintf(title, sizeof title, "%s %s", what, parts[i].name);
        bench_result(who, title,
                     (double)(sample[(long)((double)calls * parts[i].part)] - cost),
                     "ns");
    }
}

static void paced(long rate, const char *style) {
    long calls = rate * 3;
    int64_t *sample = malloc((size_t)calls * sizeof *sample);
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_DROP_NEWEST, style);
    reader r = bench_reader(zmqlog_handler_endpoint(handler, 0), calls, 0);
    const char *text = bench_text();
    char what[64];
    int64_t next;
    bench_wait_peers(handler, 1);
    next = bench_now();
    for (long i = 0; i < calls; i++) {
        int64_t start;
        next += 1000000000 / rate;
        while ((start = bench_now()) < next)
            ;
        start = bench_now();
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, TEXT_BYTES);
        sample[i] = bench_now() - start;
    }
    bench_check(bench_received(&r) != calls, "a paced stream without loss");
    snprintf(what, sizeof what, "%s, one listener, %ld/s", style, rate);
    report("zmqlog", what, sample, calls);
    zmqlog_handler_free(handler);
    free(sample);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "nobody") == 0)
        nobody();
    else if (argc >= 3 && strcmp(argv[1], "paced") == 0)
        paced(atol(argv[2]), argc > 3 ? argv[3] : "plain");
    else
        return 2;
    return 0;
}
