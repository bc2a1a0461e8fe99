/* SPDX-License-Identifier: BSD-3-Clause */
/* Where programs without an endpoint meet: the directory of this machine, and what a
 * program's files are called there. Knows files only. */
#ifndef ZL_LOCAL_H
#define ZL_LOCAL_H

#include "base/errors.h"
#include "base/span.h"

#define ZL_LOCAL_PATH_BYTES 108

/* The directory, made when it is one of our own: $ZMQLOG_DIR, else /run/zmqlog, else
 * $XDG_RUNTIME_DIR/zmqlog, else /tmp/zmqlog-<uid>. A set-uid program looks at no
 * variable. OK; EACCESS: there is none that can be used. */
zmqlog_status zl_local_directory(char out[ZL_LOCAL_PATH_BYTES], zl_errors *errors);

/* `<directory>/<root>.<pid>.<n>` for a new program, with the first number for which
 * nothing is there: another user, or a container with the same pid, may have taken
 * some. Two calls never give the same. OK; EINVAL: the directory's name is too long. */
zmqlog_status zl_local_name(char out[ZL_LOCAL_PATH_BYTES], zl_errors *errors,
                            const char *directory, zl_span root);

#endif
