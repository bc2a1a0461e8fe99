/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages that handlers write, read by the command. */
#include "ls/page.h"
#include "support.h"

#include <poll.h>

static const char *page_of(zmqlog_handler *handler) {
    static char path[256];
    const char *socket = zmqlog_handler_endpoint(handler, 0) + strlen("ipc://");
    snprintf(path, sizeof path, "%.*s.page", (int)(strlen(socket) - strlen(".sock")),
             socket);
    return path;
}

static int has_sent(page *of, const char *path, int wanted) {
    if (page_read(of, path) != PAGE_IS_READ)
        return 0;
    if (of->sent == wanted)
        return 1;
    page_close(of);
    return 0;
}

TEST(page__of_a_handler_is_read) {
    temp_dir dir = temp_dir_make();
    zmqlog_handler *handler = zmqlog_handler_new();
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    const char *path;
    page of;
    bytes rest, element;
    char endpoint[300];
    int is_there = 0;
    setenv("ZMQLOG_DIR", dir.path, 1);
    assert_ok_or(zmqlog_handler_open(handler, "local:?root=app&names=pyzmq&hold=60000"),
                 zmqlog_handler_errmsg(handler));
    path = page_of(handler);
    assert_ok(zmqlog_subscriber_subscribe_level(subscriber, "app", 30));
    assert_ok(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)));
    assert_ok(zmqlog_handler_log(handler, 40, "heard", 5));
    assert_ok(zmqlog_subscriber_recv(subscriber, record, PATIENCE_MS));
    for (int i = 0; i < PATIENCE_MS && !is_there; i++) {
        is_there = has_sent(&of, path, 1);
        poll(NULL, 0, is_there ? 0 : 1);
    }
    assert_true(is_there);
    assert_string_equal(of.root, "app");
    assert_string_equal(of.version, zmqlog_version_string());
    assert_string_equal(of.names[30], "WARNING");
    assert_string_equal(of.names[31], "L31");
    assert_int_equal(of.pid, getpid());
    assert_int_equal(of.uid, geteuid());
    assert_true(of.ticks > 0);
    assert_int_equal(of.listeners, 1);
    assert_int_equal(of.dropped, 0);
    assert_true(of.queue_bytes > 0);
    rest = of.endpoints;
    assert_true(object_element(&rest, &element));
    assert_int_equal(0, object_text(element, endpoint, sizeof endpoint));
    assert_string_equal(endpoint, zmqlog_handler_endpoint(handler, 0));
    assert_false(object_element(&rest, &element));
    page_close(&of);
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    zmqlog_handler_free(handler);
    assert_int_equal(PAGE_GONE, page_read(&of, path));
    temp_dir_remove(&dir);
}

TEST(elements__of_lists_are_told_apart) {
    static const char *const wanted[] = {"1", "\"a,]\\\"[\"", "[2,{\"x\":[3]}]",
                                         "{\"y\":\"}\"}"};
    bytes rest = bytes_of("[1,\"a,]\\\"[\",[2,{\"x\":[3]}],{\"y\":\"}\"}]"), element;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_true(object_element(&rest, &element));
        assert_true(bytes_equal(element, bytes_of(wanted[i])));
    }
    assert_false(object_element(&rest, &element));
    rest = bytes_of("[]");
    assert_false(object_element(&rest, &element));
    rest = bytes_of("7");
    assert_false(object_element(&rest, &element));
}

TEST(texts_and_numbers__are_taken_whole_or_not_at_all) {
    char text[6];
    assert_int_equal(0, object_text(bytes_of("\"\\u0061b\\n\""), text, sizeof text));
    assert_string_equal(text, "ab\n");
    assert_int_equal(-1, object_text(bytes_of("\"123456\""), text, sizeof text));
    assert_int_equal(-1, object_text(bytes_of("\"a\\u0000b\""), text, sizeof text));
    assert_int_equal(-1, object_text(bytes_of("7"), text, sizeof text));
    assert_int_equal(-1, object_text(bytes_of(""), text, sizeof text));
    assert_true(object_number(bytes_of("900719925474099312")) == 900719925474099312);
    assert_int_equal(-1, object_number(bytes_of("9007199254740993123")));
    assert_int_equal(-1, object_number(bytes_of("-1")));
    assert_int_equal(-1, object_number(bytes_of("1.5")));
    assert_int_equal(-1, object_number(bytes_of("")));
}
