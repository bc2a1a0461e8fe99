/* SPDX-License-Identifier: BSD-3-Clause */
/* Z85 (ZeroMQ RFC 32) of keys: 32 bytes as 40 characters. Pure. libzmq's own
 * decoder is not used: older ones read outside of their table. */
#ifndef ZL_Z85_H
#define ZL_Z85_H

#include <stdint.h>

#define ZL_KEY_BYTES 32
#define ZL_KEY_CHARS 40

/* 0, or -1 when the text is not exactly 40 characters of Z85 (NULL included). */
int zl_z85_decode(uint8_t key[ZL_KEY_BYTES], const char *text);

#endif
