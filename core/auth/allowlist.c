/* SPDX-License-Identifier: BSD-3-Clause */
/* The lists behind an auth object, and reading the addresses on them. Knows no
 * sockets and takes no locks. Lists are searched from end to end: they are short,
 * and asked once per connection. */
#include "auth/allowlist.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

void zl_allowlist_init(zl_allowlist *list) {
    memset(list, 0, sizeof *list);
    list->keys.item_bytes = ZL_KEY_BYTES;
    list->networks.item_bytes = sizeof(zl_network);
    list->uids.item_bytes = sizeof(int64_t);
}

void zl_allowlist_clear(zl_allowlist *list) {
    free(list->keys.items);
    free(list->networks.items);
    free(list->uids.items);
    zl_allowlist_init(list);
}

static void *item_at(const zl_list *list, size_t index) {
    return (char *)list->items + index * list->item_bytes;
}

static size_t find(const zl_list *list, const void *item) {
    size_t i = 0;

    while (i < list->count && memcmp(item_at(list, i), item, list->item_bytes) != 0)
        i++;
    return i;
}

static int reserve(zl_list *list, size_t more) {
    size_t room = list->room ? list->room : 8;
    void *items;

    if (more > SIZE_MAX / 4 / list->item_bytes - list->count)
        return -1;
    while (room < list->count + more)
        room *= 2;
    if (room == list->room)
        return 0;
    items = realloc(list->items, room * list->item_bytes);
    if (!items)
        return -1;
    list->items = items;
    list->room = room;
    return 0;
}

static int add(zl_list *list, const void *item) {
    if (reserve(list, 1) != 0)
        return -1;
    list->used = 1;
    if (find(list, item) == list->count)
        memcpy(item_at(list, list->count++), item, list->item_bytes);
    return 0;
}

static int take_away(zl_list *list, const void *item) {
    size_t index = find(list, item);

    if (index == list->count)
        return -1;
    list->count--;
    memmove(item_at(list, index), item_at(list, index + 1),
            (list->count - index) * list->item_bytes);
    return 0;
}

int zl_allowlist_add_keys(zl_allowlist *list, const uint8_t (*keys)[ZL_KEY_BYTES],
                          size_t count) {
    size_t i;

    if (reserve(&list->keys, count) != 0)
        return -1;
    for (i = 0; i < count; i++)
        (void)add(&list->keys, keys[i]);
    return 0;
}

static int has_lost(const zl_allowlist *before, const zl_allowlist *after) {
    int lost = before->any_key || before->has_removed;

    for (size_t i = 0; i < before->keys.count; i++)
        lost |= !zl_allowlist_permits_key(after, item_at(&before->keys, i));
    return lost;
}

int zl_allowlist_replace_keys(zl_allowlist *list, const uint8_t (*keys)[ZL_KEY_BYTES],
                              size_t count, int *lost) {
    zl_allowlist after;

    zl_allowlist_init(&after);
    if (zl_allowlist_add_keys(&after, keys, count) != 0)
        return -1;
    after.keys.used = 1; /* an empty list refuses everybody */
    *lost = has_lost(list, &after);
    free(list->keys.items);
    list->keys = after.keys;
    list->any_key = 0;
    list->has_removed = 0;
    return 0;
}

int zl_allowlist_remove_key(zl_allowlist *list, const uint8_t key[ZL_KEY_BYTES]) {
    int result = take_away(&list->keys, key);

    list->has_removed |= result == 0;
    return result;
}

void zl_allowlist_add_any_key(zl_allowlist *list) {
    list->any_key = 1;
    list->keys.used = 1;
}

int zl_allowlist_remove_any_key(zl_allowlist *list) {
    int had = list->any_key;

    list->has_removed |= had;
    list->any_key = 0;
    return had ? 0 : -1;
}

int zl_allowlist_add_network(zl_allowlist *list, const zl_network *network) {
    return add(&list->networks, network);
}

int zl_allowlist_remove_network(zl_allowlist *list, const zl_network *network) {
    return take_away(&list->networks, network);
}

