/* SPDX-License-Identifier: BSD-3-Clause */
/* Receives: everything from INFO up that one program says, decoded, until it says
 * "stopping" or nothing has come for half a minute.
 *
 *     watch ENDPOINT ROOT */
#include <zmqlog.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int show(zmqlog_record *record) {
    const char *text;
    size_t len;

    zmqlog_record_parse(record); /* a body of style json; others stay as they are */
    if (zmqlog_record_lost(record) > 0)
        printf("(%" PRIu64 " records are missing)\n", zmqlog_record_lost(record));
    text = zmqlog_record_text(record, &len);
    printf("%d %s [%s] %.*s", zmqlog_record_level(record),
           zmqlog_record_root(record, NULL), zmqlog_record_subtopic(record, NULL),
           (int)len, text);
    for (int i = 0; i < zmqlog_record_field_count(record); i++) {
        const char *key = zmqlog_record_field_key(record, i, NULL);
        if (strcmp(key, "pid") != 0 && strcmp(key, "host") != 0)
            printf(" %s=%s", key, zmqlog_record_field_json(record, i, NULL));
    }
    printf("\n");
    fflush(stdout);
    return strcmp(text, "stopping") != 0;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: watch ENDPOINT ROOT\n");
        return 2;
    }

    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_status status;

    status = zmqlog_subscriber_subscribe_level(subscriber, argv[2], ZMQLOG_LEVEL_INFO);
    if (status == ZMQLOG_OK)
        status = zmqlog_subscriber_connect(subscriber, argv[1]);
    while (status == ZMQLOG_OK) {
        status = zmqlog_subscriber_recv(subscriber, record, 30000);
        if (status == ZMQLOG_OK && !show(record))
            break;
    }
    if (status != ZMQLOG_OK)
        fprintf(stderr, "watch: %s %s\n", zmqlog_strerror(status),
                zmqlog_subscriber_errmsg(subscriber));
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    return status != ZMQLOG_OK;
}
