/* SPDX-License-Identifier: BSD-3-Clause */
/* Allow lists driven by any sequence of calls with any texts, and files of keys with
 * any bytes: a list admits what was added until it is removed, and no text shows a key.
 * */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "auth/allowlist.h"
#include "base/span.h"
#include "zmqlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int right) {
    if (!right)
        abort();
}

/* The next part of the input, up to a newline, with a NUL behind it. */
static int take_line(zl_span *left, char out[128]) {
    const char *end = left->len ? memchr(left->data, '\n', left->len) : NULL;
    size_t len = end ? (size_t)(end - left->data) : left->len;
    size_t kept = len < 127 ? len : 127;
    if (left->len == 0)
        return 0;
    memcpy(out, left->data, kept);
    out[kept] = '\0';
    len += end != NULL;
    *left = zl_span_make(left->data + len, left->len - len);
    return 1;
}

static void try_network(zl_allowlist *list, const char *text) {
    zl_network network, narrow;
    char address[128];
    if (zl_network_parse(&network, text))
        return;
    snprintf(address, sizeof address, "%.*s", (int)strcspn(text, "/"), text);
    check(zl_allowlist_add_network(list, &network) == 0);
    check(zl_allowlist_add_network(list, &network) == 0);
    check(zl_allowlist_permits_peer(list, address));
    check(!zl_network_parse(&narrow, address));
    check(zl_allowlist_remove_network(list, &network) == 0);
    check(zl_allowlist_remove_network(list, &network) != 0);
}

static void try_key(zl_allowlist *list, const char *text) {
    uint8_t key[1][ZL_KEY_BYTES];
    if (zl_z85_decode(key[0], text) != 0)
        return;
    check(zl_allowlist_add_keys(list, (const uint8_t(*)[ZL_KEY_BYTES])key, 1) == 0);
    check(zl_allowlist_permits_key(list, key[0]) && zl_allowlist_has_key(list));
    check(zl_allowlist_remove_key(list, key[0]) == 0);
    check(!zl_allowlist_permits_key(list, key[0]));
}

/* Whether a peer gets in may be anything, but asking changes nothing. */
static void try_lines(zl_span text) {
    zl_allowlist list;
    char line[128];
    zl_allowlist_init(&list);
    while (take_line(&text, line)) {
        int before = zl_allowlist_permits_peer(&list, line);
        check(zl_allowlist_permits_peer(&list, line) == before);
        try_network(&list, line);
        try_key(&list, line);
        if (line[0] == '+')
            zl_allowlist_add_uid(&list, line[1]);
    }
    zl_allowlist_clear(&list);
}

static void try_calls(zmqlog_auth *auth, zl_span text) {
    char line[128];
    while (take_line(&text, line)) {
        zmqlog_status status = zmqlog_auth_allow_address(auth, line);
        check((status == ZMQLOG_OK) ==
              (zmqlog_auth_remove_address(auth, line) == ZMQLOG_OK));
        if (zmqlog_auth_allow_key(auth, line) == ZMQLOG_OK)
            check(zmqlog_auth_remove_key(auth, line) == ZMQLOG_OK);
        else if (strlen(line) == 40)
            check(!strstr(zmqlog_auth_errmsg(auth), line));
    }
}

static void try_file(zmqlog_auth *auth, const uint8_t *data, size_t size) {
    static char path[64];
    int fd;
    if (!path[0]) {
        snprintf(path, sizeof path, "/tmp/zmqlog-fuzz.XXXXXX");
        fd = mkstemp(path);
    } else {
        fd = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0600);
    }
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) {
        close(fd);
        return;
    }
    close(fd);
    if (zmqlog_auth_load_keys(auth, path) == ZMQLOG_OK)
        check(zmqlog_auth_load_keys(auth, path) == ZMQLOG_OK);
    else
        check(zmqlog_auth_errmsg(auth)[0] != '\0');
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zmqlog_auth *auth = zmqlog_auth_new();
    zl_span text = zl_span_make((const char *)data, size);
    if (!auth)
        return 0;
    try_lines(text);
    try_calls(auth, text);
    try_file(auth, data, size);
    zmqlog_auth_free(auth);
    return 0;
}
