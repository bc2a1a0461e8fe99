/* SPDX-License-Identifier: BSD-3-Clause */
/* zmqlog relay: a relay that runs until a signal ends it. Owns its life: keys,
 * endpoints, what it says on stderr, and the service manager's notice. */
#include "relay.h"
#include "commands.h"
#include "complain.h"
#include "interrupt.h"

#include "zmqlog.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int asked = -1; /* readable after SIGUSR1 */
static zmqlog_auth *auth;

static void ask(int number) {
    int saved = errno;
    (void)number;
    if (write(asked, &(uint64_t){1}, sizeof(uint64_t)) < 0) {
        /* A full counter is readable too. */
    }
    errno = saved;
}

static int catch_usr1(void) {
    struct sigaction action = {.sa_handler = ask, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    asked = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return asked < 0 ? -1 : sigaction(SIGUSR1, &action, NULL);
}

/* ---- opening ---- */

static int refuse(const zmqlog_relay *relay, const char *what, zmqlog_status status) {
    const char *detail = zmqlog_relay_errmsg(relay);

    complain("%s: %s", what, *detail ? detail : zmqlog_strerror(status));
    return status == ZMQLOG_EINVAL ? EXIT_USAGE : EXIT_FAILED;
}

typedef zmqlog_status opener(zmqlog_relay *relay, const char *endpoint);

static int open_all(zmqlog_relay *relay, const relay_options *options,
                    const option_list *endpoints, opener *open, security_use use) {
    for (int i = 0; i < endpoints->count; i++) {
        zmqlog_status status = open(relay, endpoints->items[i]);
        if (status == ZMQLOG_EREFUSED)
            return security_refuse(&options->security, endpoints->items[i], use);
        if (status != ZMQLOG_OK)
            return refuse(relay, endpoints->items[i], status);
    }
    return EXIT_OK;
}

static void tell_start(const zmqlog_relay *relay, const relay_options *options) {
    int index = 0;

    for (int i = 0; i < options->publishers.count; i++)
        complain("listening for publishers on %s",
                 zmqlog_relay_endpoint(relay, index++));
    for (int i = 0; i < options->subscribers.count; i++)
        complain("listening for subscribers on %s",
                 zmqlog_relay_endpoint(relay, index++));
}

/* The same keys and lists on both sides. */
static int use_keys(zmqlog_relay *relay, const relay_options *options) {
    int binds = options->publishers.count + options->subscribers.count > 0;
    int connects = options->upstream.count + options->downstream.count > 0;
    int code = security_open(&options->security, binds, connects, &auth);

    for (int side = ZMQLOG_RELAY_PUBLISHERS;
         code == EXIT_OK && side <= ZMQLOG_RELAY_SUBSCRIBERS; side++)
        if (zmqlog_relay_set_auth(relay, side, auth) != ZMQLOG_OK)
            code = refuse(relay, "keys", ZMQLOG_ESTATE);
    return code;
}

static int open_relay(zmqlog_relay *relay, const relay_options *options) {
    int code = use_keys(relay, options);

    if (code == EXIT_OK)
        code = open_all(relay, options, &options->publishers,
                        zmqlog_relay_bind_publishers, SECURITY_WATCHER_BIND);
    if (code == EXIT_OK)
        code = open_all(relay, options, &options->subscribers,
                        zmqlog_relay_bind_subscribers, SECURITY_PUBLISHER_BIND);
    if (code == EXIT_OK)
        code = open_all(relay, options, &options->upstream,
                        zmqlog_relay_connect_upstream, SECURITY_PUBLISHER_CONNECT);
    if (code == EXIT_OK)
        code = open_all(relay, options, &options->downstream,
                        zmqlog_relay_connect_subscribers, SECURITY_PUBLISHER_CONNECT);
    if (code == EXIT_OK && !options->quiet)
        tell_start(relay, options);
    return code;
}

/* systemd's Type=notify. */
static void tell_manager(void) {
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    int fd;

    if (len == 0 || len >= sizeof address.sun_path)
        return;
    memcpy(address.sun_path, path, len);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto(fd, "READY=1", 7, MSG_NOSIGNAL, (struct sockaddr *)&address,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
        complain("NOTIFY_SOCKET: %s", strerror(errno));
    close(fd);
}

/* ---- running ---- */

static void tell_counts(const zmqlog_relay *relay) {
    complain("%" PRId64 " received, %" PRId64 " sent, %" PRId64 " dropped, %" PRId64
             " malformed, %" PRId64 " times a subscriber was too slow; now %" PRId64
             " publishers, %" PRId64 " subscribers, %" PRId64 " subscriptions",
             zmqlog_relay_count(relay, ZMQLOG_COUNT_RECEIVED),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_SENT),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_DROPPED_INTERNAL),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_MALFORMED),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_SLOW_EPISODES),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_PUBLISHERS),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_PEERS),
             zmqlog_relay_count(relay, ZMQLOG_COUNT_SUBSCRIPTIONS));
}

/* Until the relay has ended; loops are told meanwhile. */
static void *wait_for_end(void *argument) {
    zmqlog_relay *relay = argument;

    while (zmqlog_relay_run(relay, -1) == ZMQLOG_EREFUSED)
        complain("%s", zmqlog_relay_errmsg(relay));
    return NULL;
}

static void wait_for_signals(const zmqlog_relay *relay, const security *keys) {
    struct pollfd polled[2] = {{interrupt_fd(), POLLIN, 0}, {asked, POLLIN, 0}};
    uint64_t count;

    while (!interrupt_requested()) {
        poll(polled, 2, -1);
        if (read(asked, &count, sizeof count) > 0)
            tell_counts(relay);
        if (interrupt_took_hangup())
            security_reload(keys, auth);
    }
}

static int run(zmqlog_relay *relay, const relay_options *options) {
    pthread_t thread;
    int code, error;

    if (interrupt_install() < 0 || catch_usr1() < 0 ||
        (security_reloads(&options->security) && interrupt_hangup_reopens() < 0)) {
        complain("signals: %s", strerror(errno));
        return EXIT_FAILED;
    }
    code = open_relay(relay, options);
    if (code != EXIT_OK)
        return code;
    error = pthread_create(&thread, NULL, wait_for_end, relay);
    if (error) {
        complain("a thread: %s", strerror(error));
        return EXIT_FAILED;
    }
    tell_manager();
    wait_for_signals(relay, &options->security);
    zmqlog_relay_stop(relay);
    pthread_join(thread, NULL);
    if (!options->quiet)
        tell_counts(relay);
    return EXIT_OK;
}

int relay_main(char **words) {
    relay_options options = {0};
    zmqlog_relay *relay = NULL;
    int code = relay_read_options(&options, words);

    if (code < 0) {
        relay = zmqlog_relay_new();
        code = EXIT_FAILED;
        if (relay)
            code = run(relay, &options);
        else
            complain("out of memory");
    }
    zmqlog_relay_free(relay);
    zmqlog_auth_free(auth);
    relay_release_options(&options);
    return code;
}
