/* SPDX-License-Identifier: BSD-3-Clause */
/* Auth at work: handlers and subscribers with keys, lists that change while they are
 * open, and ipc paths. */
#include "support.h"

#include <poll.h>
#include <sched.h>
#include <sys/stat.h>

TEST_LABELS(threads);

typedef struct vault {
    zmqlog_keypair *server, *alice, *bob;
    zmqlog_auth *auth; /* the server's: alice is allowed */
    temp_dir dir;
} vault;

static zmqlog_keypair *make_keys(void) {
    zmqlog_keypair *pair = zmqlog_keypair_new();

    assert_ok_or(zmqlog_keypair_generate(pair), zmqlog_keypair_errmsg(pair));
    return pair;
}

static int make(void **state) {
    vault *v = calloc(1, sizeof *v);

    v->server = make_keys();
    v->alice = make_keys();
    v->bob = make_keys();
    v->auth = zmqlog_auth_new();
    assert_ok(
        zmqlog_auth_set_curve_server(v->auth, zmqlog_keypair_secret_key(v->server)));
    assert_ok(zmqlog_auth_allow_key(v->auth, zmqlog_keypair_public_key(v->alice)));
    v->dir = temp_dir_make();
    *state = v;
    return 0;
}

static int drop(void **state) {
    vault *v = *state;

    zmqlog_keypair_free(v->server);
    zmqlog_keypair_free(v->alice);
    zmqlog_keypair_free(v->bob);
    zmqlog_auth_free(v->auth);
    temp_dir_remove(&v->dir);
    free(v);
    return 0;
}

/* What `own` needs to connect to the server. */
static zmqlog_auth *client_of(const vault *v, const zmqlog_keypair *own) {
    zmqlog_auth *auth = zmqlog_auth_new();

    assert_ok_or(zmqlog_auth_set_curve_client(
                     auth, zmqlog_keypair_public_key(v->server),
                     zmqlog_keypair_public_key(own), zmqlog_keypair_secret_key(own)),
                 zmqlog_auth_errmsg(auth));
    return auth;
}

static zmqlog_handler *new_handler(zmqlog_auth *auth) {
    zmqlog_handler *handler = zmqlog_handler_new();

    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok(zmqlog_handler_set_hold_ms(handler, 0));
    assert_ok(zmqlog_handler_set_auth(handler, auth));
    return handler;
}

static zmqlog_handler *bound(zmqlog_auth *auth, const char *endpoint) {
    zmqlog_handler *handler = new_handler(auth);

    assert_ok_or(zmqlog_handler_bind(handler, endpoint),
                 zmqlog_handler_errmsg(handler));
    return handler;
}

/* A subscriber with the client's keys. It holds the only reference to the auth. */
static zmqlog_subscriber *new_subscriber(zmqlog_auth *auth) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_subscriber_set_auth(subscriber, auth));
    zmqlog_auth_free(auth);
    return subscriber;
}

static void hears(zmqlog_subscriber *subscriber, const char *text) {
    zmqlog_record *record = zmqlog_record_new();
    const char *got;
    size_t len;

    receive(subscriber, record);
    got = zmqlog_record_text(record, &len);
    assert_int_equal(len, strlen(text));
    assert_memory_equal(got, text, len);
    zmqlog_record_free(record);
}

static void refused(zmqlog_handler *handler, zmqlog_status got, zmqlog_status wanted,
                    const char *says) {
    assert_status(got, wanted);
    if (!strstr(zmqlog_handler_errmsg(handler), says))
        fail_msg("\"%s\" does not say \"%s\"", zmqlog_handler_errmsg(handler), says);
}

/* ---- CURVE --------------------------------------------------------------- */

