/* SPDX-License-Identifier: BSD-3-Clause */
/* Listens where many programs connect to, and prints what they say until so many
 * records have come.
 *
 *     collect ENDPOINT RECORDS */
#include <zmqlog.h>

#include <stdio.h>
#include <stdlib.h>

static zmqlog_status collect(zmqlog_subscriber *subscriber, int records) {
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_status status = ZMQLOG_OK;

    while (records-- > 0 && status == ZMQLOG_OK) {
        status = zmqlog_subscriber_recv(subscriber, record, 30000);
        if (status == ZMQLOG_OK)
            printf("%s | %s\n", zmqlog_record_topic(record, NULL),
                   zmqlog_record_text(record, NULL));
    }
    zmqlog_record_free(record);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: collect ENDPOINT RECORDS\n");
        return 2;
    }

    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_status status;

    /* When this program is slow, drop here and count, instead of letting the
     * programs that log wait. */
    zmqlog_subscriber_set_overflow(subscriber, ZMQLOG_OVERFLOW_DROP_OLDEST, 0);
    zmqlog_subscriber_subscribe(subscriber, "");
    status = zmqlog_subscriber_bind(subscriber, argv[1]);
    if (status == ZMQLOG_OK)
        status = collect(subscriber, atoi(argv[2]));
    if (status != ZMQLOG_OK)
        fprintf(stderr, "collect: %s %s\n", zmqlog_strerror(status),
                zmqlog_subscriber_errmsg(subscriber));
    zmqlog_subscriber_free(subscriber);
    return status != ZMQLOG_OK;
}
