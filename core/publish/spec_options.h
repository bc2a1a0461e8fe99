/* SPDX-License-Identifier: BSD-3-Clause */
/* The options of a spec: which keys there are, and what each does to a handler. */
#ifndef ZL_SPEC_OPTIONS_H
#define ZL_SPEC_OPTIONS_H

#include "publish/handler_internal.h"
#include "publish/spec.h"

/* Applies all of them to a handler that is not open, in the order of the spec; the
 * detail of a failure goes to `errors`. OK, EINVAL, or what a setter answers. */
zmqlog_status zl_spec_apply(const zl_spec *spec, zmqlog_handler *handler,
                            zl_errors *errors);
/* spec_keys.c: those that make an auth together. */
int zl_spec_is_key(const char *key);
zmqlog_status zl_spec_apply_keys(const zl_spec *spec, zmqlog_handler *handler,
                                 zl_errors *errors);

#endif
