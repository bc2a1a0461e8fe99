/* SPDX-License-Identifier: BSD-3-Clause */
/* Surprises about processes, files and descriptors. What ends, hangs or spins does so
 * in a process of its own, which is this program in some role. */
#include "support.h"

#include "peer.h"
#include "publisher.h"
#include "surprises.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define MANY 1000
#define SHOWN 42

/* ---- aborts -------------------------------------------------------------- */

/* Waits until the monitor has told of that. */
static void await_event(void *monitor, unsigned wanted) {
    unsigned char event[6];
    char address[256];
    uint16_t number = 0;
    while (number != wanted) {
        if (zmq_recv(monitor, event, sizeof event, 0) != sizeof event)
            exit(2);
        memcpy(&number, event, sizeof number);
        zmq_recv(monitor, address, sizeof address, 0);
    }
}

/* Does not read, so that heartbeats go unseen and libzmq connects again. Then it reads
 * what the old connection has left, and libzmq tells the new one to go on, although
 * that never stopped. */
static int role_stall(const char *endpoint) {
    peer sub = peer_new();
    void *monitor = zmq_socket(sub.context, ZMQ_PAIR);
    int hwm = 10, every = 200, patience = 2000;
    char body[256];
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (!freopen("/dev/null", "w", stderr))
        return 2;
    alarm(PATIENCE_MS / 1000);
    zmq_setsockopt(sub.socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    zmq_setsockopt(sub.socket, ZMQ_HEARTBEAT_IVL, &every, sizeof every);
    zmq_setsockopt(sub.socket, ZMQ_HEARTBEAT_TIMEOUT, &patience, sizeof patience);
    zmq_setsockopt(sub.socket, ZMQ_SUBSCRIBE, "", 0);
    zmq_socket_monitor(sub.socket, "inproc://m",
                       ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    zmq_connect(monitor, "inproc://m");
    zmq_connect(sub.socket, endpoint);
    await_event(monitor, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    await_event(monitor, ZMQ_EVENT_DISCONNECTED);
    await_event(monitor, ZMQ_EVENT_HANDSHAKE_SUCCEEDED);
    zmq_setsockopt(sub.socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    while (zmq_recv(sub.socket, body, sizeof body, 0) >= 0)
        continue;
    return 0;
}

static void send_many(publisher *p) {
    for (int i = 0; i < MANY; i++)
        publisher_send_number(p, "app.INFO", (unsigned)i);
}

static void *feed(void *data) {
    publisher *p = data;
    char prefix[256];
    publisher_event(p, prefix);
    send_many(p);
    return NULL;
}

/* A machine that is very busy may spoil a try. */
int libzmq_aborts_on_heartbeats(void) {
    int aborted = 0;
    for (int tries = 0; tries < 3 && !aborted; tries++) {
        publisher p = publisher_open(NULL);
        pthread_t thread;
        int status;
        assert_int_equal(0, pthread_create(&thread, NULL, feed, &p));
        status = surprises_child("stall", p.endpoint, NULL);
        pthread_join(thread, NULL);
        aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
        publisher_close(&p);
    }
    return aborted;
}

void we_survive_a_stalled_reader(void) {
    publisher p = publisher_open(NULL);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    assert_ok(zmqlog_subscriber_set_receive_hwm(subscriber, 10));
    subscribed(subscriber, &p, "");
    send_many(&p);
    publisher_send(&p, "app.INFO", "last");
    do
        receive(subscriber, record);
    while (strcmp(zmqlog_record_text(record, NULL), "last") != 0);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    publisher_close(&p);
}

/* ---- files --------------------------------------------------------------- */

static int is_file(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static void write_file(const char *path) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("precious", file);
    fclose(file);
}

int libzmq_removes_files(void) {
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "", "x");
    publisher p = publisher_new();
    int kept;
    write_file(path);
    zmq_bind(p.socket, temp_dir_path(&dir, "ipc://", "x"));
    kept = is_file(path);
    publisher_close(&p);
    temp_dir_remove(&dir);
    return !kept;
}

void we_keep_files(void) {
    temp_dir dir = temp_dir_make();
    const char *path = temp_dir_path(&dir, "", "x");
    zmqlog_handler *handler = zmqlog_handler_new();
    write_file(path);
    assert_status(zmqlog_handler_bind(handler, temp_dir_path(&dir, "ipc://", "x")),
                  ZMQLOG_EADDRINUSE);
    assert_true(is_file(path));
    zmqlog_handler_free(handler);
    temp_dir_remove(&dir);
}

/* ---- programs that do not read ------------------------------------------- */

static int role_monitor(const char *endpoint) {
    publisher p = publisher_new();
    if (zmq_socket_monitor(p.socket, "inproc://nobody", ZMQ_EVENT_ALL) != 0)
        return 2;
    alarm(3);
    zmq_bind(p.socket, endpoint);
    return 0;
}

int libzmq_waits_for_who_monitors(void) {
    int status = surprises_child("monitor", "tcp://127.0.0.1:*", NULL);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM;
}

/* Listeners come and go, more of them than any queue holds, while the program makes no
 * call. */
void we_do_not_wait_for_the_program(void) {
    zmqlog_handler *handler = open_handler("app");
    peer sub;
    for (int i = 0; i < MANY; i++)
        close(raw_connect(zmqlog_handler_endpoint(handler, 0)));
    sub = peer_listening(handler, "app");
    log_text(handler, ZMQLOG_LEVEL_INFO, "here");
    peer_expect(&sub, "app.INFO", "here");
    peer_close(&sub);
    zmqlog_handler_free(handler);
}

/* ---- children ------------------------------------------------------------ */

typedef struct child {
    pid_t pid;
    int end;
} child;

/* A child that keeps what it has inherited, and does nothing. */
static child child_begin(void) {
    int ends[2];
    char byte;
    child c;
    assert_int_equal(0, pipe(ends));
    c.pid = fork();
    assert_true(c.pid >= 0);
    if (c.pid == 0) {
        close(ends[1]);
        (void)!read(ends[0], &byte, 1);
        _exit(0);
    }
    close(ends[0]);
    c.end = ends[1];
    return c;
}

static void child_end(child *c) {
    close(c->end);
    assert_int_equal(c->pid, waitpid(c->pid, NULL, 0));
}

int libzmq_leaves_the_port_to_a_child(void) {
    publisher p = publisher_open(NULL), again = publisher_new();
    child c = child_begin();
    int rc, error;
    publisher_close(&p);
    rc = zmq_bind(again.socket, p.endpoint);
    error = zmq_errno();
    child_end(&c);
    publisher_close(&again);
    return rc != 0 && error == EADDRINUSE;
}

void we_leave_a_child_no_port(void) {
    zmqlog_handler *handler = open_handler("app"), *again = zmqlog_handler_new();
    char endpoint[256];
    child c = child_begin();
    zmqlog_status status = ZMQLOG_EADDRINUSE;
    snprintf(endpoint, sizeof endpoint, "%s", zmqlog_handler_endpoint(handler, 0));
    zmqlog_handler_free(handler);
    /* The child closes it as its first deed, but it may not have begun. */
    for (int i = 0; i < PATIENCE_MS / 10 && status == ZMQLOG_EADDRINUSE; i++) {
        status = zmqlog_handler_bind(again, endpoint);
        if (status == ZMQLOG_EADDRINUSE)
            poll(NULL, 0, 10);
    }
    assert_ok(status);
    child_end(&c);
    zmqlog_handler_free(again);
}

/* ---- descriptors --------------------------------------------------------- */

/* From now on, and until the old limit is set again, there are no more. */
static struct rlimit take_descriptors(void) {
    struct rlimit before, none;
    int next = dup(0);
    close(next);
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = (rlim_t)next;
    setrlimit(RLIMIT_NOFILE, &none);
    return before;
}

/* A connection that no thread can accept. */
static int knock(int fd, const char *endpoint) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_port = htons((uint16_t)atoi(strrchr(endpoint, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)&address, sizeof address);
}

/* A thousand failures for one connection: libzmq does not wait between them. */
static int role_spin(const char *endpoint) {
    publisher p = publisher_new();
    void *monitor = zmq_socket(p.context, ZMQ_PAIR);
    size_t size = sizeof p.endpoint;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    alarm(PATIENCE_MS / 1000);
    zmq_socket_monitor(p.socket, "inproc://m", ZMQ_EVENT_ACCEPT_FAILED);
    zmq_connect(monitor, "inproc://m");
    if (zmq_bind(p.socket, endpoint) != 0)
        return 2;
    zmq_getsockopt(p.socket, ZMQ_LAST_ENDPOINT, p.endpoint, &size);
    take_descriptors();
    if (knock(fd, p.endpoint) != 0)
        return 3;
    for (int i = 0; i < MANY; i++)
        await_event(monitor, ZMQ_EVENT_ACCEPT_FAILED);
    _exit(SHOWN);
}

int libzmq_spins_without_descriptors(void) {
    int status = surprises_child("spin", "tcp://127.0.0.1:*", NULL);
    return WIFEXITED(status) && WEXITSTATUS(status) == SHOWN;
}

/* The same with a handler, and then there are descriptors again. */
static int role_recover(const char *endpoint) {
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct rlimit before;
    alarm(PATIENCE_MS / 1000);
    if (zmqlog_handler_bind(handler, endpoint) != ZMQLOG_OK)
        return 2;
    before = take_descriptors();
    if (knock(fd, zmqlog_handler_endpoint(handler, 0)) != 0)
        return 3;
    for (int i = 0; i < MANY; i++)
        zmqlog_handler_log(handler, ZMQLOG_LEVEL_INFO, "x", 1);
    setrlimit(RLIMIT_NOFILE, &before);
    zmqlog_subscriber_subscribe(subscriber, "INFO");
    zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0));
    if (zmqlog_handler_wait_subscriber(handler, "INFO", PATIENCE_MS) != ZMQLOG_OK)
        return 4;
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    return SHOWN;
}

void we_recover_descriptors(void) {
    int status = surprises_child("recover", "tcp://127.0.0.1:*", NULL);
    assert_true(WIFEXITED(status));
    assert_int_equal(SHOWN, WEXITSTATUS(status));
}

int surprises_role(const char *role, const char *argument) {
    if (strcmp(role, "stall") == 0)
        return role_stall(argument);
    if (strcmp(role, "monitor") == 0)
        return role_monitor(argument);
    if (strcmp(role, "spin") == 0)
        return role_spin(argument);
    if (strcmp(role, "recover") == 0)
        return role_recover(argument);
    return surprises_loss_role(role, argument);
}
