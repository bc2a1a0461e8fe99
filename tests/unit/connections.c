/* SPDX-License-Identifier: BSD-3-Clause */
/* Which of a subscriber's connections lead to strangers, and from when on. */
#include "support.h"

#include "socket/connections.h"

#define S INT64_C(1000000000)

static zl_connections set;

static int teardown(void **state) {
    (void)state;
    zl_connections_free(&set);
    return 0;
}

#define CONNECTIONS(name) TEST_WITH(name, NULL, teardown)

static void come(int fd, int64_t now) {
    zl_connections_opened(&set, fd, now);
    zl_connections_greeted(&set, now);
}

CONNECTIONS(stranger__is_who_does_not_tell_within_a_second) {
    come(5, 10 * S);
    assert_int_equal(11 * S, zl_connections_strange_ns(&set, 1));
    zl_connections_know(&set, 5);
    assert_int_equal(INT64_MAX, zl_connections_strange_ns(&set, 1));
}

CONNECTIONS(stranger__is_none_before_its_handshake) {
    zl_connections_opened(&set, 5, 10 * S);
    assert_int_equal(INT64_MAX, zl_connections_strange_ns(&set, 0));
    zl_connections_greeted(&set, 12 * S);
    assert_int_equal(13 * S, zl_connections_strange_ns(&set, 1));
}

CONNECTIONS(stranger__cannot_hide_behind_those_who_come) {
    come(5, 10 * S);
    for (int i = 0; i < 10; i++) {
        come(6, 10 * S + i * S);
        zl_connections_know(&set, 6);
    }
    assert_int_equal(15 * S, zl_connections_strange_ns(&set, 2));
}

CONNECTIONS(stranger__that_ends_is_none) {
    come(5, 10 * S);
    come(6, 10 * S);
    zl_connections_know(&set, 6);
    zl_connections_ended(&set, 5);
    assert_int_equal(INT64_MAX, zl_connections_strange_ns(&set, 1));
    zl_connections_ended(&set, 6);
    zl_connections_ended(&set, 7);
    assert_int_equal(0, set.count + set.known);
}

CONNECTIONS(number__that_comes_again_is_another_connection) {
    come(5, 10 * S);
    zl_connections_know(&set, 5);
    zl_connections_know(&set, 5);
    come(5, 20 * S);
    assert_int_equal(1, set.count);
    assert_int_equal(21 * S, zl_connections_strange_ns(&set, 1));
}

CONNECTIONS(connections__may_be_many) {
    for (int fd = 0; fd < 1000; fd++) {
        come(fd, 10 * S + fd);
        zl_connections_know(&set, fd);
    }
    zl_connections_know(&set, -1);
    assert_int_equal(1000, set.known);
    assert_int_equal(INT64_MAX, zl_connections_strange_ns(&set, 1000));
}