int zl_allowlist_add_uid(zl_allowlist *list, int64_t uid) {
    return add(&list->uids, &uid);
}

int zl_allowlist_remove_uid(zl_allowlist *list, int64_t uid) {
    return take_away(&list->uids, &uid);
}

static int bit_at(const uint8_t *bytes, unsigned index) {
    return bytes[index / 8] >> (7 - index % 8) & 1;
}

static unsigned width(const zl_network *network) {
    return network->ipv6 ? 128 : 32;
}

/* Reads an address without a prefix. IPv4 in IPv6's clothes is IPv4: that is how
 * IPv6 sockets show IPv4 peers. Returns how many bits that took off, or -1. */
static int parse_address(zl_network *out, const char *text) {
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, out->address) == 1)
        return 0;
    if (inet_pton(AF_INET6, text, out->address) != 1)
        return -1;
    out->ipv6 = 1;
    if (memcmp(out->address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) != 0)
        return 0;
    out->ipv6 = 0;
    memmove(out->address, out->address + 12, 4);
    memset(out->address + 4, 0, 12);
    return 96;
}

static int parse_bits(const char *text) {
    size_t digits = strspn(text, "0123456789");

    return digits == 0 || digits > 3 || text[digits] ? -1 : atoi(text);
}

const char *zl_network_parse(zl_network *out, const char *text) {
    char address[INET6_ADDRSTRLEN];
    size_t len = strcspn(text, "/");
    int mapped, bits;
    unsigned i;

    if (len >= sizeof address)
        return "it is too long for an address";
    memcpy(address, text, len);
    address[len] = '\0';
    mapped = parse_address(out, address);
    if (mapped < 0)
        return "it is neither an IPv4 nor an IPv6 address";
    bits = text[len] ? parse_bits(text + len + 1) - mapped : (int)width(out);
    if (bits < 0 || bits > (int)width(out))
        return "the length behind \"/\" must be 0 to 32 for IPv4, 0 to 128 for IPv6";
    out->bits = (uint8_t)bits;
    for (i = out->bits; i < width(out); i++)
        if (bit_at(out->address, i))
            return "the address has bits set behind the prefix; write the network's "
                   "own address, as in 192.0.2.0/24";
    return NULL;
}

static int contains(const zl_network *network, const zl_network *peer) {
    unsigned i;

    if (network->ipv6 != peer->ipv6)
        return 0;
    for (i = 0; i < network->bits; i++)
        if (bit_at(network->address, i) != bit_at(peer->address, i))
            return 0;
    return 1;
}

int zl_allowlist_has_key(const zl_allowlist *list) {
    return list->any_key || list->keys.count > 0;
}

int zl_allowlist_permits_key(const zl_allowlist *list,
                             const uint8_t key[ZL_KEY_BYTES]) {
    return list->any_key || find(&list->keys, key) < list->keys.count;
}

static int permits_address(const zl_allowlist *list, const char *text) {
    char plain[INET6_ADDRSTRLEN];
    size_t len = strcspn(text, "%"), i;
    zl_network peer;

    if (!list->networks.used)
        return 1;
    if (len >= sizeof plain)
        return 0;
    memcpy(plain, text, len);
    plain[len] = '\0';
    if (parse_address(&peer, plain) < 0)
        return 0;
    for (i = 0; i < list->networks.count; i++)
        if (contains(item_at(&list->networks, i), &peer))
            return 1;
    return 0;
}

static int permits_uid(const zl_allowlist *list, const char *digits) {
    char *end;
    int64_t uid;

    if (!list->uids.used)
        return 1;
    uid = strtoll(digits, &end, 10);
    if (end == digits || *end != ':')
        return 0;
    return find(&list->uids, &uid) < list->uids.count;
}

int zl_allowlist_permits_peer(const zl_allowlist *list, const char *peer) {
    static const char ipc[] = "localhost:";

    if (strncmp(peer, ipc, strlen(ipc)) == 0)
        return permits_uid(list, peer + strlen(ipc));
    return permits_address(list, peer);
}
