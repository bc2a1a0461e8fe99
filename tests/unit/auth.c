/* SPDX-License-Identifier: BSD-3-Clause */
/* Which endpoints open: every combination of keys, endpoint and use, and what a refusal
 * says. */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>

#include "auth/auth.h"
#include "auth/curve.h"

TEST_LABELS(threads);

typedef struct keys {
    char public_key[ZL_KEY_SIZE], secret_key[ZL_KEY_SIZE];
} keys;

static keys make_keys(void) {
    keys made;

    assert_int_equal(zl_curve_generate(made.public_key, made.secret_key), 0);
    return made;
}

enum { SERVER = 1, CLIENT = 2, LISTED = 4, INSECURE = 8, EMPTIED = 16, ANY = 32 };

static zmqlog_auth *make_auth(int with) {
    zmqlog_auth *auth = zmqlog_auth_new();
    keys one = make_keys();

    assert_non_null(auth);
    if (with & SERVER)
        assert_ok(zmqlog_auth_set_curve_server(auth, one.secret_key));
    if (with & CLIENT)
        assert_ok(zmqlog_auth_set_curve_client(auth, one.public_key, one.public_key,
                                               one.secret_key));
    if (with & (LISTED | EMPTIED))
        assert_ok(zmqlog_auth_allow_key(auth, one.public_key));
    if (with & EMPTIED)
        assert_ok(zmqlog_auth_remove_key(auth, one.public_key));
    if (with & ANY)
        assert_ok(zmqlog_auth_allow_key(auth, "*"));
    if (with & INSECURE)
        assert_ok(zmqlog_auth_set_insecure(auth, 1));
    return auth;
}

#define OPEN "tcp://0.0.0.0:5556"
#define HOST "tcp://logs.example.org:5556"
#define NEAR "tcp://127.0.0.1:5556"
#define FILE_ "ipc:///run/app.log"

static const struct rule {
    int auth; /* -1: none */
    zl_endpoint_use use;
    const char *endpoint;
    const char *says; /* NULL: permitted */
} rules[] = {
    {-1, ZL_BIND, NEAR, NULL},
    {-1, ZL_BIND, "tcp://[::1]:*", NULL},
    {-1, ZL_BIND, FILE_, NULL},
    {-1, ZL_BIND, OPEN, "127.0.0.1"},
    {-1, ZL_BIND, OPEN, "curve_server and allowed keys"},
    {-1, ZL_BIND, OPEN, "an insecure auth"},
    {-1, ZL_BIND, OPEN, OPEN},
    {-1, ZL_BIND, "tcp://*:5556", "anybody"},
    {-1, ZL_BIND, "tcp://[::]:5556", "anybody"},
    {-1, ZL_BIND, "tcp://192.0.2.7:5556", "anybody"},
    {-1, ZL_CONNECT, NEAR, NULL},
    {-1, ZL_CONNECT, "tcp://localhost:5556", NULL},
    {-1, ZL_CONNECT, FILE_, NULL},
    {-1, ZL_CONNECT, HOST, "with curve_client"},
    {-1, ZL_CONNECT, HOST, "an insecure auth"},
    {-1, ZL_CONNECT, HOST, "127.0.0.1"},
    {-1, ZL_CONNECT, "tcp://192.0.2.7:5556", "in the clear"},
    {0, ZL_BIND, NEAR, NULL},
    {0, ZL_BIND, OPEN, "anybody"},
    {0, ZL_CONNECT, HOST, "in the clear"},
    {INSECURE, ZL_BIND, OPEN, NULL},
    {INSECURE, ZL_CONNECT, HOST, NULL},
    {SERVER | LISTED, ZL_BIND, OPEN, NULL},
    {SERVER | ANY, ZL_BIND, OPEN, NULL},
    {SERVER, ZL_BIND, OPEN, "no client key is allowed"},
    {SERVER, ZL_BIND, NEAR, "allow \"*\", which is any key"},
    {SERVER, ZL_BIND, FILE_, "load keys"},
    {SERVER | EMPTIED, ZL_BIND, OPEN, "no client key is allowed"},
    {SERVER | INSECURE, ZL_BIND, OPEN, "no client key is allowed"},
    /* The server's key is no use for connecting, nor the client's for listening. */
    {SERVER | LISTED, ZL_CONNECT, HOST, "with curve_client"},
    {CLIENT, ZL_BIND, OPEN, "curve_server"},
    {CLIENT, ZL_CONNECT, HOST, NULL},
    {CLIENT, ZL_BIND, NEAR, NULL},
    {SERVER, ZL_CONNECT, NEAR, NULL},
    {SERVER | CLIENT | LISTED, ZL_BIND, OPEN, NULL},
    {SERVER | CLIENT | LISTED, ZL_CONNECT, HOST, NULL},
    /* Allowed keys that nobody would be asked for are a mistake. */
    {LISTED, ZL_BIND, NEAR, "without curve_server nobody is asked"},
    {EMPTIED, ZL_BIND, NEAR, "without curve_server nobody is asked"},
    {LISTED, ZL_BIND, OPEN, "without curve_server nobody is asked"},
    {LISTED, ZL_CONNECT, NEAR, NULL},
    {LISTED | INSECURE, ZL_BIND, OPEN, NULL},
};

