/* SPDX-License-Identifier: BSD-3-Clause */
/* Choosing the directory and the names. In a directory that all may write to, others
 * can put anything: nothing that is there already is ever opened for writing. */
#include "publish/local.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHARED_DIRECTORY "/run/zmqlog"
/* So that a path with the rest of the name fits into the address of a socket. */
#define ROOT_BYTES 40
#define TRIES 1000

static int is_usable(const char *path) {
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode) &&
           access(path, W_OK | X_OK) == 0;
}

/* A directory of ours that nobody else can write to; made when it is not there. */
static int is_own(const char *path) {
    struct stat found;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return 0;
    return lstat(path, &found) == 0 && S_ISDIR(found.st_mode) &&
           found.st_uid == geteuid() && (found.st_mode & 077) == 0;
}

static int is_named(char *out, const char *stem, const char *rest) {
    int len = snprintf(out, ZL_LOCAL_PATH_BYTES, "%s%s", stem, rest);
    return len > 0 && len < ZL_LOCAL_PATH_BYTES;
}

static zmqlog_status use_given(char *out, zl_errors *errors, const char *given) {
    if (*given == '/' && is_named(out, given, "") && (is_usable(out) || is_own(out)))
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EACCESS,
                   "open: $ZMQLOG_DIR is %.100s, which is no directory that this "
                   "program can write to",
                   given);
}

zmqlog_status zl_local_directory(char out[ZL_LOCAL_PATH_BYTES], zl_errors *errors) {
    const char *given = secure_getenv("ZMQLOG_DIR");
    const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
    char uid[32];
    if (given && *given)
        return use_given(out, errors, given);
    if (is_usable(SHARED_DIRECTORY) && is_named(out, SHARED_DIRECTORY, ""))
        return ZMQLOG_OK;
    if (runtime && *runtime == '/' && is_named(out, runtime, "/zmqlog") && is_own(out))
        return ZMQLOG_OK;
    snprintf(uid, sizeof uid, "%lu", (unsigned long)geteuid());
    if (is_named(out, "/tmp/zmqlog-", uid) && is_own(out))
        return ZMQLOG_OK;
    return zl_fail(
        errors, ZMQLOG_EACCESS,
        "open: no directory for local: can be used: neither " SHARED_DIRECTORY
        ", nor $XDG_RUNTIME_DIR/zmqlog, nor /tmp/zmqlog-%s with mode 0700; "
        "set $ZMQLOG_DIR",
        uid);
}

static int is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

static int is_there(const char *stem, const char *suffix) {
    char path[ZL_LOCAL_PATH_BYTES + 8];
    struct stat found;
    snprintf(path, sizeof path, "%s%s", stem, suffix);
    return lstat(path, &found) == 0;
}

static int is_taken(const char *stem) {
    return is_there(stem, ".sock") || is_there(stem, ".page");
}

zmqlog_status zl_local_name(char out[ZL_LOCAL_PATH_BYTES], zl_errors *errors,
                            const char *directory, zl_span root) {
    static atomic_uint last;
    char name[ROOT_BYTES + 1] = "log";
    size_t len = root.len < ROOT_BYTES ? root.len : ROOT_BYTES;
    int whole, tries = 0;
    for (size_t i = 0; i < len; i++)
        name[i] = is_plain(root.data[i]) ? root.data[i] : '_';
    if (len)
        name[len] = '\0';
    if (name[0] == '.')
        name[0] = '_';
    do
        whole = snprintf(out, ZL_LOCAL_PATH_BYTES, "%s/%s.%ld.%u", directory, name,
                         (long)getpid(), atomic_fetch_add(&last, 1) + 1);
    while (++tries < TRIES && is_taken(out));
    if (whole < ZL_LOCAL_PATH_BYTES - (int)sizeof ".sock")
        return ZMQLOG_OK;
    return zl_fail(errors, ZMQLOG_EINVAL,
                   "open: the directory %.100s leaves no room for a socket's name",
                   directory);
}