TEST_WITH(curve__an_allowed_subscriber_hears, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *subscriber = new_subscriber(client_of(v, v->alice));

    marry(handler, subscriber);
    log_text(handler, ZMQLOG_LEVEL_INFO, "hello");
    hears(subscriber, "hello");
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

TEST_WITH(curve__one_that_is_allowed_later_gets_in_by_itself, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *alice = new_subscriber(client_of(v, v->alice));
    zmqlog_subscriber *bob = new_subscriber(client_of(v, v->bob));

    assert_ok(zmqlog_subscriber_subscribe(bob, "app.ERROR"));
    assert_ok(zmqlog_subscriber_connect(bob, zmqlog_handler_endpoint(handler, 0)));
    marry_prefix(handler, alice, "app.INFO");
    assert_status(zmqlog_handler_wait_subscriber(handler, "app.ERROR", 300),
                  ZMQLOG_ETIMEDOUT);
    log_text(handler, ZMQLOG_LEVEL_ERROR, "not for bob");
    assert_ok(zmqlog_auth_allow_key(v->auth, zmqlog_keypair_public_key(v->bob)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.ERROR", PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_ERROR, "for bob");
    hears(bob, "for bob");
    zmqlog_subscriber_free(alice);
    zmqlog_subscriber_free(bob);
    zmqlog_handler_free(handler);
}

TEST_WITH(curve__a_handler_connects_to_a_subscriber_that_listens, make, drop) {
    vault *v = *state;
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_auth *auth = client_of(v, v->alice);
    zmqlog_handler *handler = new_handler(auth);

    zmqlog_auth_free(auth);
    assert_ok(zmqlog_subscriber_set_auth(subscriber, v->auth));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok_or(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"),
                 zmqlog_subscriber_errmsg(subscriber));
    assert_ok_or(
        zmqlog_handler_connect(handler, zmqlog_subscriber_endpoint(subscriber, 0)),
        zmqlog_handler_errmsg(handler));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    log_text(handler, ZMQLOG_LEVEL_INFO, "upwards");
    hears(subscriber, "upwards");
    zmqlog_handler_free(handler);
    zmqlog_subscriber_free(subscriber);
}

TEST_WITH(curve__works_over_ipc_as_well, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, temp_dir_path(&v->dir, "ipc://", "log"));
    zmqlog_subscriber *subscriber = new_subscriber(client_of(v, v->alice));

    assert_ok(zmqlog_auth_allow_uid(v->auth, geteuid()));
    marry(handler, subscriber);
    log_text(handler, ZMQLOG_LEVEL_INFO, "hello");
    hears(subscriber, "hello");
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
}

TEST_WITH(curve__with_no_allowed_key_nothing_opens, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = new_handler(v->auth);

    assert_ok(zmqlog_auth_remove_key(v->auth, zmqlog_keypair_public_key(v->alice)));
    refused(handler, zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"), ZMQLOG_EREFUSED,
            "no client key is allowed");
    assert_null(zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_auth_allow_key(v->auth, "*"));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    zmqlog_handler_free(handler);
}

/* ---- one object, several handles ------------------------------------------ */

TEST_WITH(auth__serves_several_handles_and_outlives_its_owner, make, drop) {
    vault *v = *state;
    zmqlog_handler *first = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_handler *second = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *subscriber = new_subscriber(client_of(v, v->alice));

    zmqlog_auth_free(v->auth);
    v->auth = NULL;
    marry(first, subscriber);
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(second, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(second, "", PATIENCE_MS));
    log_text(first, ZMQLOG_LEVEL_INFO, "first");
    hears(subscriber, "first");
    log_text(second, ZMQLOG_LEVEL_INFO, "second");
    hears(subscriber, "second");
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(first);
    zmqlog_handler_free(second);
}

TEST_WITH(auth__keys_stay_while_a_handle_is_open, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    const char *secret = zmqlog_keypair_secret_key(v->bob);
    zmqlog_status status = ZMQLOG_ESTATE;
    int tries;

    assert_status(zmqlog_auth_set_curve_server(v->auth, secret), ZMQLOG_ESTATE);
    assert_status(zmqlog_auth_set_ipc_mode(v->auth, 0660), ZMQLOG_ESTATE);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    /* The I/O thread lets go of it as its last act. */
    for (tries = 0; tries < 1000000 && status == ZMQLOG_ESTATE; tries++) {
        status = zmqlog_auth_set_curve_server(v->auth, secret);
        sched_yield();
    }
    assert_ok(status);
    zmqlog_handler_free(handler);
}

/* ---- without keys ---------------------------------------------------------- */

TEST(handler__beyond_loopback_is_refused) {
    zmqlog_handler *handler = new_handler(NULL);

    refused(handler, zmqlog_handler_bind(handler, "tcp://0.0.0.0:*"), ZMQLOG_EREFUSED,
            "insecure");
    refused(handler, zmqlog_handler_bind(handler, "tcp://*:*"), ZMQLOG_EREFUSED,
            "127.0.0.1");
    refused(handler, zmqlog_handler_connect(handler, "tcp://logs.example.org:5556"),
            ZMQLOG_EREFUSED, "curve_client");
    assert_null(zmqlog_handler_endpoint(handler, 0));
    assert_ok(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"));
    zmqlog_handler_free(handler);
}

TEST(address__lists_are_live) {
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_handler *handler = bound(auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_auth_allow_address(auth, "192.0.2.0/24"));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_status(zmqlog_handler_wait_subscriber(handler, "", 300), ZMQLOG_ETIMEDOUT);
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.0/8"));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    zmqlog_auth_free(auth);
}

TEST(address__of_ipv6_peers_count) {
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_handler *handler = new_handler(auth);
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_auth_allow_address(auth, "::1"));
    if (zmqlog_handler_bind(handler, "tcp://[::1]:*") == ZMQLOG_OK)
        marry(handler, subscriber);
    else /* a machine without IPv6 says so */
        assert_status(zmqlog_handler_bind(handler, "tcp://[::1]:*"),
                      ZMQLOG_EADDRNOTAVAIL);
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    zmqlog_auth_free(auth);
}

/* ---- ipc --------------------------------------------------------------------- */

TEST_WITH(ipc__the_mode_is_the_auths_and_the_file_goes_with_the_handler, make, drop) {
    vault *v = *state;
    zmqlog_auth *auth = zmqlog_auth_new();
    const char *path = temp_dir_path(&v->dir, "", "log");
    zmqlog_handler *handler;
    struct stat file;

    assert_ok(zmqlog_auth_set_ipc_mode(auth, 0660));
    handler = bound(auth, temp_dir_path(&v->dir, "ipc://", "log"));
    assert_int_equal(stat(path, &file), 0);
    assert_true(S_ISSOCK(file.st_mode));
    assert_int_equal(file.st_mode & 07777, 0660);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_int_equal(stat(path, &file), -1);
    zmqlog_handler_free(handler);
    zmqlog_auth_free(auth);
}

TEST_WITH(ipc__a_live_endpoint_and_a_file_are_kept, make, drop) {
    vault *v = *state;
    const char *endpoint = temp_dir_path(&v->dir, "ipc://", "log");
    const char *precious = temp_dir_path(&v->dir, "ipc://", "precious");
    zmqlog_handler *first = bound(NULL, endpoint), *second = new_handler(NULL);
    zmqlog_subscriber *subscriber;
    FILE *file = fopen(precious + strlen("ipc://"), "w");

    fclose(file);
    refused(second, zmqlog_handler_bind(second, endpoint), ZMQLOG_EADDRINUSE,
            "another program listens there");
    refused(second, zmqlog_handler_bind(second, precious), ZMQLOG_EADDRINUSE,
            "which is kept");
    assert_int_equal(access(precious + strlen("ipc://"), F_OK), 0);
    subscriber = open_subscriber(first);
    log_text(first, ZMQLOG_LEVEL_INFO, "still here");
    hears(subscriber, "still here");
    assert_ok(zmqlog_handler_bind(second, temp_dir_path(&v->dir, "ipc://", "other")));
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(first);
    zmqlog_handler_free(second);
}

TEST_WITH(ipc__users_are_checked, make, drop) {
    vault *v = *state;
    zmqlog_auth *auth = zmqlog_auth_new();
    zmqlog_handler *handler = bound(auth, temp_dir_path(&v->dir, "ipc://", "log"));
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();

    assert_ok(zmqlog_auth_allow_uid(auth, (int64_t)geteuid() + 1));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_status(zmqlog_handler_wait_subscriber(handler, "", 300), ZMQLOG_ETIMEDOUT);
    assert_ok(zmqlog_auth_allow_uid(auth, geteuid()));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "", PATIENCE_MS));
    zmqlog_subscriber_free(subscriber);
    zmqlog_handler_free(handler);
    zmqlog_auth_free(auth);
}

