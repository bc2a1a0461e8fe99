/* SPDX-License-Identifier: BSD-3-Clause */
/* Endpoints: each row of the tables is one that people write, well or badly. */
#include "support.h"

#include "address/endpoint.h"

static const struct good {
    const char *text;
    zl_endpoint_use use;
    const char *given; /* what libzmq gets; NULL: the same */
    int loopback, ipv6, wildcard, port;
} good[] = {
    {"tcp://127.0.0.1:5556", ZL_BIND, NULL, 1, 0, 0, 5556},
    {"tcp://127.0.0.1:5556", ZL_CONNECT, NULL, 1, 0, 0, 5556},
    {"tcp://127.0.0.1:*", ZL_BIND, NULL, 1, 0, 1, 0},
    {"tcp://127.0.0.1:0", ZL_BIND, "tcp://127.0.0.1:*", 1, 0, 1, 0},
    {"tcp://127.255.0.9:1", ZL_BIND, NULL, 1, 0, 0, 1},
    {"tcp://127.0.0.1:65535", ZL_BIND, NULL, 1, 0, 0, 65535},
    {"tcp://127.0.0.1:00080", ZL_BIND, "tcp://127.0.0.1:80", 1, 0, 0, 80},
    {"tcp://localhost:5556", ZL_BIND, "tcp://127.0.0.1:5556", 1, 0, 0, 5556},
    {"tcp://LocalHost:*", ZL_BIND, "tcp://127.0.0.1:*", 1, 0, 1, 0},
    {"tcp://localhost:5556", ZL_CONNECT, "tcp://127.0.0.1:5556", 1, 0, 0, 5556},
    {"tcp://lo:5556", ZL_BIND, "tcp://127.0.0.1:5556", 1, 0, 0, 5556},
    {"tcp://*:5556", ZL_BIND, "tcp://0.0.0.0:5556", 0, 0, 0, 5556},
    {"tcp://0.0.0.0:5556", ZL_BIND, NULL, 0, 0, 0, 5556},
    {"tcp://128.0.0.1:5556", ZL_BIND, NULL, 0, 0, 0, 5556},
    {"tcp://192.0.2.7:5556", ZL_BIND, NULL, 0, 0, 0, 5556},
    {"tcp://192.0.2.7:5556", ZL_CONNECT, NULL, 0, 0, 0, 5556},
    {"tcp://[::1]:5556", ZL_BIND, NULL, 1, 1, 0, 5556},
    {"tcp://[0:0:0:0:0:0:0:1]:5556", ZL_CONNECT, "tcp://[::1]:5556", 1, 1, 0, 5556},
    {"tcp://[::]:5556", ZL_BIND, NULL, 0, 1, 0, 5556},
    {"tcp://[2001:DB8::5]:*", ZL_BIND, "tcp://[2001:db8::5]:*", 0, 1, 1, 0},
    {"tcp://[fe80::1%lo]:5556", ZL_CONNECT, NULL, 0, 1, 0, 5556},
    {"tcp://[::ffff:127.0.0.1]:5556", ZL_BIND, "tcp://127.0.0.1:5556", 1, 0, 0, 5556},
    {"tcp://[::ffff:192.0.2.7]:5556", ZL_BIND, "tcp://192.0.2.7:5556", 0, 0, 0, 5556},
    {"tcp://0.0.0.0:5556", ZL_CONNECT, "tcp://127.0.0.1:5556", 1, 0, 0, 5556},
    {"tcp://[::]:5556", ZL_CONNECT, "tcp://[::1]:5556", 1, 1, 0, 5556},
    {"tcp://logs.example.org:5556", ZL_CONNECT, NULL, 0, 0, 0, 5556},
    {"tcp://logs.example.org.:5556", ZL_CONNECT, NULL, 0, 0, 0, 5556},
    {"tcp://db_1:5556", ZL_CONNECT, NULL, 0, 0, 0, 5556},
    {"tcp://3com:5556", ZL_CONNECT, NULL, 0, 0, 0, 5556},
    {"tcp://localhost.example.org:1", ZL_CONNECT, NULL, 0, 0, 0, 1},
    {"ipc:///run/app.log", ZL_BIND, NULL, 1, 0, 0, 0},
    {"ipc://relative/app.log", ZL_CONNECT, NULL, 1, 0, 0, 0},
    {"ipc:///with space:and;colon", ZL_BIND, NULL, 1, 0, 0, 0},
    {"ipc://@app", ZL_BIND, NULL, 1, 0, 0, 0},
};

