/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of libzmq's surprises: which of them this machine's libzmq has, shown with
 * plain sockets, and that none of them reaches programs that use this library. The
 * table knows the versions of Debian 12 and 13; for others it only reports. */
#include "support.h"

#include "surprises.h"

#include <poll.h>
#include <sys/wait.h>
#include <zmq.h>

#define NEVER INT_MAX
#define V435 ZMQ_MAKE_VERSION(4, 3, 5)
#define KNOWN(version) ((version) == ZMQ_MAKE_VERSION(4, 3, 4) || (version) == V435)

typedef struct surprise {
    const char *name, *promise;
    int (*libzmq)(void);
    void (*ours)(void);
    int mended; /* the first version without it */
} surprise;

#define ROW(name, libzmq, ours, mended)                                                \
    { name, #ours, libzmq, ours, mended }

static const surprise table[] = {
    ROW("a peer cancels what others have subscribed", libzmq_cancels_for_others,
        we_ask_before_we_believe_a_cancel, NEVER),
    ROW("zmq_proxy passes such a cancel on", libzmq_relays_cancels_for_others,
        we_serve_listeners_beside_a_relay, NEVER),
    ROW("a web client receives all topics", libzmq_tells_everything_to_a_web_client,
        we_tell_web_clients_nothing, NEVER),
    ROW("a stalled SUB with heartbeats aborts", libzmq_aborts_on_heartbeats,
        we_survive_a_stalled_reader, NEVER),
    ROW("a prefix of 246 bytes damages the stream", libzmq_damages_long_prefixes,
        we_refuse_long_prefixes, V435),
    ROW("subscriptions beyond the high-water mark vanish", libzmq_forgets_subscriptions,
        we_keep_all_subscriptions, NEVER),
    ROW("after a message too long SUB never connects again",
        libzmq_gives_up_after_a_giant, we_try_again_after_a_refusal, NEVER),
    ROW("bind removes the file that has its path", libzmq_removes_files, we_keep_files,
        NEVER),
    ROW("a monitor that nobody reads blocks the socket", libzmq_waits_for_who_monitors,
        we_do_not_wait_for_the_program, NEVER),
    ROW("of many losses one is told", libzmq_tells_of_one_loss_in_many,
        we_count_each_loss, NEVER),
    ROW("CURVE by itself lets every key in", libzmq_lets_all_keys_in,
        we_let_no_other_key_in, NEVER),
    ROW("a forked child holds the port", libzmq_leaves_the_port_to_a_child,
        we_leave_a_child_no_port, NEVER),
    ROW("exit loses what was sent", libzmq_loses_what_exit_finds, we_deliver_at_exit,
        NEVER),
    ROW("without descriptors the I/O thread spins", libzmq_spins_without_descriptors,
        we_recover_descriptors, NEVER),
    ROW("an idle SUB does not subscribe again", libzmq_resubscribes_only_when_asked,
        we_resubscribe_by_ourselves, NEVER),
};

#define ROWS (sizeof table / sizeof table[0])

static const char *self;

static int here(void) {
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    return ZMQ_MAKE_VERSION(major, minor, patch);
}

static void libzmq__is_known(void **state) {
    const surprise *row = *state;
    int has = row->libzmq(), wanted = here() < row->mended;
    print_message("%s: %s\n", has ? "surprise" : "mended  ", row->name);
    if (KNOWN(here()))
        assert_int_equal(wanted, has);
}

static void library__is_not_surprised(void **state) {
    const surprise *row = *state;
    row->ours();
}

int surprises_child(const char *role, const char *argument, void *socket) {
    int status = -1, events;
    size_t size = sizeof events;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl(self, self, role, argument, (char *)NULL);
        _exit(127);
    }
    while (waitpid(child, &status, socket ? WNOHANG : 0) == 0) {
        zmq_getsockopt(socket, ZMQ_EVENTS, &events, &size);
        poll(NULL, 0, 10);
    }
    return status;
}

int main(int argc, char **argv) {
    struct CMUnitTest tests[2 * ROWS] = {0};
    self = argv[0];
    if (argc == 3)
        return surprises_role(argv[1], argv[2]);
    for (size_t i = 0; i < ROWS; i++) {
        void *row = (void *)(uintptr_t)&table[i];
        tests[2 * i] =
            (struct CMUnitTest){table[i].name, libzmq__is_known, NULL, NULL, row};
        tests[2 * i + 1] = (struct CMUnitTest){
            table[i].promise, library__is_not_surprised, NULL, NULL, row};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