/* ---- keys that are taken away ---------------------------------------------- */

static const char *key_file(const vault *v, const char *name,
                            const zmqlog_keypair *pair) {
    const char *path = temp_dir_path(&v->dir, "", name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, "metadata\ncurve\n    public-key = \"%s\"\n",
            zmqlog_keypair_public_key(pair));
    fclose(file);
    return path;
}

static void await_peers(zmqlog_handler *handler, int64_t wanted) {
    for (int i = 0; i < PATIENCE_MS; i++) {
        if (zmqlog_handler_count(handler, ZMQLOG_COUNT_PEERS) == wanted)
            return;
        poll(NULL, 0, 1);
    }
    assert_int_equal(wanted, zmqlog_handler_count(handler, ZMQLOG_COUNT_PEERS));
}

TEST_WITH(reload__cuts_a_subscriber_whose_key_was_removed_before, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *alice = new_subscriber(client_of(v, v->alice));

    marry_prefix(handler, alice, "app.INFO");
    assert_ok(zmqlog_auth_remove_key(v->auth, zmqlog_keypair_public_key(v->alice)));
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_PEERS));
    assert_ok_or(zmqlog_auth_reload_keys(v->auth, key_file(v, "bob", v->bob)),
                 zmqlog_auth_errmsg(v->auth));
    await_peers(handler, 0);
    zmqlog_subscriber_free(alice);
    zmqlog_handler_free(handler);
}

