/* SPDX-License-Identifier: BSD-3-Clause */
/* What the keys of a spec set in a handler, and how bad ones are refused. */
#include "support.h"

#include "auth/auth_state.h"
#include "publish/local.h"
#include "publish/spec_options.h"

#include <sys/stat.h>

static zmqlog_handler *handler;
static zl_spec spec;

static int setup(void **state) {
    (void)state;
    handler = zmqlog_handler_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zmqlog_handler_free(handler);
    return 0;
}

#define SPEC(name) TEST_WITH(name, setup, teardown)

static zmqlog_status apply(const char *text) {
    zmqlog_status status = zl_spec_parse(&spec, &handler->errors, text);
    if (status == ZMQLOG_OK)
        status = zl_spec_apply(&spec, handler, &handler->errors);
    zl_spec_free(&spec);
    return status;
}

static void refuse(const char *text, const char *detail) {
    assert_status(apply(text), ZMQLOG_EINVAL);
    assert_string_equal(zmqlog_handler_errmsg(handler), detail);
}

SPEC(keys__set_what_their_setters_set) {
    assert_ok_or(apply("local:?root=my%20app&names=pyzmq&level=warning&delimiter=%23"
                       "&time_format=%25H&queue=64K&body=2k&overflow=block&block_ms=7"
                       "&slow_peer=500,20,3&hwm=11&hold=12&linger=13&heartbeat=14"
                       "&drop_notice=0&announce=0&style=json&insecure=1"
                       "&backlog=warning:64K"),
                 zmqlog_handler_errmsg(handler));
    assert_string_equal(zmqlog_handler_root_topic(handler), "my app");
    assert_string_equal(zmqlog_handler_level_name(handler, 30), "WARNING");
    assert_int_equal(30, zmqlog_handler_level(handler));
    assert_string_equal(handler->rule.delimiter, "#");
    assert_string_equal(handler->time_format, "%H");
    assert_int_equal(64 * 1024, handler->queue_bytes);
    assert_int_equal(2048, handler->options.max_body_bytes);
    assert_int_equal(ZMQLOG_OVERFLOW_BLOCK, handler->overflow);
    assert_int_equal(7, handler->block_ms);
    assert_int_equal(500, handler->options.stall_ms);
    assert_int_equal(20, handler->options.budget_ms);
    assert_int_equal(3, handler->options.share_percent);
    assert_int_equal(11, handler->options.hwm);
    assert_int_equal(12, handler->options.hold_ms);
    assert_int_equal(13, handler->linger_ms);
    assert_int_equal(14, handler->options.heartbeat_ms);
    assert_int_equal(0, handler->options.drop_notice);
    assert_int_equal(0, handler->options.announce);
    assert_int_equal(30, handler->options.backlog_level);
    assert_int_equal(64 * 1024, handler->options.backlog_bytes);
    assert_string_equal(handler->style[20], "json");
    assert_non_null(handler->options.auth);
}

SPEC(keys__that_are_unknown_name_the_nearest) {
    refuse("local:?hodl=1", "open: unknown option hodl; did you mean hold?");
    refuse("local:?lvel=1", "open: unknown option lvel; did you mean level?");
    refuse("local:?something=1", "open: unknown option something");
    refuse("local:?root", "open: \"root\" has no value; write key=value");
}

SPEC(values__that_are_bad_name_the_key) {
    refuse("local:?hold=soon", "open: hold: not a number");
    refuse("local:?hold=99999999",
           "open: hold: set_hold_ms: hold_ms is 99999999, it must be 0 to 60000");
    refuse("local:?queue=1M&queue=5Q", "open: queue: not a number");
    refuse("local:?queue=1%20", "open: queue: not a number");
    refuse("local:?level=4294967306",
           "open: level: no such level; give a name or 0 to 63");
    refuse("local:?level=lound", "open: level: no such level; give a name or 0 to 63");
    refuse("local:?overflow=lose",
           "open: overflow: no such policy; give drop_newest, drop_oldest or block");
    refuse("local:?slow_peer=5,", "open: slow_peer: give stall_ms, or "
                                  "stall_ms,budget_ms,share_percent");
    for (int i = 0; i < 6; i++) {
        static const char *const wrong[] = {
            "", "warn", "warn:", "loud:1M", ":1M", "warn:-5"};
        char text[64];
        snprintf(text, sizeof text, "local:?backlog=%s", wrong[i]);
        refuse(text, "open: backlog: give LEVEL:BYTES, for instance warn:1M");
    }
    refuse("local:?backlog=0:1M",
           "open: backlog: set_backlog: level is 0, it must be 1 to 63");
    refuse("local:?insecure=yes", "open: insecure: give 0 or 1");
    refuse("local:?root=a%00b", "open: the value of root has a NUL");
    refuse("local:?root=zmqlog", "open: root: set_root_topic: \"zmqlog\" is reserved "
                                 "for what handlers say of themselves; choose another "
                                 "name");
}

