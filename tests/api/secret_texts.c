/* SPDX-License-Identifier: BSD-3-Clause */
/* When a program passes a secret key where something else belongs, no error text shows
 * the key or a part of it. */
#include "support.h"

#include <zmq.h>

#define KEY "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define OTHER "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define SECRET "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
#define PART 4

/* Whether the text shows so many characters of the key in a row. */
static int shows(const char *text, const char *key) {
    char part[PART + 1] = {0};
    for (size_t i = 0; i + PART <= strlen(key); i++) {
        memcpy(part, key + i, PART);
        if (strstr(text, part))
            return 1;
    }
    return 0;
}

static const char *key; /* the one that is tried */
static int ways;

static void assert_hidden(const char *told, const char *call) {
    ways++;
    if (told[0] == '\0' || shows(told, key))
        fail_msg("%s tells \"%s\"", call, told);
}

/* The call fails and says why. */
#define hidden(errmsg, call)                                                           \
    do {                                                                               \
        assert_true((call) != ZMQLOG_OK);                                              \
        assert_hidden((errmsg), #call);                                                \
    } while (0)

static void pass_to_auth(const char *secret) {
    zmqlog_auth *a = zmqlog_auth_new();
#define HIDDEN(call) hidden(zmqlog_auth_errmsg(a), call)
    HIDDEN(zmqlog_auth_set_curve_client(a, KEY, secret, KEY));
    HIDDEN(zmqlog_auth_set_curve_client(a, secret, secret, secret));
    HIDDEN(zmqlog_auth_set_curve_client(a, secret, NULL, NULL));
    HIDDEN(zmqlog_auth_set_curve_client(a, KEY, OTHER, secret));
    HIDDEN(zmqlog_auth_remove_key(a, secret));
    HIDDEN(zmqlog_auth_allow_address(a, secret));
    HIDDEN(zmqlog_auth_remove_address(a, secret));
    HIDDEN(zmqlog_auth_load_keys(a, secret));
#undef HIDDEN
    zmqlog_auth_free(a);
}

static void pass_to_keypair(const char *secret) {
    zmqlog_keypair *k = zmqlog_keypair_new();
    char path[128];
    hidden(zmqlog_keypair_errmsg(k), zmqlog_keypair_load(k, secret));
    snprintf(path, sizeof path, "/nowhere/%s", secret);
    hidden(zmqlog_keypair_errmsg(k), zmqlog_keypair_load(k, path));
    assert_ok(zmqlog_keypair_generate(k));
    hidden(zmqlog_keypair_errmsg(k), zmqlog_keypair_save(k, path));
    zmqlog_keypair_free(k);
}

static const char *const endpoints[] = {
    "%s",
    "tcp://%s",
    "tcp://%s:5556",
    "tcp://127.0.0.1:%s",
    "tcp://[%s]:5556",
    "tcp://[fe80::1%%%s]:5556",
    "tcp://%s;127.0.0.1:5556",
    "ipc:///nowhere/%s",
    "ipc:///nowhere/%s/log.sock",
    "inproc://%s",
    "%s://127.0.0.1:5556",
};

static void pass_to_handler(const char *secret) {
    zmqlog_handler *h = zmqlog_handler_new();
    zmqlog_logger *logger = zmqlog_logger_new(h, "");
    char text[300];
#define HIDDEN(call) hidden(zmqlog_handler_errmsg(h), call)
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        snprintf(text, sizeof text, endpoints[i], secret);
        HIDDEN(zmqlog_handler_bind(h, text));
        if (i != 7 && i != 8) /* which the program can create later */
            HIDDEN(zmqlog_handler_connect(h, text));
    }
    HIDDEN(zmqlog_handler_set_style(h, 0, secret));
    snprintf(text, sizeof text, "%%(%s)s", secret);
    HIDDEN(zmqlog_handler_set_style(h, 0, text));
    HIDDEN(zmqlog_handler_set_level_names(h, secret));
    HIDDEN(zmqlog_handler_set_level_name(h, 25, secret));
    HIDDEN(zmqlog_handler_set_delimiter(h, secret));
    snprintf(text, sizeof text, "%s%s%s", secret, secret, secret);
    HIDDEN(zmqlog_handler_set_root_topic(h, text));
    snprintf(text, sizeof text, "%s\xff", secret);
    HIDDEN(zmqlog_handler_set_root_topic(h, text));
    HIDDEN(zmqlog_logger_set_field_json(logger, secret, "no json", 7));
    HIDDEN(zmqlog_logger_set_field_json(logger, "k", secret, 40));
#undef HIDDEN
    zmqlog_logger_free(logger);
    zmqlog_handler_free(h);
}

static void pass_to_subscriber(const char *secret) {
    zmqlog_subscriber *s = zmqlog_subscriber_new();
    zmqlog_record *r = zmqlog_record_new();
    char text[300];
    for (size_t i = 0; i < 7; i++) {
        snprintf(text, sizeof text, endpoints[i], secret);
        hidden(zmqlog_subscriber_errmsg(s), zmqlog_subscriber_connect(s, text));
        hidden(zmqlog_subscriber_errmsg(s), zmqlog_subscriber_bind(s, text));
    }
    hidden(zmqlog_subscriber_errmsg(s), zmqlog_subscriber_unsubscribe(s, secret));
    hidden(zmqlog_subscriber_errmsg(s), zmqlog_subscriber_set_level_name(s, 5, secret));
    hidden(zmqlog_record_errmsg(r),
           zmqlog_record_set_field_json(r, secret, secret, 40));
    assert_ok(zmqlog_record_set_text(r, secret, 40));
    hidden(zmqlog_record_errmsg(r), zmqlog_record_parse(r));
    zmqlog_record_free(r);
    zmqlog_subscriber_free(s);
}

static void pass_everywhere(const char *secret) {
    key = secret;
    ways = 0;
    pass_to_auth(secret);
    pass_to_keypair(secret);
    pass_to_handler(secret);
    pass_to_subscriber(secret);
}

TEST(text__shows_no_part_of_a_secret) {
    pass_everywhere(SECRET);
    assert_true(ways >= 50);
}

TEST(text__shows_no_part_of_any_secret) {
    char public_key[41], secret[41];
    for (int i = 0; i < 20; i++) {
        assert_int_equal(zmq_curve_keypair(public_key, secret), 0);
        pass_everywhere(secret);
    }
}

/* Error texts quote ordinary words as they were written. */
TEST(text__shows_everything_else) {
    static const char *const names[] = {
        "/home/User/Projects/2026-01/Some.Dir/With.A.Long/Name-2.0/collector.key",
        "/usr/lib/x86_64-linux-gnu/libzmqlog.so.1.0.0/keys/of/all.the.clients",
        "App.Module.SubModule.ClassName.MethodName.Z9",
        "http://user:Passw0rd@host.example.org:8080/Path/To?x=1&y=2",
        "@tcp://127.0.0.1:5556?root=App&queue=4M&style=json",
        "1234567890123456789012345678901234567890",
    };
    zmqlog_keypair *k = zmqlog_keypair_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(zmqlog_keypair_load(k, names[i]) != ZMQLOG_OK);
        if (!strstr(zmqlog_keypair_errmsg(k), names[i]))
            fail_msg("\"%s\" does not show %s", zmqlog_keypair_errmsg(k), names[i]);
    }
    zmqlog_keypair_free(k);
}
