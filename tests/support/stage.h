/* SPDX-License-Identifier: BSD-3-Clause */
/* A handler with one listener, and the counters that strangers must not change. After
 * await.h and peer.h. */
#ifndef STAGE_H
#define STAGE_H

typedef struct key_pair {
    char public_key[41], secret_key[41];
} key_pair;

typedef struct stage {
    zmqlog_auth *auth;
    zmqlog_handler *handler;
    key_pair server, client;
    temp_dir dir;
    peer p;
} stage;

static inline void use_keys(stage *s) {
    assert_int_equal(0, zmq_curve_keypair(s->server.public_key, s->server.secret_key));
    assert_int_equal(0, zmq_curve_keypair(s->client.public_key, s->client.secret_key));
    s->auth = zmqlog_auth_new();
    assert_ok(zmqlog_auth_set_curve_server(s->auth, s->server.secret_key));
    assert_ok(zmqlog_auth_allow_key(s->auth, s->client.public_key));
    assert_ok(zmqlog_handler_set_auth(s->handler, s->auth));
}

static inline void carry_keys(const stage *s, void *socket) {
    if (!s->auth)
        return;
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, s->server.public_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, s->client.public_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, s->client.secret_key, 41);
}

static inline void open_stage(stage *s, int is_ipc, int has_keys) {
    char endpoint[108] = "tcp://127.0.0.1:*";
    memset(s, 0, sizeof *s);
    s->dir = temp_dir_make();
    if (is_ipc)
        snprintf(endpoint, sizeof endpoint, "ipc://%s/handler", s->dir.path);
    s->handler = zmqlog_handler_new();
    if (has_keys)
        use_keys(s);
    assert_ok(zmqlog_handler_set_hold_ms(s->handler, 0));
    assert_ok(zmqlog_handler_set_send_hwm(s->handler, 200));
    assert_ok(zmqlog_handler_set_root_topic(s->handler, "app"));
    assert_ok_or(zmqlog_handler_bind(s->handler, endpoint),
                 zmqlog_handler_errmsg(s->handler));
    s->p = peer_new();
    carry_keys(s, s->p.socket);
    peer_subscribe(&s->p, "app.INFO");
    peer_subscribe(&s->p, "app.WARN.own");
    peer_connect(&s->p, s->handler);
    wait_count(s->handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 2);
}

static inline void close_stage(stage *s) {
    peer_close(&s->p);
    zmqlog_handler_close(s->handler, 0);
    zmqlog_handler_free(s->handler);
    zmqlog_auth_free(s->auth);
    temp_dir_remove(&s->dir);
}

static inline int64_t count(zmqlog_handler *handler, int which) {
    return zmqlog_handler_count(handler, which);
}

static inline void check_number(zmqlog_handler *handler, int which, int64_t wanted,
                                const char *name) {
    if (count(handler, which) == wanted)
        return;
    print_error("%s: %s is %lld, wanted %lld\n", name, zmqlog_count_name(which),
                (long long)count(handler, which), (long long)wanted);
    fail();
}

/* A record for the listener and one for nobody. */
static inline void check(zmqlog_handler *handler, peer *p, const char *name,
                         int round) {
    char text[40];
    snprintf(text, sizeof text, "%d", round);
    log_text(handler, ZMQLOG_LEVEL_INFO, text);
    assert_ok(zmqlog_handler_log_topic(handler, ZMQLOG_LEVEL_WARN, "other", 5, "x", 1));
    peer_frames frames;
    peer_receive(p, &frames);
    assert_string_equal(frames.body, text);
    assert_ok(zmqlog_handler_flush(handler, PATIENCE_MS));
    check_number(handler, ZMQLOG_COUNT_PEERS, 1, name);
    check_number(handler, ZMQLOG_COUNT_PEER_LOST, 0, name);
    check_number(handler, ZMQLOG_COUNT_SENT, round, name);
    check_number(handler, ZMQLOG_COUNT_UNHEARD, round, name);
    check_number(handler, ZMQLOG_COUNT_SUBSCRIPTIONS, 2, name);
    assert_int_equal(zmqlog_handler_enabled(handler, ZMQLOG_LEVEL_DEBUG), 0);
    assert_status(zmqlog_handler_wait_subscriber(handler, "app.DEBUG", 0),
                  ZMQLOG_ETIMEDOUT);
}

#endif
