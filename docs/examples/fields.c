/* SPDX-License-Identifier: BSD-3-Clause */
/* Fields in one line: of a call, and of all calls for one request. Prints what a
 * subscriber receives.
 *
 *     fields */
#include <zmqlog.h>

#include <stdio.h>

static void pay(zmqlog_logger *log, int order, const char *site) {
    ZMQLOG_INFO_F(log, "order %d paid", order, ZF_INT("order", order),
                  ZF_STR("site", site));
}

static void serve(zmqlog_logger *log, const char *id) {
    zmqlog_logger *request;

    ZMQLOG_CLONE_F(&request, log, ZF_STR("request_id", id));
    pay(request, 7, "example.org");
    ZMQLOG_WARN_F(request, "slow", ZF_DOUBLE("seconds", 1.25), ZF_BOOL("again", 1));
    zmqlog_logger_free(request);
}

static void show(zmqlog_subscriber *subscriber, zmqlog_record *record) {
    if (zmqlog_subscriber_recv(subscriber, record, 30000) == ZMQLOG_OK)
        printf("%s | %s\n", zmqlog_record_topic(record, NULL),
               zmqlog_record_text(record, NULL));
}

int main(void) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_logger *log = zmqlog_logger_new(handler, "shop");
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    int failed;

    zmqlog_handler_set_root_topic(handler, "shop");
    zmqlog_handler_set_style(handler, 0, "logfmt");
    zmqlog_subscriber_subscribe(subscriber, "");
    failed =
        zmqlog_handler_bind(handler, "tcp://127.0.0.1:*") ||
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)) ||
        zmqlog_handler_wait_subscriber(handler, NULL, 30000);
    if (!failed) {
        serve(log, "r-17");
        show(subscriber, record);
        show(subscriber, record);
    }
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    zmqlog_logger_free(log);
    zmqlog_handler_free(handler);
    return failed;
}