TEST_WITH(reload__cuts_a_subscriber_whose_key_is_gone, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *alice = new_subscriber(client_of(v, v->alice));
    zmqlog_subscriber *bob = new_subscriber(client_of(v, v->bob));

    assert_ok(zmqlog_auth_allow_key(v->auth, zmqlog_keypair_public_key(v->bob)));
    marry_prefix(handler, alice, "app.INFO");
    marry_prefix(handler, bob, "app.ERROR");
    assert_ok_or(zmqlog_auth_reload_keys(v->auth, key_file(v, "bob", v->bob)),
                 zmqlog_auth_errmsg(v->auth));
    await_peers(handler, 1);
    while (zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_INFO))
        sched_yield();
    log_text(handler, ZMQLOG_LEVEL_ERROR, "for bob");
    hears(bob, "for bob");
    assert_int_equal(1, zmqlog_handler_count(handler, ZMQLOG_COUNT_PEER_LOST));
    zmqlog_subscriber_free(alice);
    zmqlog_subscriber_free(bob);
    zmqlog_handler_free(handler);
}

TEST_WITH(reload__lets_in_what_it_adds_and_cuts_none_that_stays, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *alice = new_subscriber(client_of(v, v->alice));
    zmqlog_subscriber *bob = new_subscriber(client_of(v, v->bob));

    marry_prefix(handler, alice, "app.INFO");
    key_file(v, "alice", v->alice);
    key_file(v, "bob", v->bob);
    assert_ok(zmqlog_auth_reload_keys(v->auth, v->dir.path));
    marry_prefix(handler, bob, "app.ERROR");
    assert_int_equal(0, zmqlog_handler_count(handler, ZMQLOG_COUNT_PEER_LOST));
    log_text(handler, ZMQLOG_LEVEL_INFO, "for alice");
    hears(alice, "for alice");
    zmqlog_subscriber_free(alice);
    zmqlog_subscriber_free(bob);
    zmqlog_handler_free(handler);
}

TEST_WITH(reload__of_a_bad_file_changes_nothing, make, drop) {
    vault *v = *state;
    zmqlog_handler *handler = bound(v->auth, "tcp://127.0.0.1:*");
    zmqlog_subscriber *alice = new_subscriber(client_of(v, v->alice));
    const char *path = key_file(v, "bad", v->bob);
    FILE *file = fopen(path, "w");

    fputs("curve\n    public-key = \"short\"\n", file);
    fclose(file);
    marry_prefix(handler, alice, "app.INFO");
    assert_status(zmqlog_auth_reload_keys(v->auth, path), ZMQLOG_EFORMAT);
    assert_status(zmqlog_auth_reload_keys(v->auth, "/no/such/file"), ZMQLOG_EIO);
    assert_status(zmqlog_auth_reload_keys(v->auth, ""), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_reload_keys(v->auth, NULL), ZMQLOG_EINVAL);
    assert_status(zmqlog_auth_reload_keys(NULL, path), ZMQLOG_EINVAL);
    log_text(handler, ZMQLOG_LEVEL_INFO, "still inside");
    hears(alice, "still inside");
    assert_ok(zmqlog_auth_remove_key(v->auth, zmqlog_keypair_public_key(v->alice)));
    zmqlog_subscriber_free(alice);
    zmqlog_handler_free(handler);
}

