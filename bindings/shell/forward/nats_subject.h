/* SPDX-License-Identifier: BSD-3-Clause */
/* Topics as subjects and headers of NATS, and back. */
#ifndef SHELL_FORWARD_NATS_SUBJECT_H
#define SHELL_FORWARD_NATS_SUBJECT_H

#include "forward/buffer.h"

/* "zmqlog." and the topic. A byte that a subject cannot hold becomes "%" and two hex
 * digits, so does "%" itself; an empty part becomes "%". One over 1000 bytes is cut and
 * ends in ".%cut": the header has the whole topic. */
void nats_put_subject(buffer *into, bytes topic);

/* The topic as the value of a header: control characters, "%" and blanks at the ends
 * are escaped in the same way. */
void nats_put_header(buffer *into, bytes topic);

/* The bytes that an escaped text stands for. */
void nats_put_unescaped(buffer *into, bytes text);

#endif
