/* SPDX-License-Identifier: BSD-3-Clause */
/* Streams of records: how many a second, and whether all arrive. usage: stream
 * raw|block|flat RECORDS | readers SECONDS */
#include "bench.h"

static double per_second(long records, int64_t ns) {
    return (double)records / ((double)ns / 1e9);
}

static void raw_stream(long records) {
    raw r = raw_open();
    reader sub = bench_reader(r.endpoint, records, 0);
    const char *text = bench_text();
    int64_t start;
    raw_wait(&r);
    start = bench_now();
    for (long i = 0; i < records; i++)
        raw_log(&r, text);
    bench_check(bench_received(&sub) != records, "a raw stream without loss");
    bench_result("raw libzmq", "sustained, none lost",
                 per_second(records, bench_now() - start), "records/s");
    raw_close(&r);
}

static void block_stream(long records) {
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_BLOCK, "plain");
    reader sub = bench_reader(zmqlog_handler_endpoint(handler, 0), records, 0);
    const char *text = bench_text();
    int64_t start;
    bench_wait_peers(handler, 1);
    start = bench_now();
    for (long i = 0; i < records; i++)
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, TEXT_BYTES);
    bench_check(bench_received(&sub) != records, "a blocking stream without loss");
    bench_result("zmqlog", "sustained, none lost",
                 per_second(records, bench_now() - start), "records/s");
    zmqlog_handler_free(handler);
}

static int64_t count(zmqlog_handler *handler, int which) {
    return zmqlog_handler_count(handler, which);
}

static void flat_stream(long records) {
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_DROP_NEWEST, "plain");
    reader sub = bench_reader(zmqlog_handler_endpoint(handler, 0), records + 64, 0);
    const char *text = bench_text();
    int64_t start, sent, lost, received;
    bench_wait_peers(handler, 1);
    start = bench_now();
    for (long i = 0; i < records; i++)
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, TEXT_BYTES);
    bench_result("zmqlog", "flat out, per call",
                 (double)(bench_now() - start) / (double)records, "ns");
    zmqlog_handler_flush(handler, -1);
    while (zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "end", 3) != ZMQLOG_OK)
        usleep(1000);
    zmqlog_handler_close(handler, 10000);
    received = bench_received(&sub);
    sent = count(handler, ZMQLOG_COUNT_SENT) - 1;
    lost = count(handler, ZMQLOG_COUNT_ACCEPTED) - count(handler, ZMQLOG_COUNT_SENT) -
           count(handler, ZMQLOG_COUNT_UNHEARD) -
           count(handler, ZMQLOG_COUNT_DROPPED_QUEUE);
    bench_result("zmqlog", "flat out, sent but not received", (double)(sent - received),
                 "records");
    bench_result("zmqlog", "flat out, unaccounted for", (double)lost, "records");
    zmqlog_handler_free(handler);
}

/* A healthy reader beside one that reads `percent` of what is offered. */
static void slow_reader(int percent, int seconds) {
    long rate = 100000, records = rate * seconds;
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_DROP_NEWEST, "plain");
    const char *endpoint = zmqlog_handler_endpoint(handler, 0);
    reader healthy = bench_reader(endpoint, 1L << 40, 0);
    reader slow = bench_reader(endpoint, 1L << 40, percent ? rate * percent / 100 : 1);
    const char *text = bench_text();
    char what[96];
    int64_t next, missing;
    bench_wait_peers(handler, 2);
    next = bench_now();
    for (long i = 0; i < records; i += 100, next += 100 * (1000000000 / rate)) {
        while (bench_now() < next)
            usleep(100);
        for (int j = 0; j < 100; j++)
            zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, text, TEXT_BYTES);
    }
    zmqlog_handler_flush(handler, -1);
    zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "end", 3);
    zmqlog_handler_flush(handler, -1);
    missing = count(handler, ZMQLOG_COUNT_SENT) - 1 - bench_received(&healthy);
    snprintf(what, sizeof what, "healthy beside a reader of %d %%, lost", percent);
    bench_result("zmqlog", what, (double)missing, "records");
    snprintf(what, sizeof what, "queue drops beside a reader of %d %%", percent);
    bench_result("zmqlog", what, (double)count(handler, ZMQLOG_COUNT_DROPPED_QUEUE),
                 "records");
    kill(slow.pid, SIGKILL);
    bench_received(&slow);
    zmqlog_handler_close(handler, 0);
    zmqlog_handler_free(handler);
}

int main(int argc, char **argv) {
    static const int percents[] = {0, 20, 60, 90};
    long number = argc == 3 ? atol(argv[2]) : 0;
    if (number <= 0)
        return 2;
    if (strcmp(argv[1], "raw") == 0)
        raw_stream(number);
    else if (strcmp(argv[1], "block") == 0)
        block_stream(number);
    else if (strcmp(argv[1], "flat") == 0)
        flat_stream(number);
    else if (strcmp(argv[1], "readers") == 0)
        for (size_t i = 0; i < 4; i++)
            slow_reader(percents[i], (int)number);
    else
        return 2;
    return 0;
}
