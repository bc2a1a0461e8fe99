/* SPDX-License-Identifier: BSD-3-Clause */
/* Allow lists: which peer passes which list, and how addresses and keys are read. */
#include "support.h"

#include "auth/allowlist.h"

/* ---- networks ---------------------------------------------------------- */

TEST(network__what_is_malformed_is_refused) {
    static const char *const bad[] = {
        "",
        "/",
        "/8",
        "localhost",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.7/",
        "192.0.2.7/33",
        "192.0.2.7/-1",
        "192.0.2.7/032x",
        "192.0.2.7/8/8",
        "192.0.2.7 ",
        " 192.0.2.7",
        "192.0.2.7/0000",
        "192.0.2.7/24",
        "10.0.0.1/8",
        "0.0.0.1/0",
        "2001:db8::/129",
        "2001:db8::1/32",
        "[::1]",
        "fe80::1%eth0",
        "::ffff:192.0.2.0/24",
        "::ffff:192.0.2.0/95",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
    };
    zl_network network;
    size_t i;

    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (!zl_network_parse(&network, bad[i]))
            fail_msg("\"%s\" was accepted", bad[i]);
}

typedef struct passing {
    const char *network, *peer;
    int passes;
} passing;

static const passing peers[] = {
    {"192.0.2.7", "192.0.2.7", 1},
    {"192.0.2.7", "192.0.2.8", 0},
    {"192.0.2.7/32", "192.0.2.7", 1},
    {"192.0.2.0/24", "192.0.2.255", 1},
    {"192.0.2.0/24", "192.0.3.0", 0},
    {"192.0.2.128/25", "192.0.2.127", 0},
    {"192.0.2.128/25", "192.0.2.128", 1},
    {"0.0.0.0/0", "203.0.113.9", 1},
    {"0.0.0.0/0", "::1", 0},
    {"192.0.2.7", "::ffff:192.0.2.7", 1},
    {"192.0.2.0/24", "::ffff:192.0.2.7", 1},
    {"192.0.2.0/24", "::ffff:192.0.3.7", 0},
    {"::ffff:192.0.2.7", "192.0.2.7", 1},
    {"::ffff:192.0.2.0/120", "192.0.2.9", 1},
    {"::ffff:192.0.2.0/120", "192.0.3.9", 0},
    {"::1", "::1", 1},
    {"::1", "127.0.0.1", 0},
    {"::/0", "2001:db8::9", 1},
    {"::/0", "192.0.2.7", 0},
    {"::/0", "::ffff:192.0.2.7", 0},
    {"2001:db8::/32", "2001:db8:ffff::1", 1},
    {"2001:db8::/32", "2001:db9::1", 0},
    {"fe80::/10", "fe80::1%eth0", 1},
    {"fe80::/10", "fec0::1%eth0", 0},
    {"192.0.2.7", "", 0},
    {"192.0.2.7", "localhost", 0},
    {"192.0.2.7", "192.0.2.7x", 0},
    {"0.0.0.0/0", "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", 0},
    /* A list of addresses is none of users. */
    {"192.0.2.7", "localhost:1000:1000:4711", 1},
};

TEST(network__contains_its_addresses_only) {
    size_t i;

    for (i = 0; i < sizeof peers / sizeof peers[0]; i++) {
        zl_allowlist list;
        zl_network network;

        zl_allowlist_init(&list);
        assert_null(zl_network_parse(&network, peers[i].network));
        assert_int_equal(zl_allowlist_add_network(&list, &network), 0);
        if (zl_allowlist_permits_peer(&list, peers[i].peer) != peers[i].passes)
            fail_msg("%s and %s", peers[i].network, peers[i].peer);
        zl_allowlist_clear(&list);
    }
}

TEST(network__same_ones_written_differently_are_one) {
    zl_allowlist list;
    zl_network network;

    zl_allowlist_init(&list);
    assert_null(zl_network_parse(&network, "192.0.2.0/24"));
    assert_int_equal(zl_allowlist_add_network(&list, &network), 0);
    assert_int_equal(zl_allowlist_add_network(&list, &network), 0);
    assert_null(zl_network_parse(&network, "::ffff:192.0.2.0/120"));
    assert_int_equal(zl_allowlist_remove_network(&list, &network), 0);
    assert_int_equal(zl_allowlist_remove_network(&list, &network), -1);
    assert_false(zl_allowlist_permits_peer(&list, "192.0.2.7"));
    zl_allowlist_clear(&list);
}

/* ---- users ------------------------------------------------------------- */

TEST(uid__is_the_second_part_of_an_ipc_peer) {
    static const passing rows[] = {
        {"", "localhost:1000:100:4711", 1},
        {"", "localhost:100:1000:1000", 0},
        {"", "localhost:10001:1:1", 0},
        {"", "localhost:1000", 0},
        {"", "localhost::1000:1000", 0},
        {"", "localhost:", 0},
        {"", "localhost:x:1000:1", 0},
        {"", "localhost:0:0:1", 0},
        {"", "127.0.0.1", 1}, /* a list of users is none of addresses */
    };
    zl_allowlist list;
    size_t i;

    zl_allowlist_init(&list);
    assert_int_equal(zl_allowlist_add_uid(&list, 1000), 0);
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (zl_allowlist_permits_peer(&list, rows[i].peer) != rows[i].passes)
            fail_msg("%s", rows[i].peer);
    zl_allowlist_clear(&list);
}