TEST(endpoint__well_formed_ones_are_read) {
    size_t i;

    for (i = 0; i < sizeof good / sizeof good[0]; i++) {
        const struct good *row = &good[i];
        zl_endpoint endpoint;
        zl_errors errors;

        zl_errors_init(&errors);
        if (zl_endpoint_parse(&endpoint, &errors, row->text, row->use) != ZMQLOG_OK)
            fail_msg("%s: %s", row->text, zl_errors_last(&errors));
        assert_string_equal(endpoint.text, row->given ? row->given : row->text);
        assert_int_equal(endpoint.loopback, row->loopback);
        assert_int_equal(endpoint.ipv6, row->ipv6);
        assert_int_equal(endpoint.wildcard_port, row->wildcard);
        assert_int_equal(endpoint.port, row->port);
        assert_string_equal(zl_errors_last(&errors), "");
        zl_errors_destroy(&errors);
    }
}

#define SIXTY "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz12345678"

static const struct bad {
    const char *text;
    int uses; /* 1: bind, 2: connect, 3: either */
    zmqlog_status status;
    const char *says; /* part of the detail */
} bad[] = {
    {NULL, 3, ZMQLOG_EINVAL, "is empty"},
    {"", 3, ZMQLOG_EINVAL, "is empty"},
    {"127.0.0.1:5556", 3, ZMQLOG_EINVAL, "tcp://127.0.0.1:5556"},
    {"/run/app.log", 3, ZMQLOG_EINVAL, "ipc:///run/app.log"},
    {"tcp:127.0.0.1:5556", 3, ZMQLOG_EINVAL, "no endpoint"},
    {"inproc://logs", 3, ZMQLOG_ENOTSUP, "attach"},
    {"udp://127.0.0.1:5556", 3, ZMQLOG_ENOTSUP, "\"udp\""},
    {"ws://127.0.0.1:5556", 3, ZMQLOG_ENOTSUP, "only \"tcp\" and \"ipc\""},
    {"pgm://eth0;239.192.1.1:5555", 3, ZMQLOG_ENOTSUP, "pgm"},
    {"tipc://{1,2,3}", 3, ZMQLOG_ENOTSUP, "tipc"},
    {"TCP://127.0.0.1:5556", 3, ZMQLOG_ENOTSUP, "TCP"},
    {"://x", 3, ZMQLOG_ENOTSUP, "not supported"},
    {"tcp://", 3, ZMQLOG_EINVAL, "no port"},
    {"tcp://:", 3, ZMQLOG_EINVAL, "no host"},
    {"tcp://:5556", 3, ZMQLOG_EINVAL, "no host"},
    {"tcp://127.0.0.1", 3, ZMQLOG_EINVAL, "no port"},
    {"tcp://127.0.0.1:", 3, ZMQLOG_EINVAL, "no port"},
    {"tcp://127.0.0.1:80x", 3, ZMQLOG_EINVAL, "\"80x\""},
    {"tcp://127.0.0.1:-1", 3, ZMQLOG_EINVAL, "1 to 65535"},
    {"tcp://127.0.0.1:+1", 3, ZMQLOG_EINVAL, "1 to 65535"},
    {"tcp://127.0.0.1: 80", 3, ZMQLOG_EINVAL, "1 to 65535"},
    {"tcp://127.0.0.1:5556/", 3, ZMQLOG_EINVAL, "5556/"},
    {"tcp://127.0.0.1:http", 3, ZMQLOG_EINVAL, "http"},
    {"tcp://127.0.0.1:!", 3, ZMQLOG_EINVAL, "1 to 65535"},
    {"tcp://127.0.0.1:**", 3, ZMQLOG_EINVAL, "1 to 65535"},
    {"tcp://127.0.0.1:65536", 3, ZMQLOG_EINVAL, "over 65535"},
    {"tcp://127.0.0.1:99999", 3, ZMQLOG_EINVAL, "over 65535"},
    {"tcp://127.0.0.1:4294972852", 3, ZMQLOG_EINVAL, "1 to 65535"},
    {"tcp://127.0.0.1:*", 2, ZMQLOG_EINVAL, "names no port to connect to"},
    {"tcp://127.0.0.1:0", 2, ZMQLOG_EINVAL, "names no port to connect to"},
    {"tcp://*:5556", 2, ZMQLOG_EINVAL, "name the host"},
    {"tcp://256.1.1.1:5556", 3, ZMQLOG_EINVAL, "not an IPv4 address"},
    {"tcp://1.2.3:5556", 3, ZMQLOG_EINVAL, "not an IPv4 address"},
    {"tcp://127.1:5556", 3, ZMQLOG_EINVAL, "not an IPv4 address"},
    {"tcp://2130706433:5556", 3, ZMQLOG_EINVAL, "not an IPv4 address"},
    {"tcp://...:5556", 3, ZMQLOG_EINVAL, "not an IPv4 address"},
    {"tcp://::1:5556", 3, ZMQLOG_EINVAL, "brackets"},
    {"tcp://[::1]", 3, ZMQLOG_EINVAL, "no port"},
    {"tcp://[::1]5556", 3, ZMQLOG_EINVAL, "no port"},
    {"tcp://[::1:5556", 3, ZMQLOG_EINVAL, "lacks a \"]\""},
    {"tcp://[]:5556", 3, ZMQLOG_EINVAL, "no host"},
    {"tcp://[:::1]:5556", 3, ZMQLOG_EINVAL, "not an IPv6 address"},
    {"tcp://[127.0.0.1]:5556", 3, ZMQLOG_EINVAL, "not an IPv6 address"},
    {"tcp://[localhost]:5556", 3, ZMQLOG_EINVAL, "not an IPv6 address"},
    {"tcp://[*]:5556", 3, ZMQLOG_EINVAL, "not an IPv6 address"},
    {"tcp://[fe80::1%nosuchinterface0]:1", 3, ZMQLOG_EADDRNOTAVAIL, "no interface"},
    {"tcp://[fe80::1%]:1", 3, ZMQLOG_EADDRNOTAVAIL, "no interface"},
    {"tcp://logs.example.org:5556", 1, ZMQLOG_EADDRNOTAVAIL, "not looked up"},
    {"tcp://nosuchinterface0:5556", 1, ZMQLOG_EADDRNOTAVAIL, "127.0.0.1"},
    {"tcp://a b:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://-a.example.org:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://a-.example.org:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://a..example.org:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://.example.org:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://user@example.org:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://b\xc3\xbc"
     "cher.example:5556",
     2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://192.0.2.1;192.0.2.2:5556", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://" SIXTY "abcd.org:1", 2, ZMQLOG_EINVAL, "not a host name"},
    {"tcp://" SIXTY "." SIXTY "." SIXTY "." SIXTY "." SIXTY ":1", 3, ZMQLOG_EINVAL,
     "too long"},
    {"tcp://127.0.0.1\n:5556", 3, ZMQLOG_EINVAL, "control character"},
    {"ipc:///tmp/\x1b[31m", 3, ZMQLOG_EINVAL, "control character"},
    {"ipc:///tmp/\x7f", 3, ZMQLOG_EINVAL, "control character"},
    {"ipc://", 3, ZMQLOG_EINVAL, "names no path"},
    {"ipc://@", 3, ZMQLOG_EINVAL, "names no path"},
    {"ipc://*", 3, ZMQLOG_EINVAL, "choose a path"},
    {"ipc:///", 3, ZMQLOG_EINVAL, "ends in"},
    {"ipc:///run/", 3, ZMQLOG_EINVAL, "ends in"},
};

static void refuse(const struct bad *row, zl_endpoint_use use) {
    zl_endpoint endpoint;
    zl_errors errors;
    zmqlog_status status;

    zl_errors_init(&errors);
    status = zl_endpoint_parse(&endpoint, &errors, row->text, use);
    if (status != row->status)
        fail_msg("%s: %s, \"%s\"", row->text ? row->text : "NULL",
                 zmqlog_status_name(status), zl_errors_last(&errors));
    if (!strstr(zl_errors_last(&errors), row->says))
        fail_msg("%s: \"%s\" does not say \"%s\"", row->text ? row->text : "NULL",
                 zl_errors_last(&errors), row->says);
    zl_errors_destroy(&errors);
}

TEST(endpoint__malformed_ones_are_refused_and_say_why) {
    size_t i;

    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (bad[i].uses & 1)
            refuse(&bad[i], ZL_BIND);
        if (bad[i].uses & 2)
            refuse(&bad[i], ZL_CONNECT);
    }
}

