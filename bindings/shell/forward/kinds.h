/* SPDX-License-Identifier: BSD-3-Clause */
/* The kinds of sinks, and what kinds share. */
#ifndef SHELL_FORWARD_KINDS_H
#define SHELL_FORWARD_KINDS_H

#include "forward/sink.h"
#include "view.h"

extern const sink_kind sink_journald;
extern const sink_kind sink_syslog;
extern const sink_kind sink_syslog_tcp;
extern const sink_kind sink_syslog_zmq;
extern const sink_kind sink_nats;

/* The severity that syslog and journald know for a level: 2 (critical) to 7
 * (debug); 5 (notice) when the level is not known. */
int severity_of(const view *seen);

/* One RFC 5424 message; a NUL in the text becomes "#000", as rsyslog shows it. */
void syslog_pack_modern(sink *to, const view *seen, bytes body, buffer *into);
/* What syslog(3) writes to /dev/log. */
void syslog_pack_local(sink *to, const view *seen, bytes body, buffer *into);

#endif
