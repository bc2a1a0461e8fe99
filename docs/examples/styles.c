/* SPDX-License-Identifier: BSD-3-Clause */
/* One record in every style: logs it, listens to itself, and prints the message
 * frame, byte for byte.
 *
 *     styles */
#include <zmqlog.h>

#include <stdio.h>
#include <string.h>

#define NOON INT64_C(1780315200123456789) /* 2026-06-01 12:00:00 UTC */

static const char *const styles[] = {
    "plain",
    "pyzmq",
    "%(asctime)s %(levelname)-8s %(name)s: %(message)s",
    "%(levelno)d %(filename)s:%(lineno)d %(funcName)s %(subtopic)s %(fields)s",
    "json",
};

static void fill(zmqlog_record *record) {
    zmqlog_record_set_level(record, ZMQLOG_LEVEL_WARN);
    zmqlog_record_set_logger(record, "app.disk");
    zmqlog_record_set_subtopic(record, "disk", 4);
    zmqlog_record_set_text(record, "9 % left", 8);
    zmqlog_record_set_source(record, "src/disk.c", 42, "check_space");
    zmqlog_record_set_time_ns(record, NOON);
    zmqlog_record_set_field_string(record, "path", "/var", 4);
    zmqlog_record_set_field_int(record, "free", 4096);
}

static void show_styles(zmqlog_handler *handler, zmqlog_subscriber *subscriber) {
    zmqlog_record *record = zmqlog_record_new();
    zmqlog_record *received = zmqlog_record_new();

    fill(record);
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        zmqlog_handler_set_style(handler, 0, styles[i]);
        zmqlog_handler_log_record(handler, record);
        zmqlog_subscriber_recv(subscriber, received, -1);
        printf("%s\n    %s\n", styles[i], zmqlog_record_text(received, NULL));
    }
    zmqlog_record_free(received);
    zmqlog_record_free(record);
}

int main(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    int failed;

    zmqlog_handler_set_root_topic(handler, "app");
    zmqlog_subscriber_subscribe(subscriber, "app.WARN");
    failed =
        zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") ||
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)) ||
        zmqlog_handler_wait_subscriber(handler, "app.WARN.disk", 30000);
    if (!failed)
        show_styles(handler, subscriber);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    return failed;
}
