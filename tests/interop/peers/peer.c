/* SPDX-License-Identifier: BSD-3-Clause */
/* The peer in C; README.md has the protocol. Knows the public header only. */
#include <zmqlog.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOREVER (-1)
#define COLUMNS_MAX 32

typedef struct text {
    char *data;
    size_t len;
} text;

static void fail(const char *what, const char *detail) {
    fprintf(stderr, "peer: %s: %s\n", what, detail);
    exit(1);
}

static void check(const char *what, zmqlog_status status, const char *detail) {
    if (status != ZMQLOG_OK)
        fail(what, *detail ? detail : zmqlog_strerror(status));
}

/* ---- hex ---------------------------------------------------------------- */

static int digit(char c) {
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

    if (!at)
        fail("not hex", (char[]){c, '\0'});
    return (int)(at - digits);
}

/* In place; followed by a NUL. */
static text unhex(char *column) {
    text bytes = {column, 0};

    if (strcmp(column, "-") != 0)
        for (char *in = column; *in; in += 2)
            column[bytes.len++] = (char)(digit(in[0]) << 4 | digit(in[1]));
    column[bytes.len] = '\0';
    return bytes;
}

static void print_hex(const char *key, const char *bytes, size_t len) {
    printf("\"%s\":\"", key);
    for (size_t i = 0; i < len; i++)
        printf("%02x", (unsigned char)bytes[i]);
    putchar('"');
}

/* ---- publisher ---------------------------------------------------------- */

typedef struct publisher {
    zmqlog_handler *handler;
    zmqlog_logger *logger;
    zmqlog_record *record;
} publisher;

static void open_handler(zmqlog_handler *handler, const char *mode, char **endpoints) {
    for (; *endpoints; endpoints++)
        check(*endpoints,
              strcmp(mode, "bind") == 0 ? zmqlog_handler_bind(handler, *endpoints)
                                        : zmqlog_handler_connect(handler, *endpoints),
              zmqlog_handler_errmsg(handler));
}

static void add_field(zmqlog_record *record, char **column) {
    const char *key = unhex(column[0]).data, *type = column[1];
    text value = unhex(column[2]);
    zmqlog_status status;

    if (strcmp(type, "int") == 0)
        status =
            zmqlog_record_set_field_int(record, key, strtoll(value.data, NULL, 10));
    else if (strcmp(type, "double") == 0)
        status = zmqlog_record_set_field_double(record, key, strtod(value.data, NULL));
    else if (strcmp(type, "bool") == 0)
        status =
            zmqlog_record_set_field_bool(record, key, strcmp(value.data, "true") == 0);
    else if (strcmp(type, "json") == 0)
        status = zmqlog_record_set_field_json(record, key, value.data, value.len);
    else
        status = zmqlog_record_set_field_string(record, key, value.data, value.len);
    check(key, status, zmqlog_record_errmsg(record));
}

/* A record's text is not scanned, so what stands before the delimiter is cut off. */
static zmqlog_status log_fields(publisher *p, char **column, int count) {
    int level = atoi(column[1]);
    text message = unhex(column[2]);
    size_t start;
    size_t len =
        zmqlog_handler_split(p->handler, level, message.data, message.len, &start);

    zmqlog_record_clear(p->record);
    zmqlog_record_set_level(p->record, level);
    zmqlog_record_set_subtopic(p->record, message.data, len);
    zmqlog_record_set_text(p->record, message.data + start, message.len - start);
    for (int i = 3; i + 2 < count; i += 3)
        add_field(p->record, column + i);
    return zmqlog_handler_log_record(p->handler, p->record);
}

static zmqlog_status obey(publisher *p, char **column, int count) {
    const char *command = column[0];
    int level = atoi(column[1]);
    text first, second;

    if (strcmp(command, "fields") == 0)
        return log_fields(p, column, count);
    if (strcmp(command, "style") == 0) {
        check("flush", zmqlog_handler_flush(p->handler, 10000), "");
        return zmqlog_handler_set_style(p->handler, 0, column[1]);
    }
    if (strcmp(command, "root") == 0)
        return zmqlog_handler_set_root_topic(p->handler, unhex(column[1]).data);
    first = unhex(column[2]);
    if (strcmp(command, "log") == 0)
        return zmqlog_handler_log(p->handler, level, first.data, first.len);
    second = unhex(column[3]);
    if (strcmp(command, "topic") == 0)
        return zmqlog_handler_log_topic(p->handler, level, first.data, first.len,
                                        second.data, second.len);
    if (strcmp(command, "printf") != 0)
        fail("no such command", command);
    ZMQLOG_LOG(p->logger, level, first.data, second.data);
    return ZMQLOG_OK;
}

