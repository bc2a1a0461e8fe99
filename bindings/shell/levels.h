/* SPDX-License-Identifier: BSD-3-Clause */
/* Levels on the command line: their names, the library's and one's own. */
#ifndef SHELL_LEVELS_H
#define SHELL_LEVELS_H

#include "options.h"

/* Takes "35=AUDIT"; -1 when it is not like that, which has been complained
 * about. */
int levels_collect(option_list *names, const char *definition);

/* Number and name of a collected definition. */
int levels_split(const char *definition, const char **name);

/* Level of a collected name, or of one that the library knows; 0 when it is
 * neither, which has been complained about. */
int levels_find(const option_list *names, const char *wanted);

#endif
