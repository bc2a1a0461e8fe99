/* SPDX-License-Identifier: BSD-3-Clause */
/* Finds certificates on disk and takes their public keys. Changes no list: the
 * caller does when all of it went well. */
#include "auth/auth_keys.h"
#include "auth/certificate.h"
#include "base/wipe.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static zmqlog_status append(zl_key_array *out, zl_errors *errors, const char *path,
                            const char *public_key) {
    if (out->count == out->room) {
        size_t room = out->room ? out->room * 2 : 16;
        void *keys = room > SIZE_MAX / ZL_KEY_BYTES
                         ? NULL
                         : realloc(out->keys, room * ZL_KEY_BYTES);
        if (!keys)
            return zl_fail(errors, ZMQLOG_ENOMEM, "out of memory for the key of %.200s",
                           path);
        out->keys = keys;
        out->room = room;
    }
    if (zl_z85_decode(out->keys[out->count], public_key) != 0)
        return zl_fail(errors, ZMQLOG_EFORMAT, "%.200s: the public key is malformed",
                       path);
    out->count++;
    return ZMQLOG_OK;
}

typedef struct reading {
    zl_key_array *out;
    zl_errors *errors;
    const char *path;
} reading;

static zmqlog_status read_certificate(void *argument) {
    const reading *r = argument;
    zl_certificate certificate;
    char derived[ZL_KEY_SIZE];
    zmqlog_status status =
        zl_certificate_read(&certificate, r->errors, r->path, 0, NULL);
    const char *key = certificate.public_key;

    if (status != ZMQLOG_OK)
        return status;
    if (key[0] == '\0') {
        if (zl_curve_derive(derived, certificate.secret_key) != 0)
            return zl_fail(r->errors, ZMQLOG_EFORMAT, "%.200s has no public key",
                           r->path);
        key = derived;
    }
    return append(r->out, r->errors, r->path, key);
}

static zmqlog_status read_one(zl_key_array *out, zl_errors *errors, const char *path) {
    reading r = {out, errors, path};
    return zl_wipe_after(read_certificate, &r);
}

static int is_file(const char *path) {
    struct stat found;

    return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

/* Cuts "_secret" off a path where that names a file, and tells so. */
static int has_public_twin(const char *path) {
    static const char suffix[] = "_secret";
    size_t len = strlen(path), cut = strlen(suffix);
    char twin[PATH_MAX];

    if (len <= cut || strcmp(path + len - cut, suffix) != 0)
        return 0;
    snprintf(twin, sizeof twin, "%.*s", (int)(len - cut), path);
    return is_file(twin);
}

static int is_skipped(const char *name) {
    return name[0] == '.' || name[strlen(name) - 1] == '~';
}

static zmqlog_status read_entry(zl_key_array *out, zl_errors *errors,
                                const char *directory, const char *name) {
    char path[PATH_MAX];

    if (is_skipped(name))
        return ZMQLOG_OK;
    if (snprintf(path, sizeof path, "%s/%s", directory, name) >= (int)sizeof path)
        return zl_fail(errors, ZMQLOG_EIO, "%.100s/%.100s: the path is too long",
                       directory, name);
    if (!is_file(path) || has_public_twin(path))
        return ZMQLOG_OK;
    return read_one(out, errors, path);
}

static zmqlog_status read_directory(zl_key_array *out, zl_errors *errors,
                                    const char *path, DIR *directory) {
    zmqlog_status status = ZMQLOG_OK;
    const struct dirent *entry;

    do {
        errno = 0;
        entry = readdir(directory);
        if (entry)
            status = read_entry(out, errors, path, entry->d_name);
    } while (entry && status == ZMQLOG_OK);
    if (!entry && errno)
        status = zl_fail(errors, ZMQLOG_EIO, "cannot read the directory %.150s: %s",
                         path, strerrordesc_np(errno));
    return status;
}

zmqlog_status zl_auth_read_keys(zl_key_array *out, zl_errors *errors,
                                const char *path) {
    DIR *directory = opendir(path);
    zmqlog_status status;

    if (directory) {
        status = read_directory(out, errors, path, directory);
        closedir(directory);
        return status;
    }
    if (errno == EACCES)
        return zl_fail(errors, ZMQLOG_EACCESS, "not allowed to read %.200s", path);
    return read_one(out, errors, path);
}