static void check(size_t index, const struct rule *rule) {
    zmqlog_auth *auth = rule->auth < 0 ? NULL : make_auth(rule->auth);
    zl_endpoint endpoint;
    zl_errors errors;
    zmqlog_status status;

    zl_errors_init(&errors);
    assert_ok(zl_endpoint_parse(&endpoint, NULL, rule->endpoint, rule->use));
    status = zl_auth_check_open(auth, &errors, &endpoint, rule->use, 0);
    if (status != (rule->says ? ZMQLOG_EREFUSED : ZMQLOG_OK) ||
        !strstr(zl_errors_last(&errors), rule->says ? rule->says : ""))
        fail_msg("rule %zu: %s, \"%s\"", index, zmqlog_status_name(status),
                 zl_errors_last(&errors));
    /* A subscriber that only connects may connect anywhere. */
    if (rule->use == ZL_CONNECT)
        assert_ok(zl_auth_check_open(auth, &errors, &endpoint, rule->use, 1));
    zl_errors_destroy(&errors);
    zmqlog_auth_free(auth);
}

TEST(open__follows_the_rules) {
    size_t i;

    for (i = 0; i < sizeof rules / sizeof rules[0]; i++)
        check(i, &rules[i]);
}

TEST(open__a_subscriber_is_told_that_anybody_could_send) {
    zl_endpoint endpoint;
    zl_errors errors;

    assert_ok(zl_endpoint_parse(&endpoint, NULL, OPEN, ZL_BIND));
    zl_errors_init(&errors);
    assert_status(zl_auth_check_open(NULL, &errors, &endpoint, ZL_BIND, 1),
                  ZMQLOG_EREFUSED);
    assert_non_null(strstr(zl_errors_last(&errors), "if anybody may send to it"));
    zl_errors_destroy(&errors);
}

TEST(open__a_refusal_is_never_cut_short) {
    static const char last_words[] = "an insecure auth";
    char text[ZL_ENDPOINT_MAX_BYTES];
    zl_endpoint endpoint;
    zl_errors errors;
    const char *detail;

    snprintf(text, sizeof text, "tcp://%050d.%050d.%050d.%050d.example:65535", 1, 2, 3,
             4);
    assert_ok(zl_endpoint_parse(&endpoint, NULL, text, ZL_CONNECT));
    zl_errors_init(&errors);
    assert_status(zl_auth_check_open(NULL, &errors, &endpoint, ZL_CONNECT, 0),
                  ZMQLOG_EREFUSED);
    detail = zl_errors_last(&errors);
    assert_string_equal(detail + strlen(detail) - strlen(last_words), last_words);
    zl_errors_destroy(&errors);
}

TEST(use__stops_setters_but_no_lists) {
    zmqlog_auth *auth = make_auth(0);
    keys one = make_keys();

    zl_auth_use(auth);
    zl_auth_use(auth);
    zl_auth_unuse(auth);
    assert_status(zmqlog_auth_set_curve_server(auth, one.secret_key), ZMQLOG_ESTATE);
    assert_non_null(strstr(zmqlog_auth_errmsg(auth), "curve_server"));
    assert_status(zmqlog_auth_set_curve_server(auth, NULL), ZMQLOG_ESTATE);
    assert_status(zmqlog_auth_set_curve_client(auth, one.public_key, one.public_key,
                                               one.secret_key),
                  ZMQLOG_ESTATE);
    assert_status(zmqlog_auth_set_insecure(auth, 1), ZMQLOG_ESTATE);
    assert_status(zmqlog_auth_set_ipc_mode(auth, 0660), ZMQLOG_ESTATE);
    assert_ok(zmqlog_auth_allow_key(auth, one.public_key));
    assert_ok(zmqlog_auth_allow_address(auth, "127.0.0.1"));
    assert_ok(zmqlog_auth_allow_uid(auth, 0));
    assert_ok(zmqlog_auth_remove_key(auth, one.public_key));
    zl_auth_unuse(auth);
    assert_ok(zmqlog_auth_set_curve_server(auth, one.secret_key));
    zmqlog_auth_free(auth);
}

TEST(hold__outlives_the_owner) {
    zmqlog_auth *auth = make_auth(SERVER | LISTED);

    assert_ptr_equal(zl_auth_hold(auth), auth);
    zmqlog_auth_free(auth);
    assert_ok(zmqlog_auth_allow_uid(auth, 1));
    zl_auth_release(auth);
    assert_null(zl_auth_hold(NULL));
    zl_auth_release(NULL);
    zl_auth_use(NULL);
    zl_auth_unuse(NULL);
}

TEST(ipc_mode__is_0600_unless_set) {
    zmqlog_auth *auth = make_auth(0);

    assert_int_equal(zl_auth_ipc_mode(NULL), 0600);
    assert_int_equal(zl_auth_ipc_mode(auth), 0600);
    assert_ok(zmqlog_auth_set_ipc_mode(auth, 0660));
    assert_int_equal(zl_auth_ipc_mode(auth), 0660);
    zmqlog_auth_free(auth);
}

typedef struct changer {
    zmqlog_auth *auth;
    _Atomic int stop;
} changer;

static void *change_lists(void *argument) {
    changer *with = argument;

    while (!atomic_load(&with->stop)) {
        zmqlog_auth_allow_uid(with->auth, 7);
        zmqlog_auth_remove_uid(with->auth, 7);
    }
    return NULL;
}

TEST(fork__never_leaves_a_child_a_taken_lock) {
    changer with = {.auth = make_auth(0)};
    pthread_t thread;
    int i, status;

    assert_int_equal(pthread_create(&thread, NULL, change_lists, &with), 0);
    for (i = 0; i < 30; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20); /* a child that hangs fails instead of staying */
            _exit(zmqlog_auth_allow_uid(with.auth, 8) == ZMQLOG_OK ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    atomic_store(&with.stop, 1);
    pthread_join(thread, NULL);
    zmqlog_auth_free(with.auth);
}
