/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates: files in ZPL (ZeroMQ RFC 4) with a `curve` block, as czmq and pyzmq
 * write them. Knows text and files, nothing of what the keys are for. */
#ifndef ZL_CERTIFICATE_H
#define ZL_CERTIFICATE_H

#include "auth/curve.h"
#include "base/errors.h"
#include "base/span.h"

#define ZL_CERTIFICATE_MAX_BYTES 65536

typedef struct zl_certificate {
    char public_key[ZL_KEY_SIZE]; /* "" when there is none */
    char secret_key[ZL_KEY_SIZE]; /* "" when there is none */
} zl_certificate;

void zl_certificate_wipe(zl_certificate *certificate);

/* Reads the text of a certificate; it must hold at least one key. `name` is for
 * messages, which never show a value. OK, EFORMAT. */
zmqlog_status zl_certificate_parse(zl_certificate *out, zl_errors *errors,
                                   const char *name, zl_span text);

/* Reads a file. With `private_only`, one that holds a secret key and that others
 * than its owner may read is refused. `*missing` (may be NULL) tells that there is
 * no such file. OK, EIO, EACCESS, EREFUSED, EFORMAT, ENOMEM. */
zmqlog_status zl_certificate_read(zl_certificate *out, zl_errors *errors,
                                  const char *path, int private_only, int *missing);

/* Creates a file that must not exist; with a secret key mode 0600 and both keys,
 * else 0644. Leaves nothing behind when it fails. OK, EADDRINUSE, EACCESS, EIO. */
zmqlog_status zl_certificate_write(const zl_certificate *certificate, zl_errors *errors,
                                   const char *path);

#endif