/* ---- lists ------------------------------------------------------------- */

TEST(list__never_used_lets_everybody_pass) {
    zl_allowlist list;

    zl_allowlist_init(&list);
    assert_true(zl_allowlist_permits_peer(&list, "203.0.113.9"));
    assert_true(zl_allowlist_permits_peer(&list, "localhost:1:2:3"));
    zl_allowlist_clear(&list);
}

TEST(list__emptied_by_removal_refuses_everybody) {
    zl_allowlist list;
    zl_network network;

    zl_allowlist_init(&list);
    assert_null(zl_network_parse(&network, "127.0.0.1"));
    assert_int_equal(zl_allowlist_add_network(&list, &network), 0);
    assert_int_equal(zl_allowlist_add_uid(&list, 0), 0);
    assert_int_equal(zl_allowlist_remove_network(&list, &network), 0);
    assert_int_equal(zl_allowlist_remove_uid(&list, 0), 0);
    assert_int_equal(zl_allowlist_remove_uid(&list, 0), -1);
    assert_false(zl_allowlist_permits_peer(&list, "127.0.0.1"));
    assert_false(zl_allowlist_permits_peer(&list, "localhost:0:0:1"));
    zl_allowlist_clear(&list);
}

TEST(list__grows_and_shrinks_in_any_order) {
    zl_allowlist list;
    int64_t uid;

    zl_allowlist_init(&list);
    for (uid = 0; uid < 100; uid++)
        assert_int_equal(zl_allowlist_add_uid(&list, uid), 0);
    for (uid = 0; uid < 100; uid += 2)
        assert_int_equal(zl_allowlist_remove_uid(&list, uid), 0);
    for (uid = 0; uid < 100; uid++) {
        char peer[64];
        snprintf(peer, sizeof peer, "localhost:%d:0:1", (int)uid);
        assert_int_equal(zl_allowlist_permits_peer(&list, peer), uid % 2);
    }
    zl_allowlist_clear(&list);
}

/* ---- keys -------------------------------------------------------------- */

static const uint8_t alice[2][ZL_KEY_BYTES] = {{1, 2, 3}, {9}};
static const uint8_t mallory[ZL_KEY_BYTES] = {1, 2, 4};

TEST(key__passes_while_it_is_on_the_list) {
    zl_allowlist list;

    zl_allowlist_init(&list);
    assert_false(zl_allowlist_has_key(&list));
    assert_false(zl_allowlist_permits_key(&list, alice[0]));
    assert_int_equal(zl_allowlist_add_keys(&list, alice, 2), 0);
    assert_int_equal(zl_allowlist_add_keys(&list, alice, 2), 0);
    assert_true(zl_allowlist_has_key(&list));
    assert_true(zl_allowlist_permits_key(&list, alice[0]));
    assert_false(zl_allowlist_permits_key(&list, mallory));
    assert_int_equal(zl_allowlist_remove_key(&list, alice[0]), 0);
    assert_int_equal(zl_allowlist_remove_key(&list, alice[0]), -1);
    assert_false(zl_allowlist_permits_key(&list, alice[0]));
    assert_true(zl_allowlist_permits_key(&list, alice[1]));
    zl_allowlist_clear(&list);
}

TEST(key__any_is_an_entry_of_its_own) {
    zl_allowlist list;

    zl_allowlist_init(&list);
    assert_int_equal(zl_allowlist_remove_any_key(&list), -1);
    assert_int_equal(zl_allowlist_add_keys(&list, alice, 1), 0);
    zl_allowlist_add_any_key(&list);
    assert_true(zl_allowlist_permits_key(&list, mallory));
    assert_int_equal(zl_allowlist_remove_any_key(&list), 0);
    assert_false(zl_allowlist_permits_key(&list, mallory));
    assert_true(zl_allowlist_permits_key(&list, alice[0]));
    zl_allowlist_clear(&list);
}

/* ---- z85 --------------------------------------------------------------- */

TEST(z85__reads_known_keys) {
    static const uint8_t first[] = {0xBB, 0x88, 0x47, 0x1D};
    static const uint8_t last[] = {0xFF, 0xFF, 0xFF, 0xFF};
    uint8_t key[ZL_KEY_BYTES];

    assert_int_equal(zl_z85_decode(key, "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"), 0);
    assert_memory_equal(key, first, sizeof first);
    assert_int_equal(zl_z85_decode(key, "0000000000000000000000000000000000000000"), 0);
    assert_int_equal(key[31], 0);
    assert_int_equal(zl_z85_decode(key, "00000000000000000000000000000000000%nSc0"), 0);
    assert_memory_equal(key + 28, last, sizeof last);
}

TEST(z85__refuses_what_is_no_key) {
    static const char *const bad[] = {
        "",
        "*",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf77",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y 7",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y\"7",
        "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y\xff"
        "7",
        "00000000000000000000000000000000000%nSc1",
        "########################################",
    };
    uint8_t key[ZL_KEY_BYTES];
    size_t i;

    assert_int_equal(zl_z85_decode(key, NULL), -1);
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (zl_z85_decode(key, bad[i]) == 0)
            fail_msg("%s", bad[i]);
}