static int split(char *line, char **column) {
    static char none[] = "-";
    int count = 0;

    line[strcspn(line, "\n")] = '\0';
    while (count < COLUMNS_MAX - 1 && line)
        column[count++] = strsep(&line, "\t");
    for (int i = count; i < COLUMNS_MAX; i++)
        column[i] = none;
    return count;
}

static int publish(const char *mode, char **endpoints) {
    publisher p = {zmqlog_handler_new(), NULL, zmqlog_record_new()};
    char *line = NULL, *column[COLUMNS_MAX];
    size_t size = 0;

    zmqlog_handler_set_root_topic(p.handler, "myprogram");
    zmqlog_handler_set_level_name(p.handler, 5, "TRACE");
    zmqlog_handler_set_level_name(p.handler, 33, "AUDIT");
    p.logger = zmqlog_logger_new(p.handler, "peer");
    open_handler(p.handler, mode, endpoints);
    printf("ready\t%s\tlog\ttopic\tprintf\tfields\troot\tstyle\n",
           zmqlog_handler_endpoint(p.handler, 0));
    fflush(stdout);
    while (getline(&line, &size, stdin) > 0) {
        int count = split(line, column);
        check(column[0], obey(&p, column, count), zmqlog_handler_errmsg(p.handler));
    }
    free(line);
    check("close", zmqlog_handler_close(p.handler, 10000), "");
    zmqlog_record_free(p.record);
    zmqlog_logger_free(p.logger);
    zmqlog_handler_free(p.handler);
    return 0;
}

/* ---- subscriber --------------------------------------------------------- */

static void print_bytes(const char *key,
                        const char *(*get)(const zmqlog_record *, size_t *),
                        const zmqlog_record *record) {
    size_t len;
    const char *bytes = get(record, &len);

    print_hex(key, bytes, len);
}

static void print_parsed(const zmqlog_record *record) {
    putchar(',');
    print_bytes("msg", zmqlog_record_text, record);
    printf(",\"fields\":{");
    for (int i = 0; i < zmqlog_record_field_count(record); i++)
        printf("%s\"%s\":%s", i ? "," : "", zmqlog_record_field_key(record, i, NULL),
               zmqlog_record_field_json(record, i, NULL));
    putchar('}');
}

static void print_record(zmqlog_record *record) {
    putchar('{');
    print_bytes("topic", zmqlog_record_topic, record);
    putchar(',');
    print_bytes("text", zmqlog_record_text, record);
    putchar(',');
    print_bytes("root", zmqlog_record_root, record);
    putchar(',');
    print_bytes("subtopic", zmqlog_record_subtopic, record);
    printf(",\"level\":%d", zmqlog_record_level(record));
    if (zmqlog_record_parse(record) == ZMQLOG_OK)
        print_parsed(record);
    puts("}");
    fflush(stdout);
}

static int subscribe(const char *mode, const char *endpoint) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    int ended = 0;

    zmqlog_subscriber_add_root(subscriber, "myprogram");
    zmqlog_subscriber_add_root(subscriber, "other.root");
    zmqlog_subscriber_set_level_name(subscriber, 33, "AUDIT");
    zmqlog_subscriber_subscribe(subscriber, "");
    check(endpoint,
          strcmp(mode, "bind") == 0 ? zmqlog_subscriber_bind(subscriber, endpoint)
                                    : zmqlog_subscriber_connect(subscriber, endpoint),
          zmqlog_subscriber_errmsg(subscriber));
    printf("ready\t%s\n", zmqlog_subscriber_endpoint(subscriber, 0));
    fflush(stdout);
    while (!ended) {
        check("recv", zmqlog_subscriber_recv(subscriber, record, FOREVER), "");
        ended = strcmp(zmqlog_record_text(record, NULL), "end") == 0;
        print_record(record);
    }
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    return 0;
}

/* ---- script ------------------------------------------------------------- */

static int log_and_exit(const char *mode, char *endpoint, const char *root) {
    zmqlog_handler *handler = zmqlog_handler_new();
    char line[16];

    zmqlog_handler_set_root_topic(handler, root);
    open_handler(handler, mode, (char *[]){endpoint, NULL});
    for (int i = 1; i <= 5; i++) {
        int len = snprintf(line, sizeof line, "line %d", i);
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, line, (size_t)len);
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc >= 4 && strcmp(argv[1], "pub") == 0)
        return publish(argv[2], argv + 3);
    if (argc == 4 && strcmp(argv[1], "sub") == 0)
        return subscribe(argv[2], argv[3]);
    if (argc == 5 && strcmp(argv[1], "script") == 0)
        return log_and_exit(argv[2], argv[3], argv[4]);
    fail("usage", "pub|sub|script bind|connect ENDPOINT...");
    return 1;
}
