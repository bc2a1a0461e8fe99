/* SPDX-License-Identifier: BSD-3-Clause */
/* A caller that would rather wait than lose: under BLOCK with 0 ms a full queue
 * answers EAGAIN, and the caller decides. At the end every record is accounted for.
 *
 *     full_queue ENDPOINT RECORDS */
#include <zmqlog.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static zmqlog_status log_patiently(zmqlog_handler *handler, const char *text) {
    size_t len = strlen(text);
    zmqlog_status status = zmqlog_handler_log(handler, 20, text, len);

    while (status == ZMQLOG_EAGAIN) {
        status = zmqlog_handler_wait_room(handler, len, 10000);
        if (status == ZMQLOG_OK)
            status = zmqlog_handler_log(handler, 20, text, len);
    }
    return status;
}

static void account(const zmqlog_handler *handler) {
    static const struct {
        const char *name;
        int which;
    } parts[] = {
        {"sent", ZMQLOG_COUNT_SENT},
        {"unheard", ZMQLOG_COUNT_UNHEARD},
        {"dropped, queue full", ZMQLOG_COUNT_DROPPED_QUEUE},
        {"dropped for newer ones", ZMQLOG_COUNT_DROPPED_OLDEST},
        {"dropped, time over", ZMQLOG_COUNT_DROPPED_TIMEOUT},
        {"dropped inside", ZMQLOG_COUNT_DROPPED_INTERNAL},
        {"queued", ZMQLOG_COUNT_QUEUED},
    };
    int64_t sum = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int64_t count = zmqlog_handler_count(handler, parts[i].which);
        if (count)
            printf("%s: %" PRId64 "\n", parts[i].name, count);
        sum += count;
    }
    printf("accepted: %" PRId64 " of %" PRId64 "\n", sum,
           zmqlog_handler_count(handler, ZMQLOG_COUNT_ACCEPTED));
}

static zmqlog_status publish(zmqlog_handler *handler, const char *endpoint,
                             int records) {
    zmqlog_status status =
        zmqlog_handler_set_overflow(handler, ZMQLOG_OVERFLOW_BLOCK, 0);

    if (status == ZMQLOG_OK)
        status = zmqlog_handler_bind(handler, endpoint);
    if (status == ZMQLOG_OK)
        status = zmqlog_handler_wait_subscriber(handler, NULL, 30000);
    for (int i = 1; i <= records && status == ZMQLOG_OK; i++) {
        char text[64];
        snprintf(text, sizeof text, "record %d of %d", i, records);
        status = log_patiently(handler, text);
    }
    return status;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: full_queue ENDPOINT RECORDS\n");
        return 2;
    }

    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_status status = publish(handler, argv[1], atoi(argv[2]));

    if (status == ZMQLOG_OK)
        status = zmqlog_handler_flush(handler, 30000);
    if (status == ZMQLOG_OK)
        account(handler);
    else
        fprintf(stderr, "full_queue: %s %s\n", zmqlog_strerror(status),
                zmqlog_handler_errmsg(handler));
    zmqlog_handler_close(handler, 30000);
    zmqlog_handler_free(handler);
    return status != ZMQLOG_OK;
}
