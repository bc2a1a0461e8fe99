/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting until a handler has noticed something. After support.h. */
#ifndef AWAIT_H
#define AWAIT_H

#include <poll.h>

static inline void wait_enabled(zmqlog_handler *handler, int level, int wanted) {
    for (int i = 0; i < PATIENCE_MS; i++) {
        if (zmqlog_handler_enabled(handler, level) == wanted)
            return;
        poll(NULL, 0, 1);
    }
    print_error("level %d never became %s\n", level, wanted ? "enabled" : "disabled");
    fail();
}

static inline void wait_count(zmqlog_handler *handler, int which, int64_t wanted) {
    for (int i = 0; i < PATIENCE_MS && zmqlog_handler_count(handler, which) != wanted;
         i++)
        poll(NULL, 0, 1);
    assert_int_equal(wanted, zmqlog_handler_count(handler, which));
}

#endif