TEST(endpoint__details_are_optional) {
    zl_endpoint endpoint;

    assert_status(zl_endpoint_parse(&endpoint, NULL, "x", ZL_BIND), ZMQLOG_EINVAL);
}

TEST(endpoint__an_ipc_path_has_at_most_107_bytes) {
    char text[6 + 108 + 1];
    zl_endpoint endpoint;

    memset(text, 'x', sizeof text);
    memcpy(text, "ipc://", 6);
    text[6 + 108] = '\0';
    assert_status(zl_endpoint_parse(&endpoint, NULL, text, ZL_BIND), ZMQLOG_EINVAL);
    text[6 + 107] = '\0';
    assert_ok(zl_endpoint_parse(&endpoint, NULL, text, ZL_BIND));
    assert_string_equal(endpoint.path, text + 6);
    text[6] = '@';
    assert_ok(zl_endpoint_parse(&endpoint, NULL, text, ZL_BIND));
    assert_int_equal(endpoint.abstract, 1);
}

TEST(endpoint__one_longer_than_the_limit_is_refused) {
    char text[2 * ZL_ENDPOINT_MAX_BYTES];
    zl_endpoint endpoint;

    memset(text, 'x', sizeof text);
    memcpy(text, "tcp://", 6);
    text[sizeof text - 1] = '\0';
    assert_status(zl_endpoint_parse(&endpoint, NULL, text, ZL_BIND), ZMQLOG_EINVAL);
    assert_status(zl_endpoint_parse(&endpoint, NULL, text, ZL_CONNECT), ZMQLOG_EINVAL);
}