static zmqlog_keypair *save_pair(const char *path) {
    zmqlog_keypair *pair = zmqlog_keypair_new();
    assert_ok(zmqlog_keypair_generate(pair));
    assert_ok_or(zmqlog_keypair_save(pair, path), zmqlog_keypair_errmsg(pair));
    return pair;
}

SPEC(server_key__makes_a_client_of_that_server) {
    temp_dir dir = temp_dir_make();
    char path[200], text[300];
    uint8_t key[ZL_KEY_BYTES];
    zmqlog_keypair *pair;
    snprintf(path, sizeof path, "%s", temp_dir_path(&dir, "", "server"));
    pair = save_pair(path);
    snprintf(text, sizeof text, ">tcp://127.0.0.1:5?server_key=%s", path);
    assert_ok_or(apply(text), zmqlog_handler_errmsg(handler));
    assert_int_equal(0, zl_z85_decode(key, zmqlog_keypair_public_key(pair)));
    assert_true(handler->options.auth->keys.client);
    assert_false(handler->options.auth->keys.server);
    assert_memory_equal(handler->options.auth->keys.server_public, key, sizeof key);
    zmqlog_keypair_free(pair);
    assert_status(apply(">tcp://127.0.0.1:5?server_key=/nothing/there"), ZMQLOG_EIO);
    assert_memory_equal(zmqlog_handler_errmsg(handler), "open: server_key: ", 18);
    temp_dir_remove(&dir);
}

/* Keys have every character that Z85 has. */
SPEC(allow__takes_keys_that_look_like_addresses_and_paths) {
    assert_ok_or(apply("local:?allow=rq:rM>}U?@Lns47E1/kR.o@n%25FcmmsL/@{H8]yf7"
                       "&allow=/q:rM>}U?@Lns47E1/kR.o@n%25FcmmsL/@{H8]yf7"
                       "&allow=10.0.0.0/8"),
                 zmqlog_handler_errmsg(handler));
    assert_int_equal(2, handler->options.auth->allowed.keys.count);
    assert_int_equal(1, handler->options.auth->allowed.networks.count);
    assert_status(apply("local:?allow=/nowhere/that/is/of/forty/characters.key"),
                  ZMQLOG_EIO);
}

SPEC(places__are_marked) {
    assert_ok(zl_spec_parse(&spec, &handler->errors,
                            "  local: @tcp://127.0.0.1:5556?hold=0   >ipc:///x  "));
    assert_int_equal(3, spec.place_count);
    assert_int_equal(ZL_PLACE_LOCAL, spec.places[0].kind);
    assert_int_equal(ZL_PLACE_BIND, spec.places[1].kind);
    assert_string_equal(spec.places[1].endpoint, "tcp://127.0.0.1:5556");
    assert_int_equal(ZL_PLACE_CONNECT, spec.places[2].kind);
    assert_string_equal(spec.places[2].endpoint, "ipc:///x");
    zl_spec_free(&spec);
    refuse("tcp://127.0.0.1:1",
           "open: \"tcp://127.0.0.1:1\" is no place; write local:, "
           "@ENDPOINT to bind, or >ENDPOINT to connect");
    refuse("  ", "open: the spec is empty; write local:, @ENDPOINT to bind, or "
                 ">ENDPOINT to connect");
}

SPEC(names__of_local_files_hold_no_surprise) {
    char name[ZL_LOCAL_PATH_BYTES], wanted[ZL_LOCAL_PATH_BYTES], deep[120];
    assert_ok(zl_local_name(name, NULL, "/d", zl_span_of("../a b/\n")));
    snprintf(wanted, sizeof wanted, "/d/_._a_b__.%d.", (int)getpid());
    assert_memory_equal(name, wanted, strlen(wanted));
    assert_ok(zl_local_name(name, NULL, "/d", zl_span_of("")));
    assert_memory_equal(name, "/d/log.", 7);
    memset(deep, 'x', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_status(zl_local_name(name, NULL, deep, zl_span_of("a")), ZMQLOG_EINVAL);
}

SPEC(directory__is_the_one_given_or_none) {
    char found[ZL_LOCAL_PATH_BYTES], path[100];
    temp_dir dir = temp_dir_make();
    snprintf(path, sizeof path, "%s", temp_dir_path(&dir, "", "made"));
    setenv("ZMQLOG_DIR", path, 1);
    assert_ok(zl_local_directory(found, NULL));
    assert_string_equal(found, path);
    setenv("ZMQLOG_DIR", "relative", 1);
    assert_status(zl_local_directory(found, &handler->errors), ZMQLOG_EACCESS);
    assert_string_equal(zmqlog_handler_errmsg(handler),
                        "open: $ZMQLOG_DIR is relative, which is no directory that "
                        "this program can write to");
    unsetenv("ZMQLOG_DIR");
    temp_dir_remove(&dir);
}
