/* SPDX-License-Identifier: BSD-3-Clause */
/* The topics by which subscribers ask handlers what they are: a subscription that
 * begins so is a request, and what is published there is the answer. */
#ifndef ZL_CONTROL_H
#define ZL_CONTROL_H

#define ZL_CONTROL_ROOT "zmqlog"
#define ZL_CONTROL_STEM ZL_CONTROL_ROOT ".INFO."
#define ZL_ASKS_HELLO ZL_CONTROL_STEM "hello"
#define ZL_ASKS_STATS ZL_CONTROL_STEM "stats"

#endif
