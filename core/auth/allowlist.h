/* SPDX-License-Identifier: BSD-3-Clause */
/* Who may connect: lists of public keys, networks and user ids. A list that was
 * never used says nothing; one that was used and is empty again refuses everybody.
 * Pure; the caller locks. */
#ifndef ZL_ALLOWLIST_H
#define ZL_ALLOWLIST_H

#include "base/z85.h"

#include <stddef.h>
#include <stdint.h>

typedef struct zl_network {
    uint8_t address[16]; /* IPv4: the first four */
    uint8_t bits;        /* length of the prefix */
    uint8_t ipv6;
} zl_network;

typedef struct zl_list {
    void *items;
    size_t item_bytes, count, room;
    int used; /* has ever held something */
} zl_list;

typedef struct zl_allowlist {
    zl_list keys;     /* uint8_t[32] */
    zl_list networks; /* zl_network */
    zl_list uids;     /* int64_t */
    int any_key;
    int has_removed; /* a key, since all were replaced: its connections may stand */
} zl_allowlist;

void zl_allowlist_init(zl_allowlist *list);
void zl_allowlist_clear(zl_allowlist *list);

/* "192.0.2.7", "192.0.2.0/24", "2001:db8::/32"; NULL when well-formed, else what is
 * wrong. Bits behind the prefix must be zero: they are mostly a slip of the pen. */
const char *zl_network_parse(zl_network *out, const char *text);

/* Adding: 0 (there already included), or -1 when memory ran out and nothing has
 * changed. Removing: 0, or -1 when it was not there. */
int zl_allowlist_add_keys(zl_allowlist *list, const uint8_t (*keys)[ZL_KEY_BYTES],
                          size_t count);
/* These instead of all that were allowed, "any" included; `*lost` is 1 when a
 * connection may stand that is not allowed any more. */
int zl_allowlist_replace_keys(zl_allowlist *list, const uint8_t (*keys)[ZL_KEY_BYTES],
                              size_t count, int *lost);
int zl_allowlist_remove_key(zl_allowlist *list, const uint8_t key[ZL_KEY_BYTES]);
void zl_allowlist_add_any_key(zl_allowlist *list);
int zl_allowlist_remove_any_key(zl_allowlist *list);
int zl_allowlist_add_network(zl_allowlist *list, const zl_network *network);
int zl_allowlist_remove_network(zl_allowlist *list, const zl_network *network);
int zl_allowlist_add_uid(zl_allowlist *list, int64_t uid);
int zl_allowlist_remove_uid(zl_allowlist *list, int64_t uid);

/* Whether any client key could get in at all. */
int zl_allowlist_has_key(const zl_allowlist *list);
int zl_allowlist_permits_key(const zl_allowlist *list, const uint8_t key[ZL_KEY_BYTES]);
/* `peer` is a peer address as ZAP gives it: "192.0.2.7", "::ffff:192.0.2.7",
 * "fe80::1%eth0", or "localhost:uid:gid:pid" for ipc. An address that cannot be
 * read passes only where its list was never used. */
int zl_allowlist_permits_peer(const zl_allowlist *list, const char *peer);

#endif
