/* SPDX-License-Identifier: BSD-3-Clause */
/* Peers that went away and come back, played by plain sockets. Their greetings arrive
 * around the moment at which the process that connects to them closes, or connects anew
 * by itself. libzmq must not end that process.
 *     fault_comebacks [ROUNDS ENDPOINTS]     more rounds by hand */
#include "support.h"
#include "await.h"
#include "peer.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define HOSTS 6
#define HOST_SECONDS 40
#define ENDPOINTS_MAX 64

TEST_LABELS(sanitized);

static int rounds = 1, endpoints = 4;

typedef enum end { AT_CLOSE, AT_RETRY } end;

/* ---- the process that connects ------------------------------------------- */

/* What it connects with. */
typedef struct kind {
    const char *name;
    int publishes, has_auth, binds;
    int forks; /* the rest runs in a child that has inherited the handle */
} kind;

static const kind kinds[] = {
    {"subscriber", 0, 0, 0, 0},
    {"subscriber with auth", 0, 1, 0, 0},
    {"subscriber that also binds", 0, 1, 1, 0},
    {"handler", 1, 0, 0, 0},
    {"handler that also binds, with auth", 1, 1, 1, 0},
    {"handler that is inherited", 1, 0, 0, 1},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

typedef struct ports {
    int fds[ENDPOINTS_MAX];
    char endpoints[ENDPOINTS_MAX][64];
} ports;

typedef struct handle {
    zmqlog_handler *handler;
    zmqlog_subscriber *subscriber;
    zmqlog_auth *auth;
} handle;

static int is_open(const kind *what, handle *h, const ports *to) {
    zmqlog_status status = ZMQLOG_OK;
    if (what->has_auth) {
        h->auth = zmqlog_auth_new();
        zmqlog_auth_set_insecure(h->auth, 1);
    }
    if (what->publishes) {
        h->handler = zmqlog_handler_new();
        zmqlog_handler_set_auth(h->handler, h->auth);
    } else {
        h->subscriber = zmqlog_subscriber_new();
        zmqlog_subscriber_set_auth(h->subscriber, h->auth);
        zmqlog_subscriber_subscribe(h->subscriber, "");
    }
    if (what->binds)
        status = what->publishes
                     ? zmqlog_handler_bind(h->handler, "tcp://127.0.0.1:*")
                     : zmqlog_subscriber_bind(h->subscriber, "tcp://127.0.0.1:*");
    for (int i = 0; i < endpoints && status == ZMQLOG_OK; i++)
        status = what->publishes
                     ? zmqlog_handler_connect(h->handler, to->endpoints[i])
                     : zmqlog_subscriber_connect(h->subscriber, to->endpoints[i]);
    return status == ZMQLOG_OK;
}

static int64_t peers(const handle *h) {
    return h->handler ? zmqlog_handler_count(h->handler, ZMQLOG_COUNT_PEERS)
                      : zmqlog_subscriber_count(h->subscriber, ZMQLOG_COUNT_PEERS);
}

static void fork_and_wait(handle *h) {
    pid_t child = fork();
    if (child == 0) {
        zmqlog_handler_log(h->handler, ZMQLOG_LEVEL_INFO, "child", 5);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

/* Says 'p' when it has all peers, and ends when it is told to. */
static int host(const kind *what, const ports *to, int said, int told) {
    handle h = {0};
    char order;
    if (!is_open(what, &h, to))
        return 3;
    while (peers(&h) < endpoints)
        poll(NULL, 0, 1);
    if (write(said, "p", 1) != 1 || read(told, &order, 1) != 1)
        return 4;
    if (what->forks)
        fork_and_wait(&h);
    zmqlog_handler_close(h.handler, 0);
    zmqlog_handler_free(h.handler);
    zmqlog_subscriber_free(h.subscriber);
    zmqlog_auth_free(h.auth);
    return 0;
}

typedef struct running {
    pid_t pid;
    int said, told; /* our ends of its pipes */
    ports at;
    int peers[ENDPOINTS_MAX];
} running;

static int listen_on(char endpoint[64]) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    const struct timeval patience = {HOST_SECONDS, 0};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    snprintf(endpoint, 64, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    return fd;
}

static void start(running *r, const kind *what) {
    int said[2], told[2];
    assert_int_equal(pipe(said) | pipe(told), 0);
    for (int i = 0; i < endpoints; i++)
        r->at.fds[i] = listen_on(r->at.endpoints[i]);
    r->pid = fork();
    if (r->pid == 0) {
        alarm(HOST_SECONDS);
        for (int i = 0; i < endpoints; i++)
            close(r->at.fds[i]);
        _exit(host(what, &r->at, said[1], told[0]));
    }
    close(said[1]);
    close(told[0]);
    r->said = said[0];
    r->told = told[1];
}

/* ---- its peers ------------------------------------------------------------ */

static void greet(int fd) {
    static const char greeting[64] = "\xff\0\0\0\0\0\0\0\1\x7f\3\0NULL";
    (void)!send(fd, greeting, sizeof greeting, MSG_NOSIGNAL);
}

static void complete(int fd, const kind *what) {
    static const char publisher[] = "\x04\x19\x05READY\x0bSocket-Type\0\0\0\3PUB";
    if (what->publishes) {
        raw_greet(fd);
        raw_frame(fd, 0, "\1", 1); /* subscribes to all */
    } else {
        greet(fd);
        raw_write(fd, publisher, sizeof publisher - 1);
    }
}

static void accept_all(running *all) {
    for (int h = 0; h < HOSTS; h++)
        for (int i = 0; i < endpoints; i++) {
            all[h].peers[i] = accept(all[h].at.fds[i], NULL, NULL);
            assert_true(all[h].peers[i] >= 0);
        }
}

static void close_all(running *all) {
    for (int h = 0; h < HOSTS; h++)
        for (int i = 0; i < endpoints; i++)
            close(all[h].peers[i]);
}

static void await_peers(running *all, const kind *what) {
    char byte;
    for (int h = 0; h < HOSTS; h++) {
        if (read(all[h].said, &byte, 1) == 1)
            continue;
        print_error("%s: has not seen all its peers\n", what->name);
        fail();
    }
}

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_until(int64_t ms) {
    while (now_ms() < ms)
        poll(NULL, 0, (int)(ms - now_ms()));
}

/* All peers greet, some tenths of a millisecond apart. */
static void greet_all(running *all, int tells) {
    for (int i = 0; i < endpoints; i++)
        for (int h = 0; h < HOSTS; h++) {
            const struct timespec apart = {0, 100000};
            if (tells && i == 0)
                assert_int_equal(write(all[h].told, "c", 1), 1);
            greet(all[h].peers[i]);
            nanosleep(&apart, NULL);
        }
}

static void await_end(running *r, const kind *what) {
    int status;
    assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
    if (status != 0)
        print_error("%s: ended with status 0x%x\n", what->name, status);
    assert_int_equal(status, 0);
    close(r->said);
    close(r->told);
    for (int i = 0; i < endpoints; i++)
        close(r->at.fds[i]);
}

static void come_back(const kind *what, end when) {
    running all[HOSTS];
    int64_t gone_ms;
    for (int h = 0; h < HOSTS; h++)
        start(&all[h], what);
    accept_all(all);
    for (int h = 0; h < HOSTS; h++)
        for (int i = 0; i < endpoints; i++)
            complete(all[h].peers[i], what);
    await_peers(all, what);
    close_all(all);
    gone_ms = now_ms();
    accept_all(all);
    if (when == AT_RETRY) /* which is a second after they went */
        wait_until(gone_ms + 990);
    greet_all(all, when == AT_CLOSE);
    if (when == AT_RETRY)
        for (int h = 0; h < HOSTS; h++)
            assert_int_equal(write(all[h].told, "c", 1), 1);
    for (int h = 0; h < HOSTS; h++)
        await_end(&all[h], what);
    close_all(all);
}

static void comeback(end when) {
    for (int i = 0; i < rounds; i++)
        for (size_t k = 0; k < KINDS; k++)
            come_back(&kinds[k], when);
    print_message("%zu kinds, %d endpoints: %d ends each\n", KINDS, endpoints,
                  rounds * HOSTS);
}

TEST(comeback__while_we_close_is_survived) {
    comeback(AT_CLOSE);
}

TEST(comeback__while_we_connect_anew_is_survived) {
    comeback(AT_RETRY);
}

int main(int argc, char **argv) {
    if (argc == 3) {
        rounds = atoi(argv[1]);
        endpoints = atoi(argv[2]) < ENDPOINTS_MAX ? atoi(argv[2]) : ENDPOINTS_MAX;
    }
    return test_run();
}
