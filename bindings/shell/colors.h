/* SPDX-License-Identifier: BSD-3-Clause */
/* Colours by level. */
#ifndef SHELL_COLORS_H
#define SHELL_COLORS_H

typedef enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color_choice;

#define COLORS_RESET "\x1b[0m"
#define COLORS_FAINT "\x1b[2m"

/* auto: on a terminal that is not dumb, unless NO_COLOR is set to something. */
int colors_wanted(color_choice choice, int is_terminal);

/* The sequence that switches a level's colour on; NULL: as everything else. */
const char *colors_of_level(int level);

#endif
