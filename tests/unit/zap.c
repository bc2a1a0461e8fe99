/* SPDX-License-Identifier: BSD-3-Clause */
/* The ZAP server and the security options, with libzmq's real handshakes: which peers
 * get in. */
#include "site.h"

/* ---- no auth, addresses, users ----------------------------------------- */

TEST(null__anybody_gets_in_without_auth) {
    site s;

    site_open(&s, NULL);
    site_bind(&s, "tcp://127.0.0.1:*");
    assert_null(s.zap.socket); /* nobody is asked */
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    site_close(&s);
}

TEST(null__curve_guest_does_not_get_in) {
    keys own = make_keys(), server = make_keys();
    site s;

    site_open(&s, NULL);
    site_bind(&s, "tcp://127.0.0.1:*");
    assert_int_equal(visit(&s, &own, server.public_key), PROTOCOL);
    site_close(&s);
}

TEST(null__addresses_count_as_they_are_at_that_moment) {
    zmqlog_auth *auth = zmqlog_auth_new();
    site s;

    site_open(&s, auth);
    site_bind(&s, "tcp://127.0.0.1:*");
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_ok(zmqlog_auth_allow_address(auth, "10.0.0.0/8"));
    assert_int_equal(visit(&s, NULL, NULL), REFUSED);
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.0/8"));
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_ok(zmqlog_auth_remove_address(auth, "127.0.0.0/8"));
    assert_ok(zmqlog_auth_remove_address(auth, "10.0.0.0/8"));
    assert_int_equal(visit(&s, NULL, NULL), REFUSED);
    site_close(&s);
    zmqlog_auth_free(auth);
}

TEST(null__users_are_those_of_the_ipc_peer) {
    zmqlog_auth *auth = zmqlog_auth_new();
    temp_dir dir = temp_dir_make();
    site s;

    site_open(&s, auth);
    site_bind(&s, temp_dir_path(&dir, "ipc://", "log"));
    assert_ok(zmqlog_auth_allow_address(auth, "10.0.0.0/8")); /* not for ipc */
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    assert_ok(zmqlog_auth_allow_uid(auth, (int64_t)geteuid() + 1));
    assert_int_equal(visit(&s, NULL, NULL), REFUSED);
    assert_ok(zmqlog_auth_allow_uid(auth, geteuid()));
    assert_int_equal(visit(&s, NULL, NULL), ADMITTED);
    site_close(&s);
    zmqlog_auth_free(auth);
    temp_dir_remove(&dir);
}

TEST(null__the_guest_is_told) {
    zmqlog_auth *auth = zmqlog_auth_new();
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    outcome told = WAITING;
    guest g;
    site s;

    assert_ok(zmqlog_auth_allow_address(auth, "10.0.0.0/8"));
    site_open(&s, auth);
    site_bind(&s, "tcp://127.0.0.1:*");
    guest_open(&g, NULL, NULL);
    assert_int_equal(zmq_connect(g.sub, s.endpoint), 0);
    while (told == WAITING && zl_clock_left_ms(deadline) > 0) {
        step(&s);
        told = read_event(g.monitor);
    }
    assert_int_equal(told, REFUSED);
    /* It gets in by connecting again, not by itself. */
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.1"));
    assert_int_equal(zmq_disconnect(g.sub, s.endpoint), 0);
    assert_int_equal(zmq_connect(g.sub, s.endpoint), 0);
    while (run(&s) != ADMITTED && zl_clock_left_ms(deadline) > 0)
        continue;
    assert_int_equal(s.zap.accepted, 1);
    guest_close(&g);
    site_close(&s);
    zmqlog_auth_free(auth);
}

/* ---- CURVE ------------------------------------------------------------- */

TEST_WITH(curve__an_allowed_key_gets_in, vault_open, vault_close) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), ADMITTED);
    assert_int_equal(v->s.zap.accepted, 1);
}

TEST_WITH(curve__another_key_does_not, vault_open, vault_close) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), REFUSED);
    assert_int_equal(v->s.zap.accepted, 0);
    assert_int_equal(v->s.zap.refused, 1);
}

TEST_WITH(curve__a_guest_without_keys_does_not, vault_open, vault_close) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, NULL, NULL), PROTOCOL);
    assert_int_equal(v->s.zap.accepted, 0);
}

TEST_WITH(curve__a_guest_of_another_server_does_not, vault_open, vault_close) {
    vault *v = *state;

    assert_int_equal(visit(&v->s, &v->alice, v->mallory.public_key), PROTOCOL);
    assert_int_equal(v->s.zap.accepted, 0);
}

