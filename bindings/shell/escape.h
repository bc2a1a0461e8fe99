/* SPDX-License-Identifier: BSD-3-Clause */
/* Text from strangers on its way to a terminal: what could move the cursor, reorder a
 * line, forge one or hide in it is shown as \n, \x1b, \u202e or \U000e0001 instead. */
#ifndef SHELL_ESCAPE_H
#define SHELL_ESCAPE_H

#include "output.h"

/* Whether a character is shown as an escape: C0, DEL, C1, the line and paragraph
 * separators, bidi controls, and what nobody sees, such as zero-width characters and
 * tags. */
int escape_is_needed(uint32_t code);

/* Puts text on one line. `also` holds further ASCII characters to escape; a blank
 * among them counts where the text begins with one.
 * Returns how many characters it takes. */
size_t escape_put(output *out, bytes text, const char *also);

/* As escape_put, but for tabs, which stay. */
void escape_put_message(output *out, bytes line);

/* How many characters escape_put would take. */
size_t escape_width(bytes text, const char *also);

#endif
