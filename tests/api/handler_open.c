/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening by a text: where subscribers then find the handler, the page beside its
 * socket, and that a refused text changes nothing. */
#include "support.h"
#include "peer.h"

#include <dirent.h>
#include <poll.h>
#include <sys/stat.h>

static temp_dir dir;
static zmqlog_handler *handler;

static int setup(void **state) {
    (void)state;
    dir = temp_dir_make();
    setenv("ZMQLOG_DIR", temp_dir_path(&dir, "", "local"), 1);
    unsetenv("ZMQLOG_URL");
    handler = zmqlog_handler_new();
    return 0;
}

static int teardown(void **state) {
    (void)state;
    zmqlog_handler_free(handler);
    temp_dir_remove(&dir);
    return 0;
}

#define OPEN(name) TEST_WITH(name, setup, teardown)

/* The page beside the handler's first endpoint, and what is in it now. */
static const char *page_path(void) {
    static char path[256];
    const char *socket = zmqlog_handler_endpoint(handler, 0) + strlen("ipc://");
    snprintf(path, sizeof path, "%.*s.page", (int)(strlen(socket) - strlen(".sock")),
             socket);
    return path;
}

static const char *page(void) {
    static char text[10000];
    FILE *file = fopen(page_path(), "r");
    size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[len] = '\0';
    return text;
}

static void expect_page(const char *part) {
    for (int i = 0; i < PATIENCE_MS && !strstr(page(), part); i++)
        poll(NULL, 0, 1);
    if (!strstr(page(), part))
        fail_msg("%s is not in %s", part, page());
}

OPEN(local__is_found_by_its_page) {
    struct stat file;
    char part[300];
    peer p;
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok_or(zmqlog_handler_open(handler, NULL), zmqlog_handler_errmsg(handler));
    snprintf(part, sizeof part, "\"endpoints\":[\"%s\"]",
             zmqlog_handler_endpoint(handler, 0));
    expect_page(part);
    assert_memory_equal(page(), "zmqlog-page 1 ", 14);
    expect_page("\"hello\":{\"root\":\"app\",");
    assert_int_equal(0, stat(page_path(), &file));
    assert_int_equal(S_IFREG | 0600, file.st_mode);
    p = peer_listening(handler, "app.INFO");
    log_text(handler, ZMQLOG_LEVEL_INFO, "heard");
    peer_expect(&p, "app.INFO", "heard");
    expect_page("\"prefixes\":[\"app.INFO\"]}");
    expect_page("\"sent\":1,");
    assert_true(strlen(page()) <= 8192);
    peer_close(&p);
    expect_page("\"listeners\":[]}");
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_int_equal(-1, access(page_path(), F_OK));
    assert_int_equal(-1, access(zmqlog_handler_endpoint(handler, 0) + 6, F_OK));
}

OPEN(page__stays_small_whoever_listens) {
    char prefix[200];
    peer p;
    assert_ok(zmqlog_handler_open(handler, "local:?hold=0"));
    p = peer_listening(handler, "INFO");
    memset(prefix, 'x', sizeof prefix - 1);
    prefix[sizeof prefix - 1] = '\0';
    for (int i = 0; i < 200; i++) {
        prefix[0] = (char)('A' + i % 26);
        prefix[1] = (char)('A' + i / 26);
        peer_subscribe(&p, prefix);
    }
    assert_ok(zmqlog_handler_wait_subscriber(handler, prefix, PATIENCE_MS));
    expect_page("\"subscriptions\":201,");
    assert_true(strlen(page()) <= 8192);
    assert_int_equal('}', page()[strlen(page()) - 1]);
    peer_close(&p);
}

OPEN(environment__moves_a_program) {
    setenv("ZMQLOG_URL", "@tcp://127.0.0.1:*?root=moved&level=error", 1);
    assert_ok(zmqlog_handler_set_root_topic(handler, "app"));
    assert_ok_or(zmqlog_handler_open(handler, NULL), zmqlog_handler_errmsg(handler));
    assert_memory_equal(zmqlog_handler_endpoint(handler, 0), "tcp://127.0.0.1:", 16);
    assert_string_equal(zmqlog_handler_root_topic(handler), "moved");
    assert_int_equal(ZMQLOG_LEVEL_ERROR, zmqlog_handler_level(handler));
}

