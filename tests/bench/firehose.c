/* SPDX-License-Identifier: BSD-3-Clause */
/* Publishes RECORDS under BLOCK as soon as somebody listens; prints its endpoint
 * first and "go" when it begins. Ends when its stdin does. */
#include "bench.h"

int main(int argc, char **argv) {
    long records = argc == 2 ? atol(argv[1]) : 0;
    zmqlog_handler *handler = bench_open(ZMQLOG_OVERFLOW_BLOCK, "plain");
    char byte;
    puts(zmqlog_handler_endpoint(handler, 0));
    fflush(stdout);
    bench_check(zmqlog_handler_wait_subscriber(handler, "app.INFO", 10000), "waiting");
    puts("go");
    fflush(stdout);
    for (long i = 0; i < records; i++)
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, bench_text(), TEXT_BYTES);
    zmqlog_handler_flush(handler, 60000);
    while (read(0, &byte, 1) > 0)
        ;
    zmqlog_handler_free(handler);
    return 0;
}
