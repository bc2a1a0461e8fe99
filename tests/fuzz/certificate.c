/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificates of any bytes: what is accepted holds keys that are keys, and a
 * refusal leaves none behind. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "auth/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_key_or_empty(const char *key) {
    uint8_t bytes[ZL_KEY_BYTES];

    return key[0] == '\0' || zl_z85_decode(bytes, key) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    zl_certificate certificate;
    zl_errors errors;
    zmqlog_status status;

    zl_errors_init(&errors);
    status = zl_certificate_parse(&certificate, &errors, "file",
                                  zl_span_make((const char *)data, size));
    if (!is_key_or_empty(certificate.public_key) ||
        !is_key_or_empty(certificate.secret_key) ||
        (status == ZMQLOG_OK) !=
            (certificate.public_key[0] || certificate.secret_key[0]) ||
        (status == ZMQLOG_OK) != (zl_errors_last(&errors)[0] == '\0'))
        abort();
    zl_errors_destroy(&errors);
    return 0;
}
