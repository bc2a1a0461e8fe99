/* SPDX-License-Identifier: BSD-3-Clause */
/* Which call makes which topic: logs, listens to itself, and prints the two frames
 * of each record.
 *
 *     topics */
#include <zmqlog.h>

#include <stdio.h>
#include <string.h>

typedef struct pair {
    zmqlog_handler *handler;
    zmqlog_subscriber *subscriber;
    zmqlog_record *record;
} pair;

static void show(pair *p, const char *call) {
    zmqlog_subscriber_recv(p->subscriber, p->record, -1);
    printf("%s -> %s | %s\n", call, zmqlog_record_topic(p->record, NULL),
           zmqlog_record_text(p->record, NULL));
}

static void log_text(pair *p, int level, const char *text) {
    char call[128];

    zmqlog_handler_log(p->handler, level, text, strlen(text));
    snprintf(call, sizeof call, "log %d \"%s\"", level, text);
    show(p, call);
}

static void show_texts(pair *p) {
    log_text(p, 20, "hello there");
    log_text(p, 30, "sub.topic::hello there");
    log_text(p, 20, "a::b::c");
    log_text(p, 20, "::c");
    log_text(p, 20, "a :: b");
    log_text(p, 5, "x");
    log_text(p, 25, "x");
    log_text(p, 35, "x");
    zmqlog_handler_log_topic(p->handler, 40, "cpp", 3, "std::vector", 11);
    show(p, "log_topic 40 \"cpp\" \"std::vector\"");
}

static void show_roots(pair *p) {
    zmqlog_handler_set_root_topic(p->handler, "app.web");
    log_text(p, 20, "root app.web");
    zmqlog_handler_set_root_topic(p->handler, "");
    log_text(p, 20, "db::no root");
    zmqlog_handler_set_root_topic(p->handler, "app");
}

static void show_loggers(pair *p) {
    zmqlog_logger *log = zmqlog_logger_new(p->handler, "app.net");

    zmqlog_logger_set_topic(log, "net", 3);
    ZMQLOG_INFO(log, "up");
    show(p, "logger \"net\": INFO \"up\"");
    ZMQLOG_INFO(log, "http::%d requests", 3);
    show(p, "logger \"net\": INFO \"http::%d requests\", 3");
    ZMQLOG_INFO(log, "%s", "a::b");
    show(p, "logger \"net\": INFO \"%s\", \"a::b\"");
    ZMQLOG_INFO(log, "%s::up", "eth0");
    show(p, "logger \"net\": INFO \"%s::up\", \"eth0\"");
    zmqlog_logger_free(log);
}

int main(void) {
    pair p = {zmqlog_handler_new(), zmqlog_subscriber_new(), zmqlog_record_new()};
    int failed;

    zmqlog_handler_set_root_topic(p.handler, "app");
    zmqlog_handler_set_level_name(p.handler, 25, "NOTICE");
    zmqlog_subscriber_subscribe(p.subscriber, "");
    failed = zmqlog_handler_bind(p.handler, "tcp://127.0.0.1:*") ||
             zmqlog_subscriber_connect(p.subscriber,
                                       zmqlog_handler_endpoint(p.handler, 0)) ||
             zmqlog_handler_wait_subscriber(p.handler, NULL, 30000);
    if (!failed) {
        show_texts(&p);
        show_roots(&p);
        show_loggers(&p);
    }
    zmqlog_record_free(p.record);
    zmqlog_subscriber_free(p.subscriber);
    zmqlog_handler_free(p.handler);
    return failed;
}
