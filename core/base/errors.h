/* SPDX-License-Identifier: BSD-3-Clause */
/* The last 16 error details of one handle. Any thread may add and read; a text
 * that was handed out stays as it is until 16 more have been added. */
#ifndef ZL_ERRORS_H
#define ZL_ERRORS_H

#include "zmqlog.h"

#include <stdatomic.h>

#define ZL_ERRORS_KEPT 16
#define ZL_ERROR_BYTES 320

typedef struct zl_errors {
    _Atomic unsigned taken;  /* failures that took a slot */
    _Atomic unsigned newest; /* the number of the last whole text; 0: none */
    _Atomic unsigned char busy[ZL_ERRORS_KEPT];
    char text[ZL_ERRORS_KEPT][ZL_ERROR_BYTES];
} zl_errors;

void zl_errors_init(zl_errors *errors);
void zl_errors_destroy(zl_errors *errors);

/* A detail begins with the public call it is about and ": ", where a call has one
 * argument that was wrong: "set_overflow: policy is 7, it must be 0 to 2". Bindings
 * put their own option's name in the place of "set_...: ". */

/* Notes a detail and returns `status`, so that callers can `return zl_fail(...)`.
 * `errors` may be NULL: then only the status is passed on. */
__attribute__((format(printf, 3, 4))) zmqlog_status
zl_fail(zl_errors *errors, zmqlog_status status, const char *format, ...);

/* OK when the value is in its range, else EINVAL with the one wording for that. */
zmqlog_status zl_check_range(zl_errors *errors, const char *call, const char *name,
                             int64_t value, int64_t min, int64_t max);

/* The same for a size. */
zmqlog_status zl_check_size(zl_errors *errors, const char *call, const char *name,
                            size_t value, size_t min, size_t max);

/* The newest text, "" when none. `errors` may be NULL. */
const char *zl_errors_last(const zl_errors *errors);

#endif
