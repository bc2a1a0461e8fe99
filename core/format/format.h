/* SPDX-License-Identifier: BSD-3-Clause */
/* Message formats: the styles' names, Python's logging %-formats and json,
 * compiled once and rendered for each record. Knows no sockets, takes no clock,
 * and asks the system for nothing but local time. */
#ifndef ZL_FORMAT_H
#define ZL_FORMAT_H

#include "zmqlog.h"
#include "base/buffer.h"
#include "base/errors.h"
#include "format/view.h"

/* What must be captured in the log call because a style shows it. */
#define ZL_NEEDS_TIME 1u
#define ZL_NEEDS_THREAD 2u

typedef struct zl_format zl_format; /* immutable once compiled */

/* Compiles the style for one level (the level decides which of PyZMQ's bodies
 * `pyzmq` means). time_format NULL or "": Python's default asctime.
 * Returns OK with *out, owned by the caller; EINVAL for an unknown style name,
 * EFORMAT for a bad format (detail with offset), ENOMEM. */
zmqlog_status zl_format_compile(zl_format **out, zl_errors *errors, int level,
                                const char *style, const char *time_format);
void zl_format_free(zl_format *format);
/* The style as it was given. */
const char *zl_format_style(const zl_format *format);
unsigned zl_format_needs(const zl_format *format);
/* Whether fields stand in the message; otherwise they are dropped. */
int zl_format_shows_fields(const zl_format *format);
/* Whether rendering is just the text, so that callers need not render. */
int zl_format_is_plain(const zl_format *format);

/* Appends the message for one record. At most `max` bytes are added: what is
 * longer is cut at a UTF-8 boundary with a visible mark at its end (json stays a
 * valid object: msg is cut, then fields go). The mark counts view->cut, too. Returns
 * 1 when cut, else 0; memory trouble is in out->failed. */
int zl_format_render(const zl_format *format, const zl_view *view, size_t max,
                     zl_buffer *out);

/* The mark: what follows a text that was cut, `dropped` bytes short. Writes at
 * most ZL_CUT_MARK_BYTES into out and returns the length. */
#define ZL_CUT_MARK_BYTES 48
size_t zl_format_cut_mark(char *out, size_t dropped);

/* "2026-11-22T05:48:11.123456789Z", without a NUL. */
#define ZL_RFC3339_BYTES 30
void zl_time_rfc3339(char out[ZL_RFC3339_BYTES], int64_t time_ns);

#endif