OPEN(spec__opens_all_its_places) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    zmqlog_record *record = zmqlog_record_new();
    char spec[300];
    assert_ok(zmqlog_subscriber_subscribe(subscriber, ""));
    assert_ok(zmqlog_subscriber_bind(subscriber, "tcp://127.0.0.1:*"));
    snprintf(spec, sizeof spec, "local:?root=app&style=json @tcp://127.0.0.1:* >%s",
             zmqlog_subscriber_endpoint(subscriber, 0));
    assert_ok_or(zmqlog_handler_open(handler, spec), zmqlog_handler_errmsg(handler));
    assert_non_null(zmqlog_handler_endpoint(handler, 2));
    assert_null(zmqlog_handler_endpoint(handler, 3));
    log_text(handler, ZMQLOG_LEVEL_INFO, "x");
    receive(subscriber, record);
    assert_string_equal(zmqlog_record_topic(record, NULL), "app.INFO");
    assert_non_null(strstr(zmqlog_record_text(record, NULL), "\"msg\":\"x\""));
    zmqlog_record_free(record);
    zmqlog_subscriber_free(subscriber);
}

static int count_files(void) {
    DIR *files = opendir(getenv("ZMQLOG_DIR"));
    int count = 0;
    for (struct dirent *one; files && (one = readdir(files));)
        count += one->d_name[0] != '.';
    if (files)
        closedir(files);
    return count;
}

OPEN(spec__that_is_refused_changes_nothing) {
    static const char *const bad[] = {
        "local:?root=x&hodl=1",    "local:?root=x&level=99",
        "local:?root=x @nonsense", "@tcp://*:5556?root=x",
        "local:?root=x local:",    "local:?root=x&queue=64K&body=60K"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_true(zmqlog_handler_open(handler, bad[i]) < 0);
        assert_string_equal(zmqlog_handler_root_topic(handler), "");
        assert_null(zmqlog_handler_endpoint(handler, 0));
        assert_int_equal(0, count_files());
    }
    assert_status(zmqlog_handler_open(NULL, NULL), ZMQLOG_EINVAL);
    assert_ok(zmqlog_handler_open(handler, "local:"));
    assert_status(zmqlog_handler_open(handler, "local:?root=x"), ZMQLOG_ESTATE);
}

OPEN(spec__has_keys) {
    zmqlog_keypair *pair = zmqlog_keypair_new();
    char path[200], spec[500];
    assert_ok(zmqlog_keypair_generate(pair));
    snprintf(path, sizeof path, "%s", temp_dir_path(&dir, "", "pair"));
    assert_ok_or(zmqlog_keypair_save(pair, path), zmqlog_keypair_errmsg(pair));
    snprintf(spec, sizeof spec, "@tcp://127.0.0.1:*?key=%s&allow=*", path);
    assert_ok_or(zmqlog_handler_open(handler, spec), zmqlog_handler_errmsg(handler));
    zmqlog_keypair_free(pair);
}

OPEN(programs__of_one_process_do_not_collide) {
    zmqlog_handler *second = zmqlog_handler_new();
    assert_ok(zmqlog_handler_open(handler, "local:?root=same"));
    assert_ok(zmqlog_handler_open(second, "local:?root=same"));
    expect_page("\"root\":\"same\"");
    assert_string_not_equal(zmqlog_handler_endpoint(handler, 0),
                            zmqlog_handler_endpoint(second, 0));
    assert_ok(zmqlog_handler_close(second, PATIENCE_MS));
    zmqlog_handler_free(second);
    assert_int_equal(2, count_files());
}

/* Another user, or a container with the same pid, has the names. */
OPEN(names__that_are_taken_are_left_alone) {
    char path[400];
    struct stat file;
    mkdir(getenv("ZMQLOG_DIR"), 0700);
    for (int n = 1; n < 40; n++) {
        snprintf(path, sizeof path, "%s/app.%d.%d.%s", getenv("ZMQLOG_DIR"),
                 (int)getpid(), n, n % 2 ? "page" : "sock");
        assert_int_equal(0, symlink("/dev/null", path));
    }
    assert_ok(zmqlog_handler_open(handler, "local:?root=app"));
    expect_page("\"root\":\"app\"");
    assert_ok(zmqlog_handler_close(handler, PATIENCE_MS));
    assert_int_equal(39, count_files());
    assert_int_equal(0, lstat(path, &file));
    assert_true(S_ISLNK(file.st_mode));
}
