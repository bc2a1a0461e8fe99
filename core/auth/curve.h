/* SPDX-License-Identifier: BSD-3-Clause */
/* What libzmq offers for CURVE keys. Part of auth: it sees zmq.h, so that keypair
 * need not. Keys are 40 characters of Z85 with a NUL. */
#ifndef ZL_CURVE_H
#define ZL_CURVE_H

#include "base/z85.h"

#define ZL_KEY_SIZE (ZL_KEY_CHARS + 1)

int zl_curve_available(void); /* 1 or 0 */
/* A new pair: 0 or -1. */
int zl_curve_generate(char public_key[ZL_KEY_SIZE], char secret_key[ZL_KEY_SIZE]);
/* The public key of a secret one: 0 or -1. */
int zl_curve_derive(char public_key[ZL_KEY_SIZE], const char *secret_key);

#endif
