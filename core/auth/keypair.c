/* SPDX-License-Identifier: BSD-3-Clause */
/* The keypair object: makes, loads and saves one CURVE key pair and wipes it when it
 * goes. Files are certificate.c, keys are made by curve.c. */
#include "auth/certificate.h"
#include "auth/curve.h"
#include "base/errors.h"
#include "base/wipe.h"
#include "thread/cancel.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct zmqlog_keypair {
    zl_errors errors;
    zl_certificate keys;
};

zmqlog_keypair *zmqlog_keypair_new(void) {
    zmqlog_keypair *keypair = calloc(1, sizeof *keypair);

    if (keypair)
        zl_errors_init(&keypair->errors);
    return keypair;
}

void zmqlog_keypair_free(zmqlog_keypair *keypair) {
    if (!keypair)
        return;
    zl_certificate_wipe(&keypair->keys);
    zl_errors_destroy(&keypair->errors);
    free(keypair);
}

static zmqlog_status generate(void *argument) {
    zmqlog_keypair *keypair = argument;
    zl_certificate made = {0};

    if (!zl_curve_available() ||
        zl_curve_generate(made.public_key, made.secret_key) != 0)
        return zl_fail(&keypair->errors, ZMQLOG_ENOTSUP,
                       "this libzmq was built without CURVE; use one with libsodium");
    keypair->keys = made;
    return ZMQLOG_OK;
}

zmqlog_status zmqlog_keypair_generate(zmqlog_keypair *keypair) {
    ZL_UNCANCELLED;
    return keypair ? zl_wipe_after(generate, keypair) : ZMQLOG_EINVAL;
}

/* The path of the secret half: 0, or -1 when it is too long. */
static int secret_path(char out[PATH_MAX], const char *path) {
    return snprintf(out, PATH_MAX, "%s_secret", path) < PATH_MAX ? 0 : -1;
}

static zmqlog_status check_path(zl_errors *errors, char secret[PATH_MAX],
                                const char *path) {
    if (!path || path[0] == '\0')
        return zl_fail(errors, ZMQLOG_EINVAL, "the path is empty");
    if (secret_path(secret, path) != 0)
        return zl_fail(errors, ZMQLOG_EINVAL, "the path is too long");
    return ZMQLOG_OK;
}

/* Both halves must belong together; a missing public key follows from the secret. */
static zmqlog_status complete(zl_certificate *keys, zl_errors *errors,
                              const char *path) {
    char derived[ZL_KEY_SIZE];

    if (keys->secret_key[0] == '\0')
        return ZMQLOG_OK;
    if (!zl_curve_available() || zl_curve_derive(derived, keys->secret_key) != 0)
        return zl_fail(errors, ZMQLOG_ENOTSUP,
                       "this libzmq was built without CURVE; use one with libsodium");
    if (keys->public_key[0] == '\0')
        memcpy(keys->public_key, derived, sizeof derived);
    if (strcmp(keys->public_key, derived) == 0)
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EFORMAT,
                   "%.200s: its secret key does not belong to its public key", path);
}

static zmqlog_status load(zl_certificate *out, zl_errors *errors, const char *path,
                          const char *secret) {
    zl_certificate other;
    int missing, secret_missing;
    zmqlog_status status = zl_certificate_read(out, errors, path, 1, &missing);

    if ((status != ZMQLOG_OK && !missing) || out->secret_key[0])
        return status == ZMQLOG_OK ? complete(out, errors, path) : status;
    status = zl_certificate_read(&other, errors, secret, 1, &secret_missing);
    if (secret_missing)
        return missing ? zl_fail(errors, ZMQLOG_EIO,
                                 "there is neither %.120s nor %.120s", path, secret)
                       : ZMQLOG_OK;
    if (status == ZMQLOG_OK)
        status = complete(&other, errors, secret);
    if (status == ZMQLOG_OK && !missing &&
        strcmp(out->public_key, other.public_key) != 0)
        status = zl_fail(errors, ZMQLOG_EFORMAT,
                         "%.120s and %.120s are not of one pair", path, secret);
    if (status == ZMQLOG_OK)
        *out = other;
    zl_certificate_wipe(&other);
    return status;
}

/* What a call was given. */
typedef struct given {
    zmqlog_keypair *keypair;
    const char *path;
} given;

static zmqlog_status load_pair(void *argument) {
    const given *g = argument;
    zl_errors *errors = &g->keypair->errors;
    char secret[PATH_MAX];
    zl_certificate found;
    zmqlog_status status = check_path(errors, secret, g->path);

    if (status != ZMQLOG_OK)
        return status;
    status = load(&found, errors, g->path, secret);
    if (status == ZMQLOG_OK)
        g->keypair->keys = found;
    return status;
}

zmqlog_status zmqlog_keypair_load(zmqlog_keypair *keypair, const char *path) {
    ZL_UNCANCELLED;
    given g = {keypair, path};
    return keypair ? zl_wipe_after(load_pair, &g) : ZMQLOG_EINVAL;
}

static zmqlog_status save_pair(void *argument) {
    const given *g = argument;
    zl_errors *errors = &g->keypair->errors;
    char secret[PATH_MAX];
    zl_certificate public_half = {0};
    zmqlog_status status = check_path(errors, secret, g->path);

    if (status != ZMQLOG_OK)
        return status;
    status = zl_certificate_write(&g->keypair->keys, errors, secret);
    if (status != ZMQLOG_OK)
        return status;
    memcpy(public_half.public_key, g->keypair->keys.public_key,
           sizeof public_half.public_key);
    status = zl_certificate_write(&public_half, errors, g->path);
    if (status != ZMQLOG_OK)
        unlink(secret);
    return status;
}

zmqlog_status zmqlog_keypair_save(const zmqlog_keypair *keypair, const char *path) {
    ZL_UNCANCELLED;
    /* The pair stays as it is; its list of failures is not part of its value. */
    given g = {(zmqlog_keypair *)keypair, path};

    if (!keypair)
        return ZMQLOG_EINVAL;
    if (keypair->keys.secret_key[0] == '\0')
        return zl_fail(&g.keypair->errors, ZMQLOG_ESTATE,
                       "there is no secret key to save: generate or load a pair first");
    return zl_wipe_after(save_pair, &g);
}

const char *zmqlog_keypair_public_key(const zmqlog_keypair *keypair) {
    return keypair ? keypair->keys.public_key : "";
}

const char *zmqlog_keypair_secret_key(const zmqlog_keypair *keypair) {
    return keypair ? keypair->keys.secret_key : "";
}

const char *zmqlog_keypair_errmsg(const zmqlog_keypair *keypair) {
    return zl_errors_last(keypair ? &keypair->errors : NULL);
}
