/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the pump share. Nobody else includes this. */
#ifndef ZL_PUMP_INTERNAL_H
#define ZL_PUMP_INTERNAL_H

#include "receive/pump.h"

/* Reads what is there into the ring, a bounded batch at a time. */
void zl_pump_move(zl_pump *pump);
void zl_pump_serve(
    zl_pump *pump); /* pump.c: counts the sender of a message as a peer */
/* pump_all.c: the message in hand is a hello; publishers without hello; when to look.
 */
void zl_pump_hear(zl_pump *pump);
void zl_pump_look_for_strangers(zl_pump *pump);
int zl_pump_strangers_due_ms(const zl_pump *pump);

#endif
