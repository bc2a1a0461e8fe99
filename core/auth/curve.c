/* SPDX-License-Identifier: BSD-3-Clause */
/* CURVE key generation by libzmq. Keeps no key. */
#include "auth/curve.h"

#include <zmq.h>

int zl_curve_available(void) {
    return zmq_has("curve") == 1;
}

int zl_curve_generate(char public_key[ZL_KEY_SIZE], char secret_key[ZL_KEY_SIZE]) {
    return zmq_curve_keypair(public_key, secret_key);
}

int zl_curve_derive(char public_key[ZL_KEY_SIZE], const char *secret_key) {
    return zmq_curve_public(public_key, secret_key);
}
