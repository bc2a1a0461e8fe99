/* SPDX-License-Identifier: BSD-3-Clause */
/* The words that tests are written in, on top of cmocka: assertions that name the
 * status they got, a handler and a subscriber that are surely connected, and temporary
 * directories. Header only, public ABI only: unit tests and api tests share it. No
 * sleeps; whatever waits has a deadline. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include "test.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "zmqlog.h"

/* Long enough for Valgrind on a busy machine: only a failing test waits for it. */
#define PATIENCE_MS 30000

/* ---- statuses ---------------------------------------------------------- */

static inline void support_status(zmqlog_status got, zmqlog_status wanted,
                                  const char *expression, const char *file, int line) {
    if (got == wanted)
        return;
    print_error("%s\n    is %s (%d), wanted %s\n", expression, zmqlog_status_name(got),
                got, zmqlog_status_name(wanted));
    _fail(file, line);
}

#define assert_status(e, wanted) support_status((e), (wanted), #e, __FILE__, __LINE__)
#define assert_ok(e) assert_status((e), ZMQLOG_OK)

/* As assert_ok, but says what the handle has to say: `detail` is an errmsg call. */
#define assert_ok_or(e, detail)                                                        \
    do {                                                                               \
        zmqlog_status status_ = (e);                                                   \
        if (status_ != ZMQLOG_OK)                                                      \
            print_error("%s\n", (detail));                                             \
        support_status(status_, ZMQLOG_OK, #e, __FILE__, __LINE__);                    \
    } while (0)

/* ---- bytes ------------------------------------------------------------- */

static inline void support_bytes(const char *got, size_t len, const char *wanted,
                                 size_t wanted_len, const char *expression,
                                 const char *file, int line) {
    if (len == wanted_len && (len == 0 || (got && memcmp(got, wanted, len) == 0)))
        return;
    print_error("%s\n    is \"%.*s\" (%zu bytes), wanted \"%.*s\" (%zu bytes)\n",
                expression, (int)len, got ? got : "", len, (int)wanted_len, wanted,
                wanted_len);
    _fail(file, line);
}

/* Bytes with a length against a string literal, NUL bytes in it included. */
#define assert_bytes(data, len, literal)                                               \
    support_bytes((data), (len), literal, sizeof(literal) - 1, #data, __FILE__,        \
                  __LINE__)

/* A getter of a record, `assert_record(record, topic, "app.INFO")`. */
#define assert_record(record, getter, literal)                                         \
    do {                                                                               \
        size_t len_ = 0;                                                               \
        const char *got_ = zmqlog_record_##getter((record), &len_);                    \
        support_bytes(got_, len_, literal, sizeof(literal) - 1,                        \
                      "zmqlog_record_" #getter "(" #record ")", __FILE__, __LINE__);   \
    } while (0)

/* ---- handlers and subscribers ------------------------------------------ */

/* A handler bound to a free loopback port, not open for longer than the test. */
static inline zmqlog_handler *open_handler(const char *root_topic) {
    zmqlog_handler *handler = zmqlog_handler_new();
    assert_non_null(handler);
    assert_ok(zmqlog_handler_set_root_topic(handler, root_topic));
    assert_ok_or(zmqlog_handler_bind(handler, "tcp://127.0.0.1:*"),
                 zmqlog_handler_errmsg(handler));
    return handler;
}

/* Connects the subscriber to the handler's first endpoint, subscribed to `prefix`,
 * and returns when a record under it would arrive. */
static inline void marry_prefix(zmqlog_handler *handler, zmqlog_subscriber *subscriber,
                                const char *prefix) {
    assert_ok(zmqlog_subscriber_subscribe(subscriber, prefix));
    assert_ok_or(
        zmqlog_subscriber_connect(subscriber, zmqlog_handler_endpoint(handler, 0)),
        zmqlog_subscriber_errmsg(subscriber));
    assert_ok(zmqlog_handler_wait_subscriber(handler, prefix, PATIENCE_MS));
}

/* The same for everything. */
static inline void marry(zmqlog_handler *handler, zmqlog_subscriber *subscriber) {
    marry_prefix(handler, subscriber, "");
}

/* A subscriber that hears all of this handler. */
static inline zmqlog_subscriber *open_subscriber(zmqlog_handler *handler) {
    zmqlog_subscriber *subscriber = zmqlog_subscriber_new();
    assert_non_null(subscriber);
    marry(handler, subscriber);
    return subscriber;
}

static inline void log_text(zmqlog_handler *handler, int level, const char *text) {
    assert_ok(zmqlog_handler_log(handler, level, text, strlen(text)));
}

/* The next record; a test that gets none fails. */
static inline void receive(zmqlog_subscriber *subscriber, zmqlog_record *record) {
    assert_ok(zmqlog_subscriber_recv(subscriber, record, PATIENCE_MS));
}

/* A byte of a gate. Programs may just look at it; C says that a byte another thread
 * may be writing is read atomically, and ThreadSanitizer agrees. */
static inline int gate_byte(const uint8_t *gate, int level) {
    return __atomic_load_n(&gate[level], __ATOMIC_RELAXED);
}

/* ---- temporary directories --------------------------------------------- */

typedef struct temp_dir {
    char path[64]; /* short: ipc paths end at 107 bytes */
} temp_dir;

static inline temp_dir temp_dir_make(void) {
    temp_dir dir = {"/tmp/zmqlog-test.XXXXXX"};
    assert_non_null(mkdtemp(dir.path));
    return dir;
}

static inline int support_remove(const char *path, const struct stat *info, int kind,
                                 struct FTW *where) {
    (void)info, (void)kind, (void)where;
    return remove(path);
}

static inline void temp_dir_remove(const temp_dir *dir) {
    nftw(dir->path, support_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* `<dir>/<name>` with a scheme before it ("" for none); valid until called four
 * more times. */
static inline const char *temp_dir_path(const temp_dir *dir, const char *scheme,
                                        const char *name) {
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    int len = snprintf(path, sizeof paths[0], "%s%s/%s", scheme, dir->path, name);
    assert_in_range(len, 1, sizeof paths[0] - 1);
    return path;
}

#endif