/* Two publishers at a bound subscriber: one is cut, one comes back by itself. */
TEST_WITH(reload__cuts_a_publisher_whose_key_is_gone, make, drop) {
    vault *v = *state;
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_auth *keys[2] = {client_of(v, v->alice), client_of(v, v->bob)};
    zmqlog_handler *alice = new_handler(keys[0]), *bob = new_handler(keys[1]);

    assert_ok(zmqlog_auth_allow_key(v->auth, zmqlog_keypair_public_key(v->bob)));
    assert_ok(zmqlog_subscriber_set_auth(subscriber, v->auth));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_handler_connect(alice, zmqlog_subscriber_endpoint(subscriber, 0)));
    assert_ok(zmqlog_handler_connect(bob, zmqlog_subscriber_endpoint(subscriber, 0)));
    assert_ok(zmqlog_handler_wait_subscriber(alice, "app.INFO", PATIENCE_MS));
    assert_ok(zmqlog_handler_wait_subscriber(bob, "app.INFO", PATIENCE_MS));
    assert_ok(zmqlog_auth_reload_keys(v->auth, key_file(v, "bob", v->bob)));
    await_peers(alice, 0);
    assert_ok(zmqlog_handler_wait_subscriber(bob, "app.INFO", PATIENCE_MS));
    while (zmqlog_handler_count(bob, ZMQLOG_COUNT_PEER_LOST) == 0)
        sched_yield();
    assert_ok(zmqlog_handler_wait_subscriber(bob, "app.INFO", PATIENCE_MS));
    log_text(bob, ZMQLOG_LEVEL_INFO, "back again");
    hears(subscriber, "back again");
    assert_int_equal(0, zmqlog_handler_count(alice, ZMQLOG_COUNT_PEERS));
    zmqlog_handler_free(alice);
    zmqlog_handler_free(bob);
    zmqlog_subscriber_free(subscriber);
    zmqlog_auth_free(keys[0]);
    zmqlog_auth_free(keys[1]);
}

TEST_WITH(reload__cuts_on_both_sides_of_a_relay, make, drop) {
    vault *v = *state;
    zmqlog_relay *relay = zmqlog_relay_new();
    zmqlog_auth *keys = client_of(v, v->alice);
    zmqlog_handler *handler = new_handler(keys);
    zmqlog_subscriber *subscriber = new_subscriber(keys);

    for (int side = ZMQLOG_RELAY_PUBLISHERS; side <= ZMQLOG_RELAY_SUBSCRIBERS; side++)
        assert_ok(zmqlog_relay_set_auth(relay, side, v->auth));
    assert_ok(zmqlog_relay_bind_publishers(relay, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_relay_bind_subscribers(relay, "tcp://127.0.0.1:*"));
    assert_ok(zmqlog_handler_connect(handler, zmqlog_relay_endpoint(relay, 0)));
    assert_ok(zmqlog_subscriber_subscribe(subscriber, "app"));
    assert_ok(zmqlog_subscriber_connect(subscriber, zmqlog_relay_endpoint(relay, 1)));
    assert_ok(zmqlog_handler_wait_subscriber(handler, "app.INFO", PATIENCE_MS));
    assert_ok(zmqlog_auth_reload_keys(v->auth, key_file(v, "bob", v->bob)));
    await_peers(handler, 0);
    while (zmqlog_relay_count(relay, ZMQLOG_COUNT_PEERS) > 0 ||
           zmqlog_relay_count(relay, ZMQLOG_COUNT_PUBLISHERS) > 0)
        sched_yield();
    zmqlog_handler_free(handler);
    zmqlog_subscriber_free(subscriber);
    zmqlog_relay_free(relay);
}
