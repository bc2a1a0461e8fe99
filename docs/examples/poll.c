/* SPDX-License-Identifier: BSD-3-Clause */
/* Receives in an event loop of one's own, beside another descriptor: ends when
 * standard input does.
 *
 *     poll ENDPOINT */
#include <zmqlog.h>

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

/* Until EAGAIN: only then does the descriptor tell of what comes next. */
static void drain(zmqlog_subscriber *subscriber, zmqlog_record *record) {
    while (zmqlog_subscriber_recv(subscriber, record, 0) == ZMQLOG_OK)
        printf("%s | %s\n", zmqlog_record_topic(record, NULL),
               zmqlog_record_text(record, NULL));
    fflush(stdout);
}

static void loop(zmqlog_subscriber *subscriber, zmqlog_record *record) {
    struct pollfd fds[2] = {{zmqlog_subscriber_fd(subscriber), POLLIN, 0},
                            {STDIN_FILENO, POLLIN, 0}};
    char input[256];

    drain(subscriber, record);
    while (poll(fds, 2, -1) >= 0) {
        if (fds[0].revents)
            drain(subscriber, record);
        if (fds[1].revents && read(STDIN_FILENO, input, sizeof input) <= 0)
            return;
    }
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: poll ENDPOINT\n");
        return 2;
    }

    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    int failed = zmqlog_subscriber_subscribe(subscriber, "") ||
                 zmqlog_subscriber_connect(subscriber, argv[1]);

    if (failed)
        fprintf(stderr, "poll: %s\n", zmqlog_subscriber_errmsg(subscriber));
    else
        loop(subscriber, record);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    return failed;
}
