/* SPDX-License-Identifier: BSD-3-Clause */
/* One of the four programs that packaging/quickstart watches, in C: it logs on all
 * five levels, slowly enough to be read; then, once its standard input has ended, as
 * fast as it can. Its first line on standard output is its endpoint, its last one what
 * the handler counted. stock.lua, mail.rb and payment/main.go do the same.
 *
 *     quickstart-shop RECORDS */
#define _POSIX_C_SOURCE 200809L /* nanosleep */

#include <zmqlog.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WAIT_MS 60000

static int refuse(zmqlog_handler *handler, const char *what, zmqlog_status status) {
    fprintf(stderr, "shop: %s: %s %s\n", what, zmqlog_strerror(status),
            zmqlog_handler_errmsg(handler));
    return 1;
}

static zmqlog_status open_handler(zmqlog_handler *handler) {
    zmqlog_status status = zmqlog_handler_set_root_topic(handler, "shop");

    /* Bodies with sequence numbers, so that a watcher knows what it missed. */
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_set_style(handler, 0, "json");
    /* This program would rather wait than lose a record. */
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, -1);
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_bind(handler, "tcp://127.0.0.1:*");
    return status;
}

/* Slow enough to be read while it comes. */
static void pause_for_readers(void) {
    struct timespec pause = {0, 150 * 1000 * 1000};
    nanosleep(&pause, NULL);
}

static void work_a_day(zmqlog_logger *shop) {
    for (int order = 1; order <= 2; order++) {
        ZMQLOG_DEBUG(shop, "db.query::SELECT * FROM orders WHERE id = %d", order);
        ZMQLOG_INFO(shop, "orders::order %d of %d items is taken", order, order * 3);
        ZMQLOG_WARN(shop, "orders.slow::order %d took %d ms", order, order * 900);
        pause_for_readers();
        ZMQLOG_ERROR(shop, "orders::order %d has no address", order);
        ZMQLOG_CRITICAL(shop, "db::no connection for %d seconds", order * 10);
        pause_for_readers();
    }
}

static void work_hard(zmqlog_logger *shop, long records) {
    while (getchar() != EOF)
        ;
    for (long i = 1; i <= records; i++)
        ZMQLOG_INFO(shop, "bulk::record %ld of %ld", i, records);
}

static int publish(zmqlog_handler *handler, long records) {
    zmqlog_logger *shop;
    zmqlog_status status = open_handler(handler);

    if (status != ZMQLOG_OK)
        return refuse(handler, "opening", status);
    printf("%s\n", zmqlog_handler_endpoint(handler, 0));
    fflush(stdout);
    status = zmqlog_handler_wait_subscriber(handler, NULL, WAIT_MS);
    shop = status == ZMQLOG_OK ? zmqlog_logger_new(handler, "shop") : NULL;
    if (!shop)
        return refuse(handler, "waiting for a listener", status);
    work_a_day(shop);
    work_hard(shop, records);
    zmqlog_logger_free(shop);
    status = zmqlog_handler_close(handler, WAIT_MS);
    if (status != ZMQLOG_OK)
        return refuse(handler, "closing", status);
    printf("accepted %" PRId64 " sent %" PRId64 "\n",
           zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED),
           zmqlog_handler_count(handler, ZMQLOG_COUNT_SENT));
    return 0;
}

int main(int argc, char **argv) {
    zmqlog_handler *handler = zmqlog_handler_new();
    long records = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    int failed;

    if (!handler || records < 1) {
        fprintf(stderr, "usage: quickstart-shop RECORDS\n");
        return 2;
    }
    failed = publish(handler, records);
    zmqlog_handler_free(handler);
    return failed;
}
