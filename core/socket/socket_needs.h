/* SPDX-License-Identifier: BSD-3-Clause */
/* What libzmq needs of the system. Where a need is not met, libzmq ends the process;
 * so each is tried before. Knows system calls, no sockets of libzmq. */
#ifndef ZL_SOCKET_NEEDS_H
#define ZL_SOCKET_NEEDS_H

#include "address/endpoint.h"
#include "base/errors.h"

/* Before a context and its sockets are made: descriptors, threads, and that a thread
 * may set its scheduling policy. *batch tells whether SCHED_BATCH may be asked for;
 * it comes in as whether that is wanted. OK; EIO or EACCES with what to allow. */
zmqlog_status zl_needs_open(zl_errors *errors, int *batch);
/* Before each bind; a connect that finds no descriptor tries again. OK; EIO or EACCES
 * with what to allow. */
zmqlog_status zl_needs_bind(zl_errors *errors, const zl_endpoint *endpoint);

#endif
