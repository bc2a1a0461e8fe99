/* SPDX-License-Identifier: BSD-3-Clause */
/* What libnats' own asynchronous publishing reaches: RECORDS of TEXT_BYTES to the
 * stream LOGS at URL, with the three headers that zmqlog forward sends, or, as third
 * argument "bare", without any. Prints acknowledged records a second and the
 * microseconds of CPU for each. */
#include "bench.h"

#include <nats/nats.h>
#include <sys/resource.h>

static void check(natsStatus status, const char *what) {
    if (status == NATS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(status));
    exit(1);
}

static natsMsg *make_message(long number, int is_bare) {
    natsMsg *message = NULL;
    char id[48], time[32];

    check(natsMsg_Create(&message, "zmqlog.app.INFO", NULL, bench_text(), TEXT_BYTES),
          "a message");
    if (is_bare)
        return message;
    snprintf(id, sizeof id, "%016x-%ld", (unsigned)getpid(), number);
    snprintf(time, sizeof time, "%ld", 1764547200000000000 + number);
    check(natsMsgHeader_Set(message, "Nats-Msg-Id", id), "a header");
    check(natsMsgHeader_Set(message, "Zmqlog-Topic", "app.INFO"), "a header");
    check(natsMsgHeader_Set(message, "Zmqlog-Received", time), "a header");
    return message;
}

static double cpu_seconds(void) {
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
    natsConnection *connection = NULL;
    jsCtx *js = NULL;
    jsOptions options;
    long records = argc >= 3 ? atol(argv[2]) : 0;
    int is_bare = argc == 4;

    if (records <= 0)
        return 2;
    check(natsConnection_ConnectTo(&connection, argv[1]), "connecting");
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = 8192; /* as zmqlog forward */
    check(natsConnection_JetStream(&js, connection, &options), "JetStream");
    double cpu = cpu_seconds();
    int64_t begun = nats_NowInNanoSeconds();
    for (long i = 0; i < records; i++) {
        natsMsg *message = make_message(i, is_bare);
        check(js_PublishMsgAsync(js, &message, NULL), "publishing");
    }
    check(js_PublishAsyncComplete(js, NULL), "acknowledgements");
    double took = (double)(nats_NowInNanoSeconds() - begun) / 1e9;
    printf("%.0f %.2f\n", (double)records / took,
           (cpu_seconds() - cpu) * 1e6 / (double)records);
    jsCtx_Destroy(js);
    natsConnection_Destroy(connection);
    nats_Close();
    return 0;
}
