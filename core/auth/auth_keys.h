/* SPDX-License-Identifier: BSD-3-Clause */
/* Collects the public keys of a certificate or of a directory of them. */
#ifndef ZL_AUTH_KEYS_H
#define ZL_AUTH_KEYS_H

#include "base/errors.h"
#include "base/z85.h"

#include <stddef.h>

typedef struct zl_key_array {
    uint8_t (*keys)[ZL_KEY_BYTES]; /* the caller frees it, also after failures */
    size_t count, room;
} zl_key_array;

/* In a directory, all regular files and links to them count, with these exceptions:
 * hidden files (leading "."), backups (trailing "~"), and `NAME_secret` beside `NAME`,
 * whose public part is enough. Subdirectories are left out.
 * OK, EIO, EACCESS, EFORMAT, ENOMEM. */
zmqlog_status zl_auth_read_keys(zl_key_array *out, zl_errors *errors, const char *path);

#endif