TEST_WITH(curve__any_key_gets_in_where_that_is_said, vault_open, vault_close) {
    vault *v = *state;

    assert_ok(zmqlog_auth_allow_key(v->auth, "*"));
    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), ADMITTED);
    assert_ok(zmqlog_auth_remove_key(v->auth, "*"));
    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), REFUSED);
}

TEST_WITH(curve__the_list_counts_as_it_is_at_that_moment, vault_open, vault_close) {
    vault *v = *state;

    assert_ok(zmqlog_auth_remove_key(v->auth, v->alice.public_key));
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
    assert_ok(zmqlog_auth_allow_key(v->auth, v->mallory.public_key));
    assert_int_equal(visit(&v->s, &v->mallory, v->server.public_key), ADMITTED);
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
}

TEST_WITH(curve__addresses_count_as_well, vault_open, vault_close) {
    vault *v = *state;

    assert_ok(zmqlog_auth_allow_address(v->auth, "10.0.0.0/8"));
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
    assert_ok(zmqlog_auth_allow_address(v->auth, "127.0.0.1"));
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), ADMITTED);
}

TEST_WITH(curve__without_a_server_of_zap_nobody_gets_in, vault_open, vault_close) {
    vault *v = *state;
    int64_t deadline = zl_clock_deadline(PATIENCE_MS);
    char frame[256];
    guest g;

    close_socket(v->s.zap.socket);
    guest_open(&g, &v->alice, v->server.public_key);
    assert_int_equal(zmq_connect(g.sub, v->s.endpoint), 0);
    /* How libzmq says so differs; it ends the handshake in any case. */
    for (;;) {
        zmq_pollitem_t items[] = {{v->s.xpub, 0, ZMQ_POLLIN, 0},
                                  {v->s.monitor, 0, ZMQ_POLLIN, 0}};
        assert_int_not_equal(zl_clock_left_ms(deadline), 0);
        zmq_poll(items, 2, 10);
        assert_int_equal(zmq_recv(v->s.xpub, frame, sizeof frame, ZMQ_DONTWAIT), -1);
        if (items[1].revents)
            break;
    }
    guest_close(&g);
    v->s.zap.socket = zmq_socket(v->s.context, ZMQ_REP); /* for the teardown */
}

/* ---- endpoints of both kinds on one socket ------------------------------ */

/* A subscriber that listens, and to which the site connects. */
static void *host_open(void *context, const keys *server, char endpoint[256]) {
    void *sub = zmq_socket(context, ZMQ_SUB);
    size_t size = 256;
    int on = 1;

    if (server) {
        zmq_setsockopt(sub, ZMQ_CURVE_SECRETKEY, server->secret_key, ZL_KEY_SIZE);
        zmq_setsockopt(sub, ZMQ_CURVE_SERVER, &on, sizeof on);
    }
    zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "host", 4);
    assert_int_equal(zmq_bind(sub, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(sub, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    return sub;
}

static void connect_to_host(vault *v, const keys *server) {
    void *context = zmq_ctx_new();
    char endpoint[256];
    void *sub = host_open(context, server, endpoint);

    assert_int_equal(zl_auth_apply(v->auth, v->s.xpub, ZL_CONNECT), 0);
    assert_int_equal(zmq_connect(v->s.xpub, endpoint), 0);
    v->s.other = sub;
    assert_int_equal(run(&v->s), ADMITTED);
    v->s.other = NULL;
    close_socket(sub);
    zmq_ctx_term(context);
}

TEST_WITH(mixed__a_connection_without_keys_beside_a_curve_endpoint, vault_open,
          vault_close) {
    vault *v = *state;

    connect_to_host(v, NULL);
    assert_int_equal(visit(&v->s, NULL, NULL), PROTOCOL);
}

TEST_WITH(mixed__the_lists_are_about_guests_not_hosts, vault_open, vault_close) {
    vault *v = *state;

    assert_ok(zmqlog_auth_allow_address(v->auth, "10.0.0.0/8"));
    connect_to_host(v, NULL);
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), REFUSED);
}

TEST_WITH(mixed__a_connection_with_keys_beside_a_curve_endpoint, vault_open,
          vault_close) {
    vault *v = *state;
    keys relay = make_keys();

    assert_ok(zmqlog_auth_set_curve_client(v->auth, relay.public_key,
                                           v->alice.public_key, v->alice.secret_key));
    connect_to_host(v, &relay);
    site_bind(&v->s, "tcp://127.0.0.1:*"); /* a second one, after the connection */
    assert_int_equal(visit(&v->s, &v->alice, v->server.public_key), ADMITTED);
    assert_int_equal(visit(&v->s, NULL, NULL), PROTOCOL);
}
